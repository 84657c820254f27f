"""The patient's view: every key, every state, and nothing cut off."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from docs.practice_states import (
    Clock,
    SimulatedSession,
    practice,
    practice_states,
    run,
)
from gui import theme
from gui.practice import paint as practice_paint
from gui.practice import words
from gui.practice.guide import SMALLEST
from gui.practice.keys import BAR, KEYS
from gui.practice.paint import Layout, dizzy_width
from gui.practice.stage import Stage
from gui.practice.view import PracticeView
from pipelines.commands import Finish, GoOn, MarkMoment, Pause, SetPace

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]
SIZES = [(1280, 800), (1920, 1080)]
STATES = practice_states()


@pytest.fixture
def view():
    made = practice(seconds=70.0)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def silent(monkeypatch):
    """Let no test make a sound, and every one know whether it would have."""
    monkeypatch.setattr("gui.practice.sound._open", lambda fill: SilentStream())


class SilentStream:
    def close(self):
        pass


def press(view: QWidget, key: Qt.Key, text: str = "") -> None:
    """Press a key as Qt would deliver it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(view, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def clock_of(view: PracticeView) -> Clock:
    return view._clock  # type: ignore[return-value]


def session_of(view: PracticeView) -> SimulatedSession:
    assert view.run.feed is not None
    return view.run.feed._session  # type: ignore[return-value]


def pixels(view: QWidget) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), dtype=np.uint8)
    return data.reshape(image.height(), image.width(), 4)[..., :3].copy()


@pytest.fixture
def written(monkeypatch):
    """Every text painted by the view itself, with the logical box that it takes."""
    texts: list[tuple[str, QRectF]] = []
    draw = theme.draw_text

    def noting(painter, x, baseline, words, **how):
        box = draw(painter, x, baseline, words, **how)
        if words:
            texts.append((words, box))
        return box

    for module in ("gui.practice.paint", "gui.practice.guide", "gui.practice.wave"):
        monkeypatch.setattr(f"{module}.draw_text", noting)
    return texts


# Keys


def test_p_pauses_guide_and_recording_and_goes_on(view):
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 5.0)
    assert view.run.practice.stage is Stage.PAUSED
    assert session_of(view).kept[-2:] == [SetPace(None, 0.4), Pause()]
    assert view._circle._look.radius == SMALLEST
    assert view._circle._look.word == "Paused"
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 5.0)
    assert session_of(view).kept[-2:] == [GoOn(), SetPace(6.0, 0.4)]
    assert view._circle._look.word == "Breathe out"


def test_esc_stops_everything_at_once_and_the_recording_goes_on(view):
    press(view, Qt.Key.Key_S)
    assert view.run.sound.on
    press(view, Qt.Key.Key_Escape)
    assert not view.run.sound.on
    run(view, clock_of(view), 5.0)
    still = pixels(view)
    run(view, clock_of(view), 7.0)
    assert np.array_equal(still, pixels(view))
    assert session_of(view).kept[-1] == SetPace(None, 0.4)
    assert not any(isinstance(command, Pause | Finish) for command in session_of(view).kept)
    press(view, Qt.Key.Key_Escape)
    run(view, clock_of(view), 1.0)
    assert view.run.sound.on
    assert session_of(view).kept[-1] == SetPace(6.0, 0.4)
    assert view._circle._look.word == "Breathe in"


@pytest.mark.parametrize("name", sorted(STATES))
def test_esc_calms_from_every_state(name):
    view = STATES[name]()
    if not view.run.practice.calm:
        press(view, Qt.Key.Key_Escape)
    assert view.run.practice.calm
    assert view._circle.isHidden()
    assert view._wave.isHidden()
    press(view, Qt.Key.Key_Escape)
    assert not view.run.practice.calm
    view.close()


def test_enter_finishes_only_from_calm_or_the_end(view):
    done = []
    view.finished.connect(lambda: done.append(True))
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 1.0)
    assert not done
    press(view, Qt.Key.Key_Escape)
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 1.0)
    assert done
    assert Finish() in session_of(view).kept


