"""What is looked at in a person's weeks, and what they tell there, without Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from pipelines.weeks import (
    MOST,
    WEEK,
    Answer,
    AnyEntry,
    Choice,
    Flare,
    Happening,
    Intention,
    Lane,
    OwnPage,
    Question,
    Story,
    Unwanted,
    new_id,
)

_LAST = timedelta(days=6)


class Leaf(StrEnum):
    """A page of words alone, over the weeks."""

    FLAGS = "when to see a doctor"
    HARDER = "the plan for harder days"
    DUE = "what the plan holds for this week"
    PAGES = "pages of one's own"
    WRITING = "a page that is written"
    DECIDING = "whether to keep what was written"
    READING = "a page that was kept"
    PARTING = "whether to let go of a page that was kept"


PAGES = (Leaf.PAGES, Leaf.WRITING, Leaf.DECIDING, Leaf.READING, Leaf.PARTING)
"""Those about pages of one's own."""
IN_FIELD = (Leaf.WRITING, Leaf.READING)
"""Those with a field, which has all keys but a few."""
_TURNS = {
    ("pages", None): Leaf.PAGES,
    ("shut", Leaf.PAGES): None,
    ("new", Leaf.PAGES): Leaf.WRITING,
    ("done", Leaf.WRITING): Leaf.DECIDING,
    ("blank", Leaf.WRITING): Leaf.PAGES,
    ("new", Leaf.DECIDING): Leaf.WRITING,
    ("shut", Leaf.DECIDING): Leaf.PAGES,
    ("part", Leaf.DECIDING): Leaf.PAGES,
    ("read", Leaf.PAGES): Leaf.READING,
    ("shut", Leaf.READING): Leaf.PAGES,
    ("parting", Leaf.READING): Leaf.PARTING,
    ("shut", Leaf.PARTING): Leaf.READING,
    ("part", Leaf.PARTING): Leaf.PAGES,
}
"""Which page of words comes after an action on another."""
_DECIDED = (("part", Leaf.DECIDING), ("blank", Leaf.WRITING))
MOST_DAYS = 365
"""Of a flare."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is looked at, and what is being told.

    Attributes
    ----------
    week : int or None
        The chosen week, counted from the first; None for the present one.
    lane : int
        Which of the lanes is shown below the valued activity's, from 1.
    asking : int or None
        Which of the questions is asked, None while none is.
    value : int or None
        What is chosen as its answer, None before anything is.
    leaf : Leaf or None
        Which page of words is open.
    row : int
        Which of the pages that were kept is chosen.
    draft : bool
        Whether a page is begun of which nobody said whether to keep it: it waits in its field.
    flare : str
        What a flare was like, until it is said how long it was.
    """

    week: int | None = None
    lane: int = 1
    asking: int | None = None
    value: int | None = None
    leaf: Leaf | None = None
    row: int = 0
    draft: bool = False
    flare: str = ""


Told: TypeAlias = tuple[Telling, tuple[AnyEntry, ...]]


def chosen_week(telling: Telling, story: Story) -> int:
    """Return the week that is chosen, counted from the first."""
    week = story.now if telling.week is None else telling.week
    return min(max(week, 0), story.now)


def asks_now(telling: Telling, story: Story) -> Question | None:
    """Return the question that is asked, None where none is."""
    if telling.asking is None or telling.asking >= len(story.asked):
        return None
    return story.asked[telling.asking]


def settled(telling: Telling, story: Story) -> Telling:
    """Return what is looked at, within what there is."""
    lane = min(max(telling.lane, 1), max(below(story), 1))
    row = min(max(telling.row, 0), max(len(story.pages) - 1, 0))
    return replace(telling, lane=lane, row=row)


def below(story: Story) -> int:
    """Return how many lanes there are to choose from below the valued activity's.

    The last of them is the resting measure's, where that was chosen.
    """
    return len(story.lanes) - 1 + bool(story.resting)


def chosen_page(telling: Telling, story: Story) -> OwnPage | None:
    """Return the page of those kept that is chosen, None where there is none."""
    return story.pages[telling.row] if telling.row < len(story.pages) else None


