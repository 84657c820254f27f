"""What is said of marks: no more than the moments around them allow, and of one never an effect."""

import re

import msgspec
import pytest

from physio.arousal.pooling import Together
from physio.reasons import Reason, ReasonCode
from pipelines.command.text import describe
from pipelines.session import MarkChange, PooledMarks
from pipelines.words import (
    among_text,
    change_text,
    json_line,
    mark_text,
    rests_text,
    times_text,
    together_text,
)
from tests.pipelines.words.test_terminal_words import NEVER, RESULT

pytestmark = pytest.mark.usefixtures("english")

FEW = Reason(ReasonCode.FEW_OTHER_MINUTES, have=9, needed=15)
RISE = MarkChange(752.0, "long silence", 9.2, 91.4, 7.1, 11.3, None, 31.9)
POOLED = PooledMarks("touched hip", 9, 4, 5.0, 3.0, 7.0, 0.012, Together.RISE, None)


def changed(**fields):
    return msgspec.structs.replace(RISE, **fields)


def pooled(**fields):
    return msgspec.structs.replace(POOLED, **fields)


@pytest.mark.parametrize(
    ("change", "percentile", "words"),
    [
        (9.0, 89.9, "like any other minute of this hour"),
        (9.0, 90.0, "more than most other minutes of this hour"),
        (9.0, 95.0, "more than nearly all other minutes of this hour"),
        (-9.0, 60.0, "like any other minute of this hour"),
        (-9.0, 93.0, "fell more than in most other minutes of this hour"),
        (-9.0, 99.0, "fell more than in nearly all other minutes of this hour"),
        (0.0, 50.0, "like any other minute of this hour"),
    ],
)
def test_a_percentile_in_words(change, percentile, words):
    assert among_text(changed(change_bpm=change, percentile=percentile)) == words


def test_a_change_bears_its_sign_and_its_error():
    assert change_text(9.2, 7.1, 11.3) == "+9 ± 2 bpm"
    assert change_text(-9.2, -11.3, -7.1) == "−9 ± 2 bpm"
    assert change_text(0.3, -0.2, 0.8) == "0 ± 1 bpm"
    assert change_text(9.2, None, None) == "+9 ± ? bpm"
    assert change_text(None, None, None) == "no estimate"


def test_a_percentile_is_never_rounded_up_beyond_its_words():
    almost = changed(percentile=94.99)
    assert rests_text(almost) == "percentile 94 of 31 minutes"
    assert "most" in among_text(almost)
    assert rests_text(changed(percentile=None, reason=FEW)) == ""


def test_what_is_withheld_says_why():
    few = changed(percentile=None, reason=FEW)
    assert among_text(few) == "only 9 other minutes to compare it with, where 15 are needed"
    talking = changed(
        change_bpm=None, percentile=None, reason=Reason(ReasonCode.WHILE_TALKING), minutes=None
    )
    assert among_text(talking) == "no estimate while talking"


@pytest.mark.parametrize(
    ("together", "words"),
    [
        (Together.RISE, "a rise more often than chance gives"),
        (Together.FALL, "a fall more often than chance gives"),
        (Together.LIKE_ANY, "like any other minutes"),
        (Together.TOO_FEW, "too few to say anything yet"),
    ],
)
def test_a_label_in_words(together, words):
    assert together_text(pooled(together=together)) == words


def test_how_often_and_in_how_many_sessions():
    assert times_text(POOLED) == "9 times in 4 sessions"
    assert times_text(pooled(sessions=1)) == "9 times"
    assert times_text(pooled(marks=1, sessions=1)) == "1 time"


def test_a_mark_without_words_is_a_mark_and_none_reaches_the_terminal_unharmed():
    assert mark_text("") == "mark"
    assert "\x1b" not in mark_text("\x1b[31mred")


def lines(*marks, pooled_marks=(), every=True):
    result = msgspec.structs.replace(RESULT, marks=marks, pooled_marks=pooled_marks)
    return describe(result, every=every).splitlines()


def test_under_all_each_mark_has_a_line_and_each_label_that_stands_at_several():
    told = lines(RISE, changed(time_s=4000.0, text=""), pooled_marks=(pooled(sessions=1),))
    begin = told.index(
        "   12:32  long silence: +9 ± 2 bpm, more than most other minutes of this hour, "
        "percentile 91 of 31 minutes"
    )
    assert told[begin + 1].startswith("   66:40  mark: +9 ± 2 bpm, ")
    assert told[begin + 2] == (
        "  touched hip: +5 ± 2 bpm, a rise more often than chance gives, 9 times"
    )
    assert not re.search(NEVER, "\n".join(told), re.IGNORECASE)
    assert lines(RISE, every=False) == lines(every=False)


def test_one_mark_is_never_told_as_an_effect():
    alone = pooled(
        marks=1, sessions=1, change_bpm=None, low=None, high=None, p=None,
        together=Together.TOO_FEW, reason=Reason(ReasonCode.FEW_MARKS),
    )  # fmt: skip
    told = "\n".join(lines(changed(percentile=100.0, change_bpm=40.0), pooled_marks=(alone,)))
    assert "chance" not in told
    assert "effect" not in told
    assert "touched hip" not in told


def test_a_line_of_json_has_the_names_of_the_contract():
    read = msgspec.json.decode(json_line(changed(percentile=None, reason=FEW)))
    assert set(read) == {
        "time_s", "text", "change_bpm", "percentile", "low", "high", "reason", "minutes",
    }  # fmt: skip
    assert read["reason"] == "only 9 other minutes to compare it with, where 15 are needed"
    assert msgspec.json.decode(json_line(POOLED))["together"] == "rise"
