"""A person's own baseline: what heart rate, RSA and breathing did in a quiet stretch they chose.

Median and scaled median absolute deviation over blocks of 30 s, so that a cough or a movement in
one block does not shift them. The deviation is scaled to the standard deviation of normal values
with the small-sample factors of Croux and Rousseeuw (1992, doi:10.1007/978-3-662-26811-7_58),
without which six blocks would give a sixth too little. Floors keep a very even stretch from making
every later heartbeat look far away; they are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray
from physio.breathing.rate import breathing_rate
from physio.breathing.rsa import rsa_amplitude
from physio.reasons import Reason, ReasonCode
from physio.respiration import Respiration
from physio.windows import sums, windows

BLOCK = 30.0
"""Seconds; heart rate is averaged over blocks of this length."""

FEWEST_BLOCKS = 2
RECOMMENDED = 180.0
"""Seconds of a baseline that is worth comparing with."""

COVERED = 0.75
"""Share of a block that usable intervals must cover for it to count."""

SMALLEST_SPREAD = 2.0
"""Bpm; floor of the spread of heart rate."""

SMALLEST_LN_SPREAD = 0.25
"""Ln ms; floor of the spread of ln RSA, about a quarter more or less."""

BREATHING_WINDOW = 60.0
"""Seconds over which breathing and RSA are measured, every 30 s."""

SIMILAR_BREATHING = 2.0
"""Breaths/min within which RSA of two moments may be compared."""

NORMAL = 1.4826
SMALL_SAMPLE = np.array([1.0, 1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107])


class NoBaseline(ValueError):  # noqa: N818
    """Too little was recorded for a baseline; the message says so in one sentence.

    Parameters
    ----------
    message : str
        The sentence.
    reason : Reason
        The same as a code.
    """

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a quiet stretch was like.

    Attributes
    ----------
    start, end : float
        The stretch in seconds on the session clock.
    level, spread : float
        Median and robust standard deviation of heart rate over its blocks in bpm.
    ln_rsa, ln_rsa_spread : float or None
        The same of the natural logarithm of RSA (peak to trough, ms); None where breathing was not
        clear in half of the stretch.
    breathing_rate : float or None
        Median in breaths/min; None as above.
    """

    start: float
    end: float
    level: float
    spread: float
    ln_rsa: float | None
    ln_rsa_spread: float | None
    breathing_rate: float | None


def baseline(
    beats: Beats,
    usable: BoolArray,
    *,
    start: float,
    end: float,
    respiration: Respiration | None = None,
) -> Baseline:
    """Return the baseline that the stretch from `start` to `end` (s) gives.

    Parameters
    ----------
    beats : Beats
        Intervals of the session, of which those in the stretch are used.
    usable : (n,) bool
        Intervals that may enter a mean.
    start, end : float
        Seconds on the session clock; 180 s or more are recommended.
    respiration : Respiration, optional
        What tells of breathing beside the intervals.

    Raises
    ------
    NoBaseline
        If fewer than two blocks of 30 s are covered by usable intervals.
    """
    rates = _block_rates(beats, usable, start, end)
    if len(rates) < FEWEST_BLOCKS:
        raise _too_short(len(rates) * BLOCK)
    spread = max(robust_spread(rates), SMALLEST_SPREAD)
    breathing, ln_rsa, ln_spread = _breathing(beats, usable, start, end, respiration)
    return Baseline(start, end, float(np.median(rates)), spread, ln_rsa, ln_spread, breathing)


def _too_short(have: float) -> NoBaseline:
    needed = FEWEST_BLOCKS * BLOCK
    return NoBaseline(
        f"A baseline needs {needed:.0f} s with beats; the stretch chosen has {have:.0f} s: choose "
        f"a longer one, {RECOMMENDED:.0f} s if you can.",
        Reason(
            ReasonCode.BASELINE_TOO_SHORT,
            needed=round(needed),
            have=round(have),
            better=round(RECOMMENDED),
        ),
    )


def robust_spread(values: FloatArray) -> float:
    """Return the scaled median absolute deviation of (k,) `values`, k at least 1."""
    k = len(values)
    factor = SMALL_SAMPLE[k - 1] if k <= len(SMALL_SAMPLE) else k / (k - 0.8)
    return float(factor * NORMAL * np.median(np.abs(values - np.median(values))))


def _block_rates(beats: Beats, usable: BoolArray, start: float, end: float) -> FloatArray:
    # A hundredth of a second is forgiven: edges are differences of clock readings.
    edges = start + BLOCK * np.arange(int((end - start + 0.01) / BLOCK) + 1)
    blocks = windows(beats, usable, edges[:-1], edges[1:])
    seconds = sums(beats.rr * usable, blocks.first, blocks.last) / 1000.0
    number = sums(usable.astype(np.float64), blocks.first, blocks.last)
    covered = seconds >= COVERED * BLOCK
    return np.asarray(60.0 * number[covered] / seconds[covered])


def _breathing(
    beats: Beats,
    usable: BoolArray,
    start: float,
    end: float,
    respiration: Respiration | None,
) -> tuple[float | None, float | None, float | None]:
    begin = np.arange(start, end - BREATHING_WINDOW + 0.01, BLOCK)
    held = windows(beats, usable, begin, begin + BREATHING_WINDOW, respiration=respiration)
    rate = breathing_rate(held)
    if not len(held) or np.mean(np.isfinite(rate)) < 0.5:
        return None, None, None
    typical = float(np.nanmedian(rate))
    alike = np.abs(rate - typical) <= SIMILAR_BREATHING
    if not alike.any():
        return typical, None, None
    ln_rsa = np.log(np.maximum(rsa_amplitude(held, rate)[alike], 1e-6))
    return typical, float(np.median(ln_rsa)), max(robust_spread(ln_rsa), SMALLEST_LN_SPREAD)
