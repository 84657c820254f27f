"""Which breathing rate moves the heart most, and whether the data can tell: a resonance assessment.

A person breathes at some rates in turn, and the rate at which the heart swings most is taken for
their resonance frequency (Lehrer, Vaschillo and Vaschillo 2000, doi:10.1023/A:1009554825745;
Shaffer and Meehan 2020, doi:10.3389/fnins.2020.570400). Two minutes hold ten breaths or so, whose
swings vary by a quarter from one to the next, so the widest of five steps is often the widest by
chance.
Here the breaths of the steps are drawn anew in blocks (Kuensch 1989, doi:10.1214/aos/1176347265),
and the verdict is

- clear: one step stays the widest in `CLEAR` of the draws, and it is not the slowest;
- edge: the swing grows towards slower breathing in `RISING` of the draws, and the slowest step is
  within `NEAR_WIDEST` of the widest; or the slowest is itself the widest in `CLEAR` of them. What
  lies beyond was not tried;
- unclear: anything else.

A second assessment of the same person may make clear what neither is alone: both find the same step
the widest, not the slowest, each in `AGREEING` of its draws (`agreed`).

Deviations. One criterion, the swing, where the published protocols weigh up to six. All steps lend
each other their breaths: what is drawn is how far breaths lie from the mean of their own step, as
shares of it, since a step alone holds too few blocks to draw from. A margin without a verdict says
nothing; `docs/practice.md` shows how often each verdict is given, and right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from physio.beats import FloatArray, IntArray

CLEAR = 0.945
"""Share of draws; of simulated people at whom no rate is wider, 1 to 2 % are then called clear, 2
to 5 % where neighbouring breaths are alike (correlation 0.4)."""

AGREEING = 0.7
"""Share of draws, in each of two assessments. Of simulated people at whom no rate is wider, 1 to
4 % are then called clear in the second, by itself or by agreeing with the first."""

RISING = 0.997
NEAR_WIDEST = 0.15
"""Natural logarithm of one swing over the other."""

BLOCK = 3
"""Breaths that are drawn together."""

DRAWS = 1000
FEWEST_STEPS = 3
FEWEST_BREATHS = 5
"""In a step; fewer say nothing of how breaths vary."""

SMALLEST = 1e-6
"""Milliseconds; keeps logarithms finite."""


class Choice(StrEnum):
    """How sure a resonance assessment is."""

    CLEAR = "clear"
    UNCLEAR = "unclear"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Resonance:
    """What an assessment says.

    Attributes
    ----------
    rate : float or None
        Breaths/min of the widest step; of an edge, of the slowest. None where too few were scored.
    margin : float or None
        By how much it is wider than the next, as a share: 0.2 is a fifth wider. Below 0 at an edge
        that another step surpasses by chance.
    verdict : Choice
        How sure that is.
    share : float or None
        Of the draws, in which the widest step stays the widest, 0 to 1; None where too few were
        scored.
    """

    rate: float | None
    margin: float | None
    verdict: Choice
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier assessment of the same person found: the widest rate, and in which share."""

    rate: float
    share: float


def resonance(rates: Sequence[float], swings: Sequence[FloatArray]) -> Resonance:
    """Return which of some rates moves the heart most, and how sure that is.

    Parameters
    ----------
    rates : (s,) float
        Breaths/min of each step, all different.
    swings : s arrays
        The swing of the heart with each breath of a step, in ms, in the order of the breaths; at
        least `FEWEST_BREATHS`, and at least `FEWEST_STEPS` steps, for a verdict.
    """
    order = np.argsort(rates)[::-1]
    steps = [swings[i] for i in order if len(swings[i]) >= FEWEST_BREATHS]
    tried = [float(rates[i]) for i in order if len(swings[i]) >= FEWEST_BREATHS]
    if len(steps) < FEWEST_STEPS:
        return Resonance(None, None, Choice.UNCLEAR)
    means = np.maximum([np.mean(step) for step in steps], SMALLEST)
    level, drawn = (np.log(np.maximum(one, SMALLEST)) for one in (means, _drawn(steps, means)))
    share = _share(level, drawn)
    verdict = _verdict(level, drawn, share)
    at = len(steps) - 1 if verdict is Choice.EDGE else int(np.argmax(means))
    margin = means[at] / np.max(np.delete(means, at)) - 1.0
    return Resonance(tried[at], float(margin), verdict, share)


def agreed(found: Resonance, earlier: Earlier | None, *, slowest: float) -> bool:
    """Return whether an unclear assessment is clear together with an `earlier` one.

    `slowest` is the slowest rate that was tried (breaths/min): beyond it nobody knows.
    """
    if earlier is None or found.share is None or found.verdict is not Choice.UNCLEAR:
        return False
    alike = found.rate == earlier.rate and found.rate != slowest
    return alike and min(found.share, earlier.share) >= AGREEING


def _share(means: FloatArray, drawn: FloatArray) -> float:
    """Return in which share of (b, s) draws the widest of (s,) mean swings stays the widest."""
    widest = int(np.argmax(means))
    others = np.max(np.delete(drawn, widest, axis=1), axis=1)
    return float(np.mean(drawn[:, widest] > others))


def _verdict(means: FloatArray, drawn: FloatArray, share: float) -> Choice:
    """Return how sure the widest of (s,) mean swings is, from (b, s) draws; all logarithms."""
    widest, slowest = int(np.argmax(means)), len(means) - 1
    if share >= CLEAR:
        return Choice.EDGE if widest == slowest else Choice.CLEAR
    slower = np.arange(len(means)) - 0.5 * slowest
    rises = np.mean(drawn @ slower > 0.0) >= RISING
    near = means[slowest] >= means[widest] - NEAR_WIDEST
    return Choice.EDGE if rises and near else Choice.UNCLEAR


def _drawn(steps: Sequence[FloatArray], means: FloatArray) -> FloatArray:
    """Return (b, s) the mean swings of the steps, their breaths drawn anew in blocks."""
    rng = np.random.default_rng(0)  # the same breaths always give the same verdict
    away = [_away(step, mean) for step, mean in zip(steps, means, strict=True)]
    pool, starts = np.concatenate(away), _starts([len(step) for step in steps])
    noise = [_means(pool, starts, len(step), rng) for step in steps]
    return np.asarray(means * (1.0 + np.stack(noise, axis=1)))


def _away(step: FloatArray, mean: float) -> FloatArray:
    """Return how far breaths lie from their mean as shares of it, spread as before the mean."""
    return np.asarray((step / mean - 1.0) * np.sqrt(len(step) / (len(step) - 1.0)))


def _starts(lengths: Sequence[int]) -> IntArray:
    """Return where in all breaths a block may begin: it never reaches into another step."""
    begins = np.cumsum([0, *lengths[:-1]])
    inside = [b + np.arange(n - BLOCK + 1) for b, n in zip(begins, lengths, strict=True)]
    return np.concatenate(inside)


def _means(
    pool: FloatArray, starts: IntArray, breaths: int, rng: np.random.Generator
) -> FloatArray:
    """Return (b,) the means of so many breaths drawn from the pool in blocks."""
    first = rng.choice(starts, (DRAWS, -(-breaths // BLOCK), 1))
    places = (first + np.arange(BLOCK)).reshape(DRAWS, -1)[:, :breaths]
    return np.asarray(pool[places].mean(axis=1))
