"""Checks that episodes are found, at their place, and hardly where there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import starmap
from pathlib import Path

import numpy as np

from devices.scripted import Waves
from physio.arousal.episodes import Episode, episodes
from physio.arousal.recovery import recovery
from physio.arousal.rise import shape
from physio.beats import Beats, FloatArray
from physio.labels import labels, usable
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.given.rest import looked_at, unseen
from proof.validation.made import beats as synthetic
from proof.validation.made.hours import Hour, half_minutes, hour, minutes

HOURS = 16
"""Simulated hours with episodes."""

LONG_RESTS = 20
"""Simulated rests of 3 h."""

AROUND = (-15.0, 25.0)
"""Seconds from a true onset within which an episode is the one."""

BOUND = (
    "No unbiased fit of the same curve could do better than 88 % here, even if it knew the waves' "
    "spectrum (Cramér-Rao; 97, 68 and 98 % for 14, 9 and 12 bpm): waves last as long as a fall."
)

Slow = Callable[[int], Waves]


@cache
def _pairs(slow: Slow) -> tuple[tuple[Hour, float, float, Episode | None], ...]:
    """Return for each true episode its hour, onset and half recovery (s), and what was found."""
    return tuple(
        (made, one.onset, one.half_recovery, _nearest(found, one.onset))
        for seed in range(HOURS)
        for made in [hour("therapy", seed, seconds=2700.0, slow=slow(9000 + seed))]
        for found in [made.found()]
        for one in made.truth.episodes
    )


def _nearest(found: tuple[Episode, ...], onset: float) -> Episode | None:
    low, high = AROUND
    return next((one for one in found if low < one.onset.value - onset < high), None)


def _found(slow: Slow) -> Finding:
    pairs = _pairs(slow)
    hits = [(made, onset, one) for made, onset, _, one in pairs if one is not None]
    away = np.array([one.onset.value - onset for _, onset, one in hits])
    first = np.array(list(starmap(_first_told, hits)))
    late = np.array([one.noticed - onset for _, onset, one in hits])
    share, near = len(hits) / len(pairs), np.mean(np.abs(away) <= 5.0)
    live = np.mean(np.abs(first) <= 9.0)
    told = (
        f"found {100 * share:.0f} % of {len(pairs)}; onset within 5 s in {100 * near:.0f} %, as "
        f"first told within 9 s in {100 * live:.0f} %; noticed {np.median(late):.0f} s after it"
    )
    return Finding(told, min(share, near, live) >= 0.95)


def _first_told(made: Hour, onset: float, one: Episode) -> float:
    """Return how far the onset was off when the episode was first told of, in s."""
    so_far = (_nearest(made.found(one.noticed + later), onset) for later in (1, 2, 4, 8, 16, 32))
    return next((told.onset.value - onset for told in so_far if told is not None), np.inf)


def _beside_quick_waves(_: Path | None) -> Finding:
    found, half = _found(half_minutes), _half(half_minutes)
    return Finding(f"{found.ours}; half recovery within 15 % in {half.ours}", held=True)


def _half(slow: Slow) -> Finding:
    each = [(half, one.half_recovery) for _, _, half, one in _pairs(slow) if one is not None]
    seen = [(half, found) for half, found in each if found is not None]
    near = sum(abs(found.value / half - 1.0) <= 0.15 for half, found in seen) / len(each)
    held = np.mean([found.low <= half <= found.high for half, found in seen])
    told = f"{100 * near:.0f} % of {len(each)}; the interval holds it in {100 * held:.0f} %"
    return Finding(told, bool(near >= 0.95), BOUND)


def _false(slow: Slow) -> Finding:
    count = sum(
        len(hour("rest", seed, seconds=10800.0, slow=slow(500 + seed)).found())
        for seed in range(LONG_RESTS)
    )
    told = f"{count} in {3 * LONG_RESTS} h"
    return Finding(told, count <= LONG_RESTS)


def _step(_: Path | None) -> Finding:
    late = np.array([_until_noticed(hour("rest", seed, seconds=700.0).beats) for seed in range(40)])
    lively = np.array([_until_noticed(synthetic.rest(seed, duration=700.0)) for seed in range(40)])
    told = f"{np.count_nonzero(late <= 20.0)} of 40, the last {late.max():.0f} s after it"
    note = f"In a livelier rest (35 ms SD of intervals) {np.count_nonzero(lively <= 20.0)} of 40."
    return Finding(told, bool(late.max() <= 20.0), note)


def _until_noticed(rest: Beats) -> float:
    """Return after how many seconds 8 bpm more for 30 s are noticed in rest."""
    higher = (rest.time >= 500.0) & (rest.time < 530.0)
    rr = np.where(higher, 60000.0 / (60000.0 / rest.rr + 8.0), rest.rr)
    start = float(rest.start[0])
    late = (one.noticed + start - 500.0 for one in _all(synthetic.from_intervals(rr)))
    return next((each for each in late if each > 0.0), np.inf)


def _all(beats: Beats) -> tuple[Episode, ...]:
    label = labels(beats.rr, beats.segment)
    found = episodes(beats, usable(label, beats.segment), label)
    return tuple(one for one in found if one.sure)


def _recovery(_: Path | None) -> Finding:
    random, time = np.random.default_rng(19), np.arange(180.0)
    kinds = [(height, half) for height, half in ((14.0, 70.0), (9.0, 50.0), (12.0, 90.0))] * 100
    off = []
    for height, half in kinds:
        clean = 70.0 + height * shape(time + 100.0, 0.0, 2.0, half + 100.0, 10.0)
        found = recovery(time, clean + random.normal(0.0, 2.0, len(time)), base=70.0)
        off.append(found.half_time.value / half - 1.0)
    near = np.mean(np.abs(off) <= 0.15)
    return Finding(f"{100 * near:.0f} % of {len(kinds)}", bool(near >= 0.95))


def _real(recordings: Path) -> Finding:
    told = ", ".join(_told({**looked_at(recordings), **unseen(recordings)}))
    return Finding(told, held=True, note="An hour has those that it has; nobody noted them.")


def _told(rest: dict[str, FloatArray]) -> Iterator[str]:
    for name, rr in rest.items():
        beats = synthetic.from_intervals(rr)
        count, hours = len(_all(beats)), float(beats.time[-1]) / 3600.0
        yield f"{name} {count / hours:.1f} an hour ({count} in {60.0 * hours:.0f} min)"


OURS = "none is published; own goal"

SLOW_WAVES = "beside slow waves of 1 to 15 min that let minutes differ by 3.5 bpm (SD)"
QUICK_WAVES = "beside waves of 33 to 250 s, as large"

CHECKS = (
    Check(
        "episodes_found",
        f"Episodes of the simulated therapy hour, {SLOW_WAVES}",
        "95 % found, as many onsets within 5 s, and within 9 s as first told",
        OURS,
        lambda _: _found(minutes),
    ),
    Check(
        "episodes_half",
        f"Half recovery of these episodes, {SLOW_WAVES}",
        "within 15 % in 95 %",
        OURS,
        lambda _: _half(minutes),
    ),
    Check(
        "episodes_false",
        f"Episodes in simulated rest, {SLOW_WAVES}",
        "at most 1 in 3 h",
        OURS,
        lambda _: _false(minutes),
    ),
    Check(
        "episodes_false_quick",
        f"Episodes in simulated rest, {QUICK_WAVES}",
        "at most 1 in 3 h",
        OURS,
        lambda _: _false(half_minutes),
    ),
    Check(
        "episodes_found_quick",
        f"Episodes of the simulated therapy hour, {QUICK_WAVES}",
        "told, not assumed",
        OURS,
        _beside_quick_waves,
    ),
    Check(
        "episodes_step",
        "Eight bpm more for 30 s, in rest",
        "noticed within 20 s",
        OURS,
        _step,
    ),
    Check(
        "recovery_half_time",
        "The half-time of a logistic recovery with noise of 2 bpm",
        "within 15 % in 95 %",
        "Christenfeld, Glynn and Gerin (2000), doi 10.1111/1469-8986.3740543 (the form)",
        _recovery,
    ),
    Check(
        "episodes_real",
        "How many episodes real rest has",
        "told, not assumed",
        OURS,
        on_recordings(_real),
    ),
)
