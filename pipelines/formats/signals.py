"""Signals of a file as a recording: which channel is the ECG, and the beats that it shows.

What else tells of breathing goes with it: the waves of the ECG, a breathing channel, and the three
axes of an accelerometer. A channel is chosen by what it is called, never because beats are found in
it: an arterial pressure shows beats as well, and its intervals are not those of the heart's own
clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from physio.beats import MISSING, FloatArray
from physio.breathing.accelerometer import chest_tilt
from physio.breathing.channel import breathing_signal, lasting
from physio.respiration import Respiration, Source
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
    ACCELERATION = "acceleration"
    OTHER = "other"


_NAMES: Final = (
    (Kind.BREATHING, r"\b(nasal|cannula)\b"),
    (Kind.PULSE, r"\b(ppg|bvp|pulse|pleth|spo2|abp|art|pressure|bp|cardiac)\b|plethysmo"),
    (Kind.ECG, r"\b(ecg|ekg|ele[ck]tro[ck]ardiogra\w*)\b|^(ml)?(i|ii|iii|[av]\d|mcl\d|v|av[rlf])$"),
    (Kind.OTHER, r"\brate\b"),
    (Kind.BREATHING, r"\b(resp\w*|breath\w*|airflow|belt|rsp|thorax|abdomen)\b"),
    (Kind.ACCELERATION, r"\b(acc|accel\w*)\b|^[xyz] ?[\[(]m?g[\])]$"),
)  # fmt: skip

_FLOW: Final = re.compile(r"flow|nasal|cannula", re.IGNORECASE)
"""Names of breathing channels that tell of air, not of how full the lungs are."""
_AXES: Final = 3
_APART: Final = 0.01
_MOST: Final = 3e8
"""Samples of a channel: a week at 500 a second."""


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
    start : float
        Time of the first sample in s, on any clock that the channels of a file share.
    """

    label: str
    kind: Kind
    samples: Samples
    rate: float
    start: float = 0.0


