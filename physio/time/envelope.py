"""When beats ended, as the whole of their segment tells: the lower envelope of all its arrivals.

While packets arrive, the beat clock follows the earliest so far, and is up to a second late in
the first two minutes of a segment. Once all of it is there, each beat is told from both sides.
"""

from __future__ import annotations

import numpy as np

from physio.beats import Beats, FloatArray

BLOCK = 120.0
"""Seconds of intervals, at least, of which the earliest arrival counts: a strap's clock runs off by
a few ms in them, and among so many packets one is always on time."""


def on_envelope(beats: Beats, arrival: FloatArray) -> FloatArray:
    """Return the end of each beat in s on the session clock, as its whole segment tells it.

    Parameters
    ----------
    beats : Beats
        n beats of whole segments.
    arrival : (n,) float
        Arrival of the packet that brought each, in s.

    Notes
    -----
    A segment is divided into even blocks of `BLOCK` s of intervals or more, one if it is shorter.
    Its offset between cumulated intervals and the session clock runs straight between corners at
    the edges of blocks, each the smallest delay (arrival minus cumulated sum) of the blocks beside
    it. Segments do not overlap: one that would begin before another's end begins there.
    """
    parts, end = [np.empty(0)], -np.inf
    edges = np.flatnonzero(np.diff(beats.segment)) + 1
    for rows in np.split(np.arange(len(beats)), edges) if len(beats) else ():
        seconds = beats.rr[rows] / 1000.0
        total = np.cumsum(seconds)
        time = total + _offset(total, arrival[rows] - total)
        parts.append(time + max(0.0, end - float(time[0] - seconds[0])))
        end = float(parts[-1][-1])
    return np.concatenate(parts)


def _offset(total: FloatArray, delay: FloatArray) -> FloatArray:
    count = max(1, int(total[-1] // BLOCK))
    edge = np.linspace(0.0, total[-1], count + 1)
    block = np.clip(np.searchsorted(edge, total) - 1, 0, count - 1)
    lows = np.full(count + 2, np.inf)
    np.minimum.at(lows, block + 1, delay)
    corners = np.minimum(lows[:-1], lows[1:])
    return np.asarray(np.interp(total, edge, corners))
