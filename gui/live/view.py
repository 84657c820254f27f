"""The clinician's view: one glance, the last five minutes, the whole hour, and the keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent

from gui import theme
from gui.live.actions import CALM_KEYS, LABELS, action
from gui.live.clock import SessionClock
from gui.live.glance import Person
from gui.live.panes import Heading
from gui.live.poll import Poller, Seen
from gui.live.stage import LiveStage
from gui.live.traces import Content
from gui.live.wishes import Wishes
from gui.theme import Palette
from pipelines.harmless import harmless
from pipelines.live import RunningSession
from pipelines.session import PhaseName, Snapshot, SourceView
from pipelines.words import clock_text, person, read, title, where_kept

FRAME_MS = 33
STILL_MS = 1000
"""Milliseconds between two frames while motion is reduced."""
NEWS = 1.0
"""Seconds after which the plots' words are brought up to date though no point is new."""


class LiveView(LiveStage):
    """A window onto a running session; closing it leaves the session running.

    Parameters
    ----------
    session : RunningSession
        The session to show.
    labels : sequence of str, optional
        What the keys 1 to 9 mark.
    palette : Palette, optional
        `theme.LIGHT` or `theme.DARK`.
    clock : callable, optional
        Seconds of a clock that never goes back.
    still : bool, optional
        No fades, and scrolling once a second.
    polling : bool, optional
        Whether to ask the recorder at once; else `poller.poll()` does.
    """

    def __init__(
        self,
        session: RunningSession,
        *,
        labels: Sequence[str] = LABELS,
        palette: Palette = theme.LIGHT,
        clock: Callable[[], float] = time.monotonic,
        still: bool | None = None,
        polling: bool = True,
    ) -> None:
        calm = theme.reduced_motion() if still is None else still
        super().__init__(labels, palette, still=calm)
        self._clock = clock
        self.poller = Poller(session, clock)
        self._session_clock = SessionClock()
        self._seen: Seen | None = None
        self._told = 0.0
        self.wishes = Wishes(self.poller, self._session_time, clock)
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
        for row in (self.bar, self.help, self.calm):
            row.chosen.connect(self.act)

    def _snapshot(self) -> Snapshot | None:
        return self._seen.snapshot if self._seen else None

    def _session_time(self) -> float:
        return self._session_clock.now(self._clock())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Take the keys; no button has the focus until Tab gives it one."""
        super().showEvent(event)
        self.setFocus()

    def frame(self) -> None:
        """Draw the newest state, if it is new, and move on."""
        seen, now = self.poller.seen, self._clock()
        if seen.snapshot is not None and seen is not self._seen:
            self._take(seen, seen.snapshot, now)
        if self.calm.isVisible() or self.help.isVisible():
            return
        self._tell(now)
        if self.count < 3:
            self.traces.advance(self._session_time(), now)

    def _take(self, seen: Seen, snapshot: Snapshot, now: float) -> None:
        before, count = self._seen, max(len(snapshot.sources), 1)
        self._seen = seen
        self._session_clock.hear(snapshot.time, seen.received)
        if self.count != count:
            self.count = count
            self.arrange()
        if before is None or now - self._told >= NEWS or _differs(before, seen):
            self._told = now
            self._show(seen, snapshot, now)

    def _show(self, seen: Seen, snapshot: Snapshot, now: float) -> None:
        content = Content(snapshot, tuple((v, seen.of(v.source)) for v in snapshot.sources))
        self._session_time()
        self.traces.advance(self._session_time(), now)
        self.traces.show_content(content, now)
        if self.strip.isVisible():
            self.strip.show_content(content)

    def _tell(self, now: float) -> None:
        snapshot, reachable = self._snapshot(), self.poller.reachable()
        time = self._session_time()
        views: Sequence[SourceView | None] = snapshot.sources if snapshot else ()
        people = [self._person(view, number) for number, view in enumerate(views or (None,))]
        self.glance.tell(people)
        notice = self.wishes.notice(now)
        kept = where_kept(snapshot, reachable=reachable)
        trouble = snapshot.trouble if snapshot is not None and reachable else None
        told = harmless(notice or trouble or "", most=None)
        line = told or kept
        ended = snapshot is not None and snapshot.phase is PhaseName.FINISHED
        elapsed = clock_text(snapshot.phase_since if snapshot and ended else time)
        elapsed = elapsed if snapshot is not None else ""
        self.header.tell(Heading(title(snapshot), line, elapsed, urgent=line != kept))
        self.foot.tell(elapsed, told)

    def _person(self, view: SourceView | None, number: int) -> Person:
        seen = self._seen
        reading = read(
            self._snapshot(),
            view,
            now=self._session_time(),
            last_rate=seen.of(view.source).last_rate() if seen and view else None,
            reachable=self.poller.reachable(),
        )
        second = number == 1 and self.count == 2
        token = self.colours.clay if second else self.colours.lake
        return Person(person(view) if view and self.count > 1 else "", reading, token)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do what the key stands for."""
        name = action(event.key())
        if not name or self.note.isVisible():
            event.ignore()
        elif not event.isAutoRepeat():
            self.act(name)

    def act(self, name: str) -> None:
        """Carry out an action by its name, as a key or a click asks."""
        if self.calm.isVisible() and name not in CALM_KEYS:
            return
        if name.startswith("label "):
            self._label(int(name.removeprefix("label ")))
        else:
            getattr(self, f"_{name}")()

    def _label(self, number: int) -> None:
        if number <= len(self.labels):
            self.wishes.mark(self.labels[number - 1])

    def _mark(self) -> None:
        self.wishes.mark("")

    def _undo(self) -> None:
        self.wishes.undo(self._snapshot())

    def _note(self) -> None:
        self.wishes.begin_note(self._snapshot())
        self.note.open()

    def _keep_note(self, text: str) -> None:
        self.note.hide()
        self.setFocus()
        self.wishes.keep_note(self._snapshot(), text)

    def _leave_note(self) -> None:
        self.note.hide()
        self.setFocus()
        self._calm()

    def _baseline(self) -> None:
        self.wishes.baseline()

    def _talking(self) -> None:
        self.wishes.talking(self._snapshot())

    def _pause(self) -> None:
        self.wishes.pause(self._snapshot())

    def _dim(self) -> None:
        self.dim = not self.dim
        self.arrange()

    def _light(self) -> None:
        self.bright = theme.LIGHT if self.bright is theme.DARK else theme.DARK
        self.arrange()

    def _full(self) -> None:
        window = self.window()
        window.showNormal() if window.isFullScreen() else window.showFullScreen()

    def _numbers(self) -> None:
        self.one.index = not self.one.index
        self.arrange()
        self._told = 0.0

    def _hour(self) -> None:
        self.one.whole = self.pair.whole = not self.traces.whole
        self.arrange()

    def _help(self) -> None:
        self.help.setVisible(not self.help.isVisible())
        self.help.raise_()

    def _calm(self) -> None:
        """Calm the screen, or go back to it from the calm screen."""
        self.help.hide()
        self.calm.setVisible(not self.calm.isVisible())
        snapshot = self._snapshot()
        resting = snapshot is not None and snapshot.phase in (PhaseName.PAUSED, PhaseName.FINISHED)
        self.calm.tell(recording=not resting)
        self.calm.raise_()
        self.setFocus()

    def _enter(self) -> None:
        snapshot = self._snapshot()
        if snapshot is not None and snapshot.phase is PhaseName.FINISHED:
            self.close()
        elif self.calm.isVisible():
            self._finish()

    def _finish(self) -> None:
        self.wishes.finish()
        self._calm()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Let go of the session, which goes on."""
        self._timer.stop()
        self.poller.stop()
        super().closeEvent(event)


def _differs(before: Seen, after: Seen) -> bool:
    return _outline(before) != _outline(after)


def _outline(seen: Seen) -> object:
    snapshot = seen.snapshot
    if snapshot is None:
        return None
    lengths = tuple((v.trace_length, v.baseline, v.quality.gaps) for v in snapshot.sources)
    return lengths, snapshot.marks, snapshot.talking, snapshot.phase
