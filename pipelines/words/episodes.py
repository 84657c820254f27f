"""A rise of heart rate in words: how high, and how long it took to settle."""

from __future__ import annotations

from pipelines.language import tr
from pipelines.session import EpisodeView
from pipelines.words.moments import change_text
from pipelines.words.numbers import length_text


def height_text(one: EpisodeView, *, unit: bool = True) -> str:
    """Return how far heart rate rose, such as "+16 ± 2 bpm", or without the `unit`."""
    return change_text(one.height_bpm, one.height_low_bpm, one.height_high_bpm, unit=unit)


def half_settled_text(one: EpisodeView) -> str:
    """Return how long after its onset half of a rise was gone, or that it was not seen."""
    return _after(one.half_recovery_s, one.half_recovery_low_s, one.half_recovery_high_s)


def settled_text(one: EpisodeView) -> str:
    """Return how long after its onset a rise had settled, or that it was not seen."""
    return _after(one.recovery_s, one.recovery_low_s, one.recovery_high_s)


def _after(seconds: float | None, low: float | None, high: float | None) -> str:
    if seconds is None:
        return tr("not seen to settle")
    lasting = length_text(round(seconds))
    if low is None or high is None:
        return lasting
    return f"{lasting} ± {length_text(max(1, round((high - low) / 2)))}"
