"""The clinician's view: one glance, the last five minutes, the whole hour, and the keys."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent

from gui.live.details import details, now_words
from gui.live.glance import TILES, Person
from gui.live.history import UNSETTLED, Histories
from gui.live.keys import ACROSS, EARLIER, UNDER_CALM
from gui.live.orders import SessionOrders
from gui.live.panes import Heading
from gui.live.parts import LiveParts
from gui.live.questions import Question, after_moving, band, card, without
from gui.live.traces import Content
from gui.shared import Poller, SessionClock, Update, theme
from pipelines.drawing import LIGHT, Palette
from pipelines.harmless import harmless
from pipelines.language import from_the_right, tr
from pipelines.live import RunningSession, SayOfPart
from pipelines.recording import LiveLook
from pipelines.session import NO_POINTS, PartName, PhaseName, Points, Snapshot, SourceView
from pipelines.words import LABELS, clock_text, person, read, title, where_kept

FRAME_MS = 33
STILL_MS = 1000
"""Milliseconds between two frames while motion is reduced."""
NEWS = 1.0
"""Seconds after which the plots' words are brought up to date though no point is new."""
WITHOUT_NEWS = 0.5
"""Seconds for which the session's time goes on without an answer of the recorder."""
OFFERED = 60.0
"""Seconds from the start in which the card is offered: it belongs before the baseline."""
NOTE = tr("A few words for this mark, then Enter")
BEFORE_MOVING = tr("Before moving, in their own words")
LiveUpdate: TypeAlias = Update[dict[int, Points]]