def pressed(telling: Telling, action: str, story: Story, now: float) -> Told:
    """Return what is looked at after an action, and what was told by it.

    `now` is in seconds since 1970 UTC.
    """
    name, _, place = action.partition(" ")
    if telling.asking is not None:
        return _answering(telling, name, place, story, now)
    if telling.leaf in PAGES or name == "pages":
        return _turned(telling, name, place, story), ()
    week = chosen_week(telling, story)
    match name:
        case "left" | "right":
            moved = min(max(week + (1 if name == "right" else -1), 0), story.now)
            return replace(telling, week=moved), ()
        case "week":
            return replace(telling, week=min(max(int(place), 0), story.now)), ()
        case "up" | "down":
            step = -1 if name == "up" else 1
            return settled(replace(telling, lane=telling.lane + step), story), ()
        case "ask" if story.asked:
            return _asking(replace(telling, week=week), 0, story), ()
        case "pain":
            on = Choice(id="pain", day=_day(week, story), at=now, name="pain", on=not story.pain)
            return telling, (on,)
        case "flags":
            return replace(telling, leaf=Leaf.FLAGS), ()
        case "harder" if story.setback:
            return replace(telling, leaf=Leaf.HARDER), ()
        case "due" if story.due:
            return replace(telling, leaf=Leaf.DUE), ()
        case "shut":
            return replace(telling, leaf=None), ()
    return telling, ()


def _turned(telling: Telling, name: str, place: str, story: Story) -> Telling:
    """Return what is looked at after an action among pages of one's own."""
    if telling.leaf is Leaf.PAGES and name in ("up", "down", "page"):
        row = int(place) if name == "page" else telling.row + (-1 if name == "up" else 1)
        return settled(replace(telling, row=row), story)
    if name == "read" and chosen_page(telling, story) is None:
        return telling
    turn = (name, telling.leaf)
    draft = (telling.draft or turn == ("done", Leaf.WRITING)) and turn not in _DECIDED
    return replace(telling, leaf=_TURNS.get(turn, telling.leaf), draft=draft)


def days_of(words: str) -> int | None:
    """Return for how many days a flare lasted, None where that is no number of days."""
    days = int(words) if words.isdecimal() and len(words) < 4 else 0
    return days if 0 < days <= MOST_DAYS else None


def flare_entry(days: int, telling: Telling, story: Story, now: float) -> Flare:
    """Return a flare that lasted so long until the day that stands for the chosen week."""
    first = _day(chosen_week(telling, story), story) - timedelta(days=days - 1)
    return Flare(id=new_id(), day=first, at=now, days=days, words=telling.flare)


def words_entry(kind: str, words: str, telling: Telling, story: Story, now: float) -> AnyEntry:
    """Return what a person wrote as an entry of the chosen week: "want", "note" or "unwanted"."""
    day = _day(chosen_week(telling, story), story)
    if kind == "want":
        return Intention(id=new_id(), day=day, at=now, activity=words)
    made = Unwanted if kind == "unwanted" else Happening
    return made(id=new_id(), day=day, at=now, words=words)


def lane_of(question: Question, story: Story) -> Lane | None:
    """Return the answers to a question so far, None where there are none."""
    return next((one for one in story.lanes if one.question is question), None)


def _answering(telling: Telling, name: str, place: str, story: Story, now: float) -> Told:
    question, value = asks_now(telling, story), telling.value
    match name:
        case "value":
            return replace(telling, value=min(max(int(place), 0), MOST)), ()
        case "left" | "right":
            moved = MOST // 2 if value is None else value + (1 if name == "right" else -1)
            return replace(telling, value=min(max(moved, 0), MOST)), ()
        case "keep" if question is not None and value is not None:
            week = chosen_week(telling, story)
            answer = Answer(
                id=new_id(), day=_day(week, story), at=now, question=question, value=value
            )
            return _asking(telling, (telling.asking or 0) + 1, story), (answer,)
        case "skip":
            return _asking(telling, (telling.asking or 0) + 1, story), ()
        case "stop":
            return replace(telling, asking=None, value=None), ()
    return telling, ()


def _asking(telling: Telling, place: int, story: Story) -> Telling:
    """Return the question at a place, with the answer that it had; none after the last."""
    if place >= len(story.asked):
        return replace(telling, asking=None, value=None)
    lane = lane_of(story.asked[place], story)
    week = chosen_week(telling, story)
    before = None if lane is None or week >= len(lane.values) else lane.values[week]
    return replace(telling, asking=place, value=None if before is None else round(before))


def _day(week: int, story: Story) -> date:
    """Return the day that stands for a week, of the present one today."""
    return min(story.start + week * WEEK + _LAST, story.today)
