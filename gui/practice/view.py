"""The patient's view: a breathing circle, one plain sentence, and the heart's wave if there is one.

The circle is painted sixty times a second from the clock, the wave thirty times, everything else
only when it changes. Whatever becomes of the strap or the recorder, the guide goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from gui.practice import paint
from gui.practice.assessing import PARTS, SUITS
from gui.practice.before import BEFORE
from gui.practice.before import PARTS as BEFORE_PARTS
from gui.practice.canvas import CircleCanvas, CircleLook, WaveCanvas, WaveLook
from gui.practice.guide import LARGEST, fullness, inhaling, pacer_at, radius_of, word, word_opacity
from gui.practice.heart import AHEAD, NOTHING, Span, eased_span, wanted_span
from gui.practice.keys import (
    ASKING_BAR,
    ASSESS,
    ASSESSMENT_BAR,
    BAR,
    BEFORE_BAR,
    END_BAR,
    HELP_BAR,
    JOIN,
    KEYS,
    help_rows,
)
from gui.practice.leading import Leading
from gui.practice.paint import OFFER_TOP, Layout
from gui.practice.reading import ReadingPage
from gui.practice.run import PracticeRun
from gui.practice.stage import Stage
from gui.practice.wave import HeartCurves
from gui.practice.words import FINDING, fading, offer_words, rest_word, waiting_words
from gui.shared import (
    BETWEEN,
    CalmPage,
    HelpPage,
    KeyBar,
    KeyHint,
    KeyView,
    Speaker,
    keys_width,
    mirror,
    theme,
)
from pipelines.drawing import DIM, Palette
from pipelines.language import tr
from pipelines.live import RunningSession
from pipelines.recording import KeepPractice, PracticeLook

FRAME_MS = 16
RATE, MINUTES = 6.0, 10.0
"""Breaths/min and length of a practice, unless something else is asked for."""
FADE = theme.FADE_MS / 1000.0


class PracticeView(KeyView):
    """Breathing practice, with a running session's heart or without any strap.

    `finished` is emitted when the person has finished, after a session has kept its recording, and
    the view closes. Closing it at any other moment lets go of the session, which goes on. `joins`
    is emitted when the person wishes for the strap that was offered, `begun` once the words before
    a first practice are read.

    Parameters
    ----------
    session : RunningSession or None
        The session to listen to and to tell the pace, None for practice without a strap.
    rate : float
        Breaths/min to begin with, 4 to 24.
    inhale : float
        Share of each breath spent breathing in, 0.2 to 0.8.
    pause : float
        Share of each breath spent resting after breathing out, 0 to 0.1.
    minutes : float or None
        Minutes of breathing after which it comes to a close; None to go on for ever.
    clock : callable
        Seconds, never going back.
    listens : bool
        Whether the guide waits until the session tells how fast the person breathes, for a minute
        or so, and starts there.
    first : bool
        Whether the words before a first practice come first.
    contact : str
        Whom the person chose to call, for the calm screen; "" for nobody.
    dark, reduced : bool
        Dark colours; without movement (as the environment asks, unless given).

    Raises
    ------
    ValueError
        If rate, inhale or minutes are outside these limits; the message is one sentence.
    """

    finished = Signal()
    joins = Signal()
    begun = Signal()
    keys = KEYS

    def __init__(
        self,
        session: RunningSession | None,
        *,
        rate: float = RATE,
        inhale: float = 0.4,
        pause: float = 0.0,
        minutes: float | None = MINUTES,
        clock: Callable[[], float] = time.monotonic,
        listens: bool = False,
        first: bool = False,
        contact: str = "",
        dark: bool = False,
        reduced: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._still = theme.reduced_motion() if reduced is None else reduced
        self._bright = theme.colours(dark=dark)
        self.run = PracticeRun(
            session, rate=rate, inhale=inhale, pause=pause, minutes=minutes, clock=clock,
            finished=self._leave, listens=listens, first=first, contact=contact,
        )  # fmt: skip
        self._shown: tuple[object, ...] = ()
        self._span: Span | None = None
        self._heart, self._curves = NOTHING, HeartCurves(NOTHING)
        self._leading = Leading()
        self._waved = self._attended = -np.inf
        self._build()

    def _build(self) -> None:
        self.setWindowTitle(tr("Interbeat, breathing practice"))
        self.setAccessibleName(tr("Breathing practice"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._circle, self._wave = CircleCanvas(self), WaveCanvas(self)
        self._bar = KeyBar(self.palette_now, self)
        self._bar.set_keys(BAR, ())
        self._speaker = Speaker(self)
        self._join = KeyBar(self.palette_now, self)
        self._calm = CalmPage(self.palette_now, self)
        self._help = HelpPage(self.palette_now, self, self._help_rows(), HELP_BAR)
        self._before = ReadingPage(self.palette_now, self, BEFORE, BEFORE_PARTS, BEFORE_BAR)
        self._asking = ReadingPage(self.palette_now, self, SUITS, PARTS, ASKING_BAR)
        for page in (self._calm, *self._pages()):
            page.whole = True
        for part in (self, self._bar, self._join, self._calm, *self._pages()):
            part.chosen.connect(self.act)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self.setMinimumSize(*theme.SMALLEST)
        self.resize(1280, 800)
        self._arrange()

    def _pages(self) -> tuple[HelpPage | ReadingPage, ...]:
        return self._help, self._before, self._asking

    def _help_rows(self) -> tuple[KeyHint, ...]:
        return help_rows(
            session=self.run.poller is not None,
            offer=bool(self.run.offer),
            assessable=self.run.assessable,
        )

    @property
    def bright(self) -> Palette:
        """The colours while eyes are open."""
        return self._bright

    def look(self) -> PracticeLook | None:
        """Return how it looks, None once it has come to its close."""
        return self.run.look(self._clock())

    def look_like(self, look: PracticeLook) -> None:
        """Look as another practice did."""
        self.run.look_like(look, self._clock())
        self._arrange()

    def join(self, session: RunningSession) -> None:
        """Show the heart that a session hears; the guide goes on."""
        self.run.join(session)
        self._follow_keys()

    def part(self) -> None:
        """Go on without a session."""
        self.run.hearing.part()
        self._follow_keys()

    def offer_strap(self, name: str | None, *, kept: bool) -> None:
        """Offer a strap of this name, which joins with a key, or none."""
        said = () if name is None else offer_words(name, kept=kept)
        if said != self.run.offer:
            self.run.offer = said
            self._follow_keys()

    @property
    def over(self) -> bool:
        """Whether it has come to its close."""
        return self.run.practice.stage is Stage.FINISHED

    def to_keep(self) -> KeepPractice | None:
        """Return what no session heard of, None where that is nothing worth keeping; once."""
        return self.run.to_keep(self._clock())

    def _show_bar(self) -> None:
        own = (ASSESS,) if self.run.assessable else ()
        end = (*END_BAR[:-1], *own, END_BAR[-1])
        usual = ASSESSMENT_BAR if self.run.practice.steps else BAR
        shown = end if self.over else usual
        taken = keys_width(shown) + 2.0 * theme.MARGIN + BETWEEN
        narrow = taken > self.layout_now.width
        # The page of keys holds those that have no room, so its own key always has.
        left, right = (shown[:-1], shown[-1:]) if narrow else (shown, ())
        self._bar.set_keys(left, right)
        choice = self.run.heart_choice
        self._join.set_keys((JOIN,) if self.run.offer else () if choice is None else (choice,), ())

    def _follow_keys(self) -> None:
        """Show the keys that work now."""
        self._show_bar()
        self._arrange()

    @property
    def layout_now(self) -> Layout:
        """Where everything lies in a window of this size."""
        return Layout(float(self.width()), float(self.height()))

    @property
    def palette_now(self) -> Palette:
        """The colours of now: dim with eyes closed, else light or dark as chosen."""
        return DIM if self.run.eyes_closed else self._bright

    def tick(self) -> None:
        """Bring the view to what the clock says now, and repaint what that changes."""
        now = self._clock()
        if now - self._attended >= 0.9 / theme.SCROLL_FPS:
            self._attend(now)
        if not self._covered():
            self._show_circle(now)

    def _attend(self, now: float) -> None:
        """Do what need not be done for every frame of the circle."""
        self.run.advance(now)
        self._show_bar()
        self._follow_texts(now)
        if not self._covered():
            self._show_wave(now)
        self._attended = now

    def act(self, action: str) -> None:
        """Do what a key stands for, by the name of its action in `gui.practice.keys.KEYS`."""
        if action == "light":
            self._bright = theme.colours(dark=not self._bright.dark)
        elif action == "full":
            self.toggle_full_screen()
        elif action == "join":
            self._ask_to_join()
        else:
            covered, before = self._covered(), self.run.before
            self.run.act(action)
            if before and not self.run.before:
                self.begun.emit()
            if self.run.help_shown:
                self._help.show_rows(self._help_rows())
            if covered != self._covered():
                self.setFocus()  # the keycap that had it is gone
        self._show_bar()
        self._arrange()

    def _ask_to_join(self) -> None:
        if self.run.offer and not self._covered():
            self.run.say(FINDING)
            self.joins.emit()

    def _leave(self) -> None:
        self.finished.emit()
        self.close()

    def _covered(self) -> bool:
        run = self.run
        return run.practice.calm or run.help_shown or run.before or run.finding.asking

    def _follow_texts(self, now: float) -> None:
        """Repaint the texts that changed, and the sentence while it fades."""
        texts = (
            *self.run.header(now), self._ahead(now), self.run.heart_words(now),
            self.run.calm_note, self.run.said,
        )  # fmt: skip
        if texts != self._shown:
            self._shown = texts
            self.setAccessibleDescription(self.run.said.words)
            self._speaker.say(self.run.said.words)
            self._tell_calm()
            self.update()
        elif now - self.run.said.since < 2.0 * FADE:
            self._update(self.layout_now.sentence)

    def _show_circle(self, now: float) -> None:
        run, palette, lead = self.run, self.palette_now, self._leading
        lead.go_on(run.hearing.wave, run.hearing.time(now), now, leads=run.heart_leads)
        guide = run.practice.guide
        full = lead.mixed(float(fullness(guide, now)))
        says, opacity, rising = self._circle_words(now)
        look = CircleLook(
            palette, LARGEST if self._still else radius_of(full),
            says or rest_word(run.practice.stage), 1.0 if self._still else opacity,
            full, rising, self._still,
        )  # fmt: skip
        self._circle.show_look(look)

    def _circle_words(self, now: float) -> tuple[str, float, bool]:
        """Return the circle's word, how much of it is there, and whether it is for breathing in."""
        guide, lead = self.run.practice.guide, self._leading
        if not self.run.heart_leads:
            return word(guide, now), word_opacity(guide, now), bool(inhaling(guide, now))
        says = tr("Breathe in") if lead.rising else tr("Breathe out")
        return "" if lead.resting else says, 1.0, lead.rising

    def _show_wave(self, now: float) -> None:
        if self._wave.isHidden() or (self._still and now - self._waved < 1.0):
            return
        self._hear(now)
        guide = self.run.practice.guide
        self._wave.show_look(
            WaveLook(
                self.palette_now, guide, now, float(fullness(guide, now)),
                not self._still and not self.run.heart_leads,
                self._curves, self._span, self.run.hearing.time(now),
                waiting_words(self.run.practice.stage), self.run.hearing.wave,
                guided=not self.run.heart_leads,
            )
        )  # fmt: skip
        self._waved = now

    def _hear(self, now: float) -> None:
        """Make the heart's curves anew where beats have come, and ease towards their height."""
        heart = self.run.hearing.heart
        if heart is not self._heart:
            self._heart, self._curves = heart, HeartCurves(heart)
        wanted = wanted_span(heart, self.run.hearing.time(now))
        if wanted is not None:
            seconds = min(now - self._waved, 1.0)
            self._span = wanted if self._span is None else eased_span(self._span, wanted, seconds)

    def _arrange(self) -> None:
        """Put every part in its place, in the colours and with the keys of now."""
        layout, covered, run = self.layout_now, self._covered(), self.run
        self._circle.set_centre(layout.centre, size=layout.size)
        self._circle.place(layout.circle, layout.scale)
        self._wave.set_box(layout.wave, layout.scale)
        self._bar.setHidden(covered)
        self._circle.setHidden(covered)
        self._wave.setHidden(covered or run.eyes_closed or not layout.has_wave)
        self._bar.set_look(self.palette_now, layout.scale)
        self._bar.place(self.width(), self.height(), layout.scale)
        self._join.setHidden(covered)
        self._join.set_look(self.palette_now, layout.scale)
        self._join.place_at(OFFER_TOP, layout.circle.left() * layout.scale, layout.scale)
        self._arrange_pages()
        self._waved = self._attended = -np.inf
        self.tick()
        self.update()

    def _arrange_pages(self) -> None:
        for page, shown in (
            (self._help, self.run.help_shown),
            (self._calm, self.run.practice.calm),
            (self._before, self.run.before),
            (self._asking, self.run.finding.asking),
        ):
            page.setGeometry(self.rect())
            page.look(self.palette_now)
            page.setVisible(shown)
        self._tell_calm()

    def _tell_calm(self) -> None:
        self._calm.tell(self.run.calm_note, recording=self.run.recording)

    def _update(self, area: QRectF) -> None:
        scale = self.layout_now.scale
        box = QRectF(area.topLeft() * scale, area.size() * scale)
        self.update(box.toAlignedRect())

    # Qt's own names

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint everything that does not move."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(self.palette_now.paper))
        layout = self.layout_now
        painter.scale(layout.scale, layout.scale)
        mirror.turn(painter, layout.width)
        if not self._covered():
            self._paint(painter, layout, self.palette_now)
        painter.end()

    def _paint(self, painter: QPainter, layout: Layout, palette: Palette) -> None:
        now = self._clock()
        paint.paint_header(painter, layout, palette, self.run.header(now))
        words, opacity = fading(self.run.said, now, 0.0 if self._still else FADE)
        paint.paint_sentence(painter, layout, palette, words, opacity=opacity)
        paint.paint_dizzy(painter, layout, palette)
        paint.paint_offer(painter, layout, palette, self.run.offer)
        if not self._wave.isHidden():
            with mirror.in_time(painter, layout.wave.left(), layout.wave.right()):
                paint.paint_legend(
                    painter,
                    layout,
                    palette,
                    heart=self.run.heart_words(now),
                    ahead=self._ahead(now),
                    guided=not self.run.heart_leads,
                )

    def _ahead(self, now: float) -> str:
        """Return what lies at the wave's right end."""
        if self.run.heart_leads:
            return ""
        coming = pacer_at(self.run.practice.guide, now + AHEAD)
        return "" if coming is None else tr("next breath")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep every part in its place."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Begin to move and to listen."""
        super().showEvent(event)
        self.setFocus()  # otherwise Qt gives it to the first keycap, and Enter to that
        self.run.hearing.start()
        self._timer.start(FRAME_MS)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Paint nothing that nobody sees; the guide and its sound go on."""
        self._timer.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Fall silent and let go of the session."""
        self._timer.stop()
        self.run.close()
        super().closeEvent(event)
