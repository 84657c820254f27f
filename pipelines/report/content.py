"""What a report says: one frozen model, ready in words, which every renderer writes as it is.

It holds sentences and the points of one picture, and nothing of the log, so that what is written of
a session is what stands here. It travels as JSON to the process that makes a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from pipelines.language import tr


class Audience(StrEnum):
    """Whom a report is for."""

    CLINICIAN = "clinician"
    CLIENT = "client"


class Level(StrEnum):
    """How far something can be relied on: a full dot, half a dot, an empty one."""

    FULL = "full"
    HALF = "half"
    NONE = "none"


class Place(StrEnum):
    """Where in a report a passage stands."""

    LEAD = "lead"
    TEXT = "text"
    LIMITS = "limits"


class Passage(msgspec.Struct, frozen=True):
    """A sentence or two of a report, by the name that they bear in a draft of its words.

    `by_hand` says that somebody put them in other words; of what they left out no words are left.
    """

    place: Place
    name: str
    words: str
    by_hand: bool = False


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
    lead_heading : str
    passages : tuple of Passage
        What can be said: first in one sentence, then at some length, then what none of it says.
    trust_heading : str
    trust : tuple of Trusted
        How far it can be relied on.
    hour : Hour or None
        None where no heartbeat was recorded.
    moments : Table
        What was marked.
    parts : Table or None
        Rest, touch and movement, with the person's own words; None where nobody told of parts.
    changes : tuple of str
        What was changed by hand.
    earlier : Section or None
        Earlier hours of the same person, on a page of their own; None where nobody asked.
    appendix : Section or None
        Methods, rises and measures, on pages of their own.
    disclaimer : tuple of str
    written : str
        The program's version and the day.
    """

    title: str
    about: str
    lead_heading: str
    passages: tuple[Passage, ...]
    trust_heading: str
    trust: tuple[Trusted, ...]
    hour: Hour | None
    moments: Table
    parts: Table | None
    changes: tuple[str, ...]
    earlier: Section | None
    appendix: Section | None
    disclaimer: tuple[str, ...]
    written: str

    @property
    def lead(self) -> str:
        """What can be said, in one sentence."""
        return " ".join(self._words(Place.LEAD))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The same at some length."""
        told = " ".join(self._words(Place.TEXT))
        return (told,) if told else ()

    @property
    def limits(self) -> tuple[str, ...]:
        """What none of it says, and what was changed by hand."""
        told = joined(self.changes) or tr("nothing")
        return (*self._words(Place.LIMITS), tr("Changed by hand: {changes}.", changes=told))

    def _words(self, place: Place) -> list[str]:
        return [one.words for one in self.passages if one.place is place and one.words]


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence, such as "one, two and three"."""
    if len(words) < 2:
        return "".join(words)
    return tr("{some} and {last}", some=", ".join(words[:-1]), last=words[-1])
