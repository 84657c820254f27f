"""What heart rate did around marks, in words: never more than the moments around them allow."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from physio.arousal.moments import Among, among
from physio.arousal.pooling import Together
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.session import MarkChange, PooledMarks
from pipelines.words.codes import reason_text
from pipelines.words.numbers import signed, spread_text

RISES: Final[Mapping[Among, str]] = MappingProxyType(
    {
        Among.LIKE_ANY: translatable("like any other minute of this hour"),
        Among.MORE_THAN_MOST: translatable("more than most other minutes of this hour"),
        Among.MORE_THAN_NEARLY_ALL: translatable("more than nearly all other minutes of this hour"),
    }
)
FALLS: Final[Mapping[Among, str]] = MappingProxyType(
    {
        Among.LIKE_ANY: RISES[Among.LIKE_ANY],
        Among.MORE_THAN_MOST: translatable("fell more than in most other minutes of this hour"),
        Among.MORE_THAN_NEARLY_ALL: translatable(
            "fell more than in nearly all other minutes of this hour"
        ),
    }
)
TOGETHER: Final[Mapping[Together, str]] = MappingProxyType(
    {
        Together.TOO_FEW: translatable("too few to say anything yet"),
        Together.LIKE_ANY: translatable("like any other minutes"),
        Together.RISE: translatable("a rise more often than chance gives"),
        Together.FALL: translatable("a fall more often than chance gives"),
    }
)


ONE_MOMENT = tr("One moment alone is never called an effect.")


def mark_text(text: str) -> str:
    """Return the words of a mark; one that has none is a mark all the same."""
    return harmless(text) or tr("mark")


def change_text(
    change: float | None, low: float | None, high: float | None, *, unit: bool = True
) -> str:
    """Return a change of heart rate with its error, such as "+9 ± 2 bpm", or without the `unit`."""
    if change is None:
        return tr("no estimate")
    error = spread_text(low, high, 1.0)
    if unit:
        return tr("{change} {error} bpm", change=signed(change), error=error)
    return f"{signed(change)} {error}"


def among_text(mark: MarkChange) -> str:
    """Return how the change at one mark lies among the other moments of its hour, or why not."""
    if mark.change_bpm is None or mark.percentile is None:
        return "" if mark.reason is None else reason_text(mark.reason)
    words = FALLS if mark.change_bpm < 0.0 else RISES
    return tr(words[among(mark.percentile)])


def rests_text(mark: MarkChange) -> str:
    """Return the percentile of a change and how many minutes it rests on, "" where it has none."""
    if mark.percentile is None or mark.minutes is None:
        return ""
    # Rounded down: 95 is said of none that the words call less.
    percentile, minutes = int(mark.percentile), int(mark.minutes)
    return trn(
        "percentile {percentile} of {count} minute",
        "percentile {percentile} of {count} minutes",
        minutes,
        percentile=percentile,
    )


def together_text(marks: PooledMarks) -> str:
    """Return what all marks of one label say together."""
    return tr(TOGETHER[marks.together])


def times_text(marks: PooledMarks) -> str:
    """Return how many marks of a label could be read, and in how many sessions where in several."""
    times = trn("{count} time", "{count} times", marks.marks)
    if marks.sessions < 2:
        return times
    return trn(
        "{times} in {count} session", "{times} in {count} sessions", marks.sessions, times=times
    )
