"""Stretches with names: those of a plan, and those that a session's marks begin."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from pipelines.batch.plan import WHOLE, Epoch, Plan
from pipelines.harmless import harmless
from pipelines.session import SourceBeats

UNNAMED: Final = "mark"
"""The condition that a mark without words begins."""


def stretches_of(found: SourceBeats, plan: Plan, recording: str) -> tuple[Epoch, ...]:
    """Return the stretches with names of one wearer's part of a recording, as a plan asks."""
    return plan.epochs_of(recording) + (marked(found) if plan.marks else ())


def marked(found: SourceBeats) -> tuple[Epoch, ...]:
    """Return the stretches that marks begin: each lasts to the next mark, the last to the end.

    A mark after the last beat begins none. One whose words are the name of the whole recording
    begins a condition that is told apart from it.
    """
    over = found.span[1]
    seen = [(mark.time + found.delay, mark.text) for mark in found.marks]
    edges = [*((when, text) for when, text in seen if when < over), (over, "")]
    return tuple(Epoch(_condition(text), start, end) for (start, text), (end, _) in pairwise(edges))


def _condition(text: str) -> str:
    words = harmless(text.strip(), most=None) or UNNAMED
    return f"{UNNAMED} {words}" if words == WHOLE else words
