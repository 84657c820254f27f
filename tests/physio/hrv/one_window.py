"""One window of made-up intervals."""

import numpy as np

from physio.beats import Beats
from physio.windows import whole


def everything(rr, segment=None, usable=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    usable = np.ones(len(rr), bool) if usable is None else np.asarray(usable)
    return whole(beats, usable, start=0.0, end=1.0)
