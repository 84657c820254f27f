"""Where an ECG cannot be read: nothing arrived, it stands still, or its ends are cut off."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, Gap, GapCause
from physio.ecg.candidates import BLOCK
from physio.ecg.filters import Design, Work

CauseArray = NDArray[np.int8]

LONGEST_HELD = 0.04
"""Seconds; a shorter hole is bridged by its last value, since no QRS hides in it."""

LONGEST_STILL = 1.0
"""Seconds; a signal without any change for longer comes from no body."""

CUT_OFF_SHARE = 0.5
"""Of a block at its own highest or lowest value: the amplifier has reached its end."""

SETTLING = 0.25
"""Seconds after a hole or a still stretch in which the filters ring."""

UNREADABLE = (GapCause.NO_ECG, GapCause.STILL_ECG)
"""Why, by the numbers of `causes` less 1."""


def causes(work: Work, plan: Design, *, origin: int) -> CauseArray:
    """Return (n,) 0 where the signal can be read, 1 where it is missing, 2 where it is still."""
    rate = plan.work_rate
    cause = np.zeros(len(work.level), np.int8)
    same = np.zeros(len(work.level), bool)
    np.equal(work.level[1:], work.level[:-1], out=same[1:])
    cause[_cut_off(work.level, round(BLOCK * rate), origin)] = 2
    cause[long_runs(same, LONGEST_STILL * rate)] = 2
    if work.missing.any():
        cause[long_runs(work.missing, LONGEST_HELD * rate)] = 1
    return cause


def settling(cause: CauseArray, rate: float) -> BoolArray:
    """Return (n,) where no beat may lie: the unreadable and `SETTLING` seconds after it."""
    barred = cause > 0
    for end in np.flatnonzero(barred[:-1] & ~barred[1:]) + 1:
        barred[end : end + round(SETTLING * rate)] = True
    return barred


def gaps(cause: CauseArray, rate: float, *, origin: int) -> tuple[Gap, ...]:
    """Return the unreadable stretches in seconds, the first of these samples being `origin`."""
    if not cause.any():
        return ()
    edges = np.flatnonzero(np.diff(cause, prepend=0, append=0))
    return tuple(
        Gap((origin + a) / rate, (origin + b) / rate, UNREADABLE[cause[a] - 1])
        for a, b in pairwise(edges.tolist())
        if cause[a]
    )


def long_runs(flags: BoolArray, longest: float) -> BoolArray:
    """Return where `flags` (n,) stays True for more than `longest` places."""
    kept = np.zeros(len(flags), bool)
    if len(flags) == 0:
        return kept
    turns = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    edges = np.concatenate(([0] * bool(flags[0]), turns, [len(flags)] * bool(flags[-1])))
    begin, end = edges.astype(np.int64).reshape(-1, 2).T
    for a, b in zip(begin[end - begin > longest], end[end - begin > longest], strict=True):
        kept[a:b] = True
    return kept


def _cut_off(level: FloatArray, length: int, origin: int) -> BoolArray:
    """Return where whole blocks, counted from the start of the record, lie at their own ends."""
    skip = -origin % length
    count = max(len(level) - skip, 0) // length
    blocks = level[skip : skip + count * length].reshape(count, length)
    many = CUT_OFF_SHARE * length
    top = (blocks == blocks.max(axis=1, keepdims=True, initial=-np.inf)).sum(axis=1) >= many
    bottom = (blocks == blocks.min(axis=1, keepdims=True, initial=np.inf)).sum(axis=1) >= many
    cut = np.zeros(len(level), bool)
    cut[skip : skip + count * length] = np.repeat(top | bottom, length)
    return cut
