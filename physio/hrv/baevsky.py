"""Baevsky's index: how peaked and narrow the histogram of the intervals is.

Baevsky RM, Chernikova AG (2017), Cardiometry 10:66, doi 10.12710/cardiometry.2017.10.6676:
AMo / (2 Mo MxDMn) with AMo the percentage of intervals in the fullest bin of 50 ms, Mo that bin's
place in s, MxDMn the longest minus the shortest interval in s. It is called a stress index there;
it measures no stress and is not called so here. Its square root is what Kubios shows.

Conventions. Bins begin at whole multiples of 50 ms; Mo is the middle of the fullest bin, of the
shorter one where two are as full. The range rests on two single beats, so one missed label shows.

Because of the range more beats make the index only a little more certain (`baevsky_blocks`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from physio.beats import LONGEST_INTERVAL, BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.windows import Windows

BIN = 50.0
"""Milliseconds."""

_BINS = int(LONGEST_INTERVAL // BIN) + 1


def baevsky_index(windows: Windows) -> FloatArray:
    """Return (m,) the index in percent per s2; NaN where the intervals do not vary."""
    index: FloatArray = _found(windows)[0]
    return index


def baevsky_blocks(windows: Windows, _: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks) what each block of a window says of its index, in percent per s2.

    Their spread over sqrt(k) is to be that of the index of all n beats, as it is for means, whose
    spread goes with 1 / sqrt(n). That of the logarithm of a range goes with 1 / ln(n), of beats
    that scatter normally (Fisher and Tippett 1928, doi 10.1017/S0305004100015681), so it is hardly
    smaller in the window than in a block. Therefore what a block's range differs by from the
    window's, in logarithms, is taken sqrt(k) ln(n / k) / ln(n) times: 1.5 for quarters of 5 min.

    Parameters
    ----------
    windows : Windows
        m windows.
    blocks : int
        Equally long parts of a window, at least 2. One with less than half its share of the beats
        says nothing.
    """
    _, width, count = _found(windows)[..., np.newaxis]
    index, part, beats = _found(windows.blocks(blocks)).reshape(3, -1, blocks)
    fall = 1.0 - np.log(blocks) / np.log(np.maximum(count, blocks))
    times = np.maximum(np.sqrt(blocks) * fall, 1.0)
    told = np.where(2.0 * blocks * beats >= count, index, np.nan)
    return np.asarray(told * (width / part) ** (times - 1.0))


@lru_cache(maxsize=2)
def _found(windows: Windows) -> FloatArray:
    """Return (3, m) the index, the range in s and the number of usable intervals."""
    # The value and the blocks of the same windows ask for it.
    rr, usable = frozen(windows.beats.rr), frozen(windows.usable)
    found = np.full((3, len(windows)), np.nan)
    count = np.empty(_BINS, np.int64)
    _set_indices(rr, usable, frozen(windows.first), frozen(windows.last), count, found)
    return found


@compiled
def _set_indices(
    rr: FloatArray,
    usable: BoolArray,
    first: IntArray,
    last: IntArray,
    count: IntArray,
    out: FloatArray,
) -> None:
    """Set `out` (3, m) to what `_found` returns; `count` is for the histogram of one window."""
    for j in range(len(first)):
        for k in range(len(count)):
            count[k] = 0
        shortest, longest, beats, mode = np.inf, -np.inf, 0, 0
        for i in range(first[j], last[j]):
            if usable[i]:
                beats += 1
                count[min(int(rr[i] / BIN), len(count) - 1)] += 1
                shortest, longest = min(shortest, rr[i]), max(longest, rr[i])
        for k in range(len(count)):
            mode = k if count[k] > count[mode] else mode
        out[2, j] = beats
        if longest > shortest:
            share = 100.0 * count[mode] / beats
            middle, width = (mode + 0.5) * BIN / 1000.0, (longest - shortest) / 1000.0
            out[0, j], out[1, j] = share / (2.0 * middle * width), width
