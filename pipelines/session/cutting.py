"""A stretch of a recording as if it were all of it: whoever asks for minutes 5 to 10."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec
import numpy as np

from physio.beats import Gap
from pipelines.session.hour import PartView
from pipelines.session.source_beats import SourceBeats


def stretch_of(found: SourceBeats, start: float, end: float) -> SourceBeats | None:
    """Return one wearer's part of a recording from `start` to `end` (s); None without a beat there.

    Times keep their places. It holds the intervals that end in (start, end], as a window does, and
    these alone count as received. Labels are those of the whole recording: what came before and
    after tells of the first and the last beat. Packets that arrived twice or could not be read have
    no place in time, and stay.
    """
    first, last = np.searchsorted(found.beats.time, (start, end), side="right").tolist()
    if first == last:
        return None
    account = found.account
    excesses = tuple(one for one in account.excesses if one.start < end and one.end > start)
    return replace(
        found,
        received=last - first,
        beats=found.beats[first:last],
        labels=None if found.labels is None else found.labels[first:last],
        gaps=tuple(_gaps(found.gaps, start, end)),
        account=replace(account, excesses=excesses),
        marks=tuple(mark for mark in found.marks if start <= mark.time <= end),
        hour=msgspec.structs.replace(found.hour, parts=tuple(_parts(found.hour.parts, start, end))),
    )


def _gaps(gaps: Iterable[Gap], start: float, end: float) -> Iterable[Gap]:
    for gap in gaps:
        if gap.start < end and gap.until > start:
            yield replace(gap, start=max(gap.start, start), end=min(gap.until, end))


def _parts(parts: Iterable[PartView], start: float, end: float) -> Iterable[PartView]:
    for part in parts:
        until = end if part.end is None else min(part.end, end)
        if part.start < end and until > start:
            yield msgspec.structs.replace(part, start=max(part.start, start), end=until)
