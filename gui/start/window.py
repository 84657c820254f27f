"""The window: it shows where its life is, hands keys to it, and errands to the desk."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMainWindow, QWidget

from gui.library import shown, wheel_side
from gui.live import KEYS, LiveView
from gui.practice import MINUTES, RATE, PracticeView
from gui.review import clicked, scrubbed, wheeled
from gui.shared import HelpPage, KeyHint, theme
from gui.shared.drawing import NOTHING, Drawing, Paper
from gui.start import browsing, course
from gui.start.asking import begin, lay_page, lay_secrets, lay_words
from gui.start.choosing import ASKING, SealedChoice
from gui.start.idle import Idle
from gui.start.keyboard import NAMES, NO_PEDAL, PASSED, REPEATED
from gui.start.keys import left_and_right, working_keys
from gui.start.life import (
    IN_SESSION,
    RECORDING,
    WRITING,
    Asks,
    Life,
    State,
    joinable,
    labels,
    session_of,
    unreached,
)
from gui.start.line import Line
from gui.start.settled import palette_of, prefer
from gui.start.sheet import LONGEST, Sheet, WordsField, secret_fields
from gui.start.showing import page_of
from gui.start.telling import kept_page
from gui.weeks import PageField, week_at
from pipelines.drawing import LIGHT, Palette
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.recording import (
    Desk,
    Errand,
    LibraryState,
    Listen,
    LiveLook,
    Look,
    MakeLibrary,
    PracticeLook,
    RemoteSession,
    Seal,
    Unlock,
)
from pipelines.session import Snapshot
from pipelines.settings import USUAL, Settings
from pipelines.store import strength_in_words
from pipelines.version import version

A_FEW_BREATHS = 0.5
"""Minutes that a practice lasts at least which goes on in another window."""
LOOK_MS = 100
"""Milliseconds between two looks at what is new."""
TRIES = 8
"""Questions to the desk before a window opens without an answer."""
WHOLE = (State.START, State.SETTINGS)
"""Where text is as large as is preferred, whatever the window."""


class Shell(QMainWindow):
    """One window from its beginning to a session's end.

    Parameters
    ----------
    desk : RemoteSession
        Where errands go. A window that the recorder opened says over it that a person closed it.
    session : callable
        Returns the session on the desk, for a view of its own to ask.
    begins : State
        `State.START`, or `State.CONNECTING` for a window onto a session.
    finishes : bool
        Whether closing it while it records finishes the session first.
    labels : sequence of str or None
        What the keys 1 to 9 mark, None for what was chosen in the library.
    palette : Palette
        `LIGHT` or `DARK`.
    settings : Settings
        What is chosen for the window.
    keep : callable or None
        Keeps what is chosen anew, or raises OSError.
    """

    def __init__(
        self,
        desk: RemoteSession,
        session: Callable[[], RemoteSession],
        *,
        begins: State = State.START,
        finishes: bool = True,
        labels: Sequence[str] | None = None,
        palette: Palette = LIGHT,
        settings: Settings = USUAL,
        keep: Callable[[Settings], object] | None = None,
    ) -> None:
        super().__init__()
        self._keep = keep
        self._session, self._finishes, self._labels = session, finishes, labels
        self._bright = palette
        self._asked_to_finish = False
        self._note, self._turned = "", 0.0
        stands = _asked(desk) if finishes else desk.desk()
        self._was = stands.look if stands is not None and finishes else None
        if self._was is not None:
            self._bright = theme.colours(dark=self._was.dark)
        self._joined: str | None = None
        self._refused: str | None = None
        self.life = Life(begins, stands or Desk(LibraryState.LOCKED), settings=settings)
        self._line, self.idle = Line(desk), Idle()
        self._view: LiveView | PracticeView | None = None
        self._build()
        self._enter_state(State.GONE, begins)
        self._go(*course.told(self.life, stands, None))
        if self._was is not None:
            self._go(*course.resumed(self.life, self._was))
        self._was = None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def live(self) -> LiveView | None:
        """The view of the session, None without one."""
        return self._view if isinstance(self._view, LiveView) else None

    @property
    def practice(self) -> PracticeView | None:
        """The view of a practice, None without one."""
        return self._view if isinstance(self._view, PracticeView) else None

    @property
    def sheet(self) -> Sheet:
        """What the pages are drawn on."""
        return self._sheet

    def _build(self) -> None:
        self.setWindowTitle("Interbeat")
        self.setAccessibleName("Interbeat")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(*theme.SMALLEST)
        self.resize(1280, 800)
        if self._was is not None:
            self._take_size(self._was)
        self._sheet, self._foot = Sheet(self._bright, self), Sheet(self._bright, self)
        self._foot.setAccessibleName(tr("Keys"))
        self.fields = secret_fields(self._bright, self._sheet)
        self.words = WordsField(self._bright, self._sheet)
        self.own_page = PageField(self._bright, self._sheet)
        self.own_page.full.connect(self._page_is_full)
        self.chooses: QFileDialog | None = None
        self._help: HelpPage | None = None
        self._helps: tuple[tuple[KeyHint, ...], Palette] | None = None
        for sheet in (self._sheet, self._foot):
            sheet.chosen.connect(self.act)
        for field in self.fields:
            field.textChanged.connect(self._typed)
        self.words.textChanged.connect(self._searched)

    def look(self) -> None:
        """Take in what the desk and the session have told since the last look."""
        if self._finishes:
            self._line.tell(self._looks())
        stands = self._line.newest()
        if stands is None:
            return
        news = course.told(
            self.life, stands.desk, self._snapshot(), stock=stands.stock, opened=stands.opened
        )
        self._go(*news)
        self._attend_practice()
        self._lock_unused()

    def _lock_unused(self) -> None:
        """Lock the library after a while without use; while anything goes on, that is use."""
        minutes = self.life.settings.minutes_unlocked
        if self.life.state in RECORDING or self.life.state in (State.PRACTICE, State.OPENING):
            self.idle.use()
        elif self.life.desk.lockable and minutes is not None and self.idle.minutes() >= minutes:
            self._go(*browsing.locked(self.life))

    def _snapshot(self) -> Snapshot | None:
        if self.practice is not None:
            return self.practice.run.hearing.snapshot
        return None if self.live is None else self.live.poller.newest.snapshot

    def _attend_practice(self) -> None:
        """Let a practice have the session that it asked for, and know of a strap that can join."""
        practice, life = self.practice, self.life
        if practice is None:
            return
        if practice.over and self._keep_practice():
            self._line.give(Listen())
        session = session_of(life)
        if session != self._joined:
            self._joined = session
            if session is None:
                practice.part()
            else:
                practice.join(self._session())
        if life.desk.refusal is not None and life.desk.refusal != self._refused:
            practice.run.say(life.desk.refusal)
        self._refused = life.desk.refusal
        strap = joinable(life)
        name = None if strap is None else strap.name or strap.address
        practice.offer_strap(name, kept=life.desk.library is LibraryState.OPEN)

    def _keep_practice(self) -> bool:
        """Have kept what no session heard of, if there is any and the library is open."""
        if self.practice is None or self.life.desk.library is not LibraryState.OPEN:
            return False
        kept = self.practice.to_keep()
        if kept is None:
            return False
        self._line.give(kept)
        return True

    def _looks(self) -> Look:
        """Return how this window looks."""
        full, maximised = self.isFullScreen(), self.isMaximized()
        size = (self.normalGeometry() if full or maximised else self.geometry()).size()
        live, practice = self.live, self.practice
        bright = self._bright if self._view is None else self._view.bright
        return Look(
            width=size.width(),
            height=size.height(),
            full=full,
            maximised=maximised,
            dark=bright.dark,
            live=LiveLook() if live is None else live.look(),
            practice=None if practice is None else practice.look(),
            client=self.life.client if self.life.state is State.STRAPS else None,
        )

    def _take_size(self, look: Look) -> None:
        self.resize(look.width, look.height)
        if look.full:
            self.setWindowState(Qt.WindowState.WindowFullScreen)
        elif look.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def act(self, action: str) -> None:
        """Carry out an action by its name, as a key or a click asks."""
        name, _, place = action.partition(" ")
        if name == "light":
            self._bright = theme.colours(dark=not self._bright.dark)
        elif name == "full":
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif name == "close":
            self.close()
        elif name == "copy":
            QGuiApplication.clipboard().setText(self._details())
        elif name == "enter":
            self._enter()
        elif name == "join":
            self._keep_practice()
            self._go(*course.pressed(self.life, action))
        elif action == "keep page":
            self._go(*kept_page(self.life, self.own_page.words))
        elif action == "done" and not self.own_page.words:
            self._go(*course.pressed(self.life, "blank"))
        elif action in ASKING and (action != "restore" or self.life.state is State.RECORDINGS):
            dialog, errand = ASKING[action]
            self._choose(dialog(self), errand)
        elif name == "name" and int(place) < len(self.life.clients):
            self._go(*course.written(self.life, self.life.clients[int(place)]))
        elif name == "take" and place:
            self._go(*course.taken(self.life, int(place)))
        elif name == "set":
            self._go(course.settled(self.life, *map(int, place.split())), None)
        elif name in ("at", "drag", "wheel", "look"):
            self._point(name, [float(number) for number in place.split()])
        elif name in ("row", "wear"):
            chosen = replace(self.life, row=int(place), asks=None)
            self._go(*(course.pressed(chosen, "right") if name == "wear" else (chosen, None)))
        else:
            self._go(*course.pressed(self.life, action))
        self._arrange()

    def _point(self, name: str, numbers: list[float]) -> None:
        """Look elsewhere in a review, as the mouse says."""
        life, paper = self.life, self._sheet.paper
        if name == "wheel" and life.state is State.RECORDINGS and life.asks is None:
            self._turned += numbers[0]  # a touchpad turns by parts of a notch
            steps = int(self._turned)
            self._turned -= steps
            side = wheel_side(paper, numbers[1]).value
            self._go(*course.pressed(life, f"turned {side} {steps}"))
        if name == "at" and life.state is State.WEEKS and life.story is not None:
            self._go(*course.pressed(life, f"week {week_at(paper, life.story, numbers[0])}"))
        if life.opened is None:
            return
        looking, opened = life.looking, life.opened
        match name, numbers:
            case "at", [x]:
                looking = clicked(looking, opened, paper, x)
            case "drag", [share]:
                looking = scrubbed(looking, share, opened)
            case "wheel", [notches, x]:
                looking = wheeled(looking, opened, paper, notches, x)
            case "look", [place]:
                looking = replace(looking, moment=int(place))
        self._go(course.pointed(life, looking), None)

    def _go(self, life: Life, errand: Errand | None) -> None:
        """Go on with this life."""
        before, self.life = self.life, life
        if errand is not None:
            self._line.give(errand)
        if before.state is not life.state:
            self._enter_state(before.state, life.state)
        if before.settings != life.settings:
            self._settle(before.settings, life.settings)
        self._line.look_for(life.browsing.words)
        if before.asks is not life.asks:
            self._ask(life)
        elif life.asks is Asks.CLIENT and before.pick != life.pick and life.pick is not None:
            self.words.setText(life.clients[life.pick])
        views = life.state in RECORDING or life.state is State.PRACTICE
        if before.state is not life.state or (before != life and not views):
            self._arrange()

    def _enter_state(self, before: State, state: State) -> None:
        self._note = ""
        self._asked_to_finish = self._asked_to_finish and state in RECORDING
        if (before in WRITING or before is State.RECOVERY) and state not in WRITING:
            self._forget_secrets()
        if state in IN_SESSION:
            if self.live is None:
                self._show_live()
        elif state is State.PRACTICE:
            self._show_practice()
        else:
            self._drop_view()
        if state is State.FINISHED:
            self._quieten()
        self._take_focus()

    def _forget_secrets(self) -> None:
        for field in self.fields:
            field.clear()

    def _settle(self, before: Settings, settings: Settings) -> None:
        """Look as is chosen now, and keep it for the next window."""
        prefer(settings)
        if before.colours != settings.colours:
            self._bright = palette_of(settings)
        elif before.contrast != settings.contrast:
            self._bright = theme.colours(dark=self._bright.dark)
        self._note = ""
        if self._keep is not None:
            try:
                self._keep(settings)
            except OSError as error:
                self._note = tr("This cannot be kept ({strerror}).", strerror=error.strerror)

    def _ask(self, life: Life) -> None:
        """Show the field for the words that are asked for, or hide it."""
        self.words.setVisible(life.words_asked)
        if life.asks in (None, Asks.PEDAL, Asks.WHOSE, Asks.SEAL):
            self._forget_secrets()
            if life.asks is not Asks.SEAL:
                self.setFocus()
        else:
            begin(self.words, life)

    def _show_live(self) -> None:
        was, pedal = self._was, self.life.desk.pedal
        live = LiveView(
            self._session(),
            labels=self._labels or labels(self.life),
            pedal=pedal,
            palette=self._bright,
            returns=was is not None,
        )
        self._show_view(live)
        if was is not None:
            live.look_like(was.live)
        elif self.life.calm:
            live.act("calm")

    def _show_practice(self) -> None:
        was, settings = None if self._was is None else self._was.practice, self.life.settings
        rate, minutes = (RATE, MINUTES) if was is None else _going_on(was)
        practice = PracticeView(
            None,
            rate=rate,
            minutes=minutes,
            first=was is None and not settings.begun,
            inhale=settings.inhale,
            pause=settings.pause,
            contact=settings.contact,
            dark=self._bright.dark,
        )
        if was is not None:
            practice.look_like(was)
        if was is None and self.life.settings.sound == "on":
            practice.act("sound")
        practice.finished.connect(lambda: self.act("leave"))
        practice.joins.connect(lambda: self.act("join"))
        practice.begun.connect(lambda: self.act("begun"))
        self._joined = None
        self._show_view(practice)

    def _show_view(self, view: LiveView | PracticeView) -> None:
        self._drop_view()
        view.setParent(self)
        self._view = view
        view.setGeometry(self.rect())
        view.show()

    def _drop_view(self) -> None:
        self._keep_practice()
        view, self._view = self._view, None
        if view is not None:
            self._bright = view.bright
            view.close()
            view.deleteLater()

    def _quieten(self) -> None:
        """Let nothing lie over a session's last picture."""
        live = self.live
        if live is not None:
            live.note.hide()
            live.help.hide()
            live.calm.hide()
            if live.dim:
                live.act("dim")
            self._bright = live.bright

    def _take_focus(self) -> None:
        """Give no button the focus: Tab does that."""
        if self._view is None or self.life.state is State.FINISHED:
            self.setFocus()

    # Where everything lies

    def _arrange(self) -> None:
        state = self.life.state
        views = state in RECORDING or state is State.PRACTICE
        if self._view is not None:
            self._view.setGeometry(self.rect())
        live = self.live
        if live is not None and state is State.FINISHED and live.bright is not self._bright:
            live.bright = self._bright
            live.arrange()
        self._sheet.setHidden(views)
        self._foot.setHidden(views or state is not State.FINISHED)
        self._filter(wanted=not views)
        whole = state in WHOLE
        scale = theme.scale(self.width(), self.height(), whole=whole)
        for sheet in (self._sheet, self._foot):
            sheet.look(self._bright, scale)
        self._place_sheets(scale)
        self._show_fields(scale)
        self._show_help()
        if views and self._view is not None and not self._view_has_focus():
            self._view.setFocus()

    def _view_has_focus(self) -> bool:
        focused = self.focusWidget()
        view = self._view
        return (
            view is not None
            and focused is not None
            and (focused is view or view.isAncestorOf(focused))
        )

    def _place_sheets(self, scale: float) -> None:
        whole, keys = self.rect(), left_and_right(self.life)
        if self.life.state is not State.FINISHED or self.live is None:
            self._sheet.setGeometry(whole)
            self._sheet.bar.show()
            self._sheet.show_page(self._page(), keys)
        else:
            between, foot = _under_the_glance(self.live, whole, scale)
            self._sheet.setGeometry(between)
            self._sheet.bar.hide()
            self._sheet.show_page(self._page(), ((), ()))
            self._foot.setGeometry(foot)
            self._foot.show_page(lambda _: NOTHING, keys)
        for sheet in (self._sheet, self._foot):
            sheet.raise_()

    def _page(self) -> Callable[[Paper], Drawing]:
        first = self.fields[0].text()
        return page_of(self.life, self._note, strength_in_words(first) if first else "")

    def _show_fields(self, scale: float) -> None:
        count, paper = self.life.secrets, self._sheet.paper
        lay_secrets(self.fields, count, paper, scale)
        if self.life.words_asked:
            lay_words(self.words, self.life, paper, scale)
        lay_page(self.own_page, self.life, paper, scale)
        if count and not self.life.help and self.focusWidget() not in self.fields:
            self.fields[0].setFocus()
        elif not count and self.focusWidget() in self.fields:
            self.setFocus()

    def _show_help(self) -> None:
        working = working_keys(self.life)
        rows = tuple(KeyHint(key.cap, key.words, key.action) for key in working)
        wanted = (rows, self._bright) if self.life.help else None
        if wanted != self._helps:
            self._helps = wanted
            self._lay_help(rows)
        if self._help is not None:
            self._help.setGeometry(self.rect())
            self._help.raise_()

    def _lay_help(self, rows: tuple[KeyHint, ...]) -> None:
        """Lay a page of these keys over everything, or take it away."""
        if self._help is not None:
            self._help.hide()
            self._help.deleteLater()
            self._help = None
        if self._helps is None:
            return
        back = KeyHint(tr("Esc"), tr("back"), "help")
        self._help = HelpPage(self._bright, self, rows, ((back,), ()))
        self._help.chosen.connect(self.act)
        self._help.look(self._bright)
        self._help.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lay everything out for the new size."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Take the keys."""
        super().showEvent(event)
        self._arrange()
        self._take_focus()

    # The passphrase

    def _typed(self) -> None:
        self._note = ""
        self._arrange()

    def _page_is_full(self, full: bool) -> None:  # noqa: FBT001 - Qt says it so
        """Say that a page of one's own takes no more."""
        note = tr("This page has no room for that; it was not taken in.") if full else ""
        if note != self._note:
            self._note = note
            self._arrange()

    def _enter(self) -> None:
        """Do what Enter asks for in a field."""
        if self.life.words_asked:
            written = harmless(self.words.text().strip(), most=LONGEST)
            self._go(*course.written(self.life, written))
            return
        first, again = self.fields
        if self.life.desk.busy or not first.text().strip():
            return
        if self.life.state is State.LOCKED:
            self._line.give(Unlock(first.text()))
            first.clear()
        elif not again.text():
            again.setFocus()
        elif first.text() != again.text():
            self._note = tr("The two differ; type the same passphrase twice.")
        elif self.life.asks is Asks.SEAL:
            self._seal(first.text())
        else:
            self._line.give(MakeLibrary(first.text()))

    def _seal(self, passphrase: str) -> None:
        """Ask where the file goes that a client takes along, and have it sealed for them."""
        name = shown(self.life.browsing, self.life.stock).name
        if name is None:
            return
        self._choose(SealedChoice(self, tr("recordings")), partial(_sealed, name, passphrase))
        if self.chooses is not None:
            self.chooses.fileSelected.connect(lambda _: self.act("unask"))

    def _searched(self) -> None:
        """Look for what is in the field while it is written."""
        if self.life.asks is Asks.SEARCH:
            words = harmless(self.words.text().strip(), most=LONGEST)
            self._go(browsing.searched(self.life, words), None)

    def _choose(self, dialog: QFileDialog, errand: Callable[[str], Errand]) -> None:
        """Ask where something goes, and have it written there."""
        self.chooses = dialog
        dialog.fileSelected.connect(lambda path: self._line.give(errand(path)))
        dialog.open()

    def _details(self) -> str:
        """Return what helps to find a trouble, and nothing about anybody."""
        desk, strap = self.life.desk, unreached(self.life)
        of_strap = () if strap is None else (strap.trouble or "", strap.details)
        said = (desk.bluetooth or "", desk.details, *of_strap)
        return "\n".join(filter(None, (f"Interbeat {version()}", platform.platform(), *said)))

    # Keys, whatever has the focus

    def _filter(self, *, wanted: bool) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
            if wanted:
                application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take the keys of this window before whatever has the focus."""
        self.idle.see(event)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self:
            return False
        return self._take(event, watched)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Hand a key that has found no other taker to the view, unless words are written."""
        if self._view is not None and self.life.asks is None and not self._view_has_focus():
            self._view.setFocus()
            QApplication.sendEvent(self._view, event)

    def _take(self, event: QKeyEvent, focus: QWidget) -> bool:
        """Do what a key stands for; return whether it was taken."""
        if event.key() in PASSED:
            return False
        if self.life.asks is Asks.PEDAL and event.key() != Qt.Key.Key_Escape:
            self._learn(event)
            return True
        name = NAMES.get(Qt.Key(event.key()), "")
        if name == "Enter" and isinstance(focus, QAbstractButton):
            return False
        writing = self.life.writes and not self.life.help
        if writing:
            name = "F1" if event.key() == Qt.Key.Key_F1 else name
        action = self._action(name)
        field = self.own_page if self.life.own_page_open else self.words
        elsewhere = self.life.secrets == 0 and self.focusWidget() is not field
        if action is None and writing and elsewhere:
            field.setFocus()
            QApplication.sendEvent(field, event)
            return True
        if action is None:
            return not writing
        if not event.isAutoRepeat() or action in REPEATED:
            self.act(action)
        return True

    def _learn(self, event: QKeyEvent) -> None:
        """Take a key for the foot pedal's; one that has a meaning in a session keeps that."""
        if event.isAutoRepeat() or event.key() in NO_PEDAL:
            return
        if event.key() in KEYS:
            self._note = tr(
                "This key has its own meaning in a session; let the pedal send another."
            )
        else:
            self._note = ""
            self._go(*course.learnt(self.life, event.key()))
        self._arrange()

    def _action(self, name: str) -> str | None:
        if self.life.help:
            return "help" if name in ("Escape", "?", "Enter") else None
        return next((key.action for key in working_keys(self.life) if key.name == name), None)

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Finish what is being recorded; close at the second time."""
        live = self.live
        if self._finishes and live is not None and self._records() and not self._asked_to_finish:
            self._asked_to_finish = True
            live.orders.finish()
            event.ignore()
            return
        self._timer.stop()
        self._filter(wanted=False)
        self._drop_view()
        self._line.close()
        super().closeEvent(event)

    def _records(self) -> bool:
        self.look()
        return self.life.state in RECORDING


def _going_on(was: PracticeLook) -> tuple[float, float | None]:
    """Return rate and minutes of a practice that goes on as another one was."""
    return was.rate, None if was.minutes is None else max(was.minutes, A_FEW_BREATHS)


def _sealed(client: str, passphrase: str, path: str) -> Seal:
    return Seal(client, path, passphrase)


def _asked(desk: RemoteSession) -> Desk | None:
    """Return how the desk stands: it may be busy, and what it keeps of a window is needed now."""
    found = (desk.desk() for _ in range(TRIES))
    return next((one for one in found if one is not None), None)


def _under_the_glance(live: LiveView, whole: QRect, scale: float) -> tuple[QRect, QRect]:
    """Return the place between a finished session's glance and its hour, and that of the keys."""
    layout = live.current_layout()
    top = layout.header.height if live.count > 2 else layout.glance.bottom
    foot = layout.height - 56.0
    bottom = foot if layout.strip is None or live.count > 1 else layout.strip.y - 26.0
    ends = [round(y * scale) for y in (top, bottom, foot)]
    between = QRect(QPoint(0, ends[0]), QPoint(whole.width() - 1, ends[1] - 1))
    return between, QRect(QPoint(0, ends[2]), QPoint(whole.width() - 1, whole.height() - 1))
