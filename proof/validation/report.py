"""What checks found, as lines to read, as JSON lines and as a page."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from proof.validation.check import Check, Finding
from proof.validation.given.origins import ORIGINS, Origin

VERSIONS = ("interbeat", "numpy", "scipy", "neurokit2")
"""Packages whose versions a page tells."""

OPENING = """\
# Validation

Written by `interbeat validate`; run it to try all of this on your own machine, or one check by
`interbeat validate --only` and its name. Each line says what must be so, the figure that it rests
on, what this program finds, and whether the goal is held.
Nothing here says that a measure means anything for a person: see [the science](science.md).
"""


RECORDINGS = """\
## Recordings

Real recordings of other people's projects on GitHub; none is part of this one, as each has a
licence of its own. To try what rests on them, lay the files into folders of these names and name
the folder that holds them by `--recordings`. Checks whose recordings are not there are not tried,
and say so. Beside each file stand its path in the project, and the SHA-256 of the file that the
checks were tried on.

| folder | project and commit | file | path there | SHA-256 |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """One check and what it found, under the heading of its topic."""

    topic: str
    check: Check
    finding: Finding

    @property
    def verdict(self) -> str:
        """The finding in a word or two."""
        return {True: "held", False: "missed", None: "not tried"}[self.finding.held]

    def lines(self) -> str:
        """Return the lines to read."""
        told = (
            ("goal", self.check.goal),
            ("published", self.check.published),
            ("ours", self.finding.ours),
            ("note", self.finding.note),
        )
        body = "\n".join(f"  {name:<10} {text}" for name, text in told if text)
        return f"{self.verdict}: {self.check.title} [{self.check.key}]\n{body}"

    def row(self) -> dict[str, str | bool | None]:
        """Return everything for one JSON line."""
        return {
            "topic": self.topic,
            "key": self.check.key,
            "title": self.check.title,
            "goal": self.check.goal,
            "published": self.check.published,
            "ours": self.finding.ours,
            "held": self.finding.held,
            "note": self.finding.note,
        }


def closing(tried: Sequence[Tried]) -> str:
    """Return the counts in a sentence, and which goals are missed."""
    counts = dict.fromkeys(("held", "missed", "not tried"), 0)
    for one in tried:
        counts[one.verdict] += 1
    told = f"{counts['held']} held, {counts['missed']} missed, {counts['not tried']} not tried"
    missed = ", ".join(f"`{one.check.key}`" for one in tried if one.finding.held is False)
    named = f" Missed: {missed}." if missed else ""
    return f"{len(tried)} check{'s' * (len(tried) != 1)}: {told}.{named}"


def page(tried: Sequence[Tried]) -> str:
    """Return the page in Markdown, the same on every machine but for versions and last digits."""
    topics = dict.fromkeys(one.topic for one in tried)
    tables = (_table(topic, [one for one in tried if one.topic == topic]) for topic in topics)
    recordings = RECORDINGS + "".join(row for origin in ORIGINS for row in _files(origin))
    return "\n".join((OPENING, f"{closing(tried)} {_with()}\n", *tables, recordings))


def _files(origin: Origin) -> Iterator[str]:
    for file in origin.files:
        path = f"`{file.path}`" + (f" ({file.changed})" if file.changed else "")
        where = f"{origin.project} {origin.commit}"
        yield f"| {origin.folder} | {where} | {file.name} | {path} | `{file.sha256}` |\n"


def _table(topic: str, tried: Sequence[Tried]) -> str:
    head = f"## {topic}\n\n| what is tried | goal | published | ours | |\n|---|---|---|---|---|\n"
    return head + "".join(_row(one) for one in tried)


def _row(one: Tried) -> str:
    found = "<br>".join(text for text in (one.finding.ours, one.finding.note) if text)
    title = f"{one.check.title}<br>`{one.check.key}`"
    told = (title, one.check.goal, one.check.published, found, one.verdict)
    return "| " + " | ".join(text.replace("|", "\\|") for text in told) + " |\n"


def _with() -> str:
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return "With " + ", ".join([python, *map(_versioned, VERSIONS)]) + "."


def _versioned(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} (not installed)"
