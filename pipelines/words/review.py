"""What is said of a stored hour: its moments, how rises settled, what to trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from physio.reasons import ReasonCode
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.session import (
    CLIENT,
    THERAPIST,
    BaselineBand,
    EpisodeView,
    LeftOutReason,
    MarkChange,
    PostureName,
)
from pipelines.words.codes import posture_text
from pipelines.words.numbers import rounded

WHY_LEFT_OUT: Final[Mapping[LeftOutReason, str]] = MappingProxyType(
    {
        LeftOutReason.MOVING: translatable("moving"),
        LeftOutReason.TALKING: translatable("talking"),
        LeftOutReason.STRAP: translatable("the strap"),
        LeftOutReason.OTHER: translatable("another reason"),
    }
)
"""Why a stretch is left out, in the order of the keys that say so."""
_ORDINALS: Final[Mapping[int, str]] = MappingProxyType(
    {1: translatable("{number}st"), 2: translatable("{number}nd"), 3: translatable("{number}rd")}
)
_OTHERWISE: Final = translatable("{number}th")


def left_out_text(reason: LeftOutReason) -> str:
    """Return that a stretch is left out, and why."""
    return tr("left out: {reason}", reason=tr(WHY_LEFT_OUT[reason]))


def heart_text(role: str) -> str:
    """Return whose heart a review can be of."""
    hearts = {CLIENT: tr("the client's heart"), THERAPIST: tr("your own heart")}
    return hearts.get(harmless(role)) or harmless(role)


def whose_text(role: str) -> str:
    """Return whose heart is reviewed where several are recorded."""
    if harmless(role) == THERAPIST:
        return tr("Your own heart: here alone, in no report")
    return tr("Review: {heart}", heart=heart_text(role))


def written_text(path: str) -> str:
    """Return where something was written, and who can read it."""
    where = harmless(path, most=None)
    return tr("Written to {path}, not encrypted: whoever has it can read it.", path=where)


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


def own_text(posture: PostureName, *, several: bool) -> str:
    """Return what a baseline is called, by its posture where `several` were held."""
    if not several:
        return tr("baseline")
    return tr("baseline, {posture}", posture=posture_text(posture))


def postures_text(owns: Sequence[tuple[PostureName, BaselineBand | None]]) -> str:
    """Return what each posture of an hour is compared with, "" where there was but one."""
    each = dict(owns)
    if len(each) < 2:
        return ""
    told = [
        tr("{posture} none", posture=posture_text(posture))
        if own is None
        else tr(
            "{posture} {low} to {high}",
            posture=posture_text(posture),
            low=rounded(own.low, 1),
            high=rounded(own.high, 1),
        )
        for posture, own in each.items()
    ]
    return tr("Baselines in bpm: {each}.", each=", ".join(told))


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


def reading_text(moment: MarkChange, gap: float) -> str:
    """Return how the minutes around a moment could be read, in a word or two."""
    if moment.reason is not None and moment.reason.code is ReasonCode.WHILE_TALKING:
        return tr("talking")
    if moment.reason is not None and moment.reason.code is ReasonCode.WHILE_TALKING_LIKELY:
        return tr("talking likely")
    if gap >= 1.0:
        return tr("{seconds:.0f} s gap", seconds=gap)
    return tr("clear") if moment.change_bpm is not None else tr("none")


def moments_text(count: int) -> str:
    """Return how many moments were marked."""
    return trn("{count} moment", "{count} moments", count)
