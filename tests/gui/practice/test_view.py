"""What the patient sees: nothing cut off in any state, and a guide that nothing stops."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from docs.practice_states import SimulatedSession, practice, run
from gui.practice import assessing, leading, words
from gui.practice import paint as practice_paint
from gui.practice.guide import LARGEST
from gui.practice.keys import BAR
from gui.practice.paint import Layout
from gui.practice.view import PracticeView
from gui.shared import theme
from physio.breathing.assessment import RATES, NotScored
from physio.breathing.resonance import Choice
from pipelines.language import tr
from pipelines.live.commands import SetPace
from pipelines.session import ResonanceView, WaveState, WaveView
from pipelines.words import rest_text, step_text
from tests.gui.practice.handles import STATES, clock_of, keycaps, pixels, session_of
from tests.gui.recorded import recorded

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "silent")]
SIZES = [(1280, 800), (1920, 1080)]


@pytest.fixture
def written(monkeypatch):
    """Every text painted, with the box that it takes in the window's pixels."""
    texts: list[tuple[str, QRectF]] = []
    draw = theme.draw_text

    def noting(painter, x, baseline, words, **how):
        box = draw(painter, x, baseline, words, **how)
        if words:
            texts.append((words, painter.deviceTransform().mapRect(box)))
        return box

    monkeypatch.setattr(theme, "draw_text", noting)
    return texts


@pytest.mark.sampled
@pytest.mark.parametrize("name", sorted(STATES.keys() - {"numbers"}))
def test_no_bpm_before_h(written, name):
    view = STATES[name]()
    written.clear()
    view.grab()
    assert not any("bpm" in text for text, _ in written)
    view.close()


def test_bpm_once_h_was_pressed(written):
    view = practice("numbers", after=1.0)
    written.clear()
    view.grab()
    assert any("65 ± 2" in text for text, _ in written)


@pytest.fixture
def larger():
    """Let text be so many times as large, and as usual afterwards."""
    yield lambda text: theme.prefer(text=text, still=False)
    theme.prefer(text=1.0, still=False)


def refuse_what_is_cut_or_meets(view, written):
    written.clear()
    view.grab()
    window = QRectF(view.rect())
    for text, box in written:
        assert window.contains(box), text
    for index, (text, box) in enumerate(written):
        for other, where in written[index + 1 :]:
            tight = box.adjusted(1.0, 0.25 * box.height(), -1.0, -0.25 * box.height())
            assert not tight.intersects(where), (text, other)
    view.close()


@pytest.mark.sampled
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", sorted(STATES))
def test_nothing_is_cut_off_and_no_words_meet(written, name, size):
    refuse_what_is_cut_or_meets(STATES[name](size=size), written)


@pytest.mark.long
@pytest.mark.parametrize("text", [1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", [(1280, 800), (853, 533), (1366, 768)])
@pytest.mark.parametrize("name", sorted(STATES))
def test_nothing_is_cut_off_with_larger_text(written, larger, name, size, text):
    larger(text)
    view = STATES[name](size=size)
    view.show()  # until then it is laid out for another size
    view._timer.stop()
    assert view.layout_now.scale == pytest.approx(
        max(min(size[0] / 1280.0, size[1] / 800.0) * text, theme.LEAST)
    )
    sentence = view.layout_now.sentence
    shown = theme.metrics(practice_paint.sentence_size(view.run.said.words, sentence))
    flags = int(Qt.TextFlag.TextWordWrap)
    assert shown.boundingRect(sentence, flags, view.run.said.words).height() <= sentence.height()
    read = view.run.practice.calm or view.run.finding.asking
    assert read or "?" in shown_caps(view)  # the page of keys holds what has no room
    refuse_what_is_cut_or_meets(view, written)


def shown_caps(view):
    """The caps of the keys that are seen."""
    return {button.hint.cap for button in keycaps(view) if hasattr(button, "hint")}


@pytest.mark.parametrize("size", [(1280.0, 800.0), (853.0, 533.0)])
def test_every_sentence_fits_its_two_lines(size):
    room = Layout(*size).sentence
    sentences = [value for key, value in vars(words).items() if key.isupper()]
    for sentence in [
        *filter(lambda s: isinstance(s, str), sentences),
        words.finished_words(120, 0.4),
        *told_of_assessments(),
    ]:
        metrics = theme.metrics(practice_paint.sentence_size(sentence, room))
        found = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), sentence)
        assert found.height() <= room.height(), sentence
        assert found.width() <= room.width(), sentence


