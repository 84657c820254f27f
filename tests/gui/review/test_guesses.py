"""What was guessed is shown when it is asked for, in words and without a score."""

from __future__ import annotations

import msgspec
import pytest

from gui.review.course import Looking, Opened, actions, back, pressed
from gui.review.page import review_page
from gui.shared.drawing import Paper
from pipelines.analysis import Guessed, GuessLine
from pipelines.drawing import LIGHT
from tests.gui.review.hours import an_hour

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]
TOLD = Guessed(
    seconds_s=1440.0,
    counted=6,
    guesses=(
        GuessLine(300.0, 4.2, counts=True),
        GuessLine(504.0, -3.0, counts=True),
        GuessLine(700.0, 0.2, counts=True),
        GuessLine(900.0, None, counts=True),
        GuessLine(1200.0, None, counts=True),
        GuessLine(1400.0, 11.0, counts=True),
        GuessLine(2200.0, None, counts=False),
    ),
    sensed=4,
    missed_s=(1700.0,),
    by_chance=1.26,
)
LABELS = Looking()
OWN = Looking(guesses=True)


def hour(told: Guessed | None = TOLD) -> Opened:
    reviewed, points = an_hour()
    return Opened(msgspec.structs.replace(reviewed, guessed=told), points)


def said(looking: Looking, told: Guessed | None = TOLD, size=(1280.0, 800.0)) -> str:
    return review_page(Paper(*size, LIGHT), hour(told), looking, refusal=None).sentence()


def test_nothing_of_it_is_shown_until_it_is_asked_for() -> None:
    assert "guess" not in said(LABELS).lower()
    assert said(LABELS) == said(LABELS, None)
    assert said(OWN, None) == said(LABELS, None)


@pytest.mark.usefixtures("english")
def test_each_guess_and_each_missed_rise_is_told_and_what_chance_would_give() -> None:
    words = said(OWN, size=(1920.0, 1080.0))
    for one in (
        "for 24 minutes: 6 guesses",
        "4 of 5 rises began within 15 s of a guess; by chance alone it would be about 1.3.",
        "4 s after a rise began",
        "3 s before a rise began",
        "just as a rise began",
        "no rise began near",
        "could not be read",
        "a rise began, no guess near",
        "Your guesses: here alone, in no report",
        "No measure of anybody",
    ):
        assert one in words
    assert "%" not in words
    assert "The minute after" not in words


def test_of_few_guesses_nothing_is_said_together() -> None:
    few = msgspec.structs.replace(TOLD, counted=4, by_chance=None)
    words = said(OWN, few)
    assert "Fewer than 5 guesses: too few to say anything yet." in words
    assert "chance" not in words
    assert "4 s after a rise began" in words
    none = msgspec.structs.replace(TOLD, sensed=0, missed_s=(), by_chance=0.0)
    assert "No rise of heart rate began meanwhile." in said(OWN, none)


def test_its_key_is_there_where_something_was_guessed_and_leads_back() -> None:
    assert "guesses" not in actions(LABELS, hour(None))
    looking, asked = pressed(LABELS, "guesses", hour())
    assert (looking, asked) == (OWN, None)
    assert actions(OWN, hour()) == {"away", "guesses"}
    assert pressed(OWN, "guesses", hour())[0] == LABELS
    assert back(OWN) == LABELS
    assert back(LABELS) is None
    zoomed = Looking(zoom=(0.0, 120.0), guesses=True)
    assert back(zoomed) == Looking(zoom=(0.0, 120.0))


@pytest.mark.parametrize("size", [(1280.0, 800.0), (948.0, 592.0), (1422.0, 800.0)])
@pytest.mark.parametrize("count", [0, 7, 90])
def test_every_row_lies_on_the_page_apart_and_the_rest_is_counted(size, count) -> None:  # type: ignore[no-untyped-def]
    rows = tuple(GuessLine(30.0 * n, float(n % 15), counts=True) for n in range(count))
    told = msgspec.structs.replace(TOLD, guesses=rows, counted=count, missed_s=())
    drawing = review_page(Paper(*size, LIGHT), hour(told), OWN, refusal=None)
    texts = [text for text in drawing.texts if "after a rise began" in text.words]
    assert len({(text.x, text.y) for text in texts}) == len(texts)
    assert all(text.y < size[1] - 56.0 for text in texts)
    shown = sum("a rise began" in text.words for text in drawing.texts)
    more = [text.words for text in drawing.texts if text.words.endswith(" more")]
    assert more == ([f"{count - shown} more"] if shown < count else [])
