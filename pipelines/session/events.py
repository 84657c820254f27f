"""Everything that happens in a session, as one ordered log of frozen events.

An event's `time` is in seconds on the session clock, which starts at 0. The log is what is stored;
beats, labels, measures and words are computed from it and can be computed from it again.
`pipelines.session.serialization` says how, and what may change in an event from version to version.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from devices.codec import TICKS_PER_SECOND
from devices.link import LinkState
from physio.breathing.assessment import Course
from physio.breathing.pacer import SLOWEST, offers
from physio.breathing.resonance import Earlier

LONGEST_SESSION = 1e7
"""Seconds within which a session's own times lie: four months."""


class UnreadFields(bytes):
    """Fields of an event that this version does not know, as a newer one stored them.

    No decoder makes one, so that no file can say what it holds.
    """

    __slots__ = ()


class _Carrying(msgspec.Struct, frozen=True, kw_only=True):
    # Apart, as what has a default comes last only among fields that are named.
    unread: UnreadFields | msgspec.UnsetType = msgspec.UNSET


class Event(_Carrying, frozen=True, tag=True, forbid_unknown_fields=True, repr_omit_defaults=True):
    """What every event carries."""

    time: float


CLIENT, THERAPIST = "client", "therapist"
"""Roles of wearers; others are "member N". What the therapist's strap tells belongs to them."""


class Source(Event, frozen=True):
    """A wearer's strap joins the session. `role` is "client", "therapist" or "member N".

    `ticks` are what its heart rate packets count a second in: 1024, or 1000 for a strap that sends
    milliseconds.
    """

    source: int
    role: str
    device: str
    address: str = ""
    simulated: bool = False
    ticks: int = TICKS_PER_SECOND


class Packet(Event, frozen=True, omit_defaults=True):
    """What arrived from a source, byte for byte: the raw record.

    `kind` names the series, a row of `devices.codec.SERIES`: "heart_rate" for payloads of
    characteristic 0x2A37, "intervals" for those of a file (little-endian float64 milliseconds as
    written, which enter behind the codec), "timed_intervals" for many of a file at once. Its `time`
    is the arrival, stamped in the callback or as recorded; that of its newest interval where they
    came one by one.

    `rate` is in samples a second, None where the series has its own; `channel` tells apart what a
    source sends several of, counted from 0.
    """

    source: int
    kind: str
    data: bytes
    rate: float | None = None
    channel: int = 0


class Link(Event, frozen=True):
    """The state of a source's connection."""

    source: int
    state: LinkState


class Strap(Event, frozen=True):
    """What a strap said of itself after connecting; None where it did not.

    Its `model` may be what an earlier session told, and its `name` "" then.
    """

    source: int
    name: str
    model: str | None
    battery_percent: int | None


class Mark(Event, frozen=True):
    """A moment that someone marked. A later mark with `replaces` edits or removes an earlier one.

    `moment` is what it marks, where that was before the mark was made; else its `time` is.
    `replaces` is the moment of the mark it replaces; an empty `text` with `removed` takes it back.
    """

    text: str
    replaces: float | None = None
    removed: bool = False
    moment: float | msgspec.UnsetType = msgspec.UNSET


class PhaseName(StrEnum):
    """What a stretch of a session is; `NONE` before the first."""

    NONE = ""
    BASELINE = "baseline"
    SESSION = "session"
    SETTLING = "settling"
    PAUSED = "paused"
    FINISHED = "finished"


class Phase(Event, frozen=True):
    """A stretch begins."""

    name: PhaseName


class Talking(Event, frozen=True):
    """Talking began or ended, as told by the clinician."""

    on: bool


class TalkingLikely(Event, frozen=True):
    """Somebody probably began or ended talking, as a voice was heard; nobody told so."""

    on: bool


class Listening(Event, frozen=True):
    """A microphone listens from now on whether anybody talks, as all agreed, or no more.

    No sound is kept.
    """

    on: bool


class Guessing(Event, frozen=True):
    """The therapist guesses from now on, the picture covered, or looks again."""

    on: bool


class Guess(Event, frozen=True):
    """The therapist sensed that heart rate rises; a tale of them, never of the client.

    `moment` is when, where that was before it was taken down; else its `time` is.
    """

    moment: float | msgspec.UnsetType = msgspec.UNSET


class Baseline(Event, frozen=True):
    """The choice of a baseline: what `source` did from `start` to `end`, in seconds."""

    source: int
    start: float
    end: float


class LeftOutReason(StrEnum):
    """Why a person leaves a stretch out."""

    MOVING = "moving"
    TALKING = "talking"
    STRAP = "strap"
    OTHER = "other"


class LeftOut(Event, frozen=True):
    """The choice to read nothing of `source` from `start` to `end`, in seconds, and why."""

    source: int
    start: float
    end: float
    reason: LeftOutReason


class TakenBack(Event, frozen=True):
    """The newest decision that stands, and that no beats follow, counts no more.

    A `LeftOut`, a `Baseline` or a `TalkBaseline` is one.
    """


