"""Beat annotations in the format of PhysioNet's databases ("MIT format")."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio.beats import IntArray

NORMAL, VENTRICULAR, ATRIAL = 1, 5, 8
"""Codes of a normal beat, and of premature ones by where they come from."""

SKIP, AUX = 59, 63
"""Codes of a long step and of text; other codes from 60 on change how the next ones are read."""


def annotated(file: Path) -> tuple[IntArray, IntArray]:
    """Return (n,) the ticks at which annotations lie, and their codes.

    Two bytes each: a code of 6 bits and the ticks since the one before, of 10 bits. Described in
    the WFDB Applications Guide, "annot(5)".
    """
    words = np.frombuffer(file.read_bytes(), "<u2").astype(np.int64).tolist()
    tick, code = [], []
    place, now = 0, 0
    while words[place]:
        kind, step = words[place] >> 10, words[place] & 1023
        place += 1
        if kind == SKIP:
            now += words[place] << 16 | words[place + 1]
            place += 2
        elif kind == AUX:
            place += (step + 1) // 2
        elif kind < SKIP:
            now += step
            tick.append(now)
            code.append(kind)
    return np.array(tick, np.int64), np.array(code, np.int64)
