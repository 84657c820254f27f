"""A signed distance from the own baseline, in baseline spreads, with its terms in view.

Not a validated scale and no measure of emotion: it says how far heart rate, and where it may be
compared RSA, are from what they were in a quiet stretch of the same person. Heart rate enters with
plus and ln RSA with minus: acute mental stress raises the one and lowers the other (Castaldo et al.
2015, doi:10.1016/j.bspc.2015.02.012). RSA depends on how one breathes (Grossman and Taylor 2007,
doi:10.1016/j.biopsycho.2005.11.014), so it enters only while breathing is not paced and within 2
breaths/min of the baseline's. The weights are ours and are part of the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, log

from physio.arousal.baseline import SIMILAR_BREATHING, Baseline
from physio.estimate import Estimate
from physio.reasons import Reason, ReasonCode

HEART_RATE, RSA = "heart rate", "ln RSA"

ALONE = 1.0
"""Weight of heart rate where it is the only term."""

HEART_RATE_WEIGHT, RSA_WEIGHT = 2.0 / 3.0, -1.0 / 3.0
"""Weights where both enter. Heart rate has the larger: it stays readable while people talk."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name, its distance from baseline in spreads, and its signed weight."""

    name: str
    distance: float
    weight: float


@dataclass(frozen=True, slots=True)
class Index:
    """The index at one moment.

    Attributes
    ----------
    value : float or None
        Sum of distance times weight over `terms`, in baseline spreads; None where withheld.
    low, high : float or None
        95 % interval from the sampling error of the terms, the baseline taken as given; None where
        a term's is not known.
    bpm : float or None
        Heart rate less the baseline's, in bpm.
    terms : tuple of Term
        What entered. A line of values must break where their names change.
    reason : Reason or None
        Why the value is withheld, or, beside a value, why heart rate stands alone.
    """

    value: float | None
    low: float | None
    high: float | None
    bpm: float | None
    terms: tuple[Term, ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class _Part:
    term: Term
    down: float | None
    up: float | None


def arousal_index(
    heart_rate: Estimate,
    rsa: Estimate,
    breathing: Estimate,
    baseline: Baseline | None,
    *,
    paced: bool,
    uncompared: Reason | None = None,
) -> Index:
    """Return the index from the newest trailing windows.

    Parameters
    ----------
    heart_rate, rsa, breathing : Estimate
        In bpm, ms peak to trough and breaths/min.
    baseline : Baseline or None
        The wearer's own; None withholds the index.
    paced : bool
        Whether a breathing guide is being followed.
    uncompared : Reason, optional
        Why nothing is compared now, as after a change of posture; withholds the index.
    """
    if uncompared is not None:
        return _withheld(uncompared)
    if baseline is None:
        return _withheld(Reason(ReasonCode.NO_BASELINE_YET))
    if heart_rate.value is None:
        return _withheld(heart_rate.reason or Reason(ReasonCode.NO_HEART_RATE))
    alone = _why_alone(rsa, breathing, baseline, paced=paced)
    weight = HEART_RATE_WEIGHT if alone is None else ALONE
    parts = [_heart_rate_part(heart_rate, baseline, weight)]
    if alone is None:
        parts.append(_rsa_part(rsa, baseline))
    value = sum(part.term.distance * part.term.weight for part in parts)
    low, high = _together(value, parts)
    terms = tuple(part.term for part in parts)
    return Index(value, low, high, heart_rate.value - baseline.level, terms, alone)


def _withheld(reason: Reason) -> Index:
    return Index(None, None, None, None, (), reason)


def _why_alone(
    rsa: Estimate, breathing: Estimate, baseline: Baseline, *, paced: bool
) -> Reason | None:
    if paced:
        return Reason(ReasonCode.ALONE_PACED)
    if baseline.ln_rsa is None or baseline.breathing_rate is None:
        return Reason(ReasonCode.ALONE_IN_BASELINE)
    if breathing.value is None or rsa.value is None or rsa.value <= 0.0:
        return Reason(ReasonCode.ALONE_NOW)
    if abs(breathing.value - baseline.breathing_rate) > SIMILAR_BREATHING:
        return Reason(ReasonCode.ALONE_OTHERWISE)
    return None


def _heart_rate_part(heart_rate: Estimate, baseline: Baseline, weight: float) -> _Part:
    at, low, high = (
        None if bpm is None else (bpm - baseline.level) / baseline.spread
        for bpm in (heart_rate.value, heart_rate.low, heart_rate.high)
    )
    return _part(HEART_RATE, weight, at, low, high)


def _rsa_part(rsa: Estimate, baseline: Baseline) -> _Part:
    level, spread = baseline.ln_rsa or 0.0, baseline.ln_rsa_spread or 1.0
    at, low, high = (
        None if ms is None or ms <= 0.0 else (log(ms) - level) / spread
        for ms in (rsa.value, rsa.low, rsa.high)
    )
    return _part(RSA, RSA_WEIGHT, at, low, high)


def _part(
    name: str, weight: float, at: float | None, low: float | None, high: float | None
) -> _Part:
    distance = 0.0 if at is None else at
    ends = sorted(weight * (end - distance) for end in (low, high) if end is not None)
    down, up = (ends[0], ends[1]) if len(ends) == 2 else (None, None)
    return _Part(Term(name, distance, weight), down, up)


def _together(value: float, parts: list[_Part]) -> tuple[float | None, float | None]:
    """Return the interval of a sum of terms whose errors are taken as independent."""
    down = [part.down for part in parts if part.down is not None]
    up = [part.up for part in parts if part.up is not None]
    if len(down) < len(parts):
        return None, None
    return value - hypot(*down), value + hypot(*up)