def test_refused_finish_is_said_and_nothing_closes(view):
    done = []
    view.finished.connect(lambda: done.append(True))
    session_of(view).refusal = "The recorder does not answer; press Enter again in a moment."
    press(view, Qt.Key.Key_Escape)
    press(view, Qt.Key.Key_Enter)
    run(view, clock_of(view), 1.0)
    assert not done
    assert view.run.calm_note == session_of(view).refusal


def test_enter_finishes_without_a_session():
    view, done = practice("calm", session=None, after=1.0), []
    view.finished.connect(lambda: done.append(True))
    press(view, Qt.Key.Key_Return)
    assert done


def test_enter_closes_where_the_recording_has_ended_elsewhere(view):
    session_of(view).phase = "finished"
    session_of(view).refusal = "The session has ended."
    run(view, clock_of(view), 12.0)
    assert view.run.said.words == words.ENDED
    done = []
    view.finished.connect(lambda: done.append(True))
    view.act("calm")
    view.act("finish")
    assert done


def test_no_keycap_takes_the_focus_by_itself(qapp):
    view = PracticeView(None)
    view.show()
    QTest.qWait(50)
    assert view.focusWidget() is None or view.hasFocus()
    press(view, Qt.Key.Key_Tab)
    button = view.findChildren(QAbstractButton)[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert view.run.practice.calm
    QTest.qWait(20)
    assert view.focusWidget() is None or view.hasFocus()
    view.close()


def test_pace_keys_ease_and_tell_the_session(view):
    for _ in range(2):
        press(view, Qt.Key.Key_Minus, "-")
    assert view.run.said.words == words.SLOWER
    before = view.run.practice.guide
    run(view, clock_of(view), 60.0)
    paces = [command.rate for command in session_of(view).kept if isinstance(command, SetPace)]
    assert paces == [6.0, 5.9, 5.8, 5.7, 5.6, 5.5]
    assert before.target == 5.0
    press(view, Qt.Key.Key_Plus, "+")
    assert view.run.practice.guide.target == 5.5


def test_pace_ends_at_four_with_a_sentence(view):
    for _ in range(5):
        press(view, Qt.Key.Key_Minus, "-")
    assert view.run.practice.guide.target == 4.0
    assert view.run.said.words == words.SLOWEST


def test_eyes_closed_dims_and_sounds_and_comes_back(view):
    press(view, Qt.Key.Key_E)
    assert view.palette_now is theme.DIM
    assert view.run.sound.on
    assert view._wave.isHidden()
    assert view.run.said.words == words.EYES
    run(view, clock_of(view), 30.0)
    assert view.run.said.words == words.EYES
    press(view, Qt.Key.Key_E)
    assert view.palette_now is theme.LIGHT
    assert not view.run.sound.on
    assert not view._wave.isHidden()


def test_space_marks_and_never_presses_a_button(view):
    button = next(b for b in view.findChildren(QAbstractButton) if "pause" in b.accessibleName())
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    run(view, clock_of(view), 1.0)
    assert view.run.practice.stage is Stage.BREATHING
    assert MarkMoment() in session_of(view).kept
    assert view.run.said.words == words.MARKED


def test_light_dark_and_help(view):
    press(view, Qt.Key.Key_L)
    assert view.palette_now is theme.DARK
    press(view, Qt.Key.Key_Question, "?")
    assert view.run.help_shown
    press(view, Qt.Key.Key_P)
    assert view.run.practice.stage is Stage.BREATHING
    press(view, Qt.Key.Key_F1)
    assert not view.run.help_shown


def test_full_screen_and_back(view):
    press(view, Qt.Key.Key_F)
    assert view.isFullScreen()
    press(view, Qt.Key.Key_F)
    assert not view.isFullScreen()


def test_a_held_key_counts_once(view):
    again = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_P, Qt.KeyboardModifier.NoModifier, "p", autorep=True
    )
    QApplication.sendEvent(view, again)
    assert view.run.practice.stage is Stage.BREATHING


def test_every_key_has_an_action(view):
    for action in set(KEYS.values()):
        view.act(action)


# What is seen


