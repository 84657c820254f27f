"""Pictures of docs/science.md about waves: slow breathing, tones, breathing rates, the cloud."""

from __future__ import annotations

import numpy as np

from docs.science_hearts import heart, spans, wandering
from physio.beats import FloatArray
from physio.breathing.rate import breathing_rate
from physio.breathing.rsa import rsa_amplitude
from physio.hrv import time_domain
from physio.hrv.detrend import cutoff, response
from physio.hrv.poincare import sd1, sd2
from physio.hrv.spectrum import HF, LF, VLF, band_powers
from pipelines.drawing import SMALL, Axes, Palette, Picture

WIDTH = 860


def slow_breathing(palette: Palette) -> Picture:
    """The same swing at every rate of breathing, in three measures."""
    page = Picture(palette, WIDTH, 344, "The same swing of the heart, breathed at different rates")
    for row, rate in enumerate((15.0, 6.0)):
        _swing(page, rate, top=92.0 + 116.0 * row, last=row == 1)
    rates = np.arange(4.0, 18.01, 0.5)
    share = 100 * np.array([_three(rate) for rate in rates]) / _three(15.0)
    plot = Axes(page, (470.0, 92.0, 688.0, 292.0), (4.0, 18.0), (0.0, 120.0))
    plot.frame((4, 6, 9, 12, 15, 18), (0, 25, 50, 75, 100), xlabel="breaths a minute")
    page.text(430, 80, "percent of the value at 15 a minute", size=SMALL, fill=palette.ink2)
    inks = (palette.lake, palette.clay, palette.clay)
    for column, dash in ((2, "1 6"), (1, ""), (0, "")):
        plot.line(rates, share[:, column], stroke=inks[column], width=2.5, dash=dash)
    swing, slow, power = _three(6.0)
    _, usual, usual_power = _three(15.0)
    words = (
        ("RSA amplitude", f"{swing:.0f} ms at 6, as at 15", palette.lake, 122.0),
        ("RMSSD", f"{slow:.0f} ms at 6, {usual:.0f} at 15", palette.clay, 186.0),
        ("HF power, dotted", f"{power:.0f} ms² at 6, {usual_power:.0f} at 15", palette.clay, 250.0),
    )
    for name, says, ink, y in words:
        page.text(704, y, name, fill=ink, bold=True)
        page.text(704, y + 17, says, size=SMALL - 1, fill=ink)
    return page


def _swing(page: Picture, rate: float, *, top: float, last: bool) -> None:
    rr, ink = heart(40.0, (rate, 50.0)), page.palette.lake
    plot = Axes(page, (64.0, top, 388.0, top + 84.0), (0.0, 40.0), (840.0, 960.0))
    words = f"intervals, ms: {rate:g} breaths a minute, 100 ms trough to peak"
    page.text(24, top - 12, words, size=SMALL, fill=page.palette.ink2)
    plot.frame((0, 10, 20, 30, 40) if last else (), (850, 900, 950), xlabel="seconds" * last)
    inside = np.cumsum(rr) <= 40000.0
    plot.line(np.cumsum(rr)[inside] / 1000, rr[inside], stroke=ink, width=1.2, opacity=0.5)
    plot.dots(np.cumsum(rr)[inside] / 1000, rr[inside], fill=ink, radius=2.4)


def _three(rate: float) -> FloatArray:
    """Return RSA amplitude (ms), RMSSD (ms) and HF (ms2) of a pure swing of 100 ms at `rate`."""
    rr = heart(320.0, (rate, 50.0))
    held, minute = spans(rr, 0.0, 300.0), spans(rr, 0.0, 60.0)
    size = rsa_amplitude(minute, breathing_rate(minute))[0]
    hf = band_powers(held, regularization=None).hf[0]
    return np.array((size, time_domain.rmssd(held)[0], hf))


