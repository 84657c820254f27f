"""What the clinician asks of the session with a key, and the words that say what came of it."""

from __future__ import annotations

from collections.abc import Callable

from gui.shared import Orders
from pipelines.language import tr
from pipelines.live import (
    AllowTouch,
    BeginPart,
    Command,
    CoverPicture,
    DrawBand,
    Finish,
    GoOn,
    HearTalking,
    MarkMoment,
    NoteMark,
    Pause,
    Pose,
    SayContext,
    SayOfPart,
    SenseRise,
    SetBaseline,
    Talk,
    UndoMark,
)
from pipelines.session import THERAPIST, Asked, MarkView, PartName, PhaseName, PostureName, Snapshot
from pipelines.words import clock_text, context_text, part_text, posture_text

HOLD = 10.0
"""Seconds that a notice stays."""
_NEAR = 30.0
"""Seconds; a note goes to a mark without words that was made this shortly before."""


class SessionOrders:
    """Gives the orders that the keys stand for, and keeps the newest notice.

    `session_time` and `clock` give the session's and the local clock's seconds.
    """

    def __init__(
        self, orders: Orders, session_time: Callable[[], float], clock: Callable[[], float]
    ) -> None:
        self._orders, self._session_time, self._clock = orders, session_time, clock
        self._notice, self._until = "", 0.0
        self._note_for: float | None = None
        self._note_from = 0.0
        self._of_talking = False

    def notice(self, now: float) -> str:
        """Return what to say, "" when nothing is new."""
        return self._notice if now < self._until else ""

    def take_answers(self) -> None:
        """Say what came of the orders carried out since the last call."""
        for answer in self._orders.answers():
            command, now = answer.command, self._session_time()
            if isinstance(command, SetBaseline) and self._of_talking:
                done = tr("The last minutes of talking are their baseline now")
            else:
                done = _done(command, now)
            self.say(answer.refusal or done)

    def say(self, notice: str) -> None:
        """Show a notice for a while."""
        self._notice, self._until = notice, self._clock() + HOLD

    def mark(self, text: str, *, ago: float = 0.0) -> None:
        """Mark this moment, or the one `ago` seconds before it."""
        self._orders.give(MarkMoment(text, ago))

    def undo(self, snapshot: Snapshot | None) -> None:
        """Take the newest mark back."""
        if snapshot is not None and not snapshot.marks:
            self.say(tr("There is no mark to take back."))
        else:
            self._orders.give(UndoMark())

    def begin_note(self, snapshot: Snapshot | None) -> None:
        """Note which mark the words to come belong to; mark this moment if there is none near."""
        newest = _newest(snapshot)
        now = self._session_time()
        if newest is not None and not newest.text and now - newest.time < _NEAR:
            self._note_for = newest.time
            return
        self._note_for, self._note_from = None, newest.time if newest else -1.0
        self.mark("")

    def keep_note(self, snapshot: Snapshot | None, text: str) -> None:
        """Give the mark that the note began with its words."""
        if not text:
            return
        newest = _newest(snapshot)
        if self._note_for is not None:
            self._orders.give(NoteMark(self._note_for, text))
        elif newest is not None and newest.time > self._note_from:
            self._orders.give(NoteMark(newest.time, text))
        else:  # the mark has not come back from the recorder: keep the words all the same
            self._orders.give(MarkMoment(text))

    def give(self, command: Command) -> None:
        """Give an order as it is."""
        self._orders.give(command)

    def baseline(self, snapshot: Snapshot | None) -> None:
        """Take the stretch just gone by as the baseline, of talking while somebody talks."""
        self._of_talking = _talks(snapshot)
        self._orders.give(SetBaseline())

    def talking(self, snapshot: Snapshot | None) -> None:
        """Say that talking began, or ended if it had begun."""
        self._orders.give(Talk(on=not _talks(snapshot)))

    def posture(self, snapshot: Snapshot | None) -> None:
        """Say that the client takes the next posture of those that the key goes through."""
        views = snapshot.sources if snapshot else ()
        held = next((v.condition.posture for v in views if v.role != THERAPIST), PostureName.NONE)
        self._orders.give(Pose(after(held)))

    def consent(self, snapshot: Snapshot | None) -> None:
        """Say that consent to touch was asked and given, or taken back if it was given."""
        given = snapshot is not None and snapshot.hour.consent is Asked.GIVEN
        self._orders.give(AllowTouch(given=not given))

    def voice(self, snapshot: Snapshot | None) -> None:
        """Say that all agreed to a microphone that hears talking, or let go of it."""
        listening = snapshot is not None and snapshot.hour.listening
        self._orders.give(HearTalking(on=not listening))

    def guess(self, snapshot: Snapshot | None) -> None:
        """Cover the picture, to guess, or show it again."""
        guessing = snapshot is not None and snapshot.hour.guessing
        self._orders.give(CoverPicture(on=not guessing))

    def sense(self) -> None:
        """Say that a rise was sensed."""
        self._orders.give(SenseRise())

    def part(self, name: PartName) -> None:
        """Begin a part of the session, or end the one that goes on."""
        self._orders.give(BeginPart(name))

    def pause(self, snapshot: Snapshot | None) -> None:
        """Pause the recording, or go on."""
        paused = snapshot is not None and snapshot.phase is PhaseName.PAUSED
        self._orders.give(GoOn() if paused else Pause())

    def finish(self) -> None:
        """End the session and keep it."""
        self._orders.give(Finish())


