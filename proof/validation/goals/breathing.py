"""Checks of breathing and RSA fitted to intervals, made and recorded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from physio import panel
from physio.beats import Beats, BoolArray, FloatArray
from physio.breathing.rate import breathing_rate, may_be_slow_wave
from physio.breathing.rsa import rsa_amplitude
from physio.hrv.time_domain import rmssd
from physio.windows import windows
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.given import recordings
from proof.validation.given.recordings import Breathed, heard
from proof.validation.made.beats import every_beat, from_intervals, modulated, paced, tone
from proof.validation.made.paces import (
    SHAPES,
    Pace,
    breath_by_breath,
    breathed,
    even,
    jittered,
    overtones,
    slowly,
)

RATES = (4.0, 6.0, 9.0, 12.0, 15.0, 18.0)
"""Breaths/min."""

SWING = 100.0
"""Milliseconds from peak to trough."""

SLOW_BREATHER = "physio_toolbox"

JITTERS = (0.0, 1.0, 2.0, 4.0, 6.0)
"""Milliseconds."""

RUNS = 100
"""Of each kind."""

DEVIATIONS = (0.05, 0.08, 0.12)
"""Of the pace, as shares of it."""

LONG = 610.0
"""Seconds of a recording in which the pace wanders."""

MADE = "closed form: the breathing put in"


def _error_of_rate(_: Path | None, *, seconds: float, limit: float) -> Finding:
    rng = np.random.default_rng(11)
    rates = rng.uniform(4.5, 22.0, 120)
    found = np.array([_rate_of(_breather(rng, rate, seconds), seconds) for rate in rates])
    error = np.nanmean(np.abs(found - rates))
    clear = np.isfinite(found).mean()
    held = bool(error <= limit and clear >= 0.95)
    return Finding(
        f"{error:.3f} breaths/min",
        held,
        f"{100 * clear:.0f} % of 120 windows had a clear rate; the others are withheld.",
    )


def _breather(rng: np.random.Generator, rate: float, seconds: float) -> Beats:
    """Return 100 ms of breathing with a 10 s wave of 24 ms, a drift of 30 ms and 8 ms of noise."""
    frequencies = 2 * np.pi * np.array([rate / 60, rng.uniform(0.085, 0.105), 0.006])
    begins, sizes = rng.uniform(0, 2 * np.pi, 3), np.array([50.0, 12.0, 15.0])

    def wave(time: float) -> float:
        return float(sizes @ np.sin(frequencies * time + begins))

    clean = modulated(wave, mean_rr=60000.0 / rng.uniform(55.0, 90.0), duration=seconds + 3.0)
    return from_intervals(clean.rr + 8.0 * rng.standard_normal(len(clean)))


def _rate_of(beats: Beats, seconds: float) -> float:
    return float(breathing_rate(every_beat(beats, 0.0, seconds))[0])


def _rsa_amplitude(_: Path | None) -> Finding:
    share = np.array([[_amplitude(rate, seed) for seed in range(120)] for rate in RATES]) / SWING
    mean, spread = np.nanmean(share, axis=1), np.nanstd(share, axis=1)
    clear = np.isfinite(share).mean(axis=1)
    held = bool(np.abs(mean - 1.0).max() <= 0.03 and spread.max() <= 0.06 and clear.min() >= 0.8)
    return Finding(
        f"means {mean.min():.3f} to {mean.max():.3f}, SD {100 * spread.max():.1f} % at most",
        held,
        f"{100 * clear.mean():.0f} % of {share.size} windows had a clear rate, "
        f"{100 * clear.min():.0f} % of those at {RATES[int(np.argmin(clear))]:.0f} breaths/min; "
        f"the others are withheld. RMSSD of this swing is "
        f"{100 * _rmssd_lost():.0f} % lower at 6 than at 15 breaths/min.",
    )


def _amplitude(rate: float, seed: int) -> float:
    begin = 10.0 * seed / 120.0
    held = every_beat(paced(rate, SWING, seed=seed, duration=45.0), begin, begin + 30.0)
    return float(rsa_amplitude(held, breathing_rate(held))[0])


def _rmssd_lost() -> float:
    slow, quick = (
        rmssd(every_beat(tone(rate / 60, SWING / 2), 0.0, 300.0))[0] for rate in (6.0, 15.0)
    )
    return float(1.0 - slow / quick)


def _no_rate_above_half(_: Path | None) -> Finding:
    rng = np.random.default_rng(3)
    beyond, given = 0, 0
    for rate, level in zip(rng.uniform(3, 60, 150), rng.uniform(600, 1500, 150), strict=True):
        held = every_beat(tone(rate / 60, 20.0, mean_rr=level, duration=63.0), 0.0, 60.0)
        found, half = breathing_rate(held)[0], 30000.0 / held.beats.rr[: held.last[0]].mean()
        given += np.isfinite(found)
        beyond += found > min(half, 30.0) * (1.0 + 1e-9)
    folded = _rate_of(tone(28 / 60, 20.0, mean_rr=1200.0, duration=63.0), 60.0)
    return Finding(
        f"{beyond} of {given}",
        beyond == 0 and abs(folded - 22.0) <= 0.5,
        f"Faster breathing folds: 28 breaths/min at a heart rate of 50 show as {folded:.1f}.",
    )


def _slow_wave(_: Path | None) -> Finding:
    only_wave = tone(0.1, 30.0, duration=63.0)
    found = breathing_rate(every_beat(only_wave, 0.0, 60.0))
    return Finding(
        f"{found[0]:.2f} breaths/min, marked as doubtful" if may_be_slow_wave(found)[0] else "",
        bool(abs(found[0] - 6.0) <= 0.1 and may_be_slow_wave(found)[0]),
        "Without breathing in the intervals, the 0.1 Hz wave is taken for it: they cannot tell.",
    )


def _whole_rate(beats: Beats) -> float:
    return float(breathing_rate(every_beat(beats, 0.0, float(beats.time[-1])))[0])


def _pacemaker(_: Path | None) -> Finding:
    rng = np.random.default_rng(17)
    given = [_share_given(rng, jitter, 0.0) for jitter in JITTERS]
    return Finding(
        f"{100 * max(given):.1f} % at worst",
        max(given) <= 0.03,
        f"{RUNS} runs at each of {', '.join(f'{jitter:g}' for jitter in JITTERS)} ms, 55 to "
        "90 beats/min, times in steps of 1/1024 s.",
    )


def _weak_swing(_: Path | None) -> Finding:
    rng = np.random.default_rng(18)
    found = [_share_given(rng, jitter, 8.0 if jitter == 6.0 else 6.0) for jitter in JITTERS]
    shares = ", ".join(f"{100 * share:.0f}" for share in found)
    told = ", ".join(f"{jitter:g}" for jitter in JITTERS)
    return Finding(f"{shares} % at {told} ms", min(found) >= 0.8)


def _share_given(rng: np.random.Generator, jitter: float, swing: float) -> float:
    """Return the share of runs with a rate: of those that breathe, the right one within 1/min."""
    rates = np.array(
        [
            _whole_rate(jittered(rng, jitter, heart_rate=rng.uniform(55.0, 90.0), swing=swing))
            for _ in range(RUNS)
        ]
    )
    return float(np.mean(np.isfinite(rates) if swing == 0.0 else np.abs(rates - 14.0) <= 1.0))


def _overtones(_: Path | None) -> Finding:
    rng = np.random.default_rng(19)
    ratio = np.array([_read_as(rng, SHAPES[k % 3], rng.choice([60.0, 300.0])) for k in range(240)])
    given, wrong = np.isfinite(ratio), np.abs(ratio - 1.0) > 0.15
    return Finding(
        f"{np.sum(wrong & given)} of {np.sum(given)}",
        not (wrong & given).any() and given.mean() >= 0.5,
        f"{100 * np.mean(~given):.0f} % of {len(ratio)} are withheld.",
    )


def _read_as(rng: np.random.Generator, shape: str, seconds: float) -> float:
    """Return what slow breaths of a shape are read as, over their rate."""
    rate, (sizes, phases) = rng.uniform(3.5, 10.0), overtones(rng, shape)
    heart_rate, duration = rng.uniform(55.0, 85.0), seconds + 2.0
    pace = even(rate, duration=duration)
    beats = breathed(
        rng,
        pace,
        sizes=30.0 * sizes,
        phases=phases,
        heart_rate=heart_rate,
        duration=duration,
    )
    return _rate_of(beats, seconds) / rate


def _too_slow(_: Path | None) -> Finding:
    rng = np.random.default_rng(20)
    rates = np.repeat(np.arange(0.5, 3.0, 0.3), 8)
    found = [_whole_rate(breathed(rng, even(rate), sizes=[40.0], noise=2.0)) for rate in rates]
    given = int(np.isfinite(found).sum())
    return Finding(f"{given} of {len(found)}", given == 0)


def _wandering(_: Path | None, *, length: float, widest: float) -> Finding:
    kinds = {"slowly": slowly, "breath by breath": breath_by_breath}
    told = [
        (f"{name} {100 * deviation:.0f} %", *_bands(pace_of, deviation, length))
        for name, pace_of in kinds.items()
        for deviation in DEVIATIONS
    ]
    held, width, given = (
        min(column) for column in zip(*((h, -w, g) for _, h, w, g in told), strict=True)
    )
    return Finding(
        f"{100 * held:.0f} % held at worst, half-width {-100 * width:.1f} % at most",
        bool(held >= 0.9 and -width <= widest and given >= 0.7),
        "; ".join(f"{name}: {100 * h:.0f} %, {100 * w:.1f} %" for name, h, w, _ in told) + ".",
    )


def _bands(
    pace_of: Callable[..., Pace], deviation: float, length: float
) -> tuple[float, float, float]:
    """Return how many bands hold the counted rate, their median half-width, how many have one."""
    rng, found = np.random.default_rng(23), []
    for rate in rng.uniform(8.0, 20.0, 25):
        pace = pace_of(rng, rate, deviation, duration=LONG)
        beats = breathed(rng, pace, heart_rate=rng.uniform(55.0, 80.0), duration=LONG)
        start = np.arange(0.0, LONG - length, length)
        end = start + length
        one = panel.over(beats, None, start=start, end=end, names=["breathing_rate"])
        band = one["breathing_rate"]
        found.append((pace.rate(start, end), band.value, band.low, band.high))
    counted, value, low, high = np.concatenate(found, axis=1)
    known = np.isfinite(low)
    held = ((low <= counted) & (counted <= high))[known].mean()
    width = np.median(((high - low) / (2.0 * value))[known])
    return float(held), float(width), float(known.mean())


def _slow_breather_rsa(folder: Path) -> Finding:
    known = heard(folder, SLOW_BREATHER)
    beats, kept = known.beats, known.usable
    of_labels, of_all = (_whole_rsa(beats, use) for use in (kept, np.ones(len(beats), bool)))
    away = of_labels / of_all - 1.0
    told = f"{100 * away:+.1f} % ({of_labels:.0f} and {of_all:.0f} ms)"
    return Finding(told, bool(abs(away) <= 0.03), f"{np.sum(~kept)} of {len(beats)} left out.")


def _whole_rsa(beats: Beats, use: BoolArray) -> float:
    held = windows(beats, use, 0.0, beats.time[-1])
    return float(rsa_amplitude(held, breathing_rate(held))[0])


def _slow_breather_rate(folder: Path) -> Finding:
    known, record = heard(folder, SLOW_BREATHER), recordings.breathed(folder, SLOW_BREATHER)
    start = np.arange(0.0, 241.0, 10.0)
    found = breathing_rate(windows(known.beats, known.usable, start, start + 60.0))
    plain, tapered = (
        np.abs(found - [_airflow_peak(record, at, taper) for at in start])
        for taper in (np.ones, np.hanning)
    )
    apart = slice(None, None, 6)
    return Finding(
        f"{plain[apart].max():.2f} breaths/min at most in five minutes end to end",
        bool(plain[apart].max() <= 0.3),
        f"In windows every 10 s, {plain.max():.2f}. The airflow's spectrum counts a minute evenly, "
        f"as the fit does; with a Hann window, which counts its middle, {tapered[apart].max():.2f} "
        "end to end: breathing wanders inside a minute.",
    )


def _airflow_peak(record: Breathed, start: float, taper: Callable[[int], FloatArray]) -> float:
    """Return the peak of the airflow's spectrum between 3 and 30 breaths/min."""
    rate = record.respiration_rate
    flow = record.respiration[round(start * rate) : round((start + 60.0) * rate)]
    at = np.arange(len(flow))
    level = np.polynomial.Polynomial.fit(at, flow, 1)(at)
    power = np.abs(np.fft.rfft((flow - level) * taper(len(flow)), 1 << 20)) ** 2
    frequency = 60.0 * np.fft.rfftfreq(1 << 20, 1.0 / rate)
    searched = (frequency >= 3.0) & (frequency <= 30.0)
    return float(frequency[searched][np.argmax(power[searched])])


