"""The course of a window through a person's weeks, without Qt."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TypeAlias

import msgspec

import gui.weeks.course as weeks
from gui.start.life import Asks, Life, State
from gui.weeks.course import Leaf, Telling
from pipelines.language import tr
from pipelines.recording import Errand, KeepWeeks, LetGo, LibraryState, OpenWeeks, ReadPage
from pipelines.weeks import AnyEntry, Story, encoded, writing

Turn: TypeAlias = tuple[Life, Errand | None]
KINDS = {
    Asks.WANT: "want",
    Asks.HAPPENED: "note",
    Asks.UNWANTED: "unwanted",
    Asks.FLARE: "flare",
    Asks.DAYS: "days",
}
"""What is written in the weeks, and what it is."""
OUT_OF_WEEKS = ("back", "unask")
"""Actions of the weeks that lead elsewhere, or mean what they mean there."""
_ASKS = {kind: asks for asks, kind in KINDS.items()}


def asked_text(life: Life) -> str:
    """Return what is being written in the weeks, "" for nothing."""
    if life.asks is Asks.WANT:
        return tr("What do you want to be able to do?")
    if life.asks is Asks.HAPPENED:
        return tr("What happened?")
    if life.asks is Asks.UNWANTED:
        return tr("What was unwanted, in or after a practice?")
    if life.asks is Asks.FLARE:
        return tr("A flare: what was it like?")
    if life.asks is Asks.DAYS:
        return tr("How many days has it lasted? Write a number from 1 to 365.")
    return ""


def wanted(life: Life) -> str:
    """Return what stands in the field at first: what the person wants, where that is asked for."""
    return life.story.activity if life.asks is Asks.WANT and life.story is not None else ""


def to_weeks(life: Life) -> Turn:
    """Return the life at the weeks."""
    telling = Telling(draft=life.telling.draft)
    there = replace(life, state=State.WEEKS, row=0, asks=None, story=None, telling=telling)
    return there, OpenWeeks()


def told_weeks(life: Life, action: str) -> Turn:
    """Return the life after an action in the weeks."""
    if life.story is None:
        return life, None
    if action in _ASKS:
        return replace(life, asks=_ASKS[action]), None
    telling, entries = weeks.pressed(life.telling, action, life.story, time.time())
    return replace(life, telling=telling), _kept(entries) or _of_page(life, telling)


def _of_page(life: Life, telling: Telling) -> Errand | None:
    """Return what is asked of the desk as a page that was kept is opened, shut or let go of."""
    before, now = life.telling.leaf, telling.leaf
    page = None if life.story is None else weeks.chosen_page(telling, life.story)
    if page is None or before is now:
        return None
    if before is Leaf.PAGES and now is Leaf.READING:
        return ReadPage(page.id)
    if before is Leaf.READING and now is Leaf.PAGES:
        return OpenWeeks()  # what the page says stays at the desk no longer
    return LetGo(page.id) if before is Leaf.PARTING and now is Leaf.PAGES else None


def kept_page(life: Life, words: str) -> Turn:
    """Return the life after a page was written that is kept; it leaves the window sealed."""
    there = replace(life, telling=replace(life.telling, leaf=Leaf.PAGES, row=0, draft=False))
    return there, _kept((writing(words, time.time()),)) if words else None


def wrote(life: Life, words: str) -> Turn:
    """Return the life after words were written in the weeks."""
    done = replace(life, asks=None)
    kind = KINDS.get(life.asks) if life.asks is not None else None
    if kind is None or not words or life.story is None:
        return done, None
    if kind == "flare":
        return replace(life, asks=Asks.DAYS, telling=replace(life.telling, flare=words)), None
    if kind == "days":
        days = weeks.days_of(words)
        if days is None:
            return life, None
        return done, _kept((weeks.flare_entry(days, life.telling, life.story, time.time()),))
    return done, _kept((weeks.words_entry(kind, words, life.telling, life.story, time.time()),))


def with_story(life: Life, before: bytes) -> Life:
    """Return the life with the weeks as the desk tells them now; `before` is what it told last."""
    told = life.desk.weeks
    if life.telling.draft and life.desk.library is not LibraryState.OPEN:
        life = replace(life, telling=Telling())
    if life.state is not State.WEEKS or not told or (told == before and life.story is not None):
        return life
    story = msgspec.json.decode(told, type=Story)
    return replace(life, story=story, telling=weeks.settled(life.telling, story))


def among_weeks(life: Life) -> Turn:
    """Return the life in the weeks after news: locked where the library is."""
    if life.desk.library is not LibraryState.OPEN:
        return replace(life, state=State.LOCKED, asks=None, story=None), None
    return life, None


def _kept(entries: tuple[AnyEntry, ...]) -> KeepWeeks | None:
    return KeepWeeks(tuple(encoded(one) for one in entries)) if entries else None