def after(posture: PostureName) -> PostureName:
    """Return the posture that the key names next: round through all of them."""
    round_ = [name for name in PostureName if name is not PostureName.NONE]
    return round_[(round_.index(posture) + 1) % len(round_)] if posture in round_ else round_[0]


def _talks(snapshot: Snapshot | None) -> bool:
    stretches = snapshot.talking if snapshot else ()
    return any(one.end is None and not one.likely for one in stretches)


def _newest(snapshot: Snapshot | None) -> MarkView | None:
    return snapshot.marks[-1] if snapshot is not None and snapshot.marks else None


def _done(command: Command, now: float) -> str:
    at = clock_text(now)
    match command:
        case MarkMoment(text=text, ago=ago):
            at = clock_text(max(now - ago, 0.0))
            return (
                tr("Marked at {at}, {text}", at=at, text=text)
                if text
                else tr("Marked at {at}, N adds a few words", at=at)
            )
        case NoteMark(text=text):
            return tr("Kept with the mark: {text}", text=text)
        case UndoMark():
            return tr("The newest mark is taken back")
        case SetBaseline():
            return tr("The last 3 minutes are the baseline now")
        case Talk(on=on):
            return (
                tr("Talking, until T is pressed again")
                if on
                else tr("Talking ended at {at}", at=at)
            )
        case Pose(name):
            return tr(
                "{posture} from {at}; no comparison for two minutes. U again: {next}",
                posture=posture_text(name).capitalize(),
                at=at,
                next=posture_text(after(name)),
            )
        case BeginPart(PartName.NONE):
            return tr("That part ended at {at}", at=at)
        case BeginPart(name):
            return tr("{part} from {at}, the same key ends it", part=part_text(name), at=at)
        case AllowTouch(given):
            return (
                tr("Consent to touch: asked and given at {at}; A again takes it back", at=at)
                if given
                else tr("Consent to touch: taken back at {at}", at=at)
            )
        case HearTalking(on=on):
            return (
                tr("The microphone hears talking from {at}, no sound is kept; V again: off", at=at)
                if on
                else tr("The microphone is off from {at}", at=at)
            )
        case CoverPicture(on=on):
            return (
                tr("Guessing from {at}; what you guess is shown to you alone", at=at)
                if on
                else tr("The picture is back from {at}", at=at)
            )
        case SenseRise():
            return tr("You sensed a rise at {at}", at=at)
        case SayContext(line, text):
            return tr("Kept on the card, {line}: {text}", line=context_text(line), text=text)
        case SayOfPart(text=text):
            return tr("Kept in their own words: {text}", text=text)
        case DrawBand(low=low, high=high):
            return (
                tr("Their own band is drawn; O takes it away")
                if low < high
                else tr("Their own band is taken away; O draws one")
            )
        case Pause():
            return tr("Paused at {at}, P goes on", at=at)
        case GoOn():
            return tr("Recording again from {at}", at=at)
        case _:
            return ""
