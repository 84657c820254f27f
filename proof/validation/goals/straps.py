"""Checks that a strap's intervals and time agree, and that what does not is mended or said."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from physio.arousal.glance import TrustLevel
from physio.quality import Verdict
from physio.reasons import ReasonCode
from pipelines import formats
from pipelines.analysis import quality_of
from pipelines.live import Engine
from pipelines.session import AnyEvent, Glance, RecordingQuality, beats_of, one_by_one
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.made.straps import Sent, again, each_second, heart, log, sent

RATES = (45.0, 60.0, 62.0, 75.0, 96.0, 110.0, 140.0)
"""Heart rates in bpm."""
SEEDS = 4
MINUTES = 300.0

OWN = "own goal; 47 situations that people reported in public"


def _judged(events: list[AnyEvent]) -> RecordingQuality:
    (found,) = beats_of(events)
    return quality_of(found)


def _count(those: Sent) -> int:
    return sum(len(held) for _, held in those)


def _straps(seconds: float = MINUTES, *, wobble: float = 0.0, spread: float = 30.0) -> list[Sent]:
    return [
        sent(heart(bpm, seed, seconds=seconds, spread=spread), seed, wobble=wobble)
        for bpm in RATES
        for seed in range(SEEDS)
    ]


def _is(judged: RecordingQuality, code: ReasonCode) -> bool:
    return judged.reason is not None and judged.reason.code is code


def _two_ways(_: Path | None) -> Finding:
    """Each beat a second time, by a way that counts by one more, so that no bytes are the same."""
    doubled = [
        [*those, *((time + 0.2, tuple(tick + 1 for tick in held)) for time, held in those)]
        for those in _straps()
    ]
    found = [_judged(log(those)) for those in doubled]
    refused = [one.verdict is Verdict.NONE and _is(one, ReasonCode.MORE_THAN_TIME) for one in found]
    return Finding(f"{sum(refused)} of {len(found)} refused", all(refused))


def _sound(_: Path | None) -> Finding:
    """Sound straps, and the same where arrivals stall by 2, 5 or 10 s, over and over."""
    straps = _straps(600.0)
    stalled = [_stalled(those, (2.0, 5.0, 10.0)[i % 3], i) for i, those in enumerate(straps)]
    found = [_judged(log(those)) for those in (*straps, *stalled)]
    wrong = sum(
        _is(one, ReasonCode.MORE_THAN_TIME) or _is(one, ReasonCode.LIKE_MILLISECONDS)
        for one in found
    )
    return Finding(f"{wrong} of {len(found)} refused or doubted", wrong == 0)


def _stalled(those: Sent, lasting: float, seed: int) -> Sent:
    for start in np.random.default_rng(seed).uniform(0.0, 590.0, 12).tolist():
        end = start + lasting
        those = [(end if start < time < end else time, held) for time, held in those]
    return those


def _again(_: Path | None) -> Finding:
    straps = _straps(120.0)
    wrong = 0
    for earliest, latest in ((0.0, 0.05), (0.051, 0.3)):
        for seed, those in enumerate(straps):
            twice = again(those, seed, earliest=earliest, latest=latest)
            wrong += _judged(log(twice)).beats != _count(those)
    return Finding(f"{wrong} of {2 * len(straps)} sessions count otherwise", wrong == 0)


def _repeated(_: Path | None) -> Finding:
    slow = [
        sent(heart(bpm, seed, seconds=MINUTES), seed)
        for bpm in (40.0, 48.0, 54.0)
        for seed in range(SEEDS)
    ]
    found = [(_judged(log(each_second(those))), _count(those)) for those in slow]
    more = [
        one.beats / count - 1.0 for one, count in found if not _is(one, ReasonCode.MORE_THAN_TIME)
    ]
    most = max(more, default=0.0)
    return Finding(
        f"{100.0 * most:.1f} % too many at most; {len(found) - len(more)} of {len(found)} refused",
        most <= 0.02,
    )


def _fillers(_: Path | None) -> Finding:
    wrong = told = 0
    for those in _straps(120.0):
        for filler in (0, 65535):
            judged = _judged(log((time, (*held, filler)) for time, held in those))
            wrong += judged.gaps_total > 0 or judged.beats != _count(those)
            told += 1
    return Finding(f"{wrong} of {told} with a gap or another count", wrong == 0)


def _milliseconds(_: Path | None) -> Finding:
    straps = [
        (bpm, sent(heart(bpm, seed, seconds=600.0), seed, unit=1000))
        for bpm in RATES
        for seed in range(SEEDS)
    ]
    doubted = [_is(_judged(log(those)), ReasonCode.LIKE_MILLISECONDS) for _, those in straps]
    right = [_judged(log(those, ticks=1000)).verdict is Verdict.GOOD for _, those in straps]
    return Finding(
        f"{sum(doubted)} of {len(straps)} recognised, {sum(right)} good with --ticks 1000",
        all(doubted) and all(right),
    )


def _exercise(_: Path | None) -> Finding:
    rates = (95.0, 110.0, 125.0, 140.0)
    straps = [
        sent(heart(bpm, seed, seconds=900.0, spread=8.0), seed, wobble=1.0)
        for bpm in rates
        for seed in range(SEEDS)
    ]
    found = [_judged(log(those)) for those in straps]
    lost = sum(one.gaps_total for one in found)
    whole = all(one.beats == _count(those) for one, those in zip(found, straps, strict=True))
    minutes = 15 * len(straps)
    return Finding(f"{lost} gaps in {minutes} min", lost == 0 and whole)


def _glances(events: list[AnyEvent]) -> list[Glance]:
    """Return each glance from when there is a baseline, which is learnt."""
    engine, shown = Engine(), []
    for event in one_by_one(events):
        engine.advance([event])
        engine.advance(engine.learnt_baselines(event.time))
        shown += [view.glance for view in engine.snapshot(event.time).sources]
    return [one for one in shown if one.level is not None]


def _clear(shown: list[Glance]) -> float:
    return float(np.mean([one.trust is TrustLevel.CLEAR for one in shown]))


def _glance_of_rest(_: Path | None) -> Finding:
    calm = log(sent(heart(66.0, 2, seconds=400.0), 2))
    share = _clear(_glances(calm))
    return Finding(f"{100.0 * share:.0f} % clear", share >= 0.9)


def _glance_of_real_rest(recordings: Path) -> Finding:
    file = formats.read(recordings / "hrv_rhenanbartels" / "rest_rri.txt")
    share = _clear(_glances(list(file.events)))
    return Finding(f"{100.0 * share:.0f} % clear", share >= 0.6)


def _glance_of_slow_breathing(recordings: Path) -> Finding:
    file = formats.read(recordings / "polar_h10_dhyb" / "sample_data_ibi.csv")
    shown = _glances(list(file.events))
    changes = sum(a.position != b.position for a, b in pairwise(shown))
    share = _clear(shown)
    return Finding(
        f"{changes} changes in {len(shown)} packets, {100.0 * share:.0f} % clear",
        changes <= 4 and share <= 0.1,
        "Its heart rate sways by 20 bpm with each breath.",
    )


CHECKS = (
    Check(
        "straps_two_ways",
        "Heartbeats that come twice, by two ways that count a little differently, are refused",
        "verdict none, in every case",
        OWN,
        _two_ways,
    ),
    Check(
        "straps_sound",
        "Nothing is refused or doubted of sound straps, nor where arrivals stall for 2 to 10 s",
        "none",
        "sum over time is at most 1.016 in every recording with times that we have; the limit is "
        "1.02",
        _sound,
    ),
    Check(
        "straps_again",
        "Packets delivered again up to 300 ms later count once, 45 to 140 bpm",
        "every session has its beats, no more and no fewer",
        OWN,
        _again,
    ),
    Check(
        "straps_repeated",
        "The last interval, repeated each second while no beat came, is dropped or refused",
        "at most 2 % more beats than there were, or the verdict says why",
        OWN,
        _repeated,
    ),
    Check(
        "straps_fillers",
        "0 and 65535 in every packet are no intervals",
        "no gap, every beat",
        OWN,
        _fillers,
    ),
    Check(
        "straps_milliseconds",
        "Milliseconds in the field of 1/1024 s are recognised, and right with --ticks 1000",
        "all recognised, all good once told",
        "closed form: 1000 in 1024 is 2.3 % short",
        _milliseconds,
    ),
    Check(
        "straps_exercise",
        "Packets whose arrival wanders by up to a second, 95 to 140 bpm, are not lost",
        "no gap, every beat",
        OWN,
        _exercise,
    ),
    Check(
        "glance_rest",
        "The glance of made rest is clear",
        "in at least 90 % of the packets after the baseline",
        "own goal",
        _glance_of_rest,
    ),
    Check(
        "glance_real_rest",
        "The glance of real rest is clear",
        "in at least 60 % of the packets after the baseline",
        "own goal",
        on_recordings(_glance_of_real_rest),
    ),
    Check(
        "glance_slow_breathing",
        "Slow deep breathing on an H10 does not move the word of the glance, nor reads clear",
        "at most 4 changes of position in 7 minutes, clear in at most 10 %",
        "own goal",
        on_recordings(_glance_of_slow_breathing),
    ),
)
