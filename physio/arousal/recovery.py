"""How long a heart rate that is known from its peak on took to settle: a curve, and the plain way.

Simple marks of recovery, such as the time to half, had next to no reliability from one test to the
next, while a logistic curve of three parameters had some (Christenfeld, Glynn and Gerin 2000,
Psychophysiology 37:543, doi:10.1111/1469-8986.3740543). So the curve's half-time is given with its
interval and what it leaves unexplained, and the plain one beside it. Episodes of a recording, whose
beginning is sought and whose noise is no independent one, are fitted by `physio.arousal.rise`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio.arousal.rise import LIKELY, Value
from physio.beats import FloatArray

FEWEST = 8
"""Values that three parameters are fitted to."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """A settling, as a curve: base + height / (1 + exp((t - half_time) / settling)).

    Attributes
    ----------
    half_time : Value
        Seconds after the first time at which half of the height is left, with its 95 % interval.
    height : float
        Bpm.
    settling : float
        Scale in s.
    residual : float
        Standard deviation of what the curve leaves, in bpm, at n - 3 degrees of freedom.
    plain_half_time : float or None
        Seconds until heart rate is first at most half its first value above the base; None where
        it never is.
    """

    half_time: Value
    height: float
    settling: float
    residual: float
    plain_half_time: float | None


def recovery(time: ArrayLike, bpm: ArrayLike, *, base: float) -> Recovery:
    """Return how heart rate settled to `base` from the first of the times on.

    Parameters
    ----------
    time, bpm : (n,) float
        Rising times in s, from the peak on, and heart rates.
    base : float
        Bpm that it settles to, as of the minutes before.

    Raises
    ------
    ValueError
        If there are fewer than 8 values, or not as many of both, or they are not finite.

    Notes
    -----
    Ordinary least squares: noise is taken as independent. Height and scale are kept above 0, the
    half-time too.

    Examples
    --------
    >>> import numpy as np
    >>> from physio.arousal.recovery import recovery
    >>> t = np.arange(120.0)
    >>> found = recovery(t, 70 + 12 / (1 + np.exp((t - 50) / 9)), base=70)
    >>> round(found.half_time.value, 3), round(found.settling, 3), found.plain_half_time
    (50.0, 9.0, 51.0)
    """
    from scipy.optimize import least_squares

    t, above = np.asarray(time, np.float64), np.asarray(bpm, np.float64) - base
    if t.ndim != 1 or t.shape != above.shape or len(t) < FEWEST:
        raise ValueError(f"A recovery needs {FEWEST} times and as many heart rates; give more.")
    if not (np.isfinite(t).all() and np.isfinite(above).all()):
        raise ValueError("A recovery needs finite times and heart rates; leave the others out.")
    since = t - t[0]

    def residuals(x: FloatArray) -> FloatArray:
        height, half, settling = np.exp(np.clip(x, -20.0, 20.0))
        return np.asarray(height * 0.5 * (1.0 - np.tanh((since - half) / (2.0 * settling))) - above)

    size = max(float(above.max()), 1e-3)
    begins = (np.log([size, since[-1] * part, since[-1] / 10.0]) for part in (0.1, 0.3, 0.7))
    found = min(
        (least_squares(residuals, begin, method="lm", xtol=1e-12) for begin in begins),
        key=lambda one: float(one.cost),
    )
    height, half, settling = np.exp(np.clip(found.x, -20.0, 20.0)).tolist()
    residual = float(np.sqrt(2.0 * found.cost / (len(t) - 3)))
    return Recovery(
        half_time=_with_interval(half, residual, np.asarray(found.jac)),
        height=height,
        settling=settling,
        residual=residual,
        plain_half_time=_plain(since, above),
    )


def _with_interval(half: float, residual: float, jacobian: FloatArray) -> Value:
    """Return the half-time with the interval of its logarithm."""
    error = residual * np.sqrt(max(float(np.linalg.pinv(jacobian.T @ jacobian)[1, 1]), 0.0))
    factor = float(np.exp(min(LIKELY * error, 20.0)))
    return Value(half, half / factor, half * factor)


def _plain(since: FloatArray, above: FloatArray) -> float | None:
    down = np.flatnonzero(above <= 0.5 * above[0])
    return float(since[down[0]]) if len(down) else None
