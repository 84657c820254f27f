"""What a person who practises reads, an English reader of eleven can read: grade 6 at most.

Commands, tables, headings and emphasis are left out, as are pages of fewer than 30 words.
"""

import re
import warnings
from pathlib import Path

import pytest

from gui.practice import assessing, before, leading, words
from physio.breathing.assessment import NotScored
from physio.breathing.resonance import Choice
from pipelines import weeks
from pipelines.programmes import SHIPPED, shipped
from pipelines.programmes.phone_words import page_words, script_words
from pipelines.words import not_scored_text, resonance_text

pytestmark = pytest.mark.usefixtures("english")

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("practice.md", "weeks.md", "phone.md")
GRADE, FEWEST = 6.0, 30


def grade(text):
    """Return the school grade (Flesch and Kincaid 1975) of a text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a part of setuptools that is to go
        import textstat
    return textstat.flesch_kincaid_grade(text)


def running_text(page):
    parts = re.split(r"\n\s*\n", page)
    prose = [part for part in parts if not part.startswith(("|", "#", "!", "```"))]
    return "\n".join(re.sub(r"`[^`]*`|\*", "", part) for part in prose)


def sections():
    for page in PAGES:
        text = re.split(r"\n## For whoever ", (DOCS / page).read_text("utf-8"))[0]
        for section in text.split("\n## "):
            if len((told := running_text(section)).split()) >= FEWEST:
                yield pytest.param(told, id=section.partition("\n")[0])


@pytest.mark.parametrize("text", list(sections()))
def test_a_page_for_people_who_practise_is_easy_to_read(text):
    assert grade(text) <= GRADE


def test_what_the_practice_says_is_easy_to_read():
    rooms = [*vars(words).items(), *vars(leading).items(), *vars(assessing).items()]
    said = [value for name, value in rooms if name.isupper() and value is str(value)]
    said += [resonance_text(Choice.CLEAR, 5.5, agrees=True)]
    said += [resonance_text(verdict, 5.5) for verdict in Choice]
    said += [not_scored_text(5.5, reason) for reason in NotScored]
    assert len(" ".join(said).split()) >= FEWEST
    assert grade(" ".join(said)) <= GRADE


def test_what_the_weeks_say_is_easy_to_read():
    said = [*weeks.red_flags(), weeks.empty_week_text()]
    said += [weeks.caution_text(one) for one in weeks.Caution]
    said += [weeks.question_text(one, "walking to the lake") for one in weeks.Question]
    assert grade(" ".join(said)) <= GRADE


@pytest.mark.parametrize("part", [*before.PARTS, *assessing.PARTS])
def test_what_is_read_before_a_first_practice_or_an_assessment_is_easy_to_read(part):
    assert grade(part) <= GRADE


def test_what_the_page_for_a_phone_says_is_easy_to_read():
    said = [words for words in {**page_words(), **script_words()}.values() if words is str(words)]
    sentences = [words for words in said if words.endswith(".")]
    assert len(" ".join(sentences).split()) >= FEWEST
    assert grade(" ".join(sentences)) <= GRADE


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_programme_says_is_easy_to_read(name):
    programme = shipped(name)
    steps = [step.text for week in programme.weeks for step in week.steps]
    assert grade(" ".join((programme.about, *steps, *programme.questions))) <= GRADE


def test_long_words_and_sentences_are_noticed():
    hard = (
        "Respiratory sinus arrhythmia quantifies the parasympathetic modulation of the heart "
        "period by spontaneous ventilation, notwithstanding considerable individual variability."
    )
    assert grade(hard) > GRADE
