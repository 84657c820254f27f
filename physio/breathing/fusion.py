"""Breathing from any number of signals that it moves, fused by how clearly each one shows it.

Signals are named series with their own times: the intervals; amplitude, baseline, slope and size of
each QRS (`physio.ecg`); the tilt of the chest (`physio.breathing.accelerometer`); or others.

Method. Of each signal the Fourier sums over its samples, where they lie, are taken on a fine grid
of rates; no resampling, no filling in. Power times rate, as shares, says at which rate a signal
moves and how far above noise. The shares of all, smoothed in proportion to the rate and weighted by
that, give a first rate. Around it the signals are brought together in time: the first principal
component of their complex spectra (Brillinger 1981, Time Series: Data Analysis and Theory, chapter
9) turns each signal until all move in step, and noise that only one has averages out. The phase of
this common wave counts the breaths: the rate is its mean advance. Unlike a spectral peak a count
does not ask that all breaths be of one length. That breaths should be counted, and signals fused,
is the finding of Charlton et al. 2016 (doi:10.1088/0967-3334/37/4/610) over 314 algorithms;
weighting by quality is reviewed by Charlton et al. 2018 (doi:10.1109/RBME.2017.2763681). The common
phase, the score and all numbers are ours; what the score asks is said at `CLEAREST`.

Limits. Nothing shows above half the rate of a signal's own samples, so with signals of the beats
nothing above half the heart rate; breathing faster than that folds back and looks slower. Where
breath is held for part of a window, the rate is that of the breaths around. Of a signal with a gap
inside a window the window has nothing. One signal that moves alone among several that do not is
often refused: nothing bears it out. A signal of breathing itself needs nobody to
(`breathing_alone`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.clear import SLOWEST
from physio.breathing.sources import READ, TINY, ComplexArray, Plan, Seen, look, plan_for
from physio.respiration import Source

CLEAREST, SHORTER = 0.55, 3.6
"""Breathing counts as clear from a score of `CLEAREST` plus `SHORTER` / sqrt(window in seconds).

The score is the sum of four terms. How far above noise the common wave's spectrum holds power near
its rate, at most 1. How much of all movement there is common to the signals, at most 1. How
unlikely it is that two sources are in step by chance, at most `AGREEMENT`. Less the unevenness of
the common phase: spread over mean of its advance. Form and numbers were chosen on made breathing
with breaths of varying length and depth, and on noise of many kinds, of which 3 windows in a
hundred pass (white noise fewest, beats of recordings in shuffled order up to 10). What is refused
and what the recordings give is measured in `proof/validation/goals/ecg_breathing.py`.
"""

AGREEMENT = 0.24
"""See `CLEAREST`."""

ALONE = 0.4
"""Above noise, less unevenness, from which a signal of breathing itself counts as clear.

