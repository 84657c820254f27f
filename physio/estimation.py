"""What measures find in windows and in blocks of them, and the estimates made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import isnan
from typing import Any

import numpy as np

from physio import uncertainty
from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.measured import ORIGINS
from physio.estimate import Estimate, Estimates
from physio.measures import Measure
from physio.reasons import Reason, ReasonTable
from physio.respiration import Origin
from physio.withholding import Grounds, Reasons, held_rows


@dataclass(frozen=True, slots=True, eq=False)
class WindowValues:
    """What k measures say of m windows.

    Attributes
    ----------
    measures : tuple of k Measure
        Their rows of the table.
    value : (k, m) float
        NaN where one has none.
    blocks : (k, m, b) float
        Values of blocks of each window, NaN where there is none.
    length : (k, m) float
        Of a block in s.
    share : (k, m) float
        Percent of each window that the value rests on, or of what is readable of it.
    origin : (k, m) int
        Where the value comes from, as `physio.breathing.measured` numbers it; 0 where that is not
        told.
    """

    measures: tuple[Measure, ...]
    value: FloatArray
    blocks: FloatArray
    length: FloatArray
    share: FloatArray
    origin: IntArray


def estimates(found: Sequence[WindowValues], ground: Grounds) -> dict[str, Estimates]:
    """Return m estimates of each measure, as `ground` allows."""
    if not found:
        return {}
    measures, columns = _told(found, ground)
    each = zip(measures, *columns, strict=True)
    return {measure.name: Estimates(measure.unit, *row) for measure, *row in each}


def singly(found: Sequence[WindowValues], ground: Grounds) -> dict[str, Estimate]:
    """Return the one estimate of each measure, as `ground` allows.

    What is told of k windows, a window for each of k measures, is in the order of `found`.
    """
    if not found:
        return {}
    measures, (value, low, high, *shares, why, doubts, origins) = _told(found, ground)
    known = (_known(column[:, 0].tolist()) for column in (value, low, high))
    told = (column[:, 0].tolist() for column in shares)
    return {
        measure.name: Estimate(
            at,
            measure.unit,
            least,
            most,
            window,
            coverage,
            corrected,
            reason,
            doubt,
            share,
            origin=origin,
        )
        for measure, at, least, most, window, coverage, corrected, share, (reason,), (doubt,), (
            origin,
        ) in zip(measures, *known, *told, why, doubts, origins, strict=True)
    }


def _known(values: list[float]) -> list[float | None]:
    return [None if isnan(value) else value for value in values]


def _told(
    found: Sequence[WindowValues], ground: Grounds
) -> tuple[tuple[Measure, ...], tuple[Any, ...]]:
    """Return the measures, and what `Estimates` takes after the unit, a row for each measure.

    What is withheld is NaN and has its reason.
    """
    groups = _alike(found)
    measures = tuple(measure for one in groups for measure in one.measures)
    value = np.concatenate([one.value for one in groups])
    fewest = uncertainty.LEAST_BLOCKS if ground.whole else uncertainty.FEWEST_BLOCKS
    edges = _intervals(groups, _for_each(ground.kept, value), fewest)
    why = ground.reasons(measures)
    kept = (why.number == 0) & np.isfinite(value) & ~_anything(measures, edges)
    beyond = _beyond(groups) if ground.whole else np.zeros(value.shape, dtype=bool)
    known = kept & ~beyond & np.isfinite(edges).all(axis=0)
    share = _for_each(ground.share, value) * _shares(groups) / 100.0
    share[~kept] = 0.0
    doubts = Reasons(np.zeros(value.shape, np.int64), ReasonTable())
    doubts.number[kept & ~known] = doubts.table.number(uncertainty.TOO_FEW_BLOCKS)
    doubts.number[kept & beyond] = doubts.table.number(uncertainty.OUTSIDE_BLOCKS)
    ground.set_doubts(doubts, kept, share)
    origin = np.where(kept, np.concatenate([one.origin for one in groups]), 0)
    _set_own_doubts(measures, value, origin, doubts)
    value[~kept] = np.nan
    doubts.number[~kept] = 0
    edges[:, ~known] = np.nan
    return measures, (
        value,
        *edges,
        *(_for_each(column, value) for column in ground.told),
        share,
        _why(measures, why, kept),
        _rows(doubts),
        _origins(origin),
    )


def _anything(measures: Sequence[Measure], edges: FloatArray) -> BoolArray:
    """Return (k, m) whether low and high (2, k, m) lie so far apart that the value says nothing."""
    return np.asarray(edges[1] - edges[0] >= _widest(tuple(measures)))


@lru_cache(maxsize=64)
def _widest(measures: tuple[Measure, ...]) -> FloatArray:
    return np.array([[measure.widest] for measure in measures])


def _alike(found: Sequence[WindowValues]) -> list[WindowValues]:
    """Return what was found in equally many blocks, one after the other, together."""
    return [_together(list(group)) for _, group in groupby(found, lambda one: one.blocks.shape[2])]


def _together(found: list[WindowValues]) -> WindowValues:
    if len(found) == 1:
        return found[0]
    return WindowValues(
        tuple(measure for one in found for measure in one.measures),
        np.concatenate([one.value for one in found]),
        np.concatenate([one.blocks for one in found]),
        np.concatenate([one.length for one in found]),
        np.concatenate([one.share for one in found]),
        np.concatenate([one.origin for one in found]),
    )


def _for_each(column: FloatArray, value: FloatArray) -> FloatArray:
    """Return (k, m) a column of `Grounds` beside the values of k measures."""
    return column if column.shape == value.shape else np.broadcast_to(column, value.shape)


def _why(
    measures: Sequence[Measure], why: Reasons, kept: BoolArray
) -> list[tuple[Reason | None, ...]]:
    """Return for each measure why a value is withheld."""
    absent = ~kept & (why.number == 0)
    for i in held_rows(absent):
        why.number[i, absent[i]] = why.table.number(measures[i].absent)
    return _rows(why)


def _rows(found: Reasons) -> list[tuple[Reason | None, ...]]:
    reasons = found.table.reasons
    return [tuple([reasons[j] for j in row]) for row in found.number.tolist()]


def _origins(number: IntArray) -> list[tuple[Origin | None, ...]]:
    names = (None, *ORIGINS)
    return [tuple([names[j] for j in row]) for row in number.tolist()]


def _beyond(groups: list[WindowValues]) -> BoolArray:
    """Return (k, m) whether each value lies beyond those of its blocks.

    Blocks that leave one out in turn are no values of their own.
    """
    rows = []
    for one in groups:
        own = np.array([[measure.blocks is None] for measure in one.measures])
        positive = _bounds(one.measures)[0]
        rows.append(own & uncertainty.beyond(one.value, one.blocks, positive=positive))
    return np.concatenate(rows)


def _shares(groups: list[WindowValues]) -> FloatArray:
    return np.concatenate([one.share for one in groups])


def _set_own_doubts(
    measures: Sequence[Measure], value: FloatArray, origin: IntArray, doubts: Reasons
) -> None:
    """Set what measures themselves hold against some of their values from intervals alone."""
    alone = origin <= 1 + ORIGINS.index(Origin.INTERVALS)
    for i, measure in enumerate(measures):
        for doubt in measure.doubts:
            held = doubt.holds(value[i]) & alone[i]
            doubts.number[i, held] = doubts.table.number(doubt.reason)


def _intervals(groups: list[WindowValues], kept: FloatArray, fewest: int) -> FloatArray:
    """Return (2, k, m) low and high, given (k, m) the share of beats that are kept.

    `fewest` blocks must carry a value.
    """
    edges, first = np.empty((2, *kept.shape)), 0
    for one in groups:
        rows = slice(first, first + len(one.measures))
        positive, wanders, low, high = _bounds(one.measures)
        edges[:, rows] = uncertainty.interval(
            one.value,
            one.blocks,
            positive=positive,
            limits=(low, high),
            length=one.length,
            wanders=wanders,
            kept=kept[rows],
            fewest=fewest,
        )
        first = rows.stop
    return edges


@lru_cache(maxsize=64)
def _bounds(measures: tuple[Measure, ...]) -> tuple[BoolArray, BoolArray, FloatArray, FloatArray]:
    """Return (k, 1) which are positive and which wander, and the limits of all."""
    rows = [(one.positive, one.wanders, *one.limits) for one in measures]
    positive, wanders, low, high = np.array(rows).T[..., np.newaxis]
    return positive != 0.0, wanders != 0.0, low, high
