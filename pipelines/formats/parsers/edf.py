"""EDF and EDF+ by edfio."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from pipelines.formats.parsers.parsed import Channel, Parsed, Refusal, packed
from pipelines.formats.signals import Kind, kind_of
from pipelines.language import tr

if TYPE_CHECKING:
    from edfio import BdfSignal, EdfSignal

_SIZE: Final = 4
"""Bytes of a sample: single precision has more digits than 16 bits, and as many as 24."""
_AT_ONCE: Final = 1 << 20
"""Samples that are calibrated at a time: edfio does so in double precision, twice over."""


def parse(data: bytes) -> Parsed:
    """Return the channels of an EDF or BDF file; annotations are none.

    Raises
    ------
    Refusal
        If its records do not follow each other, or it is cut short.
    """
    import edfio

    if data[192:197] in (b"EDF+D", b"BDF+D"):
        what = tr("its records do not follow each other in time (EDF+D)")
        raise Refusal(what, tr("export it as continuous EDF"))
    read = edfio.read_bdf if data.startswith(b"\xff") else edfio.read_edf
    whole, cut = _without_what_is_cut(data)
    found = read(BytesIO(whole))
    channels = tuple(
        Channel(
            signal.label,
            kind_of(signal.label).value,
            float(signal.sampling_frequency),
            packed(_samples(signal) if _is_needed(signal.label) else np.empty(0), size=_SIZE),
            size=_SIZE,
        )
        for signal in found.signals
    )
    return Parsed(channels=channels, started=_started(found), notes=cut)


def _samples(signal: EdfSignal | BdfSignal) -> NDArray[np.floating[Any]]:
    """Return the samples in their unit, in single precision."""
    rate = float(signal.sampling_frequency)
    found = np.empty(len(signal.digital), f"<f{_SIZE}")
    for first in range(0, len(found), _AT_ONCE):
        last = min(first + _AT_ONCE, len(found))
        found[first:last] = signal.get_data_slice(first / rate, last / rate)
    return found


def _is_needed(label: str) -> bool:
    # A cap of electrodes would fill the memory with what no heart shows.
    return not label.casefold().startswith("eeg") or kind_of(label) is not Kind.OTHER


def _without_what_is_cut(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a file up to its last whole record, with a header that says so, and a note."""
    header, told, signals = (int(data[begin:end]) for begin, end in ((184, 192), (236, 244),
                                                                    (252, 256)))  # fmt: skip
    per_sample = 3 if data.startswith(b"\xff") else 2
    counts = [int(data[256 + 216 * signals + 8 * at :][:8]) for at in range(signals)]
    record = per_sample * sum(counts)
    held = (len(data) - header) // record if record > 0 else 0
    if told < 0 or held == told:
        return data, ()
    if held < 1:
        raise Refusal(tr("it holds no whole record"), tr("export it again"))
    known = min(held, told)
    note = tr("its header tells of {told} records and it holds {held}; read as far as both go",
              told=told, held=held)  # fmt: skip
    whole = data[:236] + str(known).encode().ljust(8) + data[244 : header + known * record]
    return whole, (note,)


def _started(found: object) -> str | None:
    try:
        started = found.startdatetime  # type: ignore[attr-defined]
    except ValueError:  # a date that is withheld or none
        return None
    return str(started.isoformat())
