"""What is said of weeks: a change where the rule allows, else nothing; never a score."""

import math
import re
from dataclasses import fields

import pytest

from pipelines.weeks import (
    PlanKept,
    Question,
    caution_text,
    empty_week_text,
    lines,
    person,
    red_flags,
    resting_ends,
    story,
    weeks_page,
    wording,
)
from pipelines.weeks.cautioning import Caution
from pipelines.weeks.wording import change_text, change_word
from tests.pipelines.weeks.made import (
    PICTURE,
    START,
    a_log,
    answers,
    day,
    intention,
    practice,
    rests,
)

pytestmark = pytest.mark.usefixtures("english")

NEVER = re.compile(
    r"%|\b(score|streak|adheren|complian|missed|fail|poor|bad|danger|abnormal|stress|tight|"
    r"dysfunction|should)",
    re.I,
)


def told(log, last=83):
    return story(person(log), day(last))


def all_words(one):
    found = []
    for field in fields(one):
        value = getattr(one, field.name)
        rows = value if isinstance(value, tuple) else (value,)
        for row in rows:
            if isinstance(row, str):
                found.append(row)
            elif hasattr(row, "__dataclass_fields__"):
                found += all_words(row)
    return found


def test_the_picture_of_the_design():
    found = told(a_log())
    assert found.title == "Walking to the lake is easier than in the first month."
    assert found.aside == "6 of ten in the last four answers, 3 of ten in the first four."
    assert found.span == "31 August to 22 November"
    assert (found.start, found.weeks) == (START, 12)
    valued, tension = found.lanes
    assert (valued.word, valued.figures) == ("easier", "6 ± 1 of 10, was 3 ± 1")
    assert valued.first == (0, 3)
    assert valued.last == (8, 11)
    assert valued.band == pytest.approx((3 - math.sqrt(2 / 3), 3 + math.sqrt(2 / 3)))
    assert (tension.word, tension.figures, tension.mark) == ("", "5 ± 1 of 10", 0)
    assert found.practised == (2, 3, 4, 19, 40, 41)
    assert (found.when, found.each) == ("mostly in the evening", "about 10 ± 1 minutes each")
    assert [(one.day, one.words) for one in found.happenings] == [(16, "moved house")]
    assert [(one.day, one.days) for one in found.flares] == [(36, 4)]
    assert found.flares[0].words == "4 days, after the long drive"


def test_worsening_is_said_as_plainly():
    log = [intention(), *answers([7, 8, 7, 8, 5, 4, 4, 4, 4])]
    assert told(log).title == "Walking to the lake is harder than in the first month."
    assert told(log).lanes[0].word == "harder"


def test_where_the_rule_allows_nothing_nothing_is_said_of_a_change():
    found = told([intention(), *answers([5] * 9)])
    assert (found.title, found.aside, found.changes) == ("Walking to the lake", "", ())
    assert found.lanes[0].figures == "5 ± 1 of 10"


def test_before_the_eighth_answer_it_is_said_how_many_are_left():
    assert "After one more answer" in told([intention(), *answers(PICTURE[:8])]).aside
    assert "After 6 more answers" in told([intention(), *answers([3, 4])]).aside


def test_an_empty_file_has_a_first_question_and_no_comment():
    found = told([])
    assert found.title == "What do you want to be able to do?"
    assert found.aside == "Say it in your own words. You are asked about it once a week."
    assert found.weeks == 12
    assert found.practised == ()


def test_missing_weeks_and_days_are_without_comment():
    sparse = told([intention(), *answers([3, None, None, None, 4]), practice(30)], last=120)
    assert not any(sparse.lanes[0].values[5:])
    assert not NEVER.search(" ".join(all_words(sparse)))
    assert "miss" not in " ".join(lines(sparse)).lower()


def test_a_verdict_is_told_and_no_change_of_it():
    found = told(answers([2, 2, 2, 2, 9, 9, 9, 9], Question.VERDICT))
    assert found.lanes[1].mark == 0
    assert found.changes == ()


def test_resting_measures_are_off_until_chosen_and_never_daily():
    *measured, on = rests(80)
    off = told([*answers([3]), *measured])
    assert off.resting == ()
    assert off.resting_text == ("", "")
    assert resting_ends(off) == (0.0, 10.0)
    found = told([*answers([3]), *measured, on], last=79)
    assert found.resting[1] is None
    assert found.resting[2] == pytest.approx(math.exp((3 + 4 + 3) / 3))
    assert found.resting_range is not None
    assert found.resting_text[1] == "usually 26 to 43 ms"
    assert resting_ends(found) == (20.0, 50.0)
    title = "Resting RMSSD in ms, means of seven days"
    assert title in weeks_page(found)
    assert title not in weeks_page(off)


def test_the_plan_for_harder_days_is_that_of_the_newest_plan_that_can_be_read():
    told = story(person(a_log()), day(80)).setback
    assert "0123 456" in told[0]
    assert told[1].startswith("How I notice a harder time")
    assert len(told) == 5
    log = [*a_log(), PlanKept(id="plan3", day=day(10), at=9.0, text="schema = no plan")]
    assert story(person(log), day(80)).setback == ()


def test_the_words_of_the_weeks_are_never_a_mark_for_the_person():
    said = [*red_flags(), *map(caution_text, Caution), empty_week_text()]
    for question in Question:
        said += [wording.question_text(question, "walking"), wording.ends_text(question)]
        for mark in (1, -1, 0):
            said += [change_text(question, mark, "walking"), change_word(question, mark)]
    said += all_words(told(a_log()))
    for sentence in said:
        assert not NEVER.search(sentence), sentence
    assert NEVER.search("Your score")


def test_the_text_holds_what_the_page_holds():
    text = "\n".join(lines(told(a_log())))
    page = weeks_page(told(a_log()))
    for words in ("easier than in the first month", "moved house", "4 days", "dizzy at the end"):
        assert words in text
        assert words in page
    assert "3 2 4 3 3 · 2 4 5 6 7 6" in text


def test_the_page_fetches_nothing_and_runs_nothing_whatever_was_written():
    page = weeks_page(told([intention('<script src="//x"></script>&'), *answers([3])]))
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"<[^>]*(href|src)=", page)