def tones(palette: Palette) -> Picture:
    """What a pure wave gives in LF and HF, with and without the detrend."""
    page = Picture(palette, WIDTH, 380, "Where the power of one pure wave ends up")
    plot = Axes(page, (64.0, 78.0, 836.0, 300.0), (0.01, 0.5), (0.0, 115.0), log=True)
    inks = (palette.ink2, palette.lake, palette.clay)
    for name, (low, high), ink in zip(("VLF", "LF", "HF"), (VLF, LF, HF), inks, strict=True):
        left, right = (float(plot.across(edge)) for edge in (max(low, 0.01), high))
        page.box(left, 78, right - left - 2, 222, fill=palette.band, opacity=0.7)
        page.text((left + right) / 2, 95, name, size=SMALL, fill=ink, anchor="middle", bold=True)
    plot.frame((0.01, 0.02, 0.04, 0.08, 0.15, 0.25, 0.4), (0, 25, 50, 75, 100), xlabel="Hz")
    page.text(
        24, 60, "percent of A²/2 found; A is the wave's amplitude", size=SMALL, fill=palette.ink2
    )
    frequency = np.geomspace(0.011, 0.48, 160)
    bare, smooth = (_found(frequency, regularization) for regularization in (None, 500.0))
    for kind, width, dash in ((bare, 1.5, "5 4"), (smooth, 2.5, "")):
        for column, ink in ((0, palette.lake), (1, palette.clay)):
            plot.line(frequency, kind[:, column], stroke=ink, width=width, dash=dash)
    slow = np.geomspace(0.011, 0.2, 120)
    plot.line(slow, 100 * response(slow) ** 2, stroke=palette.ink, width=2.0, dash="1 5")
    plot.dots(cutoff(), 50.0, fill=palette.ink, radius=4.0)
    words = f"half the power left at {cutoff():.4f} Hz"
    plot.word(cutoff(), 50.0, words, anchor="end", shift=(-12, 4))
    for x, says in (
        (64, "solid: LF and HF, preset interbeat"),
        (316, "dashed: preset task-force"),
        (512, "dots: what the detrend leaves, closed form"),
    ):
        page.text(x, 360, says, size=SMALL, fill=palette.ink2)
    return page


def _found(frequency: FloatArray, regularization: float | None) -> FloatArray:
    """Return (k, 2) LF and HF in percent of the power of tones of 50 ms."""
    rows = []
    for one in frequency:
        held = spans(heart(320.0, (60 * one, 50.0), mean=800.0), 0.0, 300.0)
        powers = band_powers(held, regularization=regularization)
        rows.append((powers.lf[0], powers.hf[0]))
    return 100 * np.array(rows) / 1250.0


def breathing(palette: Palette) -> Picture:
    """What intervals alone cannot tell: rates above half the heart's, and another wave."""
    page = Picture(palette, WIDTH, 356, "Two limits of breathing read from intervals alone")
    _folding(page)
    _other_wave(page)
    return page


def _folding(page: Picture) -> None:
    palette, heart_rate = page.palette, 50.0
    plot = Axes(page, (64.0, 100.0, 400.0, 296.0), (10.0, 36.0), (10.0, 36.0))
    page.text(24, 64, "Faster than a heart at 50 can show", bold=True)
    page.text(24, 82, "breaths a minute found", size=SMALL, fill=palette.ink2)
    top = float(plot.down(heart_rate / 2))
    page.box(64, 100, 336, top - 100, fill=palette.band, opacity=0.8)
    plot.frame((10, 15, 20, 25, 30, 35), (10, 15, 20, 25, 30), xlabel="breaths a minute taken")
    plot.line((10, 36), (10, 36), stroke=palette.line, width=1.2, dash="4 4")
    rates = np.arange(10.0, 36.01, 0.5)
    found = [_rate((rate, 40.0), mean=60000 / heart_rate, noise=5.0) for rate in rates]
    plot.dots(rates, found, fill=palette.lake, radius=3.0)
    plot.word(10.5, 33.5, "above half the heart rate", fill=palette.ink2, size=SMALL)
    plot.word(28.6, 18.0, "folded back", fill=palette.lake, anchor="end")
    plot.word(20.0, 21.6, "as taken", fill=palette.lake, anchor="end")


