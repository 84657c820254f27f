"""What a person reads of a practice and an assessment: plain, without scores, without judging."""

import re

import pytest

from physio.breathing.assessment import NotScored
from physio.breathing.resonance import Choice
from pipelines.words import (
    minutes_text,
    not_scored_text,
    resonance_text,
    rest_text,
    step_text,
)

pytestmark = pytest.mark.usefixtures("english")

NEVER = (
    "abnormal|poor|failed|stressed|dysregulated|danger|tight|dysfunction|score|percent|%|bad|"
    "wrong|streak|!"
)


def sentences():
    yield from (resonance_text(verdict, 5.0) for verdict in Choice)
    yield resonance_text(Choice.UNCLEAR, None)
    yield from (not_scored_text(6.0, reason) for reason in NotScored)
    yield from (minutes_text(8.0), minutes_text(60.0), minutes_text(600.0))
    yield from (step_text(5.5, 0.4), rest_text())


@pytest.mark.parametrize("sentence", list(range(len(list(NotScored)) + len(list(Choice)) + 6)))
def test_no_word_judges(sentence):
    said = list(sentences())
    assert len(said) == len(NotScored) + len(Choice) + 6
    assert not re.search(rf"\b({NEVER})\b|[!%]", said[sentence], re.IGNORECASE)


def test_only_a_clear_assessment_names_a_pace_of_the_persons_own():
    assert "5.5" in resonance_text(Choice.CLEAR, 5.5)
    for unsure in (resonance_text(Choice.UNCLEAR, 5.5), resonance_text(Choice.UNCLEAR, None)):
        assert "5.5" not in unsure
        assert "6 breaths a minute is a good choice" in unsure
    assert "Slower was not tried" in resonance_text(Choice.EDGE, 4.5)


def test_a_step_says_how_long_in_and_out():
    assert step_text(6.0, 0.4) == "Breathe 6 times a minute now: 4.0 s in, 6.0 s out."


def test_a_few_seconds_are_no_minute():
    assert minutes_text(8.0) == "That was less than a minute of breathing."
    assert minutes_text(45.0) == "That was a minute of breathing."
