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
from physio.compiled import compiled, frozen
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
    rr, paired = frozen(windows.beats.rr), frozen(windows.paired)
    counts = np.empty((len(windows), 7))
    _set_counts(rr, paired, frozen(windows.first), frozen(windows.last), counts)
    return Fragmentation(*counts.T.copy())


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


@compiled
def _set_counts(
    rr: FloatArray, paired: BoolArray, first: IntArray, last: IntArray, out: FloatArray
) -> None:
    """Set `out` (m, 7) to the counts in the order of `Fragmentation`."""
    for j in range(len(first)):
        held = slice(first[j], last[j])
        _count_turns(rr[held], paired[held], out[j])
        _count_segments(rr[held], paired[held], out[j])


@compiled
def _count_turns(rr: FloatArray, paired: BoolArray, out: FloatArray) -> None:
    """Set the places, inflections, differences and moving differences of one window."""
    places, inflections, differences, moving = 0, 0, 0, 0
    for i in range(1, len(rr)):
        if paired[i]:
            seen = i > 1 and paired[i - 1]
            places += 1 if seen else 0
            inflections += 1 if seen and not _goes_on(rr, i) else 0
            differences += 1
            moving += 1 if rr[i] != rr[i - 1] else 0
    out[0], out[1], out[2], out[3] = places, inflections, differences, moving


@compiled
def _count_segments(rr: FloatArray, paired: BoolArray, out: FloatArray) -> None:
    """Set the segments, and the intervals in long ones and in alternations, of one window."""
    segments, in_long, in_alternation, length, singles = 0, 0, 0, 0, 0
    for i in range(1, len(rr) + 1):
        known = i < len(rr) and paired[i]
        if known and length > 0 and _goes_on(rr, i):
            length += 1
            continue
        # The segment before is over, and with it an alternation unless it was of one interval.
        in_long += length if length >= LONG else 0
        singles += 1 if length == 1 else 0
        if not known or length != 1:
            in_alternation += singles if singles >= ALTERNATION else 0
            singles = 0
        length = 1 if known and rr[i] != rr[i - 1] else 0
        segments += length
    out[4], out[5], out[6] = segments, in_long, in_alternation


@compiled
def _goes_on(rr: FloatArray, i: int) -> bool:
    """Return whether the difference at i has the sign of the one before."""
    return bool(rr[i] > rr[i - 1] > rr[i - 2] or rr[i] < rr[i - 1] < rr[i - 2])