def test_no_bpm_before_h(written):
    for name, build in STATES.items():
        if name == "numbers":
            continue
        written.clear()
        view = build()
        view.grab()
        assert not any("bpm" in text for text, _ in written), name
        view.close()
    view = practice("numbers", after=1.0)
    written.clear()
    view.grab()
    assert any("65 ± 2 bpm" in text for text, _ in written)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", sorted(STATES))
def test_nothing_is_cut_off_and_no_words_meet(written, name, size):
    view = STATES[name](size=size)
    written.clear()
    view.grab()
    layout = view.layout_now
    window = QRectF(0.0, 0.0, layout.width, layout.height)
    for text, box in written:
        assert window.contains(box), text
    for index, (text, box) in enumerate(written):
        for other, where in written[index + 1 :]:
            tight = box.adjusted(1.0, 0.25 * box.height(), -1.0, -0.25 * box.height())
            assert not tight.intersects(where), (text, other)
    view.close()


def test_every_sentence_fits_its_two_lines():
    room = Layout(1280.0, 800.0).sentence
    metrics = theme.metrics(20)
    sentences = [value for key, value in vars(words).items() if key.isupper()]
    for sentence in [*filter(lambda s: isinstance(s, str), sentences), words.finished_words(120)]:
        flags = int(Qt.TextFlag.TextWordWrap)
        assert metrics.boundingRect(room, flags, sentence).height() <= room.height(), sentence


@pytest.mark.parametrize("size", [*SIZES, (1152, 720), (1366, 768)])
def test_all_keys_and_the_dizzy_line_fit(size):
    view = practice(session=None, seconds=1.0, size=size)
    buttons = [b for b in view.findChildren(QAbstractButton) if not b.isHidden()]
    assert len(buttons) == len(BAR)
    edge = max(b.mapTo(view, QPoint(b.width(), 0)).x() for b in buttons)
    assert edge <= view.width() - (dizzy_width() + theme.MARGIN - 24.0) * view.layout_now.scale
    view.close()


@pytest.mark.parametrize("size", SIZES)
def test_boxes_are_where_the_standard_puts_them(size):
    layout = Layout(*map(float, size))
    assert layout.centre.y() == pytest.approx(286.0)
    assert layout.centre.x() == pytest.approx(layout.width / 2.0)
    assert layout.wave.top() == pytest.approx(566.0)
    assert layout.wave.bottom() == pytest.approx(686.0)
    assert (layout.wave.left(), layout.wave.right()) == (80.0, pytest.approx(layout.width - 80.0))
    assert layout.has_wave


@pytest.mark.parametrize("height", [600, 700, 800, 1024, 1400])
def test_parts_never_overlap_however_high_the_window(height):
    layout = Layout(1280.0, float(height))
    assert not layout.circle.intersects(layout.sentence)
    if layout.has_wave:
        wave = practice_paint.wave_area(layout.wave)
        assert not wave.intersects(layout.sentence.adjusted(0, 0, 0, -27.0))
        assert layout.wave.bottom() + 34.0 < layout.height - 38.0


def test_parts_stay_where_they_are_between_states():
    places = set()
    for name, build in STATES.items():
        view = build()
        places.add((view._circle.geometry().getRect(), view._wave.geometry().getRect()))
        if name not in ("calm", "calm without strap", "keys"):
            buttons = view.findChildren(QAbstractButton)
            places.add(tuple(b.accessibleName() for b in buttons if not b.isHidden()))
        view.close()
    assert len(places) == 2


def test_a_lost_strap_never_stops_the_guide():
    view = practice(session=lambda clock: SimulatedSession(clock, silent_from=60.0), seconds=62.0)
    free = practice(session=None, seconds=62.0)
    for _ in range(40):
        run(view, clock_of(view), 0.7)
        run(free, clock_of(free), 0.7)
        assert view._circle._look == free._circle._look
    assert view.run.said.words == words.QUIET
    session_of(view).reachable = False
    run(view, clock_of(view), 15.0)
    assert view.run.said.words == words.UNREACHED
    run(free, clock_of(free), 15.0)
    assert view._circle._look == free._circle._look


