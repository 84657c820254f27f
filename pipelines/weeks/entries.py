"""What stands in a person's own file: dated entries, one after the other, never changed.

What is written later counts more: an answer given again, words put anew. Nothing is taken out of
the log but what a person lets go of, of which the id alone stays (`Gone`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

MOST = 10
"""The highest answer; the lowest is 0."""


class Question(StrEnum):
    """What is asked once a week, each answered from 0 to 10."""

    ACTIVITY = "activity"
    MOOD = "mood"
    TENSION = "tension"
    PAIN = "pain"
    VERDICT = "verdict"


class Part(StrEnum):
    """What may be shared, each by itself."""

    WEEKS = "weeks"
    PRACTICE = "practice"
    HAPPENINGS = "happenings"
    UNWANTED = "unwanted"
    SUMS = "sums"
    RESTING = "resting"
    PLAN = "plan"


class Entry(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One entry.

    Attributes
    ----------
    id : str
        A random one; of a practice that the library kept, its session's.
    day : date
        What it is about.
    at : float
        When it was written, in seconds since 1970 UTC.
    """

    id: str
    day: date
    at: float


class Intention(Entry, frozen=True, tag="intention"):
    """What the person wants to be able to do, in their words; asked about from now on."""

    activity: str


class Answer(Entry, frozen=True, tag="answer"):
    """An answer to a weekly question, 0 to 10, for the week in which `day` lies."""

    question: Question
    value: int

    def __post_init__(self) -> None:
        """Refuse what is no answer."""
        if not 0 <= self.value <= MOST:
            raise ValueError("an answer lies from 0 to 10")


class Sum(Entry, frozen=True, tag="sum"):
    """The sum of a questionnaire, by its name: "GAD-7", "PHQ-4", or a clinic's own."""

    scale: str
    value: int


class Practice(Entry, frozen=True, tag="practice"):
    """A practice: the seconds of breathing, the hour of the day in which it began, None unknown.

    `before` and `after` are tension from 0 to 10, None where it was skipped.
    """

    seconds: float
    hour: int | None = None
    before: int | None = None
    after: int | None = None


class Happening(Entry, frozen=True, tag="happening"):
    """Something that happened, in the person's words."""

    words: str


class Flare(Entry, frozen=True, tag="flare"):
    """A flare that began on `day` and lasted so many days, in the person's words."""

    days: int
    words: str


class Unwanted(Entry, frozen=True, tag="unwanted"):
    """Something unwanted that came with practice, in the person's words."""

    words: str


class Resting(Entry, frozen=True, tag="resting"):
    """A resting measure in one posture: ln of RMSSD in ms."""

    ln_rmssd: float
    posture: str


class Choice(Entry, frozen=True, tag="choice"):
    """Whether something that is off at first is on: "pain", "resting"."""

    name: str
    on: bool


class PlanKept(Entry, frozen=True, tag="plan"):
    """A version of the plan, as the text that it is."""

    text: str


class Writing(Entry, frozen=True, tag="writing"):
    """A page that is the person's alone, sealed under a key of its own."""

    key: bytes
    box: bytes


class Shared(Entry, frozen=True, tag="shared"):
    """That something was shared: with whom, which parts, and until when."""

    whom: str
    parts: tuple[Part, ...]
    until: date


class Withdrawn(Entry, frozen=True, tag="withdrawn"):
    """That the share of this id was taken back."""


class Gone(Entry, frozen=True, tag="gone"):
    """That nothing is kept under this id any more, nor taken in again."""


AnyEntry = (
    Intention
    | Answer
    | Sum
    | Practice
    | Happening
    | Flare
    | Unwanted
    | Resting
    | Choice
    | PlanKept
    | Writing
    | Shared
    | Withdrawn
    | Gone
)

_IDS = 8


def new_id() -> str:
    """Return an id that nothing else has."""
    return secrets.token_hex(_IDS)


def encoded(entry: AnyEntry) -> bytes:
    """Return an entry as it is kept: a line of JSON."""
    return msgspec.json.encode(entry)


def decoded(bodies: Iterable[bytes]) -> list[AnyEntry]:
    """Return the entries of a log; those of kinds that only a newer program knows are passed over.

    These stay in the file, since nothing is ever taken out of it unless its id is let go of.
    """
    found: list[AnyEntry] = []
    for body in bodies:
        try:
            found.append(_DECODER.decode(body))
        except (msgspec.DecodeError, ValueError):
            continue
    return found


def id_of(body: bytes) -> str | None:
    """Return the id in an entry of any kind, None where there is none."""
    try:
        return msgspec.json.decode(body, type=_Id).id
    except (msgspec.DecodeError, ValueError):
        return None


class _Id(msgspec.Struct):
    id: str


_DECODER = msgspec.json.Decoder(AnyEntry)