def told_of_assessments():
    """All that is said of one, and while the heart leads."""
    found = [ResonanceView(rate, verdict) for rate in (None, 4.5) for verdict in Choice]
    found += [ResonanceView(5.5, Choice.CLEAR, agrees=True)]
    found += [ResonanceView(None, Choice.UNCLEAR, lost=((6.5, why),)) for why in NotScored]
    told = [assessing.result_words(one) for one in found]
    told += [step_text(rate, 0.4) for rate in RATES]
    told += [leading.state_words(WaveView(state, 2.5)) for state in WaveState]
    return [*told, rest_text(), assessing.STOPPED, assessing.MOMENT, leading.GUIDED]


@pytest.mark.parametrize("size", [*SIZES, (1152, 720), (1366, 768), (1024, 640)])
def test_all_keys_and_the_dizzy_line_fit(written, letters, english, size):
    view = practice(session=None, seconds=1.0, size=size)
    view.show()  # until then it is laid out for another size
    written.clear()
    view.grab()
    places = dict(written)
    assert len(keycaps(view)) == len(BAR)
    assert QRectF(view.rect()).contains(places[words.DIZZY])
    for text, place in places.items():
        assert text == words.DIZZY or not place.intersects(places[words.DIZZY]), text
    assert {hint.words for hint in BAR} < set(places)
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


@pytest.mark.parametrize("height", [533, 600, 640, 680, 692, 700, 719, 720, 800, 1024, 1400])
@pytest.mark.parametrize("width", [853.0, 1280.0])
def test_parts_never_overlap_however_high_the_window(width, height):
    layout = Layout(width, float(height))
    assert layout.circle.top() >= 72.0  # the numbers' line ends there
    assert layout.size > 0.75
    assert not layout.circle.intersects(layout.sentence)
    assert layout.sentence.bottom() <= layout.height - 68.0 or layout.has_wave
    if layout.has_wave:
        wave = practice_paint.wave_area(layout.wave)
        assert not wave.intersects(layout.sentence.adjusted(0, 0, 0, -27.0))
        assert layout.wave.bottom() + 34.0 < layout.height - 38.0


def test_the_whole_circle_is_painted_on_the_smallest_screen():
    view = STATES["strap live"]()
    view.resize(*theme.SMALLEST)
    circles = [m for m in recorded(view._circle).marks if m.kind in ("circle", "ellipse")]
    layout = view.layout_now
    outer = max(circles, key=lambda m: m.right - m.left)
    assert 0.75 < layout.size < 1.0
    assert outer.right - outer.left == pytest.approx(
        2.0 * LARGEST * layout.size * layout.scale, abs=2.0
    )
    assert layout.circle.top() * layout.scale < outer.top
    assert outer.bottom < layout.sentence.top() * layout.scale
    view.close()


def places(view):
    """Return where the parts of a view lie, and the words on its keycaps at the foot."""
    parts = view._circle.geometry().getRect(), view._wave.geometry().getRect()
    foot = [button for button in keycaps(view) if button.parent() is view._bar]
    return parts, tuple(button.accessibleName() for button in foot)


OTHER_KEYS = ("calm", "keys", "finished", "ended", "before", "assess", "sliding")
"""Beginnings of states with keys of their own."""


@pytest.fixture(scope="module")
def usual(qapp):
    view = practice(session=None, seconds=1.0)
    yield places(view)
    view.close()


@pytest.mark.sampled
@pytest.mark.parametrize("name", sorted(STATES))
def test_parts_stay_where_they_are_between_states(usual, name):
    view = STATES[name]()
    parts, words_on_keycaps = places(view)
    assert parts == usual[0]
    if not name.startswith(OTHER_KEYS):
        assert words_on_keycaps == usual[1]
    view.close()


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


def heart_columns(view):
    """Return the columns of the wave in which the heart's line is drawn, left of now's line."""
    shown = pixels(view)[566:686, 80:918].astype(int)
    lake = np.array([0x73, 0x5E, 0x1B])
    return np.flatnonzero((np.abs(shown - lake).sum(axis=2) < 60).any(axis=0)) + 80


