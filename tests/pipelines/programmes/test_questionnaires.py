"""Questionnaires: official words that are changed by nobody, and a clinic's own in a file."""

import pytest

from physio.weeks import GAD_7, PHQ_4
from pipelines.programmes import (
    QUESTIONNAIRES,
    BadPlan,
    questionnaire_of_text,
    read_questionnaire,
    shipped_questionnaire,
)

pytestmark = pytest.mark.usefixtures("english")

OWN = """name = "Garden days"
asks = "On how many days of the week did you do this?"
items = ["sat in the garden", "walked to the gate"]
answers = ["on none", "on some", "on all"]
better = "higher"
reliability = 0.8
spread = 1.0
"""


@pytest.mark.parametrize("scale", [GAD_7, PHQ_4])
def test_those_that_come_along_are_read_as_they_are_counted(scale):
    found = shipped_questionnaire(scale.name)
    told, known = found.scale, scale
    assert (told.name, told.highest) == (known.name, known.highest)
    assert (told.spread, told.reliability) == (known.spread, known.reliability)
    assert told.lower_is_better
    assert known.lower_is_better
    assert "No permission required to reproduce" in found.attribution
    assert found.attribution.startswith("Developed by Drs. Robert L. Spitzer")


def test_both_ask_about_two_weeks_in_four_steps_and_share_two_items():
    gad, phq = (shipped_questionnaire(name) for name in QUESTIONNAIRES)
    assert gad.asks == phq.asks
    assert gad.answers == phq.answers
    assert len(gad.answers) == 4
    assert gad.items[:2] == phq.items[:2]
    with pytest.raises(KeyError):
        shipped_questionnaire("GAD-8")


def test_a_clinics_own_is_read(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    found = read_questionnaire(tmp_path / "own.toml")
    assert (found.name, found.highest, found.scale.lower_is_better) == ("Garden days", 4, False)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('name = "Garden days"', "", "name is missing"),
        ('name = "Garden days"', 'name = " "', "name is to be 1 to 40 letters"),
        ('"sat in the garden", "walked to the gate"', "", "items is to be 1 to 100 texts"),
        ('"walked to the gate"', "3", "items[2] is to be a text in quotes"),
        ('"on none", "on some", "on all"', '"yes"', "answers is to be 2 to 11 texts"),
        ('"on some"', '""', "answers is to be 2 to 11 texts"),
        ('"higher"', '"up"', 'better is to be one of "lower", "higher"'),
        ("0.8", "1.0", "reliability is to be a number from 0 to below 1"),
        ("0.8", "nan", "reliability is to be a number from 0 to below 1"),
        ("= 1.0", "= 0.0", "spread is to be a number above 0"),
        ("= 1.0", "= inf", "spread is to be a number above 0"),
        ("= 1.0", "=", "line 7 is no TOML"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_repeated(
    tmp_path, before, after, said
):
    assert before in OWN
    (tmp_path / "own.toml").write_text(OWN.replace(before, after), "utf-8")
    with pytest.raises(BadPlan) as refused:
        read_questionnaire(tmp_path / "own.toml")
    told = str(refused.value)
    assert f"own.toml: {said}" in told
    assert told.endswith("docs/plans.md shows how." if "is to be" in said else ".")
    assert "garden" not in told.casefold()


def test_what_a_newer_program_wrote_in_one_is_no_trouble():
    assert questionnaire_of_text(OWN + 'colour = "green"\n').highest == 4
