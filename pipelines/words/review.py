"""What is said of a stored hour: its moments, how rises settled, what to trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from physio.reasons import ReasonCode
from pipelines.language import tr, translatable, trn
from pipelines.session import EpisodeView, LeftOutReason, MarkChange
from pipelines.words.numbers import rounded, spread_text

WHY_LEFT_OUT: Final[Mapping[LeftOutReason, str]] = MappingProxyType(
    {
        LeftOutReason.MOVING: translatable("moving"),
        LeftOutReason.TALKING: translatable("talking"),
        LeftOutReason.STRAP: translatable("the strap"),
        LeftOutReason.OTHER: translatable("another reason"),
    }
)
"""Why a stretch is left out, in the order of the keys that say so."""
_MONTHS: Final = (
    translatable("January"),
    translatable("February"),
    translatable("March"),
    translatable("April"),
    translatable("May"),
    translatable("June"),
    translatable("July"),
    translatable("August"),
    translatable("September"),
    translatable("October"),
    translatable("November"),
    translatable("December"),
)
_ORDINALS: Final[Mapping[int, str]] = MappingProxyType(
    {1: translatable("{number}st"), 2: translatable("{number}nd"), 3: translatable("{number}rd")}
)
_OTHERWISE: Final = translatable("{number}th")


def left_out_text(reason: LeftOutReason) -> str:
    """Return that a stretch is left out, and why."""
    return tr("left out: {reason}", reason=tr(WHY_LEFT_OUT[reason]))


def rises_text(rises: Sequence[EpisodeView]) -> str:
    """Return in one sentence how often heart rate rose above where it had been, and settled."""
    settled, count = sum(one.resolved for one in rises), len(rises)
    if not count:
        return tr("No rise of heart rate stood out.")
    if count == 1:
        return (
            tr("Heart rate rose once, and settled.")
            if settled
            else tr("Heart rate rose once; its settling was not seen.")
        )
    if settled == count:
        return trn(
            "Heart rate rose {count} time, and settled.",
            "Heart rate rose {count} times, and settled each time.",
            count,
        )
    return trn(
        "Heart rate rose {count} time; {settled} settled.",
        "Heart rate rose {count} times; {settled} of them were seen to settle.",
        count,
        settled=settled,
    )


def readable_text(readable: float, duration: float) -> str:
    """Return for how much of a recording heart rate could be read."""
    minutes, of = round(readable / 60.0), round(duration / 60.0)
    return trn(
        "Heart rate could be read for {minutes} of {count} minute.",
        "Heart rate could be read for {minutes} of {count} minutes.",
        of,
        minutes=minutes,
    )


def withheld_text(moments: Sequence[MarkChange]) -> str:
    """Return how many moments have no estimate, "" where all have one."""
    count = sum(one.change_bpm is None for one in moments)
    if not count:
        return ""
    return trn(
        "{count} moment has no estimate; its row says why.",
        "{count} moments have no estimate; their rows say why.",
        count,
    )


def ordinal_text(percentile: float) -> str:
    """Return a percentile as an ordinal, rounded down: "91st"."""
    number = int(percentile)
    teens = 10 <= number % 100 < 20
    kind = 0 if teens else number % 10
    return tr(_ORDINALS.get(kind, _OTHERWISE), number=number)


def settling_text(seconds: float | None, low: float | None, high: float | None) -> str:
    """Return how long settling took with its error, such as "2 min 26 s ± 12 s"."""
    if seconds is None:
        return tr("not seen")
    error = spread_text(low, high, 1.0)
    return tr("{length} {error} s", length=_length(seconds), error=error)


def _length(seconds: float) -> str:
    whole = round(seconds)
    if whole < 120:
        return tr("{seconds} s", seconds=rounded(seconds, 1.0))
    return tr("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)


def reading_text(moment: MarkChange, gap: float) -> str:
    """Return how the minutes around a moment could be read, in a word or two."""
    if moment.reason is not None and moment.reason.code is ReasonCode.WHILE_TALKING:
        return tr("talking")
    if gap >= 1.0:
        return tr("{seconds:.0f} s gap", seconds=gap)
    return tr("clear") if moment.change_bpm is not None else tr("none")


def day_text(when: float, *, year: bool = False) -> str:
    """Return a day in words from seconds since 1970 UTC, here and now: "14 November"."""
    day = datetime.fromtimestamp(when).astimezone()
    month = tr(_MONTHS[day.month - 1])
    if year:
        return tr("{day} {month} {year}", day=day.day, month=month, year=day.year)
    return tr("{day} {month}", day=day.day, month=month)


def moments_text(count: int) -> str:
    """Return how many moments were marked."""
    return trn("{count} moment", "{count} moments", count)
