"""The log folded: what was written later counts more, and what was let go does not."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.weeks import (
    Answer,
    Caution,
    Choice,
    Gone,
    Part,
    Question,
    Shared,
    Withdrawn,
    caution,
    decoded,
    encoded,
    id_of,
    person,
    text_of,
    weekly,
)
from tests.pipelines.weeks.made import (
    PICTURE,
    PLAN,
    SECRET,
    START,
    a_log,
    answers,
    day,
    intention,
    practice,
    unwanted,
)


def test_every_entry_comes_back_as_it_was_written():
    log = a_log()
    assert decoded(map(encoded, log)) == log


def test_what_a_newer_program_wrote_is_passed_over_and_has_its_id():
    body = b'{"kind":"dream","id":"d1","day":"2026-09-01","at":1.0,"colour":"blue"}'
    assert decoded([body, encoded(intention())]) == [intention()]
    assert id_of(body) == "d1"
    assert id_of(b"no json") is None


@pytest.mark.parametrize("value", [-1, 11])
def test_an_answer_outside_0_to_10_is_none(value):
    with pytest.raises(ValueError, match="0 to 10"):
        Answer(id="a", day=START, at=1.0, question=Question.MOOD, value=value)
    body = encoded(answers([3])[0]).replace(b'"value":3', b'"value":%d' % value)
    assert decoded([body]) == []


def test_the_last_answer_of_a_week_counts():
    again = Answer(id="z", day=day(4), at=99.0, question=Question.ACTIVITY, value=9)
    for log in ([*answers([3]), again], [again, *answers([3])]):
        assert dict(person(log).answers[Question.ACTIVITY]) == {START: 9}


def test_answers_about_another_activity_are_not_compared_with_these():
    log = [intention(at=0.5), *answers(PICTURE), intention("swimming", at=50.0)]
    assert person(log).answers[Question.ACTIVITY] == {}
    assert person(log).activity == "swimming"
    same = [intention(at=0.5), *answers(PICTURE), intention(at=50.0)]
    assert len(person(same).answers[Question.ACTIVITY]) == 11


def test_a_week_without_an_answer_is_no_number():
    values = weekly(person(answers(PICTURE)).answers[Question.ACTIVITY], day(0), day(83))
    assert [None if math.isnan(one) else int(one) for one in values] == list(PICTURE)


def test_what_was_let_go_is_not_there_whatever_the_order():
    gone = Gone(id="h", day=START, at=9.0)
    for log in ([*a_log(), gone], [gone, *a_log()]):
        assert person(log).happenings == ()


def test_choices_and_shares_are_as_they_stand_now():
    on = Choice(id="resting", day=START, at=1.0, name="resting", on=True)
    assert person([on]).on == {"resting"}
    assert person([on, msgspec.structs.replace(on, on=False, at=2.0)]).on == frozenset()
    share = Shared(id="x", day=START, at=1.0, whom="Anna", parts=(Part.PLAN,), until=day(9))
    back = Withdrawn(id="x", day=day(1), at=2.0)
    assert person([share]).shares == (share,)
    assert person([share, back]).shares == ()


def test_the_newest_plan_and_the_pages_are_there():
    found = person(a_log())
    assert found.plan == PLAN
    assert [text_of(page) for page in found.writings] == [SECRET]
    changed = msgspec.structs.replace(found.writings[0], box=b"x" * 40)
    assert text_of(changed) == ""


@given(st.lists(st.sampled_from(a_log()), max_size=20), st.data())
def test_an_entry_that_comes_twice_counts_once(log, data):
    again = [data.draw(st.sampled_from(log))] if log else []
    assert person([*log, *again]) == person(log)


# --- what follows harm, or tension that rose by 2


def calm(number):
    return practice(number, before=4, after=3)


def hard(number):
    return practice(number, before=4, after=6)


@pytest.mark.parametrize(
    ("log", "offered"),
    [
        ([], Caution.NOTHING),
        ([practice(1)], Caution.NOTHING),
        ([practice(1, before=4, after=5)], Caution.NOTHING),
        ([hard(1)], Caution.GENTLER),
        ([hard(1), calm(2)], Caution.NOTHING),
        ([hard(1), practice(2)], Caution.GENTLER),
        ([hard(1), hard(2)], Caution.PAUSE),
        ([hard(1), calm(2), hard(3)], Caution.PAUSE),
        ([hard(1), hard(2), calm(3)], Caution.PAUSE),
        ([hard(1), hard(2), calm(3), calm(4)], Caution.NOTHING),
        ([unwanted(1)], Caution.GENTLER),
        ([practice(1), unwanted(1)], Caution.GENTLER),
        ([hard(1), unwanted(1)], Caution.GENTLER),
        ([hard(1), unwanted(2)], Caution.PAUSE),
        ([unwanted(1), calm(2), unwanted(3)], Caution.PAUSE),
    ],
)
def test_after_harm_something_gentler_and_after_two_of_three_a_pause(log, offered):
    assert caution(person(log)) is offered