CHECKS: tuple[Check, ...] = (
    Check(
        key="rate_of_intervals_60s",
        title="Breathing rate from 60 s of intervals, 4.5 to 22 breaths/min with a 10 s wave, "
        "drift and 8 ms noise",
        goal="mean error <= 0.1 breaths/min",
        published=MADE,
        find=partial(_error_of_rate, seconds=60.0, limit=0.1),
    ),
    Check(
        key="rate_of_intervals_30s",
        title="The same from 30 s",
        goal="mean error <= 0.5 breaths/min",
        published=MADE,
        find=partial(_error_of_rate, seconds=30.0, limit=0.5),
    ),
    Check(
        key="no_rate_above_half_the_heart_rate",
        title="Breathing up to 60 breaths/min: rates returned above half the heart rate, or 30",
        goal="none; faster breathing shows as heart rate less breathing rate",
        published="closed form: the sampling theorem",
        find=_no_rate_above_half,
    ),
    Check(
        key="ten_second_wave_marked",
        title="A 0.1 Hz wave without breathing: what it is taken for",
        goal="6 breaths/min, marked as what may be the wave",
        published="0.1 Hz in man: Julien 2006, doi 10.1016/j.cardiores.2005.11.008",
        find=_slow_wave,
    ),
    Check(
        key="pacemaker_has_no_breath",
        title="A heart at a fixed rate, its beats told 0 to 6 ms off: 5-minute runs with a rate",
        goal="at most 3 % at each",
        published="closed form: differences of jittered times, 2 - 2 cos of the phase of a beat",
        find=_pacemaker,
    ),
    Check(
        key="weak_swing_found",
        title="The same breathing 14/min by 6 ms peak to trough (8 at 6 ms): runs that read it",
        goal="at least 80 % at each",
        published=MADE,
        find=_weak_swing,
    ),
    Check(
        key="overtones_are_no_breath",
        title="Breaths of 3.5 to 10/min whose second and third waves are up to as strong as the "
        "first, 1 and 5 min: rates more than 15 % off",
        goal="none, and a rate in half of them",
        published=MADE,
        find=_overtones,
    ),
    Check(
        key="nothing_below_three",
        title="Waves of 0.5 to 2.9/min: runs of 5 minutes with a rate",
        goal="none",
        published="closed form: below what is searched",
        find=_too_slow,
    ),
    *(
        Check(
            key=f"wandering_pace_{length:.0f}s",
            title=f"Low and high of {length:.0f} s where the pace wanders by 5, 8 and 12 %, slowly "
            "or breath by breath: they hold the rate counted in the window",
            goal=f"90 % of each kind, median half-width <= {100 * widest:.0f} %, told in 70 %",
            published=MADE,
            find=partial(_wandering, length=length, widest=widest),
        )
        for length, widest in ((60.0, 0.12), (120.0, 0.10))
    ),
    Check(
        key="rsa_amplitude_30s",
        title="RSA of 100 ms at the measured rate, 4 to 18 breaths/min, 8 ms noise, 30 s windows",
        goal="mean within 3 %, SD <= 6 %, a clear rate in 80 % of the windows",
        published=MADE,
        find=_rsa_amplitude,
    ),
    Check(
        key="slow_breather_rsa",
        title="Very large RSA at 6 breaths/min (physio_toolbox ecg1): labels on against off",
        goal="within 3 %",
        published="real vagal jumps, not artefacts",
        find=on_recordings(_slow_breather_rsa),
    ),
    Check(
        key="slow_breather_rate",
        title="Its breathing rate in each minute beside the spectral peak of the airflow",
        goal="within 0.3 breaths/min",
        published="the airflow recorded with it",
        find=on_recordings(_slow_breather_rate),
    ),
)