def test_heart_and_guide_share_one_time_axis(view):
    """The heart's newest point is drawn its own age left of now."""
    heard, frame = view.run.heard, view._wave._look
    assert heard is not None
    shown = pixels(view)[566:686, 80:918].astype(int)
    lake = np.array([0x73, 0x5E, 0x1B])
    columns = np.flatnonzero((np.abs(shown - lake).sum(axis=2) < 60).any(axis=0)) + 80
    age = frame.now - (heard.heart.time[-1] + heard.shift)
    assert columns.max() == pytest.approx(920.0 - 21.0 * age, abs=3.0)


def test_nothing_is_drawn_across_a_gap():
    view = STATES["strap gap"]()
    heard = view.run.heard
    assert heard is not None
    shown = pixels(view)[566:686].astype(int)
    lake = np.array([0x73, 0x5E, 0x1B])
    columns = np.flatnonzero((np.abs(shown - lake).sum(axis=2) < 60).any(axis=0))
    now = view._wave._look.now
    left, right = (920.0 + 21.0 * (moment + heard.shift - now) for moment in (95.9, 104.9))
    assert not ((columns > left + 4) & (columns < right - 4)).any()
    assert ((columns > 90) & (columns < left)).any()


def test_reduced_motion_keeps_the_circle_still():
    view = practice(reduced=True, seconds=70.0)
    radii, dots, waves = set(), set(), set()
    for _ in range(30):
        run(view, clock_of(view), 0.2)
        look = view._circle._look
        radii.add(look.radius)
        dots.add(look.full)
        waves.add(view._wave._look.now)
        assert look.opacity == 1.0
    assert len(radii) == 1
    assert len(dots) > 25
    assert len(waves) <= 7


def test_a_still_moment_paints_nothing_anew(view, monkeypatch):
    painted = []
    monkeypatch.setattr(view._circle, "update", lambda: painted.append(1))
    view.tick()
    painted.clear()
    view.tick()
    assert not painted


def test_everything_has_a_name(view):
    assert view.accessibleName()
    assert view._circle.accessibleName()
    assert view._wave.accessibleName()
    assert all(b.accessibleName() for b in view.findChildren(QAbstractButton))
    assert view.accessibleDescription() == view.run.said.words
    assert view._circle.accessibleDescription() in ("Breathe in", "Breathe out")


@pytest.mark.parametrize("dark", [False, True])
def test_two_hues_and_neutrals_only(dark):
    view = practice(seconds=70.0, dark=dark)
    shown = pixels(view).reshape(-1, 3)[:, ::-1].astype(float) / 255.0
    chroma = shown.max(axis=1) - shown.min(axis=1)
    vivid = shown[chroma > 0.25]
    hues = np.array([QColor.fromRgbF(*map(float, colour)).hueF() for colour in vivid[::7]])
    palette = view.palette_now
    allowed = np.array([QColor(token).hueF() for token in (palette.clay, palette.lake)])
    away = np.abs(hues[:, None] - allowed)
    near = np.minimum(away, 1.0 - away).min(axis=1) < 0.03
    assert len(hues) > 100
    assert near.mean() > 0.98
    view.close()


def test_no_colour_is_named_outside_the_theme():
    files = list((Path(__file__).parents[3] / "gui" / "practice").glob("*.py"))
    assert len(files) > 8
    for path in files:
        code = path.read_text()
        assert not re.search(r"#[0-9A-Fa-f]{6}|GlobalColor|QColor\(\d", code), path


def test_closing_lets_go_of_the_session_and_ends_the_pace():
    view = practice(seconds=20.0)
    session = session_of(view)
    view.close()
    assert session.closed
    assert session.kept[-1] == SetPace(None, 0.4)


def test_shown_view_runs_by_itself(qapp):
    view = PracticeView(None)
    view.show()
    QTest.qWait(150)
    assert view._timer.isActive()
    before = view._wave._look.now
    QTest.qWait(150)
    assert view._wave._look.now > before
    view.close()
    assert not view._timer.isActive()


def test_outside_the_limits_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match=re.compile("4 to 24 breaths/min")):
        PracticeView(None, rate=3.0)