def signals_of(found: Parsed) -> tuple[Signal, ...]:
    """Return the channels that a parser found."""
    return tuple(
        Signal(one.label, Kind(one.kind), one.values, one.rate, one.start) for one in found.channels
    )


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The channels that are read of a file.

    Attributes
    ----------
    ecg : Signal
        The ECG.
    breathing : Signal or None
        The channel of breathing itself.
    axes : tuple of Signal
        The three axes of an accelerometer, or none.
    notes : tuple of str
        What there is to say of the choice, one sentence each.
    """

    ecg: Signal
    breathing: Signal | None
    axes: tuple[Signal, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Signal, ...]:
        """All of them, the ECG first."""
        return (self.ecg, *((self.breathing,) if self.breathing else ()), *self.axes)

    def read(self, reader: Callable[[Signal], Signal]) -> Chosen:
        """Return the same channels with their samples, which are read once they are chosen."""
        breathing = None if self.breathing is None else reader(self.breathing)
        axes = tuple(map(reader, self.axes))
        return Chosen(reader(self.ecg), breathing, axes, self.notes)


def choose(
    path: Path, signals: Sequence[Signal], *, channel: str | None, breathing: str | None
) -> Chosen:
    """Return the channels to read; `channel` names the ECG and `breathing` the breathing channel.

    Raises
    ------
    FormatError
        If there is no ECG, several and none was asked for, or no such channel; they are listed.
    """
    ecg = chosen(path, signals, channel)
    others = [one for one in signals if one is not ecg]
    axes = tuple(one for one in others if one.kind is Kind.ACCELERATION)
    found, notes = _breathing(path, others, ecg, breathing)
    return Chosen(ecg, found, axes if len(axes) == _AXES else (), notes)


def _breathing(
    path: Path, signals: Sequence[Signal], ecg: Signal, asked: str | None
) -> tuple[Signal | None, tuple[str, ...]]:
    if asked is not None:
        is_ecg = asked.casefold() == ecg.label.casefold()
        found = ecg if is_ecg else _called(path, signals, asked)
        if is_ecg or found.kind in (Kind.PULSE, Kind.ECG):
            what = tr("its channel {label} is a pulse or an ECG, no breathing",
                      label=_plain(found.label))  # fmt: skip
            raise FormatError(path, what, tr("name another with --breathing"))
        return found, ()
    there = [one for one in signals if one.kind is Kind.BREATHING]
    if len(there) > 1:
        labels = ", ".join(_plain(one.label) for one in there)
        what = tr("it has several breathing channels ({labels}) and none is read; name one with "
                  "--breathing", labels=labels)  # fmt: skip
        return None, (what,)
    return next(iter(there), None), ()


def ecg_recording(
    path: Path,
    found: Chosen,
    *,
    format_name: str,
    started: str | None = None,
    notes: tuple[str, ...] = (),
) -> Recording:
    """Return the recording of the heartbeats in the ECG, and what tells of breathing beside them.

    The session clock is 0 at the first sample of the ECG.

    Raises
    ------
    FormatError
        If the ECG cannot be read.
    """
    from physio.ecg_signal import beats_and_waves

    ecg = found.ecg
    try:
        beats, waves = beats_and_waves(ecg.samples, ecg.rate)
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
    signal, said = _breathing_signal(found.breathing, ecg.start)
    respiration = Respiration(
        waves=waves,
        tilt=_tilt(found.axes, ecg.start),
        signal=signal,
        flow=found.breathing is not None and bool(_FLOW.search(found.breathing.label)),
    )
    return of_times(arrival, rr, format_name=format_name, started=started,
                    notes=(*notes, *found.notes, says, *said), respiration=respiration)  # fmt: skip


def _breathing_signal(
    channel: Signal | None, start: float
) -> tuple[Source | None, tuple[str, ...]]:
    """Return what can be read of a breathing channel, 0 s being at `start`, and notes."""
    if channel is None:
        return None, ()
    label = _plain(channel.label)
    try:
        found = breathing_signal(channel.samples, channel.rate, start=channel.start - start)
    except ValueError:
        what = tr("its breathing channel {label} holds {rate:g} samples a second, too few to read",
                  label=label, rate=channel.rate)  # fmt: skip
        return None, (what,)
    if len(found.time) == 0:
        what = tr("its breathing channel {label} is missing, stands still or is cut off throughout",
                  label=label)  # fmt: skip
        return None, (what,)
    lost = 100.0 * (1.0 - len(found.time) / lasting(channel.samples, channel.rate))
    return found, (_taken(channel.label), *((_lost(label, lost),) if lost >= 1.0 else ()))


def _taken(label: str) -> str:
    """Return the sentence that says which way up a breathing channel is taken to be."""
    if _FLOW.search(label):
        return tr("breathing is that of its channel {label}, taken to be above 0 while air comes "
                  "in", label=_plain(label))  # fmt: skip
    return tr("breathing is that of its channel {label}, taken to be larger where the lungs are "
              "fuller", label=_plain(label))  # fmt: skip


def _lost(label: str, percent: float) -> str:
    return tr("for {percent:.0f} % of the time its breathing channel {label} is missing, stands "
              "still or is cut off; that is left out", percent=percent, label=label)  # fmt: skip


def _tilt(axes: Sequence[Signal], start: float) -> Source | None:
    """Return the tilt that three axes of one rate and length tell, on the clock 0 at `start`."""
    told = {(one.rate, one.start, len(one.samples)) for one in axes}
    if len(told) != 1:
        return None
    ((rate, begin, count),) = told
    time = np.arange(count) / rate + (begin - start)
    return chest_tilt(time, np.stack([one.samples for one in axes], axis=1))


def differ(rate: float, other: float) -> bool:
    """Tell whether two rates that ought to be one are different."""
    return abs(rate - other) > _APART * other


def evenly(
    times: FloatArray, values: FloatArray, rate: float, *, missed: float = 1.5
) -> FloatArray | None:
    """Return samples at even steps, NaN where time passed without any; None for far too many.

    Parameters
    ----------
    times, values : (n,) float
        When each sample was taken, in s, and its value.
    rate : float
        Samples a second.
    missed : float
        Samples' worth of time from which on some are missing.
    """
    with np.errstate(over="ignore"):  # times of no clock, which are refused below
        steps = np.diff(times) * rate
    # Rounding must not open a gap of one sample now and then.
    passed = np.where(steps > missed, np.rint(steps), 1.0)
    place = np.concatenate(([0.0], np.cumsum(passed)))
    if not place[-1] <= _MOST:
        return None
    even = np.full(int(place[-1]) + 1, np.nan)
    even[place.astype(np.int64)] = values
    return even


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
    if channel is not None:
        return _called(path, signals, channel)
    ecgs = [one for one in signals if one.kind is Kind.ECG]
    if not ecgs and signals and all(one.kind is Kind.ACCELERATION for one in signals):
        what = tr("it holds an accelerometer alone: breathing at most, and no heartbeats")
        raise FormatError(path, what, tr("analyse the file of the ECG or the intervals beside it"))
    if not ecgs:
        what = tr("it has no ECG (channels: {labels})", labels=_listed(signals))
        raise FormatError(path, what, tr("if one of them is, name it with --channel"))
    if len(ecgs) > 1:
        leads = ", ".join(_plain(one.label) for one in ecgs)
        what = tr("it has several ECGs: {leads}", leads=leads)
        raise FormatError(path, what, tr("name one with --channel"))
    return ecgs[0]


def _called(path: Path, signals: Sequence[Signal], name: str) -> Signal:
    asked = [one for one in signals if one.label.casefold() == name.casefold()]
    if len(asked) != 1:
        what = tr('it has no single channel called "{channel}"', channel=_plain(name))
        raise FormatError(path, what, tr("its channels are {labels}", labels=_listed(signals)))
    return asked[0]


def _listed(signals: Sequence[Signal]) -> str:
    return ", ".join(_plain(one.label) for one in signals) or tr("none")


def _plain(label: str) -> str:
    return harmless(label, most=40)
