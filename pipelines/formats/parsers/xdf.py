"""XDF of LabRecorder by pyxdf: each stream's channels at the rate that its time stamps show."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.parsers.parsed import Channel, Parsed, Refusal, packed
from pipelines.formats.signals import Kind, even_rate, kind_of
from pipelines.language import tr

APART = 0.01
"""Share by which a rate from time stamps may differ from the one the header tells."""
MISSED = 1.5
"""Samples' worth of time from which on some are missing."""
MOST = 3e8
"""Samples of a channel: a week at 500 a second."""


def parse(data: bytes) -> Parsed:
    """Return the channels of every stream of numbers that are sampled evenly."""
    import pyxdf

    streams, _ = pyxdf.load_xdf(BytesIO(data))
    channels: list[Channel] = []
    notes: list[str] = []
    for stream in streams:
        info, times = stream["info"], np.asarray(stream["time_stamps"], np.float64)
        nominal = float(info["nominal_srate"][0] or 0.0)
        values = np.asarray(stream["time_series"])
        if nominal <= 0.0 or len(times) < 2 or values.ndim != 2:
            continue
        if not np.issubdtype(values.dtype, np.number):
            continue
        rate = even_rate(times)
        name = str(info["name"][0])
        if abs(rate - nominal) > APART * nominal:
            notes.append(
                tr(
                    "the time stamps of {name} show {rate:.2f} samples a second, its header says "
                    "{nominal:g}",
                    name=name,
                    rate=rate,
                    nominal=nominal,
                )
            )
        labels = _labels(info, values.shape[1])
        for place, label in enumerate(labels):
            kind = kind_of(label)
            if kind is Kind.OTHER:
                kind = kind_of(str(info["type"][0] or ""))
            told = f"{name} {label}".strip()
            column = _evenly(times, values[:, place].astype(np.float64), rate)
            channels.append(Channel(told, kind.value, rate, packed(column)))
    return Parsed(channels=tuple(channels), notes=tuple(notes))


def _evenly(times: FloatArray, values: FloatArray, rate: float) -> FloatArray:
    """Return samples at even steps, NaN where time passed without any."""
    steps = np.diff(times) * rate
    # Rounding must not open a gap of one sample now and then.
    passed = np.where(steps > MISSED, np.rint(steps), 1.0)
    place = np.concatenate(([0.0], np.cumsum(passed)))
    if place[-1] > MOST:
        raise Refusal(tr("its time stamps leap by days"), tr("cut the recording"))
    even = np.full(int(place[-1]) + 1, np.nan)
    even[place.astype(np.int64)] = values
    return even


def _labels(info: Mapping[str, Any], count: int) -> list[str]:
    try:
        channels = info["desc"][0]["channels"][0]["channel"]
        labels = [str((one.get("label") or one.get("name") or [""])[0]) for one in channels]
    except (KeyError, IndexError, TypeError, AttributeError):
        labels = []
    return labels if len(labels) == count else [str(place + 1) for place in range(count)]
