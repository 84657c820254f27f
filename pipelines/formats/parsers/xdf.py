"""XDF of LabRecorder by pyxdf: each stream's channels at the rate that its time stamps show."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from pipelines.formats.parsers.parsed import Channel, Parsed, Refusal, packed
from pipelines.formats.signals import Kind, differ, even_rate, evenly, kind_of
from pipelines.language import tr


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
        if differ(rate, nominal):
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
            column = evenly(times, values[:, place].astype(np.float64), rate)
            if column is None:
                raise Refusal(tr("its time stamps leap by days"), tr("cut the recording"))
            channels.append(Channel(told, kind.value, rate, packed(column), float(times[0])))
    return Parsed(channels=tuple(channels), notes=tuple(notes))


def _labels(info: Mapping[str, Any], count: int) -> list[str]:
    try:
        channels = info["desc"][0]["channels"][0]["channel"]
        labels = [str((one.get("label") or one.get("name") or [""])[0]) for one in channels]
    except (KeyError, IndexError, TypeError, AttributeError):
        labels = []
    return labels if len(labels) == count else [str(place + 1) for place in range(count)]
