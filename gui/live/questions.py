"""What the field at the foot of the live view asks, a line at a time; each may be skipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.language import tr
from pipelines.live import DrawBand, SayContext, SayOfPart
from pipelines.session import BandUnit, ContextLine, PersonalBand
from pipelines.words import question_text

Keep = Callable[[str], str | None]
"""Keeps what was typed; returns one sentence where that cannot be."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line: what is asked, and what keeps the answer. It is told of empty ones too."""

    words: str
    keep: Keep


def card(give: Callable[[SayContext], None]) -> list[Question]:
    """Return the lines of the card that goes with an hour."""

    def asked(line: ContextLine) -> Question:
        def keep(text: str) -> None:
            if text:
                give(SayContext(line, text))

        return Question(question_text(line), keep)

    return [asked(line) for line in ContextLine]


def after_moving(part: float, give: Callable[[SayOfPart], None]) -> Question:
    """Return the question for own words after the part that began at `part` (s)."""

    def keep(text: str) -> None:
        if text:
            give(SayOfPart(part, after=True, text=text))

    return Question(tr("After moving, in their own words"), keep)


def band(source: int, give: Callable[[DrawBand], None]) -> Sequence[Question]:
    """Return the two questions for the lines of a wearer's own band.

    A number alone is in bpm; with a sign before it, in spreads from the baseline.
    """
    lower: list[_Bound] = []

    def keep_lower(text: str) -> str | None:
        found = _bound(text)
        if text and found is None:
            return _WRITE
        lower.extend([found] if found else [])
        return None

    def keep_upper(text: str) -> str | None:
        if not lower:
            return None
        low, high = lower[0], _bound(text)
        if high is None or high.unit is not low.unit or high.value <= low.value:
            return _WRITE
        give(DrawBand(source, low.value, high.value, low.unit, low.words, high.words))
        return None

    return (
        Question(tr("Lower line: 62 and own words, or -2 spreads"), keep_lower),
        Question(tr("Upper line: 85 and own words, or +3 spreads"), keep_upper),
    )


def without(drawn: PersonalBand) -> DrawBand:
    """Return what takes a band away."""
    return DrawBand(drawn.source, 0.0, 0.0)


_WRITE = tr(
    "Nothing is drawn: a line is a number of bpm and a few words, such as 62 far away; "
    "W asks again."
)
_NUMBER = re.compile(r"\s*([+\-\u2212]?)(\d+(?:[.,]\d+)?)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Bound:
    value: float
    unit: BandUnit
    words: str


def _bound(text: str) -> _Bound | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, number, words = found.groups()
    value = float(number.replace(",", "."))
    unit = BandUnit.SPREADS if sign else BandUnit.BPM
    return _Bound(value if sign in ("", "+") else -value, unit, words.strip())