def _other_wave(page: Picture) -> None:
    palette = page.palette
    plot = Axes(page, (500.0, 100.0, 836.0, 296.0), (0.0, 3.0), (0.0, 18.0))
    page.text(460, 64, "Breathing at 14 beside a 0.1 Hz wave", bold=True)
    page.text(460, 82, "breaths a minute found", size=SMALL, fill=palette.ink2)
    plot.frame(
        (0, 0.5, 1, 1.5, 2, 2.5, 3),
        (0, 3, 6, 9, 12, 15),
        xlabel="amplitude of the wave over that of breathing",
    )
    plot.line((0, 3), (14, 14), stroke=palette.line, width=1.2, dash="4 4")
    sizes = np.arange(0.0, 3.01, 0.1)
    found = [_rate((14.0, 20.0), (6.0, 20.0 * size), noise=4.0) for size in sizes]
    plot.dots(sizes, found, fill=palette.lake, radius=3.0)
    plot.word(0.0, 12.5, "breathing, as it is", fill=palette.lake, shift=(4, 0))
    plot.word(3.0, 7.0, "the wave, taken for it", fill=palette.lake, anchor="end")


def _rate(*waves: tuple[float, float], mean: float = 900.0, noise: float) -> float:
    rr = heart(80.0, *waves, mean=mean, noise=noise)
    return float(breathing_rate(spans(rr, 0.0, 60.0))[0])


def cloud(palette: Palette) -> Picture:
    """Each interval against the one before, at two rates of breathing."""
    page = Picture(palette, WIDTH, 384, "Each interval against the one before: SD1 and SD2")
    rest = wandering(340, seed=5)
    slow = heart(320.0, (6.0, 50.0), noise=6.0, seed=5)
    for left, rr, words in (
        (64.0, rest, "quiet rest, breathing near 14 a minute"),
        (494.0, slow, "breathing at 6 a minute"),
    ):
        _cloud(page, left, rr, words)
    return page


def _cloud(page: Picture, left: float, rr: FloatArray, words: str) -> None:
    palette, held = page.palette, spans(rr, 0.0, 300.0)
    plot = Axes(page, (left, 84.0, left + 244.0, 328.0), (750.0, 1050.0), (750.0, 1050.0))
    page.text(left - 40, 62, words, bold=True)
    page.text(left - 40, 80, "next interval, ms", size=SMALL, fill=palette.ink2)
    plot.frame((800, 900, 1000), (800, 900, 1000), xlabel="interval, ms")
    plot.line((750, 1050), (750, 1050), stroke=palette.hair, width=1)
    kept = rr[: int(held.last[0])]
    plot.dots(kept[:-1], kept[1:], fill=palette.line, radius=2.0)
    middle = kept.mean()
    wide, long, steps = (f(held)[0] for f in (sd1, sd2, time_domain.rmssd))
    for size, sign, ink in ((wide, -1.0, palette.clay), (long, 1.0, palette.lake)):
        step = size / np.sqrt(2.0)
        plot.line(
            (middle - step, middle + step),
            (middle - sign * step, middle + sign * step),
            stroke=ink,
            width=4.0,
        )
    for row, (name, ink) in enumerate(
        (
            (f"SD1 {wide:.0f} ms", palette.clay),
            (f"SD2 {long:.0f} ms", palette.lake),
            ("RMSSD over √2", palette.ink2),
            (f"{steps / np.sqrt(2.0):.0f} ms", palette.ink2),
        )
    ):
        page.text(left + 254, 112 + 20 * row, name, fill=ink, bold=row < 2, size=SMALL)
