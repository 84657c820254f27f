"""How far a session can be relied on: what could be read of it, its baseline, its gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

import numpy as np

from physio.arousal.baseline import RECOMMENDED
from physio.beats import BoolArray, Gap, GapCause
from physio.quality import seconds_lost
from pipelines.analysis import Result
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.report.content import Audience, Level, Trusted, joined
from pipelines.session import BaselineLine, Points, SourceBeats, overlaps
from pipelines.words import (
    cause_text,
    clock_text,
    context_text,
    length_text,
    posture_text,
    reason_text,
    rounded,
)

RATE, SWAY = "mean_hr", "rsa_amplitude"
CLEAR = 2.0
"""Trust of a point that is read clearly."""
FULL, HALF = 90.0, 10.0
"""Percentages of the time from which on a reading bears a full dot, and half of one; ours."""
TOLD = 3
"""Gaps that are told one by one."""
A_MINUTE = 60.0


def trusted(
    found: SourceBeats, points: Points, result: Result, audience: Audience
) -> tuple[Trusted, ...]:
    """Return the lines of the trust tile."""
    percent = rounded(result.quality.corrected_percent, 0.1)
    corrected = "" if percent == "0" else tr("{percent} % corrected", percent=percent)
    talked = tr("left out while talking") if found.talks else ""
    lasts = found.span[1] - found.span[0]
    heart, sway = (result.readable_percent.get(name, 0.0) for name in (RATE, SWAY))
    return (
        _read(tr("Heart rate"), heart, lasts, _limited(points, lasts), corrected),
        _read(tr("Sway with breathing"), sway, lasts, talked),
        *_baselines(result, audience),
        _gaps(found.gaps),
        *_context(result),
    )


def _seconds(points: Points, known: BoolArray) -> float:
    """Return how long something was known without a break, in s."""
    both = known[1:] & known[:-1] & (np.diff(points.segment) == 0)
    return float(np.diff(points.time)[both].sum())


def followed_seconds(found: SourceBeats, points: Points) -> float:
    """Return for how long rises could be seen, in s: nothing is followed through talking."""
    silent = ~overlaps(found.unread, points.time, points.time)
    return _seconds(points, np.isfinite(points.heart_rate) & silent)


def _limited(points: Points, whole: float) -> str:
    """Return of how much of the time heart rate was read with less trust, "" of hardly any."""
    known = np.isfinite(points.heart_rate)
    percent = 100.0 * _seconds(points, known & (points.trust < CLEAR)) / max(whole, 1.0)
    return tr("{percent} % limited", percent=floor(percent)) if percent >= HALF else ""


def _read(name: str, percent: float, whole: float, *asides: str) -> Trusted:
    share = tr("{percent} % of the time", percent=floor(percent))
    level = Level.FULL if percent >= FULL else Level.HALF if percent >= HALF else Level.NONE
    told = "; ".join(filter(None, (share, *asides)))
    return Trusted(level, name, _of(whole * percent / 100.0, whole), told)


def _of(read: float, whole: float) -> str:
    if whole < 2.0 * A_MINUTE:
        return trn("{read} of {count} second", "{read} of {count} seconds", floor(whole),
                   read=floor(min(read, whole)))  # fmt: skip
    minutes = round(whole / A_MINUTE)
    read_minutes = min(floor(read / A_MINUTE + 0.5), minutes)
    return trn("{read} of {count} minute", "{read} of {count} minutes", minutes, read=read_minutes)


def _baselines(result: Result, audience: Audience) -> Iterator[Trusted]:
    """Yield the baseline, or that of each posture where several were held, or why there is none."""
    own = result.arousal.baseline
    silent = [one for one in result.baselines if not one.talking]
    if own is not None:
        yield _baseline(tr("Baseline"), own, audience)
    elif silent:
        for one in silent:
            name = tr("Baseline, {posture}", posture=posture_text(one.posture))
            yield _baseline(name, one, audience)
    else:
        reason = result.arousal.reason
        why = "" if reason is None else reason_text(reason)
        yield Trusted(Level.NONE, tr("Baseline"), tr("none"), why)


def _baseline(name: str, own: BaselineLine, audience: Audience) -> Trusted:
    level = Level.FULL if own.end_s - own.start_s >= RECOMMENDED else Level.HALF
    when = tr("{start} to {end}", start=clock_text(own.start_s), end=clock_text(own.end_s))
    if audience is Audience.CLIENT:
        return Trusted(level, name, when, tr("your own pace then"))
    low, high = band_of(own)
    value = tr(
        "{level} bpm, range {low} to {high}",
        level=rounded(own.bpm, 1),
        low=rounded(low, 1),
        high=rounded(high, 1),
    )
    return Trusted(level, name, value, when)


def _context(result: Result) -> Iterator[Trusted]:
    """Yield what was said of the day, which may be why; nothing where nobody asked."""
    told = (f"{context_text(line)}: {harmless(words)}" for line, words in result.context.items())
    if result.context:
        yield Trusted(None, tr("Context"), "; ".join(told), "")


def band_of(own: BaselineLine) -> tuple[float, float]:
    """Return the range of a baseline, in bpm."""
    return own.bpm - own.spread_bpm, own.bpm + own.spread_bpm


def _gaps(gaps: Sequence[Gap]) -> Trusted:
    if not gaps:
        return Trusted(Level.FULL, tr("Gaps"), tr("none"), "")
    lengths = [length_text(round(gap.until - gap.start)) for gap in gaps]
    if len(gaps) <= TOLD:
        value = joined(lengths)
        times = tuple(clock_text(gap.start) for gap in gaps)
        when = tr("at {times}", times=joined(times))
        between = " "
    else:
        lost = length_text(round(seconds_lost(gaps)))
        value = trn("{count}, {lost} together", "{count}, {lost} together", len(gaps), lost=lost)
        longest = max(gaps, key=lambda gap: gap.until - gap.start)
        when = tr(
            "the longest {length} at {time}",
            length=length_text(round(longest.until - longest.start)),
            time=clock_text(longest.start),
        )
        between = "; "
    causes = dict.fromkeys(cause_text(gap.cause) for gap in gaps if gap.cause is not GapCause.NONE)
    aside = between.join(filter(None, (", ".join(causes), when)))
    return Trusted(Level.HALF, tr("Gaps"), value, aside)
