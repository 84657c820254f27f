"""A page that is the person's alone: sealed under its own key, kept or let go."""

from __future__ import annotations

from pipelines.store import opened_alone, sealed_alone
from pipelines.weeks.entries import Writing, new_id
from pipelines.words import day_at


def writing(text: str, now: float) -> Writing:
    """Return a page as it is kept: nobody reads it who is not asked to open it."""
    key, box = sealed_alone(text.encode())
    return Writing(id=new_id(), day=day_at(now), at=now, key=key, box=box)


def text_of(page: Writing) -> str:
    """Return what was written on a page, "" where it was changed from outside."""
    content = opened_alone(page.key, page.box)
    return "" if content is None else content.decode(errors="replace")
