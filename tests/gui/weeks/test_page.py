"""The page of weeks: nothing is cut or overlaps, whatever is in it and however large it is."""

import random
from dataclasses import replace

import msgspec
import pytest

from gui.shared import Disc, Path, Rectangle, theme
from gui.shared.drawing import SURFACE, Paper
from gui.weeks import Leaf, Telling, page_place, told_place, week_at, weeks_page
from gui.weeks.course import PAGES
from gui.weeks.page import ASIDE, levels
from pipelines.drawing import DARK, LIGHT
from pipelines.language import tr
from pipelines.programmes import Kind, Plan, Step, Week, written
from pipelines.weeks import Happening, PlanKept, Question, person, red_flags, story, writing
from tests.pipelines.weeks.made import a_log, answers, day, intention, practice, rests, unwanted

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]
SIZES = [(1280.0, 800.0), (1422.0, 800.0), (948.0, 592.0), (853.0, 533.0)]
LONG = "to walk with my sister to the lake and back and to sit there for a while in the sun "


def a_year():
    drawn = random.Random(3)
    rated = [drawn.randint(0, 10) if drawn.random() < 0.8 else None for _ in range(52)]
    return [
        intention(LONG * 2),
        *answers(rated),
        *(one for question in Question for one in answers(rated, question)),
        *(practice(number) for number in range(364)),
        *(
            Happening(id=f"h{number}", day=day(number), at=1.0, words=LONG * 3)
            for number in (0, 1, 100, 101, 300, 363)
        ),
        unwanted(363),
        *(
            msgspec.structs.replace(writing(LONG, 1.79e9), day=day(9 * number))
            for number in range(41)
        ),
    ]


def planned(*weeks):
    """A plan of these weeks as it is kept."""
    text = written(Plan(start=day(0), setback=LONG * 30, weeks=weeks))
    return PlanKept(id="plan", day=day(0), at=1.0, text=text)


FULL = Week(
    number=52, title=LONG, steps=tuple(Step(kind=Kind.SKILL, text=LONG * 2) for _ in range(30))
)
STORIES = {
    "picture": story(person(a_log()), day(83)),
    "year": story(person([*a_year(), planned(FULL)]), day(363)),
    "empty": story(person([]), day(0)),
    "resting": story(person([*answers([3]), *rests(80)]), day(79)),
}
LOOKS = {
    "weeks": Telling(),
    "question": Telling(asking=0, value=6),
    "flags": Telling(leaf=Leaf.FLAGS),
    "harder": Telling(leaf=Leaf.HARDER),
    "due": Telling(leaf=Leaf.DUE),
    "first week": Telling(week=0),
    "resting": Telling(lane=9),
    **{leaf.name.lower(): Telling(leaf=leaf) for leaf in PAGES},
    "a page begun": Telling(leaf=Leaf.PAGES, draft=True),
    "last page": Telling(leaf=Leaf.PAGES, row=40),
}


def box(text):
    width = theme.text_width(text.words, text.size, text.weight)
    left = {"left": 0.0, "centre": width / 2, "right": width}[text.align]
    return text.x - left, text.y - 0.74 * text.size, text.x - left + width, text.y + 0.2 * text.size


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", STORIES)
def test_no_words_lie_over_others_or_beyond_the_page(name, look, size):
    paper = Paper(*size, LIGHT)
    found = weeks_page(paper, STORIES[name], LOOKS[look], refusal=None)
    boxes = [(box(text), text.words) for text in found.texts if text.words]
    for (left, top, right, bottom), words in boxes:
        assert left >= 0.0, words
        assert right <= paper.width - 8.0, words
        assert top >= 0.0, words
        assert bottom <= paper.height - 40.0, words
    for place, (one, words) in enumerate(boxes):
        for other, others in boxes[place + 1 :]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (words, others)


def test_every_answer_and_every_day_of_practice_is_a_dot_and_nothing_else():
    found = weeks_page(Paper(1280.0, 800.0, LIGHT), STORIES["picture"], Telling(), refusal=None)
    discs = [shape for shape in found.shapes if isinstance(shape, Disc)]
    assert len([one for one in discs if one.radius == 6.0]) == 11
    assert len([one for one in discs if one.radius == 5.0]) == 11
    assert len([one for one in discs if one.radius == 4.5]) == 6