def test_heart_and_guide_share_one_time_axis():
    """The heart's newest point is drawn its own age left of now, and as much as it is late."""
    view = STATES["strap off pace"]()
    frame = view._wave._look
    age = frame.session_now - view.run.hearing.heart.time[-1] + frame.wave.late
    assert frame.wave.late > 2.1
    assert heart_columns(view).max() == pytest.approx(920.0 - 21.0 * age, abs=3.0)


def test_while_the_heart_moves_with_the_guide_its_line_reaches_now(view):
    assert view._wave._look.wave.state is WaveState.PREDICTED
    columns = heart_columns(view)
    assert columns.max() >= 905  # the dot of the guide covers the rest
    assert np.diff(columns).max() == 1


@pytest.mark.usefixtures("english")
def test_an_unknown_delay_moves_nothing_and_is_said():
    view = STATES["strap of unknown delay"]()
    frame = view._wave._look
    assert frame.wave.late < 0.6
    assert "not known" in view.run.heart_words(view._clock())


def test_what_was_foreseen_a_while_ago_is_not_drawn(view):
    session_of(view).reachable = False
    frame = view._wave._look
    run(view, clock_of(view), 4.0)
    late = view._wave._look.session_now - view.run.hearing.heart.time[-1] + frame.wave.late
    assert heart_columns(view).max() == pytest.approx(920.0 - 21.0 * late, abs=3.0)


def test_the_foreseen_end_fades_with_its_error(view):
    pixels(view)  # everything in its place
    look, left, ends = view._wave._look, view._wave.x(), []
    for error in (0.0, 15.0, 29.0):
        wave = msgspec.structs.replace(look.wave, error=error)
        view._wave.show_look(replace(look, wave=wave, dot=False))
        strip = pixels(view._wave)[:, 905 - left : 915 - left].astype(int)
        lake = np.array([0x73, 0x5E, 0x1B])
        ends.append(np.abs(strip - lake).sum(axis=2))
    on_the_line = np.unravel_index(ends[0].argmin(), ends[0].shape)
    assert ends[0][on_the_line] < ends[1][on_the_line] < ends[2][on_the_line]


def test_the_name_of_the_heart_line_holds_ten_seconds(view):
    now = view._clock()
    before = view.run.heart_words(now)
    session_of(view).wave = WaveState.OFF
    run(view, clock_of(view), 1.0)
    assert view.run.heart_words(now + 1.0) in (before, words.line_words(view.run.hearing.wave))
    run(view, clock_of(view), 12.0)
    assert view.run.heart_words(now + 13.0) == words.line_words(view.run.hearing.wave) != before


def test_the_heart_goes_on_with_the_guide_while_the_recorder_is_out_of_reach(view):
    """One time axis, so the line wanders left with the guide and says why it has ended."""
    session_of(view).reachable = False
    before = view._wave._look
    run(view, clock_of(view), 20.0)
    after = view._wave._look
    assert after.session_now - before.session_now == pytest.approx(after.now - before.now, abs=0.05)
    assert after.session_now - view.run.hearing.heart.time[-1] > 20.0


def test_nothing_is_drawn_across_a_gap():
    view = STATES["strap gap"]()
    shown = pixels(view)[566:686].astype(int)
    lake = np.array([0x73, 0x5E, 0x1B])
    columns = np.flatnonzero((np.abs(shown - lake).sum(axis=2) < 60).any(axis=0))
    look = view._wave._look
    now = look.session_now + look.wave.late
    left, right = (920.0 + 21.0 * (moment - now) for moment in (95.9, 104.9))
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
    assert view._circle.accessibleDescription() in (tr("Breathe in"), tr("Breathe out"))


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


def eventually(holds, within=60.0):
    """Let Qt's timers run until something comes true."""
    end = time.monotonic() + within
    while not holds() and time.monotonic() < end:
        QTest.qWait(20)
    return holds()


def test_shown_view_runs_by_itself(qapp):
    view = PracticeView(None)
    view.show()
    assert eventually(lambda: view._wave._look is not None)
    assert view._timer.isActive()
    before = view._wave._look.now
    assert eventually(lambda: view._wave._look.now > before)
    view.close()
    assert not view._timer.isActive()


def test_outside_the_limits_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match=re.compile("4 to 24 breaths/min")):
        PracticeView(None, rate=3.0)
