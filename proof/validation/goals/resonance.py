"""Checks of the resonance assessment: how often it is sure, and how often it is right then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from physio.breathing.assessment import RATES
from physio.breathing.resonance import Choice, Earlier, Resonance, agreed, resonance
from proof.validation.check import Check, Finding
from proof.validation.made.curves import BREATHS, FLAT, RISING, assessments, one_wider

PEOPLE = 2000
ALIKE = (0.0, 0.4)
"""Correlation of neighbouring breaths."""
NOTE = "if it called 5 % of people clear at whom no rate is wider; ours has to estimate it."

Curve = tuple[float, ...]


@lru_cache(maxsize=64)
def told(curve: Curve, alike: float, number: int) -> tuple[Resonance, ...]:
    """Return what so many people with one curve are told."""
    people = assessments(curve, alike=alike, number=number, seed=16)
    return tuple(resonance(RATES, swings) for swings in people)


@lru_cache(maxsize=16)
def told_again(curve: Curve, alike: float, number: int) -> tuple[Resonance, ...]:
    """Return what the same people are told by a second assessment, the first one kept."""
    people = assessments(curve, alike=alike, number=number, seed=17)
    found = [resonance(RATES, swings) for swings in people]
    return tuple(
        replace(now, verdict=Choice.CLEAR) if _agree(now, before) else now
        for now, before in zip(found, told(curve, alike, number), strict=True)
    )


def clear_twice(curve: Curve, alike: float, number: int) -> float:
    """Return to how many percent a second assessment says clear, by itself or with the first."""
    return share(told_again(curve, alike, number), Choice.CLEAR)


def _agree(found: Resonance, before: Resonance) -> bool:
    if before.rate is None or before.share is None:
        return False
    return agreed(found, Earlier(before.rate, before.share), slowest=min(RATES))


def share(results: Sequence[Resonance], verdict: Choice) -> float:
    """Return the percentage of the results with this verdict."""
    return 100.0 * Counter(one.verdict for one in results)[verdict] / len(results)


def right(curves: Iterable[Curve], alike: float, number: int) -> float:
    """Return for how many percent of those called clear the rate is the right one."""
    tried = list(curves)
    return _share_right(tried, [told(curve, alike, number) for curve in tried])


def _share_right(curves: Sequence[Curve], found: Sequence[Sequence[Resonance]]) -> float:
    hits = [
        one.rate == RATES[curve.index(max(curve))]
        for curve, people in zip(curves, found, strict=True)
        for one in people
        if one.verdict is Choice.CLEAR
    ]
    return 100.0 * sum(hits) / len(hits)


def _right(_: Path | None) -> Finding:
    curves = [curve for share in (0.1, 0.2, 0.4) for curve in one_wider(share)]
    found = [right(curves, alike, PEOPLE // 4) for alike in ALIKE]
    return Finding(_both(found), min(found) >= 95.0)


def _seldom(verdict: Choice, _: Path | None) -> Finding:
    found = [share(told(FLAT, alike, PEOPLE), verdict) for alike in ALIKE]
    return Finding(_both(found), max(found) <= 5.0)


def _seldom_twice(_: Path | None) -> Finding:
    found = [clear_twice(FLAT, alike, PEOPLE) for alike in ALIKE]
    return Finding(_both(found), max(found) <= 5.0)


def _right_twice(_: Path | None) -> Finding:
    curves = [curve for share in (0.1, 0.2, 0.4) for curve in one_wider(share)]
    found = [
        _share_right(curves, [told_again(curve, alike, PEOPLE // 4) for curve in curves])
        for alike in ALIKE
    ]
    return Finding(_both(found), min(found) >= 95.0)


def _edge(_: Path | None) -> Finding:
    found = [share(told(RISING, alike, PEOPLE), Choice.EDGE) for alike in ALIKE]
    return Finding(_both(found), min(found) >= 90.0)


def _found(alike: float, _: Path | None) -> Finding:
    clear = {
        wider: _mean(share(told(curve, alike, PEOPLE // 4), Choice.CLEAR) for curve in curves)
        for wider, curves in ((w, one_wider(w)) for w in (0.1, 0.2, 0.4))
    }
    said = ", ".join(f"{value:.0f} % at +{100 * wider:.0f} %" for wider, value in clear.items())
    if clear[0.4] >= 70.0:
        return Finding(said, held=True)
    note = f"A rule that knew how these breaths vary could find {at_most(alike):.0f} %, {NOTE}"
    return Finding(said, held=False, note=note)


def at_most(alike: float) -> float:
    """Return to how many percent any rule could find what is wider by 40 %.

    It knows how breaths vary, which nobody does, looks at nothing but how far the widest step is
    from the next, and calls 5 % clear of people at whom no rate is wider.
    """
    flat = _ahead(FLAT, alike, 10 * PEOPLE)
    least = np.quantile(flat, 0.95)
    wider = np.concatenate([_ahead(curve, alike, 2 * PEOPLE) for curve in one_wider(0.4)])
    return float(100.0 * np.mean(wider >= least))


def _ahead(curve: Curve, alike: float, number: int) -> FloatArray:
    """Return how far the widest step of each person is from the next, 0 if it is the slowest."""
    people = assessments(curve, alike=alike, number=number, seed=18)
    means = np.log([[np.mean(step) for step in swings] for swings in people])
    widest = np.argmax(means, axis=1)[:, np.newaxis]
    apart = np.take_along_axis(means, widest, axis=1) - means
    breaths = 1.0 / np.array(BREATHS)
    np.put_along_axis(apart, widest, np.inf, axis=1)
    nearest = np.min(apart / np.sqrt(breaths[widest] + breaths), axis=1)
    return np.where(widest[:, 0] == len(curve) - 1, 0.0, nearest)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def _both(found: Sequence[float]) -> str:
    return f"{found[0]:.1f} % where breaths are independent, {found[1]:.1f} % where alike"


OURS = "none is published; simulated swings that vary by a quarter, as in 12 real trials"


def _check(key: str, title: str, goal: str, find: Callable[[Path | None], Finding]) -> Check:
    return Check(key, title, goal, OURS, find)


CHECKS = (
    _check(
        "resonance_right",
        f"Where a resonance assessment is called clear, the rate is right; {PEOPLE} people a "
        "width, breaths independent and alike (correlation 0.4)",
        "at least 95 % each",
        _right,
    ),
    _check(
        "resonance_flat",
        "A person at whom no rate is wider is seldom called clear",
        "at most 5 % each",
        partial(_seldom, Choice.CLEAR),
    ),
    _check(
        "resonance_flat_twice",
        "Nor by a second assessment that may agree with the first",
        "at most 5 % each",
        _seldom_twice,
    ),
    _check(
        "resonance_right_twice",
        "Where a second assessment is called clear, the rate is right",
        "at least 95 % each",
        _right_twice,
    ),
    _check(
        "resonance_flat_edge",
        "Nor told that slower might be wider",
        "at most 5 % each",
        partial(_seldom, Choice.EDGE),
    ),
    _check(
        "resonance_edge",
        "A person whose swing grows by 15 % a step is told that slower might be wider",
        "at least 90 % each",
        _edge,
    ),
    _check(
        "resonance_found",
        "One rate that is wider by 40 % is called clear",
        "at least 70 %",
        partial(_found, 0.0),
    ),
    _check(
        "resonance_found_alike",
        "So is it where neighbouring breaths are alike",
        "at least 70 %",
        partial(_found, 0.4),
    ),
)