@pytest.mark.usefixtures("english")
def test_answers_lie_where_the_design_has_them():
    told = story(person(a_log()), day(83))
    found = weeks_page(Paper(1280.0, 800.0, LIGHT), told, Telling(), refusal=None)
    first = next(one for one in found.shapes if isinstance(one, Disc) and one.radius == 6.0)
    assert first.centre == pytest.approx((118.7, 333.6), abs=0.1)
    words = {text.words: text.x for text in found.texts}
    assert [x for word, x in words.items() if word.startswith("6 ± 1")] == [1040.0]


def test_every_week_up_to_now_and_every_answer_can_be_clicked_at():
    paper = Paper(1280.0, 800.0, DARK)
    weeks = weeks_page(paper, STORIES["picture"], Telling(), refusal=None)
    (surface,) = weeks.spots
    assert surface.action == SURFACE
    week = surface.width / 12
    places = [surface.x + week * (one + 0.5) for one in range(12)]
    assert [week_at(paper, STORIES["picture"], x) for x in places] == list(range(12))
    assert week_at(paper, STORIES["picture"], 2000.0) == 11
    assert week_at(paper, STORIES["picture"], -5.0) == 0
    asked = weeks_page(paper, STORIES["picture"], Telling(asking=0, value=6), refusal=None)
    assert [one.action for one in asked.spots] == [f"value {one}" for one in range(11)]
    assert [one.taken for one in asked.spots].index(True) == 6
    assert [place.name for place in asked.places()] == [str(one) for one in range(11)]


@pytest.mark.usefixtures("english")
def test_what_keeps_it_closed_is_said_and_a_wish_is_asked_for_by_name():
    paper = Paper(1280.0, 800.0, LIGHT)
    assert (
        "It does not open."
        in weeks_page(paper, None, Telling(), refusal="It does not open.").sentence()
    )
    assert "being opened" in weeks_page(paper, None, Telling(), refusal=None).sentence()
    asked = weeks_page(paper, STORIES["picture"], Telling(), refusal=None, asks="What happened?")
    assert asked.headline() == "What happened?"
    x, y, width, height = told_place(paper)
    assert x + width <= paper.width
    assert y + height < 240.0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STORIES)
def test_what_is_asked_stands_above_its_field_and_nothing_below_it(name, size):
    paper = Paper(*size, LIGHT)
    hurt = replace(STORIES[name], caution="Try a short one. " * 9)
    drawn = weeks_page(paper, hurt, Telling(), refusal=LONG, asks="What happened?")
    _, y, _, height = told_place(paper)
    for text in drawn.texts:
        _, top, _, bottom = box(text)
        assert bottom <= y or top >= y + height, text.words


def test_harm_is_answered_on_the_page():
    hurt = replace(STORIES["picture"], caution="Try a short one.")
    found = weeks_page(Paper(1280.0, 800.0, LIGHT), hurt, Telling(), refusal=None)
    assert "Try a short one." in found.sentence()


@pytest.mark.parametrize("size", SIZES)
def test_the_plan_for_harder_days_is_read_whole_with_whom_to_call(size):
    drawn = weeks_page(
        Paper(*size, LIGHT), STORIES["picture"], Telling(leaf=Leaf.HARDER), refusal=None
    )
    said = " ".join(text.words for text in drawn.texts)
    for line in STORIES["picture"].setback:
        assert line in said
    assert "Mo, 0123 456" in said
    long = replace(STORIES["picture"], setback=tuple(f"{LONG}{number}" for number in range(99)))
    drawn = weeks_page(Paper(*size, LIGHT), long, Telling(leaf=Leaf.HARDER), refusal=None)
    assert max(text.y for text in drawn.texts) <= size[1] - 60.0
    assert drawn.texts[-1].words == tr("The rest stands in your plan.")


def curves(drawn):
    return [one for one in drawn.shapes if isinstance(one, Path) and one.stroke.token == LIGHT.lake]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("size", SIZES)
