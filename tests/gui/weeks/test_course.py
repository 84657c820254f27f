"""What is chosen in the weeks, and what is told there, without Qt."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.weeks import Leaf, Telling, asks_now, chosen_week, pressed, words_entry
from gui.weeks.course import days_of, flare_entry
from pipelines.weeks import Answer, Choice, Happening, Intention, Question, Unwanted, person, story
from tests.pipelines.weeks.made import PICTURE, a_log, answers, day, intention

pytestmark = pytest.mark.usefixtures("english")
STORY = story(person(a_log()), day(80))
NOW = 1.79e9
ACTIONS = (
    *(
        "left",
        "right",
        "up",
        "down",
        "ask",
        "keep",
        "skip",
        "stop",
        "flags",
        "harder",
        "close",
        "pain",
    ),
    *("pages", "new", "done", "blank", "part", "parting", "read", "shut", "page 9"),
    *("value 3", "value 10", "week 2", "week 99"),
)


def after(*actions, story=STORY, telling=None):
    telling, told = telling or Telling(), []
    for action in actions:
        telling, entries = pressed(telling, action, story, NOW)
        told += entries
    return telling, told


def test_a_story_goes_over_the_pipe_as_it_is():
    assert msgspec.json.decode(msgspec.json.encode(STORY), type=type(STORY)) == STORY


def test_one_question_after_the_other_is_answered_or_left_out():
    telling, told = after("ask", "value 6", "keep", "skip", "right", "keep", "skip")
    assert telling.asking is None
    assert [(one.question, one.value) for one in told] == [
        (Question.ACTIVITY, 6),
        (Question.TENSION, 6),
    ]
    assert all(isinstance(one, Answer) for one in told)
    assert {one.day for one in told} == {day(80)}


def test_a_question_begins_with_the_answer_that_it_had():
    telling, _ = after("week 8", "ask")
    assert telling.value == PICTURE[8]
    assert asks_now(telling, STORY) is Question.ACTIVITY
    telling, _ = after("week 5", "ask")
    assert telling.value is None


def test_an_answer_is_for_the_chosen_week_and_nothing_is_kept_without_a_value():
    _, told = after("week 5", "ask", "keep", "value 1", "keep")
    assert [(one.day, one.value) for one in told] == [(day(41), 1)]
    assert after("week 5", "ask", "keep", "stop")[1] == []


def test_the_plan_for_harder_days_is_one_key_away_where_there_is_one():
    assert after("harder")[0].leaf is Leaf.HARDER
    assert after("harder", "shut")[0].leaf is None
    assert after("flags")[0].leaf is Leaf.FLAGS
    assert after("harder", story=story(person([intention()]), day(80)))[0].leaf is None


def test_weeks_are_chosen_up_to_the_present_one():
    assert chosen_week(Telling(), STORY) == STORY.now == 11
    assert chosen_week(after("right")[0], STORY) == 11
    assert chosen_week(after("left", "left")[0], STORY) == 9
    assert chosen_week(after(*["left"] * 20)[0], STORY) == 0


def test_pain_is_asked_about_only_where_that_was_chosen():
    assert Question.PAIN not in STORY.asked
    _, (chosen,) = after("pain")
    assert isinstance(chosen, Choice)
    now = story(person([*a_log(), chosen]), day(80))
    assert Question.PAIN in now.asked
    _, (off,) = after("pain", story=now)
    assert not story(
        person([*a_log(), chosen, msgspec.structs.replace(off, at=NOW + 1)]), day(80)
    ).pain


def test_what_was_written_belongs_to_the_chosen_week():
    for kind, made in (("want", Intention), ("note", Happening), ("unwanted", Unwanted)):
        entry = words_entry(kind, "words", Telling(week=2), STORY, NOW)
        assert isinstance(entry, made)
        assert entry.day == day(20)


def test_an_empty_file_asks_what_can_be_asked():
    empty = story(person([]), day(0))
    assert Question.ACTIVITY not in empty.asked
    assert after("ask", story=empty)[0].asking == 0
    assert story(person([intention()]), day(0)).asked[0] is Question.ACTIVITY


def test_pages_of_ones_own_are_left_the_way_they_were_reached():
    assert after("pages", "new", "done")[0].leaf is Leaf.DECIDING
    assert after("pages", "new", "done", "new")[0].leaf is Leaf.WRITING
    assert after("pages", "new", "done", "part")[0].leaf is Leaf.PAGES
    assert after("pages", "new", "done", "shut")[0] == Telling(leaf=Leaf.PAGES, draft=True)
    for decided in (("part",), ("new", "blank")):
        assert not after("pages", "new", "done", *decided)[0].draft
    assert after("pages", "new", "done", "shut", "read", "parting", "part")[0].draft
    assert after("pages", "read", "parting", "shut", "shut")[0].leaf is Leaf.PAGES
    assert after("pages", "read", "ask", "left", "harder")[0].leaf is Leaf.READING
    assert after("pages", "shut")[0].leaf is None
    assert after("pages", "read", story=story(person([]), day(0)))[0].leaf is Leaf.PAGES


@pytest.mark.parametrize("days", ["0", "-1", "366", "1.5", "²", "", "a", "1" * 5000])
def test_what_is_no_number_of_days_is_none(days):
    assert days_of(days) is None
    assert days_of("365") == 365


def test_a_flare_ends_with_the_day_that_stands_for_the_chosen_week():
    flare = flare_entry(10, Telling(week=2, flare="words"), STORY, NOW)
    assert (flare.day, flare.days, flare.words) == (day(11), 10, "words")


@given(st.lists(st.sampled_from(ACTIONS), max_size=30))
def test_whatever_is_pressed_stays_within_what_there_is(actions):
    telling = Telling()
    for action in actions:
        telling, told = pressed(telling, action, STORY, NOW)
        assert 0 <= chosen_week(telling, STORY) <= STORY.now
        assert 1 <= telling.lane < len(STORY.lanes)
        assert telling.value is None or 0 <= telling.value <= 10
        assert len(told) <= 1
        assert telling.row == 0


def test_answers_of_one_question_are_found_by_it():
    few = story(person(answers([3])), day(2))
    assert few.lanes[0].question is Question.ACTIVITY
