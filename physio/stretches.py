"""The unbroken stretches inside windows: what a measure may work on without crossing a break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, IntArray, beginnings
from physio.windows import Windows

AT_ONCE = 1 << 17
"""Intervals gathered at a time, which bounds the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """r stretches; stretch k holds the intervals first[k] to last[k] - 1 of window window[k].

    They are ordered by window, and by place inside each.
    """

    window: IntArray
    first: IntArray
    last: IntArray

    def __len__(self) -> int:
        return len(self.window)

    def __getitem__(self, which: BoolArray | IntArray | slice) -> Stretches:
        return Stretches(self.window[which], self.first[which], self.last[which])

    @property
    def length(self) -> IntArray:
        """(r,) Number of intervals in each."""
        return self.last - self.first


def segments(windows: Windows) -> Stretches:
    """Return the stretches of each window without a gap; flagged intervals may lie in them."""
    return _cut(windows, _cuts(windows))


def spread(first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """Return the places first[k] to last[k] - 1 of all k in a row, and where each k begins."""
    length = last - first
    begin = np.cumsum(length) - length
    return np.arange(length.sum()) + np.repeat(first - begin, length), begin


def parts(stretches: Stretches, *, at_once: int = AT_ONCE) -> Iterator[Stretches]:
    """Yield the stretches in order, about `at_once` intervals at a time, no window in two."""
    length = stretches.length
    if length.sum() < at_once:
        if len(stretches) > 0:
            yield stretches
        return
    share = np.cumsum(length) // at_once
    new_window = np.diff(stretches.window, prepend=-1) != 0
    share = np.maximum.accumulate(np.where(new_window, share, 0))
    edges = np.append(beginnings(share), len(stretches))
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield stretches[begin:end]


def _cuts(windows: Windows) -> IntArray:
    """Return where segments begin in all that lies in the windows.

    What lies outside is not looked at: one window of a long recording costs what it would alone.
    """
    lowest = int(windows.first.min(initial=len(windows.beats)))
    segment = windows.beats.segment[lowest : int(windows.last.max(initial=0))]
    return np.asarray(lowest + 1 + (segment[1:] != segment[:-1]).nonzero()[0])


def _cut(windows: Windows, cuts: IntArray) -> Stretches:
    """Return the stretches of each window that begin with it or at one of the places `cuts`."""
    held = (windows.last > windows.first).nonzero()[0]
    first, last = windows.first[held], windows.last[held]
    if len(cuts) == 0:
        return Stretches(held, first, last)
    low = np.searchsorted(cuts, first, side="right")
    inner = np.searchsorted(cuts, last, side="left") - low
    # Places in `starts`: a window's own first, then the cuts inside it.
    place, begin = spread(low - 1, low + inner)
    starts = cuts[np.maximum(place, 0)]
    starts[begin] = first
    ends = np.append(starts, 0)[1:]
    ends[begin + inner] = last
    return Stretches(np.repeat(held, inner + 1), starts, ends)
