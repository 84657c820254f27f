"""What a person may ask of a running session, from a key in the window or from the command line.

A command is a wish; the recorder turns it into an event, commits it, and only then answers.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

import msgspec

from physio.breathing.assessment import Course
from pipelines.session import BandUnit, ContextLine, Mark, PartName, PostureName, Snapshot, Trace


class MarkMoment(msgspec.Struct, frozen=True, tag=True):
    """Mark this moment, or the one `ago` seconds before it, with a few words or none."""

    text: str = ""
    ago: float = 0.0


class NoteMark(msgspec.Struct, frozen=True, tag=True):
    """Give the mark at `time` other words."""

    time: float
    text: str


class RemoveMark(msgspec.Struct, frozen=True, tag=True):
    """Take back the mark at `time`."""

    time: float


class MarkAgain(msgspec.Struct, frozen=True, tag=True):
    """Mark a moment whose mark was taken back, with the words that it had."""

    time: float
    text: str


class UndoMark(msgspec.Struct, frozen=True, tag=True):
    """Take back the newest mark."""


class SetBaseline(msgspec.Struct, frozen=True, tag=True):
    """Take the stretch just gone by (at most `seconds`) as every wearer's baseline."""

    seconds: float = 180.0


class Talk(msgspec.Struct, frozen=True, tag=True):
    """Talking began or ended."""

    on: bool


class Pose(msgspec.Struct, frozen=True, tag=True):
    """The client takes a posture; whoever else is recorded and is no therapist, too."""

    name: PostureName


class BeginPart(msgspec.Struct, frozen=True, tag=True):
    """A part of the session begins, and ends the one before; `NONE` ends that alone."""

    name: PartName


class AllowTouch(msgspec.Struct, frozen=True, tag=True):
    """Consent to touch was asked for: given, or taken back."""

    given: bool


class HearTalking(msgspec.Struct, frozen=True, tag=True):
    """A microphone listens whether anybody talks, as all agreed, or no more; no sound is kept."""

    on: bool


class CoverPicture(msgspec.Struct, frozen=True, tag=True):
    """The therapist guesses, the picture covered, or looks again."""

    on: bool


class SenseRise(msgspec.Struct, frozen=True, tag=True):
    """The therapist, who guesses, senses a rise now, or did so `ago` seconds before."""

    ago: float = 0.0


class SayOfPart(msgspec.Struct, frozen=True, tag=True):
    """Keep the client's own words before or after the part that began at `part` (s)."""

    part: float
    after: bool
    text: str


class SayContext(msgspec.Struct, frozen=True, tag=True):
    """Keep what was said on a line of the card; empty words take it back."""

    line: ContextLine
    text: str


class DrawBand(msgspec.Struct, frozen=True, tag=True):
    """Draw the personal band of a wearer; where `low` is not below `high`, take it away."""

    source: int
    low: float
    high: float
    unit: BandUnit = BandUnit.BPM
    low_words: str = ""
    high_words: str = ""


class Pause(msgspec.Struct, frozen=True, tag=True):
    """Record nothing until `GoOn`."""


class GoOn(msgspec.Struct, frozen=True, tag=True):
    """Record again after a pause."""


class SetPace(msgspec.Struct, frozen=True, tag=True):
    """The breathing guide's rate (breaths/min), None when it stops; `inhale` is a share.

    Without a guide the person's own `heart` may lead.
    """

    rate: float | None
    inhale: float = 0.4
    heart: bool = False


class Assess(msgspec.Struct, frozen=True, tag=True):
    """A resonance assessment begins at `start` (s on the session clock), None gives it up.

    `inhale` is the share of each breath spent breathing in.
    """

    course: Course | None
    start: float = 0.0
    inhale: float = 0.4


class Finish(msgspec.Struct, frozen=True, tag=True):
    """End the session and keep it."""


Edit: TypeAlias = NoteMark | RemoveMark | MarkAgain
"""What may be asked of a session that has ended, too: another word for a moment, or none."""
Command: TypeAlias = (
    MarkMoment
    | UndoMark
    | SetBaseline
    | Talk
    | Pose
    | BeginPart
    | AllowTouch
    | HearTalking
    | CoverPicture
    | SenseRise
    | SayOfPart
    | SayContext
    | DrawBand
    | Pause
    | GoOn
    | SetPace
    | Assess
    | Finish
    | Edit
)


def edited(edit: Edit, now: float) -> Mark:
    """Return the event that an edit is, said at `now` (s on the session clock)."""
    match edit:
        case NoteMark(moment, text):
            return Mark(now, text, replaces=moment)
        case RemoveMark(moment):
            return Mark(now, "", replaces=moment, removed=True)
        case MarkAgain(moment, text):
            return Mark(now, text, moment=moment)


class RunningSession(Protocol):
    """A session as a view sees it. None of these calls ever waits longer than a quarter second."""

    def snapshot(self) -> Snapshot | None:
        """Return the newest snapshot, None while the recorder cannot be reached."""

    def trace(self, source: int, first: int, rr_first: int) -> Trace | None:
        """Return what is new since point `first` and interval `rr_first`, None as above."""

    def ask(self, command: Command) -> str | None:
        """Carry out a command; return None once it is kept, else one sentence saying why not."""

    def close(self) -> None:
        """Let go of the session, which goes on without this view."""
