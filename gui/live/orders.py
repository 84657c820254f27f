"""What the clinician asks of the session with a key, and the words that say what came of it."""

from __future__ import annotations

from collections.abc import Callable

from gui.shared import Orders
from pipelines.language import tr
from pipelines.live import (
    Command,
    Finish,
    GoOn,
    MarkMoment,
    NoteMark,
    Pause,
    SetBaseline,
    Talk,
    UndoMark,
)
from pipelines.session import MarkView, PhaseName, Snapshot
from pipelines.words import clock_text

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

    def notice(self, now: float) -> str:
        """Return what to say, "" when nothing is new."""
        return self._notice if now < self._until else ""

    def take_answers(self) -> None:
        """Say what came of the orders carried out since the last call."""
        for answer in self._orders.answers():
            self.say(answer.refusal or _done(answer.command, self._session_time()))

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

    def baseline(self) -> None:
        """Take the stretch just gone by as the baseline."""
        self._orders.give(SetBaseline())

    def talking(self, snapshot: Snapshot | None) -> None:
        """Say that talking began, or ended if it had begun."""
        stretches = snapshot.talking if snapshot else ()
        on = bool(stretches) and stretches[-1].end is None
        self._orders.give(Talk(on=not on))

    def pause(self, snapshot: Snapshot | None) -> None:
        """Pause the recording, or go on."""
        paused = snapshot is not None and snapshot.phase is PhaseName.PAUSED
        self._orders.give(GoOn() if paused else Pause())

    def finish(self) -> None:
        """End the session and keep it."""
        self._orders.give(Finish())


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
        case Pause():
            return tr("Paused at {at}, P goes on", at=at)
        case GoOn():
            return tr("Recording again from {at}", at=at)
        case _:
            return ""
