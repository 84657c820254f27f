"""BIDS physiology: a table without a header beside a file of JSON that names its columns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from pipelines.formats.recording import Recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.signal_table import columns_of
from pipelines.formats.signals import Signal, choose, ecg_recording, kind_of
from pipelines.formats.text import text_of
from pipelines.language import tr
from pipelines.reading import contents

NAME = "BIDS physio"
_NAMED: Final = re.compile(r"(.+_physio)\.tsv(?:\.gz)?")


class _Sidecar(msgspec.Struct):
    """What BIDS 1.11 asks the file of JSON for."""

    SamplingFrequency: float
    Columns: list[str]


def sidecar(path: Path) -> Path | None:
    """Return where the JSON of a table lies, None where a file is no such table."""
    named = _NAMED.fullmatch(path.name)
    beside = None if named is None else path.with_name(f"{named[1]}.json")
    return beside if beside is not None and beside.is_file() else None


def read(
    path: Path,
    data: bytes,
    beside: Path,
    *,
    channel: str | None = None,
    breathing: str | None = None,
) -> Recording:
    """Return the recording of the ECG; a column that BIDS calls cardiac may be a pulse.

    Raises
    ------
    FormatError
        If the JSON does not tell columns and rate, or there is no ECG among them.
    """
    try:
        told = msgspec.json.decode(contents(beside), type=_Sidecar)
    except msgspec.MsgspecError as error:
        what = tr("its {name} does not tell columns and sampling frequency", name=beside.name)
        raise FormatError(path, what, tr("complete it as BIDS asks")) from error
    rate = told.SamplingFrequency
    signals = [Signal(name, kind_of(name), np.empty(0), 0.0) for name in told.Columns]
    found = choose(path, signals, channel=channel, breathing=breathing)
    places = [signals.index(one) for one in found.every]
    columns = dict(zip(places, columns_of(text_of(path, data), "\t", places), strict=True))
    return ecg_recording(
        path,
        found.read(lambda one: Signal(one.label, one.kind, columns[signals.index(one)], rate)),
        format_name=NAME,
    )
