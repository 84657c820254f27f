"""What a report says: one frozen model, ready in words, which every renderer writes as it is.

It holds sentences and the points of one picture, and nothing of the log, so that what is written of
a session is what stands here. It travels as JSON to the process that makes a PDF.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Audience(StrEnum):
    """Whom a report is for."""

    CLINICIAN = "clinician"
    CLIENT = "client"


class Level(StrEnum):
    """How far something can be relied on: a full dot, half a dot, an empty one."""

    FULL = "full"
    HALF = "half"
    NONE = "none"


class Trusted(msgspec.Struct, frozen=True):
    """A line of the trust tile; `level` is None where nothing is to be relied on."""

    level: Level | None
    name: str
    value: str
    aside: str


class Table(msgspec.Struct, frozen=True):
    """A table in words.

    `widths` are the columns' shares of the page. `numbered` says that the first column holds the
    numbers of moments, as they stand above the picture. `notes` stand below it.
    """

    heading: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    numbered: bool = False
    notes: tuple[str, ...] = ()


class Stretch(msgspec.Struct, frozen=True):
    """Heart rate without a break: seconds, bpm, and the ends of its 95 % interval.

    `limited` says that it was read with less trust.
    """

    time: tuple[float, ...]
    rate: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    limited: bool


class Rise(msgspec.Struct, frozen=True):
    """A rise of heart rate from when to when (s), its highest moment, and what is written there."""

    onset: float
    peak: float
    until: float
    label: str


class Bracket(msgspec.Struct, frozen=True):
    """A stretch from when to when (s) that is named below the trace, in the row of its kind."""

    start: float
    end: float
    label: str
    row: int


class Flag(msgspec.Struct, frozen=True):
    """A moment that someone marked (s), and its number."""

    time: float
    number: int


class Hour(msgspec.Struct, frozen=True):
    """The session as it is drawn: heart rate over time, and what stands around it.

    `end` is in s, `low` and `high` are the edges of the picture in bpm, `band` is the baseline's
    range. `figures` says whether bpm are written; else `faster` and `slower` stand at the edges.
    """

    title: str
    unit: str
    alt: str
    caption: str
    end: float
    low: float
    high: float
    band: tuple[float, float] | None
    stretches: tuple[Stretch, ...]
    rises: tuple[Rise, ...]
    brackets: tuple[Bracket, ...]
    flags: tuple[Flag, ...]
    figures: bool
    faster: str
    slower: str


class Section(msgspec.Struct, frozen=True):
    """A heading with paragraphs and tables."""

    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """A session for those who were not there.

    Attributes
    ----------
    title, about : str
        Whose hour it was, and when, how long, with what.
    lead_heading, lead : str
        What can be said, in one sentence.
    paragraphs : tuple of str
        The same at some length.
    trust_heading : str
    trust : tuple of Trusted
        How far it can be relied on.
    hour : Hour or None
        None where no heartbeat was recorded.
    moments : Table
        What was marked.
    parts : Table or None
        Rest, touch and movement, with the person's own words; None where nobody told of parts.
    limits : tuple of str
        What none of it says, and what was changed by hand.
    appendix : Section or None
        Methods, rises and measures, on pages of their own.
    disclaimer : tuple of str
    written : str
        The program's version and the day.
    """

    title: str
    about: str
    lead_heading: str
    lead: str
    paragraphs: tuple[str, ...]
    trust_heading: str
    trust: tuple[Trusted, ...]
    hour: Hour | None
    moments: Table
    parts: Table | None
    limits: tuple[str, ...]
    appendix: Section | None
    disclaimer: tuple[str, ...]
    written: str
