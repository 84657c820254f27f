"""The page and its pictures, written beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from proof.bench import machine, picture, report
from proof.bench.picture import Bar
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
    drawn = {folder / name: image for name, image in pictures(rows).items()}
    for place, image in drawn.items():
        place.write_text(image, encoding="utf-8")
    names = [f"pictures/{place.name}" for place in drawn]
    text = report.page(rows, machine=machine.description(), pictures=names, note=note)
    out.write_text(text, encoding="utf-8")
    return [out, *drawn]


def pictures(rows: Sequence[Row]) -> dict[str, str]:
    """Return the pictures by file name; none of what was not measured."""
    beside = [_bar(row) for row in rows if row.rival and not row.rival.length and row.ratio]
    grown = [_bar(row) for row in rows if row.rival and row.rival.length and row.ratio]
    drawn = {}
    if beside:
        drawn["bench_ratios.svg"] = picture.bars(
            "How many times as long others take",
            "On a logarithmic scale.",
            beside,
            picture.logarithmic(_values(beside)),
        )
    if grown:
        drawn["bench_growth.svg"] = picture.bars(
            "What a longer recording costs, in times of a shorter one",
            "24 h over 1 h gives 24 in proportion; live work gives 1.",
            grown,
            picture.linear(_values(grown), 5.0),
        )
    return drawn


def _bar(row: Row) -> Bar:
    rival, value = row.rival, row.ratio or 1.0
    goal = rival.goal.bound if rival and rival.goal else None
    title = f"{row.task.title}, {row.task.length}"
    return Bar(title, rival.title if rival else "", value, figure(value), goal, row.held)


def _values(bars: Sequence[Bar]) -> list[float]:
    return [bar.value for bar in bars] + [bar.goal for bar in bars if bar.goal]