Ours: at rest 97 % of the minutes of an impedance, 95 of a belt and 75 of an air flow reach it, and
of noise 1 in a hundred that is white or falls as 1/f, up to 6 that falls far more steeply or rises.
"""

COVERED = 0.75
"""Of a window that such a signal must reach over."""

UNLIKELY = 12.0
"""Minus the natural logarithm of a chance: less likely counts no more."""

LEAST_WEIGHT = 0.02
"""What a signal without rhythm counts, beside 1 for one that moves at one rate only."""

PARTS = 4
"""Equal parts of a window, whose own rates tell how sure that of the window is."""

AT_ONCE = 64
"""Windows computed in one go; bounds memory for a whole night of sliding windows."""


@dataclass(frozen=True, slots=True, eq=False)
class Breathing:
    """The breathing of m windows, seen in c signals.

    Attributes
    ----------
    rate : (m,) float
        Breaths/min; NaN where no breathing is clear.
    score : (m,) float
        How clear it is, see `CLEAREST`; NaN where there are not two signals without a gap.
    weight : (m, c) float
        What each signal contributed; rows add up to 1, or are 0 where there is none.
    lead : (m, c) float
        Share of each signal in the common wave; rows add up to 1, or are 0 where there is none.
    parts : (m, 4) float
        Breaths/min in each quarter of a window; NaN where `rate` is.
    """

    rate: FloatArray
    score: FloatArray
    weight: FloatArray
    lead: FloatArray
    parts: FloatArray


def fused_breathing(start: FloatArray, end: FloatArray, sources: Sequence[Source]) -> Breathing:
    """Return the breathing in windows of 30 to 120 s, each from its own samples only.

    Parameters
    ----------
    start, end : (m,) float
        Edges in seconds on the session clock; a window holds the samples in (start, end].
    sources : sequence of Source
        Two signals or more in all: it takes company to tell what is common. Signals whose noise is
        of one origin, as the waves of one QRS, belong in one source.

    Raises
    ------
    ValueError
        If there are fewer than two signals.
    """
    count = sum(len(source.names) for source in sources)
    if count < 2:
        raise ValueError(f"breathing is fused from two signals or more; got {count}")
    return _over(start, end, sources)


def breathing_alone(start: FloatArray, end: FloatArray, source: Source) -> Breathing:
    """Return what one signal of breathing itself shows, as `fused_breathing` of several.

    Its rate is the mean advance of its own phase, where it is clear by `ALONE`.
    """
    return _over(start, end, [source])


def _over(start: FloatArray, end: FloatArray, sources: Sequence[Source]) -> Breathing:
    m, count = len(start), sum(len(source.names) for source in sources)
    rate, score, parts = np.full(m, np.nan), np.full(m, np.nan), np.full((m, PARTS), np.nan)
    found = Breathing(rate, score, np.zeros((m, count)), np.zeros((m, count)), parts)
    for length, rows in _alike(end - start):
        plan = plan_for(length)
        seen = [look(plan, start[rows], end[rows], source) for source in sources]
        part = _fused(plan, seen)
        for name in ("rate", "score", "weight", "lead", "parts"):
            getattr(found, name)[rows] = getattr(part, name)
    return found


def _alike(length: FloatArray) -> Iterator[tuple[float, IntArray]]:
    """Yield the windows of equal length (to the microsecond), some at a time."""
    rounded = np.round(length, 6)
    for each in np.unique(rounded[np.isfinite(rounded) & (rounded > 0.0)]).tolist():
        same = np.flatnonzero(rounded == each)
        for part in range(0, len(same), AT_ONCE):
            yield each, same[part : part + AT_ONCE]


@dataclass(frozen=True, slots=True, eq=False)
class _Common:
    """The wave that the signals have in common, in m windows.

    Attributes
    ----------
    at : (m,) int
        Place of the first rate on the plan's grid.
    unit : (m, c, k) complex
        Fourier sums of each signal, of size 1 within the band around that rate.
    weight : (m, c) float
        What each signal counts; rows add up to 1.
    sums : (m, k) complex
        Fourier sums of the common wave.
    lead : (m, c) float
        Share of each signal in it.
    """

    at: IntArray
    unit: ComplexArray
    weight: FloatArray
    sums: ComplexArray
    lead: FloatArray


def _fused(plan: Plan, seen: Sequence[Seen]) -> Breathing:
    carried = [np.repeat(s.searched[:, np.newaxis], s.sums.shape[1], axis=1) for s in seen]
    searched = np.concatenate(carried, axis=1)
    common = _common(plan, np.concatenate([s.sums for s in seen], axis=1), searched)
    rate, unevenness, parts = _advance(plan, common, seen)
    score = (
        _clear(plan, common, np.asarray(searched.any(axis=1)))
        + _common_share(plan, common)
        + AGREEMENT * _agreed(plan, common, [s.sums.shape[1] for s in seen])
        - unevenness
    )
    highest = np.max([part.highest for part in seen], axis=0)
    there = searched.any(axis=2).sum(axis=1)
    if searched.shape[1] > 1:
        score, least = (
            np.where(there >= 2, score, np.nan),
            CLEAREST + SHORTER / np.sqrt(plan.length),
        )
    else:
        # One signal has all movement in common with itself.
        lasting = seen[0].end - seen[0].begin
        score, least = np.where(lasting >= COVERED * plan.length, score, np.nan), 1.0 + ALONE
    sound = (score >= least) & (rate >= SLOWEST) & (rate <= highest)
    parts = np.where(sound[:, np.newaxis], parts, np.nan)
    return Breathing(np.where(sound, rate, np.nan), score, common.weight, common.lead, parts)


def _common(plan: Plan, sums: ComplexArray, searched: BoolArray) -> _Common:
    share = _shares(sums, plan.rate * searched)
    smooth = (share @ plan.kernel) * searched
    held = _excess(share, _shares(np.ones_like(sums), plan.rate * searched), _near(plan, smooth))
    weight = np.where(searched.any(axis=2), np.maximum(held, LEAST_WEIGHT), 0.0)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), TINY)
    at = np.argmax(np.einsum("mc,mck->mk", weight, smooth), axis=1)
    unit = sums / _size(sums * plan.band[at][:, np.newaxis])
    lead = _lead(unit * plan.band[at][:, np.newaxis], weight)
    led = np.abs(lead) ** 2
    led /= np.maximum(led.sum(axis=1, keepdims=True), TINY)
    return _Common(at, unit, weight, np.einsum("mc,mck->mk", lead, unit), led)


def _near(plan: Plan, score: FloatArray) -> FloatArray:
    """Return (..., k) 1 near the highest `score` (..., k), else 0."""
    return np.asarray(plan.near[np.argmax(score, axis=-1)])


def _shares(sums: ComplexArray, counted: FloatArray) -> FloatArray:
    """Return (..., k) power times `counted` as shares of the whole."""
    power = (sums.real**2 + sums.imag**2) * counted
    return np.asarray(power / np.maximum(power.sum(axis=-1, keepdims=True), TINY))


def _excess(share: FloatArray, noise: FloatArray, near: FloatArray) -> FloatArray:
    """Return (...,) how far what `share` (..., k) holds `near` is above that of `noise`, to 1."""
    held, chance = np.sum(share * near, axis=-1), np.sum(noise * near, axis=-1)
    return np.asarray((held - chance) / np.maximum(1.0 - chance, 1e-9))


def _size(sums: ComplexArray) -> FloatArray:
    square = np.sum(sums.real**2 + sums.imag**2, axis=-1, keepdims=True)
    return np.asarray(np.maximum(np.sqrt(square), TINY))


def _cross(sums: ComplexArray) -> ComplexArray:
    """Return (m, c, c) the products of `sums` (m, c, k) with each other's conjugates."""
    return np.asarray(sums @ sums.conj().transpose(0, 2, 1))