class LiveView(LiveParts):
    """A window onto a running session; closing it leaves the session running.

    Parameters
    ----------
    session : RunningSession
        The session to show.
    labels : sequence of str, optional
        What the keys 1 to 9 mark.
    pedal : int, optional
        The key of a foot pedal, which marks as Space does.
    palette : Palette, optional
        `LIGHT` or `DARK`.
    clock : callable, optional
        Seconds of a clock that never goes back.
    still : bool, optional
        No fades, and scrolling once a second.
    polling : bool, optional
        Whether to ask the recorder at once; else `poller.poll()` does.
    returns : bool, optional
        Whether it takes the place of a view of the same session.
    """

    def __init__(
        self,
        session: RunningSession,
        *,
        labels: Sequence[str] = LABELS,
        pedal: int | None = None,
        palette: Palette = LIGHT,
        clock: Callable[[], float] = time.monotonic,
        still: bool | None = None,
        polling: bool = True,
        returns: bool = False,
    ) -> None:
        calm = theme.reduced_motion() if still is None else still
        super().__init__(labels, palette, still=calm)
        if from_the_right():
            self.keys = {**self.keys, **ACROSS}
        if pedal is not None:
            self.keys = {**self.keys, pedal: "mark"}
        self._clock = clock
        nothing: dict[int, Points] = {}
        self.poller = Poller(session, Histories().gather, nothing, clock=clock)
        self._session_clock = SessionClock()
        self._drawn = self.poller.newest
        self._told = -math.inf
        self._page = 0
        self._asked: list[Question] = []
        self._caught_up = not returns
        self.orders = SessionOrders(self.poller.orders, self._session_time, clock)
        self._connect()
        self._timer = QTimer(self, interval=STILL_MS if self.still else FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.frame)
        self._timer.start()
        if polling:
            self.poller.start()

    def _connect(self) -> None:
        self.note.kept.connect(self._keep_note)
        self.note.left.connect(self._leave_note)
        for part in (self, self.bar, self.foot, self.help, self.calm):
            part.chosen.connect(self.act)

    def _snapshot(self) -> Snapshot | None:
        return self._drawn.snapshot

    def _session_time(self) -> float:
        """Return the session's time, which stops without news: nobody knows whether it goes on."""
        return self._session_clock.now(min(self._clock(), self._drawn.received + WITHOUT_NEWS))

    def _points(self, view: SourceView) -> Points:
        return self._drawn.traces.get(view.source, NO_POINTS)

    def look(self) -> LiveLook:
        """Return how it looks."""
        index, whole = self.one.index, self.traces.whole
        return LiveLook(self.dim, self.calm.isVisible(), whole, index, self._page)

    def look_like(self, look: LiveLook) -> None:
        """Look as another view did."""
        self.dim, self._page, self.one.index = look.dim, look.page, look.index
        self.one.whole = self.pair.whole = look.whole
        self.arrange()
        if look.calm is not self.calm.isVisible():
            self._calm()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Take the keys; no button has the focus until Tab gives it one."""
        super().showEvent(event)
        self.setFocus()

    def frame(self) -> None:
        """Draw the newest state, if it is new, and move on."""
        newest, now = self.poller.newest, self._clock()
        if newest.snapshot is not None and newest is not self._drawn:
            self._take(newest, newest.snapshot, now)
        self.orders.take_answers()
        if self.calm.isVisible() or self.help.isVisible():
            return
        self._tell(now)
        if self.count < 3:
            self.traces.advance(self._session_time(), now)

    def _take(self, newest: LiveUpdate, snapshot: Snapshot, now: float) -> None:
        before, count = self._drawn, max(len(snapshot.sources), 1)
        self._drawn = newest
        same = before.snapshot is not None and before.snapshot.session == snapshot.session
        self._caught_up = (same and self._caught_up) or is_whole(snapshot, newest.traces)
        if self.calm.isVisible():
            self._tell_calm()
        self._session_clock.hear(snapshot.time, newest.received)
        if before.snapshot is None and snapshot.time < OFFERED and not snapshot.hour.context:
            self.orders.say(tr("C asks a few lines about today, before it begins if you like"))
        if snapshot.notice and (before.snapshot is None or before.snapshot.notice is None):
            self.orders.say(snapshot.notice)
        covered = snapshot.hour.guessing
        if (self.count, self.covered) != (count, covered):
            self.count, self.covered = count, covered
            self._page = min(self._page, last_page(count))
            self.arrange()
        if not self._caught_up:
            return
        if now - self._told >= NEWS or _outline(before.snapshot) != _outline(snapshot):
            self._told = now
            self._show(snapshot, now)

    def _show(self, snapshot: Snapshot, now: float) -> None:
        content = Content(snapshot, tuple((v, self._points(v)) for v in snapshot.sources))
        self.traces.advance(self._session_time(), now)
        self.traces.show_content(content, now)
        if self.strip.isVisible():
            self.strip.show_content(content)

    def _tell(self, now: float) -> None:
        snapshot, reachable = self._snapshot(), self.poller.reachable()
        time = self._session_time()
        views: Sequence[SourceView | None] = snapshot.sources if snapshot else ()
        people = [self._person(view, number) for number, view in enumerate(views or (None,))]
        page = min(self._page, last_page(len(people)))
        self.glance.tell(people[page * TILES :][:TILES])
        self.cover.tell([one.words.trust for one in people if one.words.dot == "none"])
        notice = self.orders.notice(now)
        coming = snapshot is None and reachable and not self._caught_up
        kept = "" if coming else where_kept(snapshot, reachable=reachable)
        trouble = snapshot.trouble if snapshot is not None and reachable else None
        told = harmless(notice or trouble or "", most=None)
        more = details(snapshot) if reachable else ()
        first = (*page_words(self._page, len(people)), *now_words(snapshot))
        quiet = "  ·  ".join((*first, kept, *more))
        ended = snapshot is not None and snapshot.phase is PhaseName.FINISHED
        elapsed = clock_text(snapshot.phase_since if snapshot and ended else time)
        elapsed = elapsed if snapshot is not None else ""
        self.header.tell(Heading(title(snapshot), told or quiet, elapsed, urgent=bool(told)))
        self.foot.tell(elapsed, told or self._seen_in_dim(len(people)))

    def _seen_in_dim(self, count: int) -> str:
        """Return what the dim screen shows of time, or which of many wearers."""
        if count > 2:
            return "".join(page_words(self._page, count))
        if self.covered:
            return ""
        return tr("whole session") if self.traces.whole else tr("last 5 minutes")

    def _person(self, view: SourceView | None, number: int) -> Person:
        reading = read(
            self._snapshot(),
            view,
            now=self._session_time(),
            last_rate=self._points(view).last_rate() if view else None,
            reachable=self.poller.reachable(),
            caught_up=self._caught_up,
        )
        second = number == 1 and self.count == 2
        token = self.colours.clay if second else self.colours.lake
        return Person(person(view) if view and self.count > 1 else "", reading, token)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do what the key stands for, unless words are being written just now."""
        if self.focusWidget() is self.note:
            event.ignore()
        elif self.note.isVisible() and self.keys.get(event.key()) == "calm":
            self._leave_note()
        else:
            super().keyPressEvent(event)

    def act(self, name: str) -> None:
        """Carry out an action by its name, as a key or a click asks."""
        if self.calm.isVisible() and name not in UNDER_CALM:
            return
        if name.startswith("label "):
            self._label(int(name.removeprefix("label ")))
        else:
            getattr(self, f"_{name.replace(' ', '_')}")()

    def _label(self, number: int) -> None:
        self.help.hide()
        if number <= len(self.labels) and self.labels[number - 1]:
            self.orders.mark(self.labels[number - 1])

    def _mark(self) -> None:
        self.orders.mark("")

    def _earlier(self) -> None:
        self.orders.mark("", ago=EARLIER)

    def _undo(self) -> None:
        self.orders.undo(self._snapshot())

    def _note(self) -> None:
        if not self.note.isVisible():
            self.orders.begin_note(self._snapshot())
            self._asked = [Question(NOTE, self._note_kept)]
        self._ask()

    def _note_kept(self, text: str) -> None:
        self.orders.keep_note(self._snapshot(), text)

    def _ask(self, *questions: Question) -> None:
        """Ask in the field at the foot, after what is asked already."""
        self._asked = [*self._asked, *questions]
        if self._asked:
            self.note.open(self._asked[0].words)
        self.arrange_keys()

    def _keep_note(self, text: str) -> None:
        """Keep an answer, and ask what comes next."""
        self.note.hide()
        self.setFocus()
        asked, self._asked = self._asked[:1], self._asked[1:]
        for question in asked:
            if refusal := question.keep(text):
                self._asked = []
                self.orders.say(refusal)
        self._ask()

    def _leave_note(self) -> None:
        """Skip what is asked; a note's words wait for the next time."""
        self.note.hide()
        if self._asked and self._asked[0].words != NOTE:
            self.note.clear()
        self._asked = []
        self.setFocus()
        self.arrange_keys()
        self._calm()

    def _keep(self) -> None:
        """Keep what is written, as Enter does."""
        self.note.keep()

    def _context(self) -> None:
        self._ask(*card(self.orders.give))

    def _posture(self) -> None:
        self.orders.posture(self._snapshot())

    def _voice(self) -> None:
        self.orders.voice(self._snapshot())

    def _guess(self) -> None:
        self.orders.guess(self._snapshot())

    def _sense(self) -> None:
        self.orders.sense()

    def _consent(self) -> None:
        self.orders.consent(self._snapshot())

    def _rest(self) -> None:
        self._part(PartName.REST)

    def _touch(self) -> None:
        self._part(PartName.TOUCH)

    def _movement(self) -> None:
        self._part(PartName.MOVEMENT)

    def _part(self, name: PartName) -> None:
        """Begin a part, or end it where it goes on; movement asks for own words around it."""
        snapshot = self._snapshot()
        before = None if snapshot is None else snapshot.hour.going_on()
        if before is not None and before.name is PartName.MOVEMENT:
            self._ask(after_moving(before.start, self.orders.give))
        ends = before is not None and before.name is name
        self.orders.part(PartName.NONE if ends else name)
        if name is PartName.MOVEMENT and not ends:
            self._ask(Question(BEFORE_MOVING, self._before_moving))

    def _before_moving(self, text: str) -> None:
        """Keep the words with the part that goes on: its beginning came back meanwhile."""
        snapshot = self._snapshot()
        going_on = None if snapshot is None else snapshot.hour.going_on()
        if text and going_on is not None and going_on.name is PartName.MOVEMENT:
            self.orders.give(SayOfPart(going_on.start, after=False, text=text))

    def _band(self) -> None:
        snapshot = self._snapshot()
        if snapshot is None or not snapshot.sources:
            return
        source = snapshot.sources[0].source
        drawn = snapshot.hour.band(source)
        if drawn is None:
            self._ask(*band(source, self.orders.give))
        else:
            self.orders.give(without(drawn))

    def _baseline(self) -> None:
        self.orders.baseline(self._snapshot())

    def _talking(self) -> None:
        self.orders.talking(self._snapshot())

    def _pause(self) -> None:
        self.orders.pause(self._snapshot())

    def _dim(self) -> None:
        self.dim = not self.dim
        self._recolour()

    def _light(self) -> None:
        self.bright = theme.colours(dark=not self.bright.dark)
        self._recolour()

    def _recolour(self) -> None:
        """Take other colours, whole at once: no frame shows the glance in those before."""
        self.arrange()
        self._tell(self._clock())

    def _full(self) -> None:
        self.toggle_full_screen()

    def _numbers(self) -> None:
        self.one.index = not self.one.index
        self.arrange()
        self._told = -math.inf

    def _hour(self) -> None:
        self.one.whole = self.pair.whole = not self.traces.whole
        self.arrange()

    def _page_before(self) -> None:
        self._page = max(self._page - 1, 0)

    def _page_after(self) -> None:
        self._page = min(self._page + 1, last_page(self.count))

    def _page_round(self) -> None:
        self._page = (self._page + 1) % (last_page(self.count) + 1)

    def _help(self) -> None:
        self.help.setVisible(not self.help.isVisible())
        self.help.raise_()

    def _calm(self) -> None:
        """Calm the screen, or go back to it from the calm screen."""
        self.help.hide()
        self.calm.setVisible(not self.calm.isVisible())
        self._tell_calm()
        self.calm.raise_()
        self.setFocus()

    def _tell_calm(self) -> None:
        snapshot = self._snapshot()
        resting = snapshot is not None and snapshot.phase in (PhaseName.PAUSED, PhaseName.FINISHED)
        line = tr("Nothing is recorded now.") if resting else tr("The recording goes on quietly.")
        self.calm.tell(line, recording=not resting)

    def _finish(self) -> None:
        """Finish from the calm screen; close what has finished."""
        snapshot = self._snapshot()
        if snapshot is not None and snapshot.phase is PhaseName.FINISHED:
            self.close()
        elif self.calm.isVisible():
            self.orders.finish()
            self._calm()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Let go of the session, which goes on."""
        self._timer.stop()
        self.poller.close()
        super().closeEvent(event)


def last_page(count: int) -> int:
    """Return the number of the last page of so many wearers, counted from 0."""
    return max(math.ceil(count / TILES) - 1, 0)


def is_whole(snapshot: Snapshot, traces: Mapping[int, Points]) -> bool:
    """Return whether these traces hold all that a snapshot tells of, but what is newest."""
    return all(
        len(traces.get(view.source, NO_POINTS).time) >= view.trace_length - UNSETTLED
        for view in snapshot.sources
    )


def page_words(page: int, count: int) -> tuple[str, ...]:
    """Return which wearers of more than a page are shown; nothing where all are."""
    if count <= TILES:
        return ()
    first, last = page * TILES + 1, min((page + 1) * TILES, count)
    which = tr("{first} to {last}", first=first, last=last) if last > first else str(last)
    return (tr("{count} people, {which}", count=count, which=which),)


def _outline(snapshot: Snapshot | None) -> object:
    if snapshot is None:
        return None
    lengths = tuple(
        (v.trace_length, v.baseline, v.uncompared, v.quality.gaps) for v in snapshot.sources
    )
    return lengths, snapshot.marks, snapshot.talking, snapshot.phase, snapshot.hour
