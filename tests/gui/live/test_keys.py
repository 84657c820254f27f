"""The clinician's keys: each asks for its command, from everywhere, and Esc calms."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from docs import moments
from gui.shared import KeyBar, KeyHint, keys_width, theme
from pipelines.drawing import DARK, DIM, LIGHT
from pipelines.live import commands as c
from pipelines.session import (
    Asked,
    BandUnit,
    Condition,
    ContextLine,
    HourView,
    PartName,
    PartView,
    PersonalBand,
    PhaseName,
    PostureName,
)
from pipelines.session.snapshot import TalkingView
from pipelines.words import LABELS
from tests.gui.live.stage import Key, Stage

pytestmark = pytest.mark.view


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Key.Key_Space, c.MarkMoment("")),
        (Key.Key_1, c.MarkMoment(LABELS[0])),
        (Key.Key_2, c.MarkMoment(LABELS[1])),
        (Key.Key_3, c.MarkMoment(LABELS[2])),
        (Key.Key_J, c.MarkMoment("", 20.0)),
        (Key.Key_Backspace, c.UndoMark()),
        (Key.Key_B, c.SetBaseline(180.0)),
        (Key.Key_T, c.Talk(on=True)),
        (Key.Key_P, c.Pause()),
        (Key.Key_U, c.Pose(PostureName.SITTING)),
        (Key.Key_Q, c.BeginPart(PartName.REST)),
        (Key.Key_K, c.BeginPart(PartName.TOUCH)),
        (Key.Key_M, c.BeginPart(PartName.MOVEMENT)),
        (Key.Key_A, c.AllowTouch(given=True)),
        (Key.Key_V, c.HearTalking(on=True)),
        (Key.Key_G, c.CoverPicture(on=True)),
        (Key.Key_R, c.SenseRise()),
    ],
)
def test_a_key_asks_for_its_command(
    stage: Callable[..., Stage], key: Key, command: c.Command
) -> None:
    s = stage()
    s.press(key)
    assert s.moment.asked == [command]


def test_keys_without_a_meaning_ask_for_nothing(stage: Callable[..., Stage]) -> None:
    s = stage()
    for key in (Key.Key_9, Key.Key_W, Key.Key_Up, Key.Key_Return, Key.Key_0):
        s.press(key)
    assert s.moment.asked == []


def test_likely_talking_is_no_matter_of_its_key(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(talking=(TalkingView(1870.0, None, likely=True),))
    s.press(Key.Key_T)
    assert s.moment.asked == [c.Talk(on=True)]


def test_talking_and_pause_toggle(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(talking=(TalkingView(1870.0, None),))
    s.press(Key.Key_T)
    s.change(phase=PhaseName.PAUSED, phase_since=1870.0)
    s.press(Key.Key_P)
    assert s.moment.asked == [c.Talk(on=False), c.GoOn()]


def write(s: Stage, words: str) -> None:
    """Type words into the field at the foot, and Enter."""
    assert s.view.note.isVisible()
    QTest.keyClicks(s.view.note, words)
    s.press(Key.Key_Return)


def test_the_posture_key_goes_round(stage: Callable[..., Stage]) -> None:
    s = stage()
    view = s.moment.state.sources[0]
    for name in PostureName:
        posed = msgspec.structs.replace(view, condition=Condition(name))
        s.change(sources=(posed,))
        s.press(Key.Key_U)
    assert [command.name for command in s.moment.asked] == [
        "sitting", "standing", "walking", "lying", "sitting",
    ]  # fmt: skip


def test_the_card_is_asked_line_by_line_and_each_may_be_skipped(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_C)
    write(s, "none new")
    for _ in range(2):
        write(s, "")
    write(s, "5 h")
    s.press(Key.Key_Escape)
    assert not s.view.note.isVisible()
    assert s.view.calm.isVisible()
    s.press(Key.Key_Escape)
    assert s.moment.asked == [
        c.SayContext(ContextLine.MEDICINES, "none new"),
        c.SayContext(ContextLine.SLEEP, "5 h"),
    ]
    s.press(Key.Key_Space)
    assert s.moment.asked[-1] == c.MarkMoment("")


def test_the_key_of_a_part_ends_it_and_that_of_another_begins_it(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.change(hour=HourView(parts=(PartView(PartName.TOUCH, 60.0, None, Asked.GIVEN),)))
    s.press(Key.Key_Q)
    s.press(Key.Key_K)
    assert s.moment.asked == [c.BeginPart(PartName.REST), c.BeginPart(PartName.NONE)]


def test_movement_asks_for_own_words_before_and_after(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_M)
    s.change(hour=HourView(parts=(PartView(PartName.MOVEMENT, 1860.0, None),)))
    write(s, "stiff")
    s.press(Key.Key_M)
    write(s, "easier")
    assert s.moment.asked == [
        c.BeginPart(PartName.MOVEMENT),
        c.SayOfPart(1860.0, after=False, text="stiff"),
        c.BeginPart(PartName.NONE),
        c.SayOfPart(1860.0, after=True, text="easier"),
    ]
    assert not s.view.note.isVisible()


def test_consent_given_is_taken_back_by_the_same_key(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(hour=HourView(consent=Asked.GIVEN))
    s.press(Key.Key_A)
    assert s.moment.asked == [c.AllowTouch(given=False)]


@pytest.mark.parametrize(
    ("lower", "upper", "drawn"),
    [
        ("62 far away", "85,5 too much", (62.0, 85.5, BandUnit.BPM, "far away", "too much")),
        ("-2 flat", "+3", (-2.0, 3.0, BandUnit.SPREADS, "flat", "")),
        ("62", "+3", None),
        ("85", "62", None),
        ("far away", "", None),
        ("", "", None),
    ],
)
def test_their_own_band_is_drawn_in_two_lines(
    stage: Callable[..., Stage], lower: str, upper: str, drawn: tuple | None
) -> None:
    s = stage()
    s.press(Key.Key_O)
    for words in (lower, upper):
        if s.view.note.isVisible():
            write(s, words)
    assert s.moment.asked == ([] if drawn is None else [c.DrawBand(0, *drawn)])
    assert not s.view.note.isVisible()


def test_a_band_that_is_there_is_taken_away(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(hour=HourView(bands=(PersonalBand(5.0, 0, 62.0, 85.0),)))
    s.press(Key.Key_O)
    assert s.moment.asked == [c.DrawBand(0, 0.0, 0.0)]


def test_own_labels(stage: Callable[..., Stage]) -> None:
    s = stage(labels=("breath", "laughter"))
    s.press(Key.Key_2)
    s.press(Key.Key_3)
    assert s.moment.asked == [c.MarkMoment("laughter")]


def test_a_held_key_marks_once(stage: Callable[..., Stage]) -> None:
    from PySide6.QtGui import QKeyEvent

    s = stage()
    none = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, none, " ", True, 1)
    s.view.keyPressEvent(event)
    s.step()
    assert s.moment.asked == []


def test_colours_dim_and_hour_toggle(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_L)
    assert s.view.colours is DARK
    s.press(Key.Key_D)
    assert s.view.colours is DIM
    s.press(Key.Key_D)
    s.press(Key.Key_L)
    assert s.view.colours is LIGHT
    s.press(Key.Key_Z)
    assert s.view.traces.whole
    s.press(Key.Key_Z)
    assert not s.view.traces.whole


def test_h_shows_the_index_in_the_hours_place(stage: Callable[..., Stage]) -> None:
    s = stage()
    assert s.view.strip.isVisible()
    before = s.view.traces.heart.box
    s.press(Key.Key_H)
    assert not s.view.strip.isVisible()
    assert len(s.view.traces.lanes) == 3
    assert s.view.traces.heart.box == before
    s.press(Key.Key_H)
    assert s.view.strip.isVisible()


def test_full_screen(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_F)
    assert s.view.isFullScreen()
    s.press(Key.Key_F)
    assert not s.view.isFullScreen()


ANYWHERE = ("", "D", "?", "N", "H", "Z", "P", "\t")


@pytest.mark.sampled
@pytest.mark.parametrize("before", ANYWHERE)
@pytest.mark.parametrize("state", ["live", "gap", "unreachable", "two people", "finished"])
def test_esc_calms_from_everywhere(stage: Callable[..., Stage], state: str, before: str) -> None:
    s = stage(state)
    for key in before:
        QTest.keyClick(s.view, key)
        s.step()
    s.press(Key.Key_Escape)
    assert s.view.calm.isVisible()
    assert s.view.childAt(QPoint(640, 300)) is s.view.calm
    s.press(Key.Key_Escape)
    assert not s.view.calm.isVisible()


def test_on_the_calm_screen_only_esc_enter_and_space_act(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_Escape)
    for key in (Key.Key_1, Key.Key_P, Key.Key_D, Key.Key_Backspace, Key.Key_B):
        s.press(key)
    assert s.moment.asked == []
    assert not s.view.dim
    s.press(Key.Key_Space)
    s.press(Key.Key_Return)
    assert s.moment.asked == [c.MarkMoment(""), c.Finish()]
    assert not s.view.calm.isVisible()


def test_enter_closes_a_finished_session(stage: Callable[..., Stage]) -> None:
    s = stage("finished")
    s.press(Key.Key_Return)
    assert not s.view.isVisible()
    assert s.moment.asked == []
    assert s.moment.closed


def test_space_never_presses_a_focused_button(stage: Callable[..., Stage]) -> None:
    s = stage()
    talk = next(b for b in s.view.bar.findChildren(QAbstractButton) if b.hint.action == "talking")
    talk.setFocus()
    s.press(Key.Key_Space)
    assert s.moment.asked == [c.MarkMoment("")]
    talk.setFocus()
    s.press(Key.Key_Return)
    assert s.moment.asked[1:] == [c.Talk(on=True)]


def test_every_key_of_the_bar_can_be_clicked(stage: Callable[..., Stage]) -> None:
    s = stage()
    buttons = [b for b in s.view.bar.findChildren(QAbstractButton) if b.isVisible()]
    # In a language of longer words the last of them give way.
    assert 1 < len(buttons) <= 8
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    s.step()
    assert s.moment.asked == [c.MarkMoment("")]


def test_no_button_has_the_focus_at_first(stage: Callable[..., Stage]) -> None:
    s = stage()
    assert s.view.focusWidget() in (None, s.view)


@pytest.mark.parametrize(("number", "does"), [(0, "mark"), (1, "bright"), (2, "calm")])
def test_the_words_at_the_dim_screen_s_foot_do_what_they_say(
    stage: Callable[..., Stage], number: int, does: str
) -> None:
    s = stage("live")
    s.press(Key.Key_D)
    foot = s.view.foot
    left, right = foot.places()[number]
    scale = s.view.current_layout().scale
    place = QPoint(round((left + right) / 2 * scale), foot.height() // 2)
    QTest.mouseClick(foot, Qt.MouseButton.LeftButton, pos=place)
    s.step()
    assert s.view.dim is (does != "bright")
    assert s.view.calm.isVisible() is (does == "calm")
    assert s.moment.asked == ([c.MarkMoment("")] if does == "mark" else [])


def test_a_note_is_written_beside_the_keys_not_over_them(stage: Callable[..., Stage]) -> None:
    s = stage("live")
    for size in ((1280, 800), theme.SMALLEST, (1920, 1080)):
        s.view.resize(*size)
        s.press(Key.Key_N)
        (first,) = [b for b in s.view.bar._buttons[1] if b.hint.action == "keep"]
        assert 250 < s.view.note.width() < s.view.note.x() + s.view.note.width() <= first.x()
        s.press(Key.Key_Return)


def test_a_note_goes_to_the_mark_it_began_with(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_N)
    assert s.moment.asked == [c.MarkMoment("")]
    marks = (*moments.MARKS, moments.MarkView(1880.2, ""))
    s.change(marks=marks)
    QTest.keyClicks(s.view.note, "p1 Bd?")
    s.press(Key.Key_Return)
    assert s.moment.asked[1:] == [c.NoteMark(1880.2, "p1 Bd?")]
    assert not s.view.note.isVisible()


def test_a_note_soon_after_a_mark_is_that_marks(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(marks=(*moments.MARKS, moments.MarkView(1875.0, "")))
    s.press(Key.Key_N)
    QTest.keyClicks(s.view.note, "sigh")
    s.press(Key.Key_Return)
    assert s.moment.asked == [c.NoteMark(1875.0, "sigh")]


def test_esc_in_a_note_keeps_what_was_typed(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_N)
    QTest.keyClicks(s.view.note, "half a")
    s.press(Key.Key_Escape)
    s.press(Key.Key_Escape)
    s.press(Key.Key_N)
    assert s.view.note.text() == "half a"


def test_a_note_that_lost_its_focus_is_still_left_with_esc_and_space_marks(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_N)
    QTest.keyClicks(s.view.note, "half a")
    s.view.setFocus()
    s.press(Key.Key_Space)
    assert s.moment.asked == [c.MarkMoment(""), c.MarkMoment("")]
    s.press(Key.Key_N)
    assert s.view.focusWidget() is s.view.note
    assert s.moment.asked == [c.MarkMoment(""), c.MarkMoment("")]
    s.view.setFocus()
    s.press(Key.Key_Escape)
    assert s.view.calm.isVisible()
    assert not s.view.note.isVisible()
    s.press(Key.Key_Escape)
    s.press(Key.Key_N)
    assert s.view.note.text() == "half a"


def test_a_note_takes_five_hundred_characters(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_N)
    s.view.note.setText("x" * 600)
    s.press(Key.Key_Return)
    assert s.moment.asked[-1].text == "x" * 500


def test_keys_that_find_no_room_give_way(qapp: object) -> None:
    bar = KeyBar(LIGHT)
    hints = [KeyHint(str(n), "a long label of one's own", f"label {n}") for n in range(9)]
    right = [KeyHint("Esc", "calm screen", "calm")]
    bar.set_keys(hints, right)
    bar.resize(1280, 38)
    bar.show()
    seen = [b for b in bar.findChildren(QAbstractButton) if b.isVisible()]
    assert keys_width(hints) > 1280 > keys_width([b.hint for b in seen])
    assert seen[-1].hint.action == "calm" or seen[0].hint.action == "calm"
    bar.close()