def _lead(unit: ComplexArray, weight: FloatArray) -> ComplexArray:
    """Return (m, c) by what to multiply each signal so that their sum is the common wave."""
    root = np.sqrt(weight)
    vector = np.linalg.eigh(_cross(unit * root[..., np.newaxis]))[1][:, :, -1]
    return np.asarray(vector.conj() * root)


def _clear(plan: Plan, common: _Common, searched: BoolArray) -> FloatArray:
    counted = plan.rate * searched
    share, noise = (_shares(s, counted) for s in (common.sums, np.ones_like(common.sums)))
    return _excess(share, noise, plan.near[common.at])


def _common_share(plan: Plan, common: _Common) -> FloatArray:
    """Return (m,) the share of the first principal component of the signals, counted alike."""
    value = np.linalg.eigvalsh(_cross(common.unit * plan.band[common.at][:, np.newaxis]))
    return np.asarray(value[:, -1] / np.maximum(value.sum(axis=1), TINY))


def _agreed(plan: Plan, common: _Common, sizes: Sequence[int]) -> FloatArray:
    """Return (m,) how unlikely it is, 0 to 1, that no two sources of these `sizes` are in step.

    Of n independent complex values the squared coherence exceeds x with probability
    (1 - x)**(n - 1) where there is none (Goodman 1957; Carter 1987, doi:10.1109/PROC.1987.13723).
    """
    inside = common.unit * plan.band[common.at][:, np.newaxis]
    last = np.cumsum(sizes).tolist()
    waves = []
    for begin, end in zip([0, *last], last, strict=False):
        lead = _lead(inside[:, begin:end], common.weight[:, begin:end])
        wave = np.einsum("mc,mck->mk", lead, inside[:, begin:end])
        waves.append(wave / _size(wave))
    best = np.zeros(len(common.at))
    pairs = list(combinations(waves, 2))
    for one, other in pairs:
        best = np.maximum(best, np.abs(np.sum(one * other.conj(), axis=1)) ** 2)
    unlikely = -(plan.freedom[common.at] - 1.0) * np.log(np.maximum(1.0 - best, TINY))
    return np.asarray(np.clip((unlikely - np.log(max(len(pairs), 1))) / UNLIKELY, 0.0, 1.0))


def _advance(
    plan: Plan, common: _Common, seen: Sequence[Seen]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (m,) the mean advance of the common phase in breaths/min, and its spread over that.

    Then (m, 4) the mean advance in each quarter of the windows, above 0.
    """
    wave = (common.sums * plan.band[common.at]) @ plan.wave
    step = np.angle(wave[:, 1:] * wave[:, :-1].conj()) * (60.0 * READ / (2.0 * np.pi))
    begin = np.min([part.begin for part in seen], axis=0)[:, np.newaxis]
    end = np.max([part.end for part in seen], axis=0)[:, np.newaxis]
    inside = (plan.moment[:-1] >= begin) & (plan.moment[1:] <= end)
    number = np.maximum(inside.sum(axis=1), 1)
    mean = np.sum(step * inside, axis=1) / number
    spread = np.sqrt(np.sum((step - mean[:, np.newaxis]) ** 2 * inside, axis=1) / number)
    return mean, spread / np.maximum(mean, SLOWEST), _in_parts(plan, step, inside)


def _in_parts(plan: Plan, step: FloatArray, inside: BoolArray) -> FloatArray:
    part = np.minimum(plan.moment[:-1] * PARTS / plan.length, PARTS - 1).astype(np.int64)
    own = (part == np.arange(PARTS)[:, np.newaxis]).astype(np.float64)
    number = inside @ own.T
    mean = (step * inside) @ own.T / np.where(number > 0.0, number, np.nan)
    # A logarithm is taken of it.
    return np.asarray(np.maximum(mean, 0.5 * SLOWEST))
