"""What was found, as lines for the terminal and as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipelines.drawing import DARK, LIGHT
from proof.bench.picture import GROWTH, RATIOS, picture_file
from proof.bench.run import Row
from proof.bench.task import Package, figure

COMMAND = (
    ".venv/bin/pip install -c constraints.txt -e '.[peers]' && "
    ".venv/bin/pip install --no-deps hrv-analysis==1.0.6"
)
"""Installs all peers."""

_WIDTHS = (41, 6, 8, 14, 8, 9, 15)


def verdict(row: Row) -> str:
    """Return "held" or "missed"; or that it was not measured; nothing where there is no goal."""
    if row.held is not None:
        return "held" if row.held else "missed"
    return "not measured" if row.goal or row.ours is None else ""


def heading() -> str:
    """Return the line above the others in the terminal."""
    return _line(("task", "length", "ours", "beside", "theirs", "ratio", "goal", ""))


def line(row: Row) -> str:
    """Return the figures of one row for the terminal; ms, or MB where the goal says so."""
    *most, ratio, goal, word = _beside(row)
    said = "".join(f"\n    {note}" for note in row.notes)
    return _line((*most, f"{ratio} x" if ratio else "", goal, word)) + said


def counted(rows: Iterable[Row]) -> str:
    """Return in one sentence how many goals were held, missed and not measured."""
    said = [verdict(row) for row in rows if row.goal]
    told = ", ".join(f"{said.count(one)} {one}" for one in ("held", "missed", "not measured"))
    return f"{len(said)} goal{'s' * (len(said) != 1)}: {told}."


def absent(packages: Sequence[Package]) -> str:
    """Return in one sentence which peers are not here and how to install them; nothing if none."""
    if not packages:
        return ""
    names = ", ".join(package.title for package in packages)
    return f"Not installed here: {names}. In a clone, this installs all peers: {COMMAND}"


def page(
    rows: Sequence[Row], *, machine: Sequence[str], pictures: Sequence[str], note: str = ""
) -> str:
    """Return the whole page in Markdown.

    Parameters
    ----------
    rows : sequence of Row
        What was found.
    machine : sequence of str
        What it was measured on, a line each.
    pictures : sequence of str
        Names of the pictures that lie in `pictures` beside the page.
    note : str
        What the reader must know of this run as a whole.
    """
    return "\n".join(
        (
            "# Benchmarks",
            "",
            _METHOD,
            *((note, "") if note else ()),
            counted(rows),
            "",
            "Measured on:",
            "",
            *(f"- {part}" for part in machine),
            f"- {_core(rows)}",
            "",
            *(_shown(name) for name in pictures),
            *(part for table in _TABLES for part in _section(table, rows)),
            "## What is compared",
            "",
            *_calls(rows),
            "",
            _NOT_COMPARED,
        )
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """One section of the page: which rows it shows and how."""

    title: str
    text: str
    head: tuple[str, ...]
    shows: Callable[[Row], bool]
    cells: Callable[[Row], tuple[str, ...]]


def _memory(row: Row) -> bool:
    return row.task.goal is not None and row.task.goal.kind == "MB"


def _own(row: Row) -> bool:
    return row.rival is not None and row.rival.length != ""


def _alone(row: Row) -> tuple[str, ...]:
    return row.task.title, row.task.length, _measured(row.ours), row.goal, verdict(row)


def _beside(row: Row) -> tuple[str, ...]:
    rival = row.rival.title if row.rival else ""
    figures = _measured(row.ours), rival, _measured(row.theirs), _measured(row.ratio)
    return row.task.title, row.task.length, *figures, row.goal, verdict(row)


def _measured(value: float | None) -> str:
    return "" if value is None else figure(value)


_TABLES = (
    _Table(
        "Beside other programs",
        "Times are in ms; the ratio is their time over ours.",
        ("Task", "Length", "Ours", "Beside", "Theirs", "Ratio", "Goal", ""),
        lambda row: row.rival is not None and not _own(row),
        _beside,
    ),
    _Table(
        "By itself",
        "",
        ("Task", "Length", "ms", "Goal", ""),
        lambda row: row.rival is None and not _memory(row),
        _alone,
    ),
    _Table(
        "As a recording grows",
        "Times are in ms. A cost in proportion to the beats gives a ratio of 24, what a live "
        "session does over and over must give 1. Sample entropy grows with the square of the "
        "beats and is left out.",
        ("Task", "Length", "ms", "Beside", "ms", "Ratio", "Goal", ""),
        _own,
        _beside,
    ),
    _Table(
        "Memory",
        "The most that the process held at once, input included, above what it holds after the "
        "same task on five minutes.",
        ("Task", "Length", "MB", "Goal", ""),
        _memory,
        _alone,
    ),
)


def _line(cells: Sequence[str]) -> str:
    fixed = zip(cells[:-1], _WIDTHS, strict=True)
    return (" ".join(f"{cell:<{width}}" for cell, width in fixed) + " " + cells[-1]).rstrip()


def _section(table: _Table, rows: Sequence[Row]) -> list[str]:
    shown = [row for row in rows if table.shows(row)]
    if not shown:
        return []
    notes = list(dict.fromkeys(_escaped(note) for row in shown for note in row.notes))
    return [
        f"## {table.title}",
        "",
        *((table.text, "") if table.text else ()),
        _cells(table.head),
        _cells(["---"] * len(table.head)),
        *(_cells(table.cells(row)) for row in shown),
        "",
        *(f"- {note}" for note in notes),
        *([""] if notes else []),
    ]


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _calls(rows: Sequence[Row]) -> list[str]:
    said: dict[str, None] = {}
    for row in rows:
        said.setdefault(f"- **{row.task.title}.** Ours: {row.task.call}.")
        if row.rival is not None and not _own(row):
            said.setdefault(f"  - {row.rival.title}: {row.rival.call}.")
    return list(said)


def _core(rows: Sequence[Row]) -> str:
    if all(row.pinned for row in rows):
        return "Every process kept on one core."
    return "This system lets no process be kept on one core, so the figures vary more."


_PICTURES = {
    RATIOS: "How many times as long other programs take, on a logarithmic scale, with our goals",
    GROWTH: "How the cost grows with the recording, with our goals",
}


def _shown(name: str) -> str:
    """Return the line of a picture that suits a light page and a dark one."""
    dark, light = (f"pictures/{picture_file(name, palette)}" for palette in (DARK, LIGHT))
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img alt="{_PICTURES[name]}" src="{light}"></picture>\n'
    )


_METHOD = """\
How long our measures take beside the programs that people use today. `interbeat bench` measures \
all of this on your own machine and writes this page; `interbeat bench --quick` leaves out what \
is longer than an hour, and most of what is slow to load. Ratios travel \
from one machine to another, milliseconds do not.

Each pair runs in a fresh process on one core with one thread. Both programs get the same made-up \
recording (850 ms between beats, breathing, a slower wave, drift and noise), both run first on \
five minutes of it, so that nothing is imported or compiled while it is timed, and then take \
turns, 5 to 15 times; the figures are medians of processor time. What takes over four seconds is \
measured once. Our times include everything from the array of intervals to the values; theirs \
begin with the input that they take, which is made before. Other programs are called as their \
users would, with our definition wherever their arguments allow it.
"""

_NOT_COMPARED = f"""\
## Not compared

- The package `physio` on PyPI has the name of our own package; the two cannot be installed \
together.
- Programs without a Python interface cannot be timed in one process.
- Beside a live session, `python -m proof.bench.live_packets` times the way of a packet from its \
arrival to the snapshot, the encrypted store included.
- What whole studies cost is told by `python -m proof.bench.scale`, and in [scale](scale.md).

In a clone, `{COMMAND}` installs the others.
"""
