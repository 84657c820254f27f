"""Numbers as people read them: rounded, with a true minus sign, an error and a length of time."""

from __future__ import annotations

from physio.estimate import Estimate
from pipelines.language import tr, trn
from pipelines.session import BaselineBand


def clock_text(seconds: float) -> str:
    """Return mm:ss since the start; minutes go on counting past the hour."""
    whole = max(int(seconds), 0)
    return f"{whole // 60}:{whole % 60:02d}"


ABOUT_TWO_MINUTES = 90.0
"""Seconds from which on whole minutes are near enough."""


def duration_text(seconds: float) -> str:
    """Return a length of time in plain words."""
    if seconds < ABOUT_TWO_MINUTES:
        whole = max(int(seconds), 0)
        return trn("{count} second", "{count} seconds", whole)
    minutes = round(seconds / 60)
    return trn("{count} minute", "{count} minutes", minutes)


def length_text(seconds: float) -> str:
    """Return a length of time in words, such as "8 h 3 min" or "12.5 s"."""
    if seconds < 60:
        return tr("{seconds:g} s", seconds=round(seconds, 1))
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)


def rounded(value: float, step: float) -> str:
    """Return `value` rounded to a multiple of `step`, with a true minus sign."""
    nearest = round(round(value / step) * step, 3)
    return f"{nearest + 0.0:g}".replace("-", "−")


def signed(value: float, step: float = 1.0) -> str:
    """Return `value` rounded, with its sign."""
    words = rounded(value, step)
    return words if words.startswith("−") or float(words) == 0 else f"+{words}"


def spread_text(low: float | None, high: float | None, step: float) -> str:
    """Return "± 2" for the interval from low to high, "± ?" where it is not known."""
    if low is None or high is None or low != low or high != high:
        return "± ?"
    return f"± {rounded(max((high - low) / 2, step), step)}"


def value_text(estimate: Estimate | None, step: float) -> tuple[str, str]:
    """Return a value and its uncertainty as two texts, or why there is none and nothing.

    A value smaller than its own uncertainty says nothing and is not told.
    """
    if estimate is None or estimate.value is None:
        return tr("no estimate"), ""
    low, high = estimate.low, estimate.high
    if low is not None and high is not None and (high - low) / 2 > abs(estimate.value):
        return tr("too unsure now"), ""
    return rounded(estimate.value, step), spread_text(low, high, step)


def band_text(band: BaselineBand | None) -> str:
    """Return the range of the baseline, in bpm."""
    if band is None:
        return tr("none yet")
    return tr("{low} to {high}", low=rounded(band.low, 1), high=rounded(band.high, 1))