class TalkBaseline(Event, frozen=True):
    """The choice of a baseline of talking; else as `Baseline`, which is one of silence."""

    source: int
    start: float
    end: float


class PostureName(StrEnum):
    """How a wearer holds the body; `NONE` where nobody said."""

    NONE = ""
    SITTING = "sitting"
    STANDING = "standing"
    WALKING = "walking"
    LYING = "lying"


class Posture(Event, frozen=True):
    """A wearer takes a posture, as told by the clinician."""

    source: int
    name: PostureName


class PartName(StrEnum):
    """What is done in a part of a session; `NONE` is its end."""

    NONE = ""
    REST = "rest"
    TOUCH = "touch"
    MOVEMENT = "movement"


class Part(Event, frozen=True):
    """A part of the session begins, and ends the one before it."""

    name: PartName


class TouchConsent(Event, frozen=True):
    """The client was asked about touch: whether consent was given, or taken back."""

    given: bool


class PartWords(Event, frozen=True):
    """The client's own words before or after the part that began at `part` (s).

    Later ones replace earlier ones, and empty ones take them back.
    """

    part: float
    after: bool
    text: str


class ContextLine(StrEnum):
    """A line of the card that goes with an hour."""

    MEDICINES = "medicines"
    CAFFEINE = "caffeine"
    NICOTINE = "nicotine"
    SLEEP = "sleep"
    PAIN = "pain"
    TIME_OF_DAY = "time of day"


class Context(Event, frozen=True):
    """What somebody said on a line of the card; empty words take it back."""

    line: ContextLine
    text: str


class Note(Event, frozen=True):
    """What somebody wrote about the session as a whole, for themselves and their colleagues.

    `author` wrote it at `wall`, in seconds since 1970 UTC. It is never handed to the client.
    """

    author: str
    text: str
    wall: float


class BandUnit(StrEnum):
    """What the bounds of a personal band are told in: bpm, or spreads from the baseline."""

    BPM = "bpm"
    SPREADS = "spreads"


class PersonalBand(Event, frozen=True):
    """Two bounds that clinician and client drew for one wearer, with their own words at each.

    A later one replaces it; one whose `low` is not below its `high` takes it away.
    """

    source: int
    low: float
    high: float
    unit: BandUnit = BandUnit.BPM
    low_words: str = ""
    high_words: str = ""


class Pace(Event, frozen=True):
    """The breathing guide's rate (breaths/min) from now on, None when it stops.

    `inhale` is the share of each breath spent breathing in. Without a guide the person's own
    `heart` may lead.
    """

    rate: float | None
    inhale: float
    heart: bool = False

    @property
    def breathes(self) -> bool:
        """Whether a guide breathes so; what none offers is a rest."""
        return self.rate is not None and offers(self.rate, self.inhale)


class Assessment(Event, frozen=True):
    """A resonance assessment: its course begins at `start` (s), or one is given up, without course.

    `inhale` is the share of each breath spent breathing in. `earlier` is what the newest assessment
    of the same person had found, where one was kept: the two are compared.
    """

    course: Course | None
    start: float = 0.0
    inhale: float = 0.4
    earlier: Earlier | None = None

    @property
    def runs(self) -> bool:
        """Whether a guide can run so; what none offers is no assessment."""
        sound = abs(self.start) <= LONGEST_SESSION and offers(SLOWEST, self.inhale)
        return self.course is not None and sound


OWN_PRACTICE = "own practice"
"""What stands in place of a consent where somebody practises: nobody else was there to ask."""


class Consent(Event, frozen=True):
    """What the people recorded were asked, and answered."""

    text: str


class WallClock(Event, frozen=True):
    """A pair of session time and wall-clock time (seconds since 1970 UTC), at the start or a jump.

    `jump` is by how many seconds the two clocks moved against each other since the last pair; a
    jump is a gap in every source.
    """

    wall: float
    jump: float = 0.0


class Tick(Event, frozen=True):
    """Asks for a snapshot. Never stored, and changes no state."""


class Unknown(msgspec.Struct, frozen=True):
    """An event of a kind that only newer versions know: carried along unread.

    `body` is the whole event as it was stored, in the words of `schema`, and all that is stored of
    it again. A known kind is one too where a newer version says with it what this one cannot read.
    """

    time: float
    kind: str
    source: int | None
    body: bytes
    schema: int


KnownEvent: TypeAlias = (
    Source
    | Packet
    | Link
    | Strap
    | Mark
    | Phase
    | Talking
    | TalkingLikely
    | Listening
    | Guessing
    | Guess
    | Baseline
    | LeftOut
    | TakenBack
    | TalkBaseline
    | Posture
    | Part
    | TouchConsent
    | PartWords
    | Context
    | Note
    | PersonalBand
    | Pace
    | Assessment
    | Consent
    | WallClock
    | Tick
)
AnyEvent: TypeAlias = KnownEvent | Unknown


def kind_of(event: AnyEvent) -> str:
    """Return the name of an event's kind, as it is stored."""
    return event.kind if isinstance(event, Unknown) else type(event).__name__
