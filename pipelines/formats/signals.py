"""Signals of a file as a recording: which channel is the ECG, and the beats that it shows.

A channel is chosen by what it is called, never because beats are found in it: an arterial pressure
shows beats as well, and its intervals are not those of the heart's own clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from physio import beats_from_ecg
from physio.beats import MISSING, FloatArray
from physio.time.beat_times import with_gaps
from pipelines.formats.recording import Recording, of_times
from pipelines.formats.refusal import FormatError
from pipelines.harmless import harmless
from pipelines.language import tr

if TYPE_CHECKING:
    from pipelines.formats.parsers import Parsed


class Kind(StrEnum):
    """What a channel measures, as far as its name, type or unit tells."""

    ECG = "ecg"
    PULSE = "pulse"
    BREATHING = "breathing"
    OTHER = "other"


_NAMES: Final = (
    (Kind.PULSE, r"\b(ppg|bvp|pulse|pleth|spo2|abp|art|pressure|bp|cardiac)\b|plethysmo"),
    (Kind.ECG, r"\b(ecg|ekg|ele[ck]tro[ck]ardiogra\w*)\b|^(ml)?(i|ii|iii|[av]\d|mcl\d|v|av[rlf])$"),
    (Kind.BREATHING, r"\b(resp\w*|breath\w*|airflow|belt|rsp|thorax|abdomen)\b"),
)  # fmt: skip


def kind_of(label: str) -> Kind:
    """Return what a channel of this name measures; pulse and pressure come before ECG."""
    plain = re.sub(r"[_\-.]+", " ", label.strip().casefold())
    return next((kind for kind, words in _NAMES if re.search(words, plain)), Kind.OTHER)


Samples: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """One channel.

    Attributes
    ----------
    label : str
        As the file calls it.
    kind : Kind
        What it measures.
    samples : (n,) float
        NaN where one is missing; of single precision where that holds what the file does.
    rate : float
        Samples a second.
    """

    label: str
    kind: Kind
    samples: Samples
    rate: float


def signals_of(found: Parsed) -> tuple[Signal, ...]:
    """Return the channels that a parser found."""
    return tuple(Signal(one.label, Kind(one.kind), one.values, one.rate) for one in found.channels)


def ecg_recording(
    path: Path,
    signals: Sequence[Signal],
    *,
    format_name: str,
    channel: str | None = None,
    started: str | None = None,
    notes: tuple[str, ...] = (),
) -> Recording:
    """Return the recording of the heartbeats in the ECG among signals.

    The session clock is 0 at the first sample.

    Raises
    ------
    FormatError
        If there is no ECG, several and no `channel` named, or it cannot be read.
    """
    ecg = chosen(path, signals, channel)
    try:
        beats = beats_from_ecg(ecg.samples, ecg.rate)
    except ValueError as error:
        what = tr("its ECG ({label}) cannot be used: {error}", label=_plain(ecg.label),
                  error=str(error).rstrip("."))  # fmt: skip
        raise FormatError(path, what, tr("choose another recording or channel")) from error
    if len(beats) == 0:
        what = tr("its ECG ({label}) holds no readable interval", label=_plain(ecg.label))
        raise FormatError(path, what, tr("choose another recording or channel"))
    cut = np.diff(beats.segment, prepend=beats.segment[:1]) != 0
    stand_in = np.full(np.count_nonzero(cut), MISSING)
    arrival, rr = with_gaps(beats.time, beats.rr, cut, stand_in)
    says = tr("beats are those of the ECG {label} at {rate:g} samples a second",
              label=_plain(ecg.label), rate=ecg.rate)  # fmt: skip
    return of_times(arrival, rr, format_name=format_name, started=started, notes=(*notes, says))


def even_rate(time: FloatArray) -> float:
    """Return the samples per unit of time that times of samples show, gaps left out; 0 for none."""
    steps = np.diff(time)
    forward = steps[steps > 0.0]
    if len(forward) == 0:
        return 0.0
    usual = forward[forward < 4.0 * np.median(forward)]
    return float(1.0 / usual.mean())


def chosen(path: Path, signals: Sequence[Signal], channel: str | None) -> Signal:
    """Return the ECG among signals: the one that is named so, or the `channel` that is asked for.

    Raises
    ------
    FormatError
        If there is none, or several and none was asked for; the channels are listed.
    """
    labels = ", ".join(_plain(one.label) for one in signals) or tr("none")
    if channel is not None:
        asked = [one for one in signals if one.label.casefold() == channel.casefold()]
        if len(asked) != 1:
            what = tr('it has no single channel called "{channel}"', channel=_plain(channel))
            raise FormatError(path, what, tr("its channels are {labels}", labels=labels))
        return asked[0]
    ecgs = [one for one in signals if one.kind is Kind.ECG]
    if not ecgs:
        what = tr("it has no ECG (channels: {labels})", labels=labels)
        raise FormatError(path, what, tr("if one of them is, name it with --channel"))
    if len(ecgs) > 1:
        leads = ", ".join(_plain(one.label) for one in ecgs)
        what = tr("it has several ECGs: {leads}", leads=leads)
        raise FormatError(path, what, tr("name one with --channel"))
    return ecgs[0]


def _plain(label: str) -> str:
    return harmless(label, most=40)
