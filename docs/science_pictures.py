"""Draw the pictures of docs/science.md: `python docs/science_pictures.py [FOLDER]`.

Every number in them comes from running physio on beats made from a formula and a fixed seed;
nothing is measured on a person. Each picture is drawn twice, for light and for dark pages.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from docs.science_hearts import heart, spans, wandering
from docs.science_waves import WIDTH, breathing, cloud, slow_breathing, tones
from physio import labels as labelling
from physio import panel
from physio.beats import Beats, BoolArray
from physio.estimate import Estimate
from physio.hrv import time_domain
from physio.windows import windows
from pipelines.drawing import DARK, LIGHT, SMALL, Axes, Palette, Picture
from proof.validation.made.beats import every_beat, from_intervals

EARLY = 100
"""Place of the early beat in `early_beat`."""


def early_beat(palette: Palette) -> Picture:
    """One early beat, the pairs that are left out for it, and what RMSSD says."""
    page = Picture(palette, WIDTH, 350, "One early beat: flagged and left out, not repaired")
    clean = heart(320.0, (14.0, 12.0), (5.0, 10.0), noise=4.0, seed=3)
    spoiled = clean.copy()
    spoiled[EARLY : EARLY + 2] += (-320.0, 320.0)
    beats = from_intervals(spoiled)
    usable = labelling.usable(labelling.labels(spoiled, beats.segment), beats.segment)
    _early_trace(page, beats, usable)
    raw, mended = every_beat(beats, 0.0, 300.0), windows(beats, usable, 0.0, 300.0)
    page.text(596, 84, "RMSSD of five minutes", bold=True)
    rows = (
        ("as the intervals arrived", raw, palette.clay),
        ("pairs that touch the early beat left out", mended, palette.lake),
        ("the same heart without the early beat", spans(clean, 0.0, 300.0), palette.line),
    )
    values = [float(time_domain.rmssd(held)[0]) for _, held, _ in rows]
    for row, ((words, _, ink), value) in enumerate(zip(rows, values, strict=True)):
        y = 112.0 + 62.0 * row
        page.text(596, y, words, size=SMALL, fill=palette.ink2)
        page.box(596, y + 8, 180 * value / values[0], 20, fill=ink, radius=3)
        page.text(604 + 180 * value / values[0], y + 23, f"{value:.1f} ms")
    before, after = (int(held.paired[: held.last[0]].sum()) for held in (raw, mended))
    words = f"{before - after} of {before} pairs are lost; nothing is"
    page.text(596, 308, words, size=SMALL, fill=palette.ink2)
    page.text(596, 324, "moved, merged or filled in.", size=SMALL, fill=palette.ink2)
    return page


def _early_trace(page: Picture, beats: Beats, usable: BoolArray) -> None:
    palette, time = page.palette, beats.time - beats.time[EARLY]
    shown = np.abs(time) < 14.0
    plot = Axes(page, (64.0, 84.0, 540.0, 290.0), (-14.0, 14.0), (500.0, 1300.0))
    page.text(24, 62, "intervals, ms", size=SMALL, fill=palette.ink2)
    plot.frame((-10, -5, 0, 5, 10), (600, 800, 1000, 1200), xlabel="seconds from the early beat")
    rr = beats.rr
    plot.line(time[shown], rr[shown], stroke=palette.clay, width=1.2, dash="3 4")
    kept = np.where(usable, rr, np.nan)
    plot.line(time[shown], kept[shown], stroke=palette.lake, width=2.0)
    for which, ink in ((usable, palette.lake), (~usable, palette.clay)):
        plot.dots(time[shown & which], rr[shown & which], fill=ink, radius=3.2)
    for place, words in ((EARLY, "ends with the early beat"), (EARLY + 1, "the pause after it")):
        plot.word(time[place], rr[place], words, fill=palette.clay, shift=(10, 4))


def gap(palette: Palette) -> Picture:
    """A gap, and what windows of a minute around it give."""
    page = Picture(palette, WIDTH, 450, "A lost link: what each minute around the gap still gives")
    rr = heart(260.0, (14.0, 30.0), (5.0, 10.0), noise=9.0, seed=8)
    whole = from_intervals(rr)
    lost = (whole.time > 96.0) & (whole.time <= 110.0)
    time = whole.time[~lost]
    beats = Beats(time, rr[~lost], (time > 110.0).astype(np.int64))
    plot = Axes(page, (64.0, 80.0, 560.0, 156.0), (0.0, 210.0), (820.0, 980.0))
    page.text(24, 62, "intervals, ms", size=SMALL, fill=palette.ink2)
    plot.frame((0, 60, 120, 180), (850, 900, 950), xlabel="seconds")
    for part in (0, 1):
        inside = (beats.segment == part) & (beats.time < 210.0)
        plot.line(beats.time[inside], beats.rr[inside], stroke=palette.lake, width=1.3)
    left, right = (float(plot.across(x)) for x in (beats.time[time <= 96.0][-1], 110.0))
    page.box(left, 80, right - left, 348, fill=palette.band, opacity=0.9)
    page.text((left + right) / 2, 74, "no beats", size=SMALL, fill=palette.ink2, anchor="middle")
    for x, words in ((576.0, "covered"), (648.0, "RMSSD"), (736.0, "breathing")):
        page.text(x, 206, words, size=SMALL, fill=palette.ink2)
    page.text(24, 206, "windows of 60 s", size=SMALL, fill=palette.ink2)
    end = np.arange(60.0, 196.0, 15.0)
    names = ["rmssd", "breathing_rate"]
    found = panel.over(beats, None, start=end - 60.0, end=end, names=names)
    for row, (last, steps, breath) in enumerate(
        zip(end, found["rmssd"], found["breathing_rate"], strict=True)
    ):
        _one_window(page, plot, 230.0 + 21.0 * row, last, (steps, breath))
    return page


def _one_window(
    page: Picture, plot: Axes, y: float, end: float, found: tuple[Estimate, Estimate]
) -> None:
    palette, (steps, breath) = page.palette, found
    left, right = (float(plot.across(x)) for x in (end - 60.0, end))
    ink = palette.line if steps.value is None else palette.lake
    page.box(
        left, y - 9, right - left, 9, fill=ink, radius=3, opacity=0.35 + 0.5 * bool(steps.value)
    )
    page.text(576, y, f"{steps.coverage:.0f} %", size=SMALL)
    if steps.value is None:
        page.text(648, y, "withheld", size=SMALL, fill=palette.clay)
    else:
        page.text(648, y, f"{steps.value:.0f} ms", size=SMALL, fill=palette.lake)
    given = "withheld" if breath.value is None else f"{breath.value:.0f} a minute"
    page.text(736, y, given, size=SMALL, fill=palette.clay if given == "withheld" else palette.lake)


def band(palette: Palette) -> Picture:
    """Low and high against the length of the window, and how far values really scatter."""
    page = Picture(palette, WIDTH, 360, "How far chance alone moves RMSSD, by length of window")
    lengths = np.array((30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0, 450.0, 600.0))
    shown, scatter = (np.array(part) for part in zip(*map(_chance, lengths), strict=True))
    plot = Axes(page, (64.0, 80.0, 570.0, 300.0), (28.0, 640.0), (0.4, 2.0), log=True)
    page.text(24, 62, "times the value of a very long window", size=SMALL, fill=palette.ink2)
    plot.frame(
        (30, 60, 120, 300, 600), (0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8), xlabel="window, seconds"
    )
    plot.band(lengths, 1 / shown, shown, fill=palette.lake, opacity=0.22)
    for part in (shown, 1 / shown):
        plot.line(lengths, part, stroke=palette.lake, width=2.0)
    plot.line((28, 640), (1, 1), stroke=palette.line, width=1)
    for column in (0, 1):
        plot.dots(lengths, scatter[:, column], fill=palette.clay, radius=3.5)
    lines = (
        ("shaded: the low and high shown,", palette.lake),
        ("their usual width", palette.lake),
        ("dots: where 95 % of values fall", palette.clay),
        ("", palette.ink),
        (f"60 s: value ×/÷ {shown[2]:.2f} shown", palette.ink),
        (f"300 s: value ×/÷ {shown[7]:.2f} shown", palette.ink),
        ("", palette.ink),
        ("The heart here is simulated and never", palette.ink2),
        ("changes its state. A real one does:", palette.ink2),
        ("this is sampling error only.", palette.ink2),
    )
    for row, (words, ink) in enumerate(lines):
        page.text(594, 100 + 20 * row, words, size=SMALL, fill=ink)
    return page


def _chance(length: float) -> tuple[float, tuple[float, float]]:
    """Return the usual factor of high over value, and where 95 % of values of `length` s fall."""
    beats = from_intervals(wandering(40000, seed=11))
    start = np.arange(0.0, beats.time[-1] - length, max(length, 90.0))
    found = panel.over(beats, None, start=start, end=start + length, names=["rmssd"])["rmssd"]
    known = [one for one in found if one.value and one.high]
    value = np.array([one.value for one in known], np.float64)
    high = np.array([one.high for one in known], np.float64)
    truth = np.sqrt(np.mean(np.diff(beats.rr) ** 2))
    low, top = np.quantile(value / truth, (0.025, 0.975))
    return float(np.median(high / value)), (float(low), float(top))


PICTURES = {
    "slow_breathing": slow_breathing,
    "early_beat": early_beat,
    "gap": gap,
    "tones": tones,
    "breathing": breathing,
    "band": band,
    "cloud": cloud,
}


def draw(folder: Path) -> list[Path]:
    """Write all pictures for light and dark pages, and return their paths."""
    paths = []
    for name, picture in PICTURES.items():
        for palette in (LIGHT, DARK):
            path = folder / f"science_{name}_{palette.name}.svg"
            path.write_text(picture(palette).svg(), encoding="utf-8")
            paths.append(path)
    return paths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).resolve().parent / "pictures"
    parser.add_argument("folder", nargs="?", type=Path, default=here)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for path in draw(folder):
        print(path.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
