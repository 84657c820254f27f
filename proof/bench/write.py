"""The page and its pictures, written beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.drawing import DARK, LIGHT, Palette, Picture
from proof.bench import machine, picture, report
from proof.bench.picture import Bar, Scale
from proof.bench.run import Row
from proof.bench.task import figure


def write(out: Path, rows: Sequence[Row], *, note: str = "") -> list[Path]:
    """Write the page to `out` and its pictures into `pictures` beside it; return their places.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    folder = out.parent / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = pictures(rows)
    places = []
    for name, palettes in drawn.items():
        for palette, image in palettes:
            places.append(folder / picture.picture_file(name, palette))
            places[-1].write_text(image.svg(), encoding="utf-8")
    text = report.page(rows, machine=machine.description(), pictures=[*drawn], note=note)
    out.write_text(text, encoding="utf-8")
    return [out, *places]


def pictures(rows: Sequence[Row]) -> dict[str, list[tuple[Palette, Picture]]]:
    """Return the pictures by name, in each palette of a page; none of what was not measured."""
    beside = [_bar(row) for row in rows if row.rival and not row.rival.length and row.ratio]
    grown = [_bar(row) for row in rows if row.rival and row.rival.length and row.ratio]
    drawn = {}
    if beside:
        drawn[picture.RATIOS] = _in_each_palette(
            "How many times as long others take",
            "On a logarithmic scale.",
            beside,
            picture.logarithmic(_values(beside)),
        )
    if grown:
        drawn[picture.GROWTH] = _in_each_palette(
            "What a longer recording costs, in times of a shorter one",
            "24 h over 1 h gives 24 in proportion; live work gives 1.",
            grown,
            picture.linear(_values(grown), 5.0),
        )
    return drawn


def _in_each_palette(
    title: str, words: str, bars: Sequence[Bar], scale: Scale
) -> list[tuple[Palette, Picture]]:
    return [
        (palette, picture.bars(title, words, bars, scale, palette=palette))
        for palette in (LIGHT, DARK)
    ]


def _bar(row: Row) -> Bar:
    rival, value = row.rival, row.ratio or 1.0
    goal = rival.goal.bound if rival and rival.goal else None
    title = f"{row.task.title}, {row.task.length}"
    return Bar(title, rival.title if rival else "", value, figure(value), goal, row.held)


def _values(bars: Sequence[Bar]) -> list[float]:
    return [bar.value for bar in bars] + [bar.goal for bar in bars if bar.goal]
