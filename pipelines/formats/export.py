"""Interbeat's own export: a zip, or its unpacked folder, with every event of a session."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from physio.beats import FloatArray
from physio.time.samples import is_rate
from pipelines.formats.recording import EARLIEST_EPOCH, LATEST_EPOCH, Recording
from pipelines.formats.refusal import LONGEST_RECORDING, MOST_INTERVALS, FormatError, too_many
from pipelines.language import tr
from pipelines.session import START, AnyEvent, Mark, Packet, decode, elapsed

if TYPE_CHECKING:
    from pipelines.store import Export

NAME = "Interbeat export"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DAY = 86_400_000.0
"""Milliseconds."""
_AGAIN = tr("export the session again with `interbeat sessions export`")
_MOST_SOURCES = 64
_MOST_CHANNELS = 64
_LARGEST_SOURCE = 2**31


def recognise(data: bytes) -> bool:
    """Tell whether a file of these bytes is a zip."""
    return data.startswith(_ZIP)


def read(path: Path, data: bytes | None = None, *, most: int) -> Recording:
    """Return the events as they were exported.

    Parameters
    ----------
    path : Path
        The file, or the folder of an unpacked export.
    data : bytes, optional
        What the file holds.
    most : int
        Bytes that a file in it may hold.

    Raises
    ------
    FormatError
        If it is no export, a newer one or a damaged one, or holds no intervals of one session.
    """
    export = _export(path, data, most)
    _refuse_times(path, export.events)
    _refuse_sources(path, export.events)
    _refuse_fields(path, export.events)
    count = _intervals(path, export.events)
    if count == 0:
        raise FormatError(
            path, tr("it holds no intervals"), tr("choose a session with beats in it")
        )
    notes = () if export.note is None else (export.note,)
    return Recording(export.events, NAME, count, _started(export.metadata.started), notes)


def _refuse_times(path: Path, events: Sequence[AnyEvent]) -> None:
    times = [event.time for event in events if not isinstance(event, Mark)]
    first = min((event.time for event in events), default=0.0)
    if not 0.0 <= first <= max([elapsed(events).time, *times]) <= LONGEST_RECORDING:
        raise FormatError(path, tr("its times are not those of one session"), _AGAIN)
    latest: dict[int, float] = {}
    for event in events:
        if isinstance(event, Packet):
            if event.time < latest.get(event.source, 0.0):
                what = tr("its packets are not in the order in which they arrived")
                raise FormatError(path, what, _AGAIN)
            latest[event.source] = event.time


def _refuse_sources(path: Path, events: Sequence[AnyEvent]) -> None:
    numbers = {getattr(event, "source", None) or 0 for event in events}
    if len(numbers) > _MOST_SOURCES or not all(0 <= n < _LARGEST_SOURCE for n in numbers):
        raise FormatError(path, tr("its straps are not those of one session"), _AGAIN)


def _refuse_fields(path: Path, events: Sequence[AnyEvent]) -> None:
    """Raise `FormatError` where a number or a kind is one that no session holds."""
    for event in events:
        fields = msgspec.structs.astuple(event)
        if any(isinstance(field, float) and abs(field) > LATEST_EPOCH for field in fields):
            raise FormatError(path, tr("a number in it is none of a session"), _AGAIN)
        if isinstance(event, Packet) and not _is_of_a_series(event):
            raise FormatError(path, tr("a packet in it is of no known kind"), _AGAIN)


def _is_of_a_series(packet: Packet) -> bool:
    named = re.fullmatch(r"[a-z_]{1,32}", packet.kind) is not None
    sampled = packet.rate is None or is_rate(packet.rate)
    return named and sampled and 0 <= packet.channel < _MOST_CHANNELS


def _intervals(path: Path, events: Sequence[AnyEvent]) -> int:
    """Return how many intervals there are, none of them longer than a recording."""
    found = decode(START, events)[1].values()
    if not all(_arrive_in_order(raw.arrival) for raw in found):
        raise FormatError(
            path, tr("its intervals are not in the order in which they arrived"), _AGAIN
        )
    if any(np.any(np.isfinite(raw.rr) & (np.abs(raw.rr) > _DAY)) for raw in found):
        raise FormatError(path, tr("an interval in it is longer than a day"), _AGAIN)
    count = sum(map(len, found))
    if count > MOST_INTERVALS:
        raise too_many(path)
    return count


def _arrive_in_order(arrival: FloatArray) -> bool:
    """Tell whether arrivals, those inside packets too, are those of one session."""
    known = np.concatenate(([0.0], arrival, [LONGEST_RECORDING]))
    return bool((known[:-1] <= known[1:]).all())


def _started(wall: float) -> str | None:
    if not EARLIEST_EPOCH < wall < LATEST_EPOCH:
        return None
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")


def _export(path: Path, data: bytes | None, most: int) -> Export:
    # Reading a text file needs no encrypted store and should not wait for one.
    from pipelines.store import LibraryError, read_export

    try:
        return read_export(path, data, most=most)
    except LibraryError as error:
        what, _, hint = error.sentence.replace(f"{path} ", "it ", 1).rstrip(".").partition("; ")
        raise FormatError(path, what, hint or _AGAIN) from error
