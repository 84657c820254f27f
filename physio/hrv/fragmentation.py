"""Fragmentation: how often the heart changes between slowing and quickening.

Costa MD, Davis RB, Goldberger AL (2017), Front Physiol 8:255, doi 10.3389/fphys.2017.00255. An
inflection point lies between two successive differences whose product is not above 0, so that a
difference of 0 makes one on either side of it. A segment is a stretch of differences above 0, or of
differences below 0, between two inflection points; its length is their number, one interval for
each difference.

Conventions. Shares are of the places at which an inflection can be seen (PIP) and of the
differences (PSS, PAS); other programs divide both by the number of intervals, which is one or two
larger in each unbroken run. A difference of 0 is in no segment: it counts as not in a long one for
PSS, and ends an alternation for PAS. An alternation is four or more segments in a row of one
interval each, the reading of PhysioZoo (Behar et al. 2018, doi 10.3389/fphys.2018.01390). NeuroKit2
counts segments instead of intervals for PSS and PAS. The ends of a window, a gap and a flagged
interval end a segment. Published for hours of recording: over minutes it is exploratory, and
intervals rounded to 8 ms or more have many differences of 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.stretches import parts, runs, spread
from physio.windows import Windows

LONG = 3
"""Intervals in a segment from which on it is not short."""

ALTERNATION = 4
"""Intervals from which on segments of one interval in a row are an alternation."""


@dataclass(frozen=True, slots=True, eq=False)
class Fragmentation:
    """Counts of m windows, each (m,) float."""

    places: FloatArray
    inflections: FloatArray
    differences: FloatArray
    moving: FloatArray
    segments: FloatArray
    in_long: FloatArray
    in_alternation: FloatArray


def fragmentation(windows: Windows) -> Fragmentation:
    """Return the counts from which the four measures follow."""
    counts = np.zeros((7, len(windows)))
    found = runs(windows)
    for part in parts(found[found.length > 1]):
        place, begin = spread(part.first + 1, part.last)
        difference = windows.beats.rr[place] - windows.beats.rr[place - 1]
        window = np.repeat(part.window, part.length - 1)
        for row, counted in enumerate(_counted(np.sign(difference).astype(np.int64), begin)):
            counts[row] += np.bincount(window, weights=counted, minlength=len(windows))
    return Fragmentation(*counts)


def pip(windows: Windows, counts: Fragmentation | None = None) -> FloatArray:
    """Return (m,) the percentage of inflection points."""
    known = _given(windows, counts)
    return _quotient(100.0 * known.inflections, known.places)


def ials(windows: Windows, counts: Fragmentation | None = None) -> FloatArray:
    """Return (m,) the inverse of the mean length of the segments, from 0 to 1; no unit."""
    known = _given(windows, counts)
    return _quotient(known.segments, known.moving)


def pss(windows: Windows, counts: Fragmentation | None = None) -> FloatArray:
    """Return (m,) the percentage of intervals not in segments of three or more."""
    known = _given(windows, counts)
    return 100.0 - _quotient(100.0 * known.in_long, known.differences)


def pas(windows: Windows, counts: Fragmentation | None = None) -> FloatArray:
    """Return (m,) the percentage of intervals in alternations of four or more."""
    known = _given(windows, counts)
    return _quotient(100.0 * known.in_alternation, known.differences)


def _given(windows: Windows, counts: Fragmentation | None) -> Fragmentation:
    return fragmentation(windows) if counts is None else counts


def _quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    return part / np.where(whole > 0, whole, np.nan)


def _counted(sign: IntArray, begin: IntArray) -> tuple[BoolArray, ...]:
    """Return for each difference whether it enters each count of `Fragmentation`, in its order."""
    seen = np.ones(len(sign), dtype=bool)
    seen[begin] = False
    turns = np.zeros(len(sign), dtype=bool)
    turns[1:] = sign[1:] * sign[:-1] <= 0
    starts = turns | ~seen
    moves = sign != 0
    length = _length(starts)
    single = moves & (length == 1)
    chain = np.ones(len(sign), dtype=bool)
    chain[1:] = ~seen[1:] | (single[1:] != single[:-1])
    alternates = single & (_length(chain) >= ALTERNATION)
    every = np.ones(len(sign), dtype=bool)
    return seen, seen & turns, every, moves, starts & moves, moves & (length >= LONG), alternates


def _length(starts: BoolArray) -> IntArray:
    """Return for each place how long the stretch is that it lies in."""
    begin = np.flatnonzero(starts)
    length = np.diff(np.append(begin, len(starts)))
    return np.repeat(length, length)