def test_the_resting_measure_is_a_curve_over_its_own_range_once_it_was_chosen(size):
    paper, told = Paper(*size, LIGHT), story(person([*answers([3]), *rests(80)]), day(79))
    drawn = weeks_page(paper, told, Telling(), refusal=None)
    assert "Resting RMSSD in ms, means of seven days" in drawn.sentence()
    assert "usually 26 to 43 ms" in drawn.sentence()
    (curve,) = curves(drawn)
    assert len(curve.points) == sum(value is not None for value in told.resting)
    bands = [one for one in drawn.shapes if isinstance(one, Rectangle) and one.fill == LIGHT.band]
    (band,) = bands
    top, bottom = levels(paper).second + 18.0, levels(paper).second + 18.0
    bottom += levels(paper).second_height
    assert top < band.y < band.y + band.height < bottom
    assert all(top <= y <= bottom for _, y in curve.points)
    share = (told.resting_range[1] - told.resting_range[0]) / (50.0 - 20.0)
    assert band.height == pytest.approx(share * levels(paper).second_height)
    gap = replace(told, resting=(30.0, None, 31.0, 32.0, None))
    drawn = weeks_page(paper, gap, Telling(), refusal=None)
    (curve,) = curves(drawn)
    assert len(curve.points) == 2
    off = weeks_page(paper, STORIES["empty"], Telling(), refusal=None)
    assert "RMSSD" not in off.sentence()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("leaf", [Leaf.WRITING, Leaf.READING])
def test_the_field_for_a_page_lies_below_what_is_said_of_it(size, leaf):
    drawn = weeks_page(Paper(*size, LIGHT), STORIES["year"], Telling(leaf=leaf), refusal=None)
    x, y, width, height = page_place(Paper(*size, LIGHT))
    assert max(box(text)[3] for text in drawn.texts) < y
    assert x + width <= size[0] - theme.MARGIN
    assert y + height <= size[1] - 60.0
    assert height > 200.0


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_ones_own_are_listed_around_the_chosen_one(size):
    for row in (0, 20, 40):
        telling = Telling(leaf=Leaf.PAGES, row=row)
        drawn = weeks_page(Paper(*size, LIGHT), STORIES["year"], telling, refusal=None)
        (taken,) = [spot for spot in drawn.spots if spot.taken]
        assert taken.action == f"page {row}"
        assert len(drawn.spots) >= 5
    assert "25 August 2027" not in drawn.sentence()
    assert "31 August 2026" in drawn.sentence()


@pytest.mark.parametrize("size", SIZES)
def test_a_week_of_a_plan_is_read_whole_however_long_its_lines_are(size):
    steps = tuple(Step(kind=Kind.SKILL, text=f"{LONG}{number}.") for number in range(4))
    told = story(person([planned(Week(number=1, title="Begin", steps=steps))]), day(3))
    drawn = weeks_page(Paper(*size, LIGHT), told, Telling(leaf=Leaf.DUE), refusal=None)
    said = " ".join(text.words for text in drawn.texts)
    for step in steps:
        assert step.text in said
    full = weeks_page(Paper(*size, LIGHT), STORIES["year"], Telling(leaf=Leaf.DUE), refusal=None)
    assert full.texts[-1].words == tr("The rest stands in your plan.")
    without = story(person([planned(Week(number=9))]), day(3))
    assert without.due == ()


@pytest.mark.parametrize("size", SIZES)
def test_when_to_see_a_doctor_is_told_whole(size):
    drawn = weeks_page(
        Paper(*size, LIGHT), STORIES["picture"], Telling(leaf=Leaf.FLAGS), refusal=None
    )
    said = " ".join(" ".join(text.words for text in drawn.texts).split())
    for words in red_flags():
        assert " ".join(words.split()) in said


@pytest.mark.parametrize("size", SIZES)
def test_no_figure_is_cut(size):
    drawn = weeks_page(Paper(*size, LIGHT), STORIES["picture"], Telling(), refusal=None)
    aside = [text.words for text in drawn.texts if text.x == size[0] - theme.MARGIN - ASIDE]
    assert " ".join(STORIES["picture"].lanes[0].figures.split()) in " ".join(aside)
    first, *others = STORIES["picture"].lanes
    wide = replace(first, figures="6 ± 1 of ten now, before it was 3 ± 1")
    story_of = replace(STORIES["picture"], lanes=(wide, *others))
    texts = weeks_page(Paper(*size, LIGHT), story_of, Telling(), refusal=None).texts
    assert {"6 ± 1 of ten now,", "before it was 3 ± 1"} <= {text.words for text in texts}


@pytest.mark.parametrize("size", SIZES)
def test_of_a_caution_without_room_whole_sentences_stay(size):
    sentences = [f"Sentence {number} that is told for a while and ends." for number in range(9)]
    hurt = replace(STORIES["picture"], caution=" ".join(sentences))
    texts = weeks_page(Paper(*size, LIGHT), hurt, Telling(), refusal=None).texts
    said = " ".join(text.words for text in texts)
    kept = [one for one in sentences if one in said]
    assert kept == sentences[: len(kept)]
    assert 0 < len(kept) < len(sentences)
    assert f"Sentence {len(kept)} " not in said
