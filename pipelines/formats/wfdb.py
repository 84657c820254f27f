"""WFDB, the records of PhysioNet: a header, its signals, and annotations beside it.

A record is named by its header (`100.hea`). Formats of signals and annotations are those of the
WFDB Applications Guide, "header(5)", "signal(5)" and "annot(5)" (Moody, physionet.org). The library
of that name brings 32 packages, and what is needed here are a few arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from physio.beats import IntArray
from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.signals import Samples, Signal, choose, ecg_recording, kind_of
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.reading import CannotRead, contents

NAME = "WFDB"
ENDING: Final = ".hea"
ANNOTATIONS: Final = ("atr", "ecg", "qrs", "ari")
"""Endings under which beats lie beside a header."""

_RECORD: Final = re.compile(
    r"(?P<name>[^\s/]+)(?P<parts>/\d+)?\s+(?P<signals>\d+)"
    r"(?:\s+(?P<rate>[\d.eE+]+)(?:/\S+)?(?:\s+(?P<samples>\d+))?)?"
    r"(?:\s+(?P<time>\d+:\d+(?::[\d.]+)?))?(?:\s+(?P<date>\d+/\d+/\d+))?\s*"
)
_SIGNAL: Final = re.compile(
    r"(?P<file>\S+)\s+(?P<format>\d+)(?:x(?P<frame>\d+))?(?::\d+)?(?:\+(?P<offset>\d+))?"
    r"(?:\s+(?P<rest>.*))?"
)
_USUAL_RATE: Final = 250.0
_BEFORE_DESCRIPTION: Final = 6
"""Fields of a signal's line after its format: gain, resolution, zero, first value, sum, block."""
_MOST_SIGNALS: Final = 256
_MOST_FRAME: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Channel:
    """One signal as its line in the header tells it; `frame` are its samples in a frame."""

    file: str
    format: int
    frame: int
    offset: int
    label: str


@dataclass(frozen=True, slots=True)
class _Header:
    """A header: `rate` in frames a second, `frames` as it tells them or None."""

    rate: float
    frames: int | None
    started: str | None
    channels: tuple[_Channel, ...]


def recognise(head: str, path: Path) -> bool:
    """Tell whether a file is the header of a record."""
    lines = _lines(head)
    return path.suffix.lower() == ENDING and bool(lines) and bool(_RECORD.fullmatch(lines[0]))


def is_companion(path: Path) -> bool:
    """Tell whether a file belongs to the header beside it, which is read in its place."""
    named = path.suffix.lower() in (".dat", *(f".{one}" for one in ANNOTATIONS))
    return named and path.with_suffix(ENDING).is_file()


def read(
    path: Path,
    data: bytes,
    *,
    most: int,
    channel: str | None = None,
    breathing: str | None = None,
) -> Recording:
    """Return the recording of a record's ECG, or of the beats annotated beside it.

    `channel` is a signal, or the ending of an annotation file ("atr"); no file beside the header
    may hold more than `most` bytes.

    Raises
    ------
    FormatError
        If the record is damaged, in a format that is not read, or holds no ECG or several.
    """
    header = _header(path, data)
    told = [one for one in ANNOTATIONS if path.with_suffix(f".{one}").is_file()]
    if channel is None and not header.channels and len(told) == 1:
        channel = told[0]
    if channel in told:
        if breathing is not None:
            what = tr("beats that somebody annotated are read without breathing")
            raise FormatError(path, what, tr("leave --breathing out, or name an ECG"))
        return _of_beats(path, header, channel, most)
    named = [Signal(one.label, kind_of(one.label), np.empty(0), 0.0) for one in header.channels]
    told_of: list[str] = []

    def reader(one: Signal) -> Signal:
        mine = header.channels[named.index(one)]
        samples, notes = _samples(path, header, mine, most)
        told_of.extend(note for note in notes if note not in told_of)
        return Signal(one.label, one.kind, samples, header.rate * mine.frame)

    found = choose(path, named, channel=channel, breathing=breathing).read(reader)
    return ecg_recording(path, found, format_name=NAME, started=header.started,
                         notes=tuple(told_of))  # fmt: skip


def _lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _header(path: Path, data: bytes) -> _Header:
    lines = _lines(data.decode("latin-1"))
    record = _RECORD.fullmatch(lines[0]) if lines else None
    if record is None:
        raise _damaged(path)
    if record["parts"]:
        what = tr("it is a record of several segments")
        raise FormatError(path, what, tr("name the header of one segment"))
    count = int(record["signals"])
    try:
        rate = float(record["rate"] or _USUAL_RATE)
    except ValueError:
        raise _damaged(path) from None
    if not 0.0 < rate < 1e6 or count > _MOST_SIGNALS or len(lines) <= count:
        raise _damaged(path)
    channels = tuple(_channel(path, line, place) for place, line in enumerate(lines[1 : count + 1]))
    frames = int(record["samples"] or 0) or None
    return _Header(rate, frames, _started(record["date"], record["time"]), channels)


def _channel(path: Path, line: str, place: int) -> _Channel:
    told = _SIGNAL.fullmatch(line)
    if told is None or Path(told["file"]).name != told["file"]:
        raise _damaged(path)
    fields = (told["rest"] or "").split(maxsplit=_BEFORE_DESCRIPTION)
    label = fields[_BEFORE_DESCRIPTION] if len(fields) > _BEFORE_DESCRIPTION else ""
    frame = int(told["frame"] or 1)
    if not 0 < frame <= _MOST_FRAME:
        raise _damaged(path)
    offset = int(told["offset"] or 0)
    return _Channel(told["file"], int(told["format"]), frame, offset, label.strip() or str(place))


def _started(date: str | None, time: str | None) -> str | None:
    if date is None or time is None:
        return None
    day, month, year = (int(one) for one in date.split("/"))
    hour, minute, *second = time.split(":")
    whole = f"{float(second[0]) if second else 0.0:06.3f}".removesuffix(".000")
    return f"{year:04}-{month:02}-{day:02}T{int(hour):02}:{int(minute):02}:{whole}"


def _damaged(path: Path) -> FormatError:
    return FormatError(path, tr("this header of WFDB is damaged"), tr("fetch the record again"))


def _beside(path: Path, name: str, most: int) -> bytes:
    try:
        return contents(path.with_name(name), most=most)
    except CannotRead as error:
        plain = harmless(name)
        what = tr("its file {name} is not read: {what}", name=plain, what=error.what)
        raise FormatError(path, what, error.hint) from error


def _samples(
    path: Path, header: _Header, channel: _Channel, most: int
) -> tuple[Samples, tuple[str, ...]]:
    """Return one signal's samples, NaN where one is missing, and what there is to say of them."""
    unpacked = _FORMATS.get(channel.format)
    if unpacked is None:
        what = tr("its signal is in format {format}, which is not read", format=channel.format)
        raise FormatError(path, what, tr("write the record in format 16 or 212"))
    together = [one for one in header.channels if one.file == channel.file]
    if any(one.format != channel.format for one in together):
        raise _damaged(path)
    values = unpacked(_beside(path, channel.file, most)[channel.offset :])
    width = sum(one.frame for one in together)
    frames = values[: len(values) // width * width].reshape(-1, width)
    first = sum(one.frame for one in together[: together.index(channel)])
    mine = frames[:, first : first + channel.frame].ravel()
    if channel.format == _DIFFERENCES:
        mine = np.cumsum(mine, dtype=np.float64)
    told = header.frames
    if told is None or told == len(frames):
        return mine, ()
    note = tr("its header tells of {told} frames and its file holds {held}; read as far as both go",
              told=told, held=len(frames))  # fmt: skip
    return mine[: told * channel.frame], (note,)


def _of_12_bits(raw: bytes) -> Samples:
    """Format 212: two samples of 12 bits in three bytes."""
    parts = np.frombuffer(raw[: len(raw) // 3 * 3], np.uint8).reshape(-1, 3)
    samples = np.empty((len(parts), 2), np.int16)
    samples[:, 0] = parts[:, 0] | (parts[:, 1] & 15).astype(np.int16) << 8
    samples[:, 1] = parts[:, 2] | (parts[:, 1] >> 4).astype(np.int16) << 8
    samples[samples > 2047] -= 4096
    return _missing(samples.ravel(), -2048)


def _of_24_bits(raw: bytes) -> Samples:
    parts = np.frombuffer(raw[: len(raw) // 3 * 3], np.uint8).astype(np.int32).reshape(-1, 3)
    samples = parts[:, 0] | parts[:, 1] << 8 | parts[:, 2] << 16
    samples[samples >= 1 << 23] -= 1 << 24
    return _missing(samples, -(1 << 23))


def _plain(dtype: str, missing: int, zero: int = 0) -> Callable[[bytes], Samples]:
    size = np.dtype(dtype).itemsize

    def unpacked(raw: bytes) -> Samples:
        samples = np.frombuffer(raw[: len(raw) // size * size], dtype)
        return _missing(samples, missing + zero, zero)

    return unpacked


def _missing(samples: np.ndarray, stand_in: int, zero: int = 0) -> Samples:
    # Single precision holds up to 24 bits as they are, and a day of ECG in 86 MB.
    exact = "<f4" if samples.dtype.itemsize <= _EXACT else "<f8"
    values: Samples = samples.astype(exact)
    values -= zero
    if stand_in != _NONE:
        values[samples == stand_in] = np.nan
    return values


_EXACT: Final = 2
"""Bytes of a sample that single precision holds as it is."""
_DIFFERENCES: Final = 8
_NONE: Final = 1 << 40
"""No sample: format 8 has nothing that stands for a missing one."""
_FORMATS: Final[Mapping[int, Callable[[bytes], Samples]]] = MappingProxyType(
    {
        8: _plain("i1", _NONE),
        16: _plain("<i2", -(1 << 15)),
        24: _of_24_bits,
        32: _plain("<i4", -(1 << 31)),
        61: _plain(">i2", -(1 << 15)),
        80: _plain("u1", -128, zero=128),
        160: _plain("<u2", -(1 << 15), zero=1 << 15),
        212: _of_12_bits,
    }
)

_SKIP, _AUX = 59, 63
_BEATS: Final = np.array([*range(1, 14), 25, 30, 34, 35, 38, 41])
"""Codes of annotations that are heartbeats ("ecgcodes.h")."""


def _of_beats(path: Path, header: _Header, ending: str, most: int) -> Recording:
    """Return the recording of the beats that somebody annotated."""
    tick, code = annotated(_beside(path, path.with_suffix(f".{ending}").name, most))
    beats = tick[np.isin(code, _BEATS)] / header.rate
    if len(beats) < 2:
        what = tr("its annotations tell of no two beats")
        raise FormatError(path, what, tr("choose another annotation or signal"))
    steps = np.diff(beats)
    if not (steps >= 0.0).all():
        raise _damaged(path)
    count = len(tick) - len(beats)
    note = trn("one annotation is no beat", "{count} annotations are no beats", count,
               count=count)  # fmt: skip
    return recording(
        path,
        Intervals(1000.0 * steps, beats[1:], "ms"),
        format_name=NAME,
        started=header.started,
        notes=(note,) if count else (),
    )


def annotated(data: bytes) -> tuple[IntArray, IntArray]:
    """Return (n,) the ticks of annotations, and (n,) their codes.

    A word is a code of 6 bits and the ticks since the last annotation, of 10 bits; longer waits,
    numbers and words have codes of their own. What is cut short is read to there.
    """
    words = np.frombuffer(data[: len(data) // 2 * 2], "<u2").astype(np.int64)
    own = _own_words(words)
    kind, step = words >> 10, words & 1023
    step = np.where(own & (kind < _SKIP), step, 0)
    skip = np.flatnonzero(own & (kind == _SKIP))
    skip = skip[skip + 2 < len(words)]
    ticks = words[skip + 1] << 16 | words[skip + 2]
    step[skip] += np.where(ticks >= 1 << 31, ticks - (1 << 32), ticks)
    told = own & (kind < _SKIP) & (kind > 0)
    return np.cumsum(step)[told], kind[told]


def _own_words(words: IntArray) -> np.ndarray:
    """Return (n,) which words are annotations, not what follows a skip or a text."""
    own = np.ones(len(words), bool)
    long = np.flatnonzero((words >> 10 == _SKIP) | (words >> 10 == _AUX)).tolist()
    after = 0
    for place in long:
        if place < after:
            continue
        kind, step = int(words[place]) >> 10, int(words[place]) & 1023
        after = place + 1 + (2 if kind == _SKIP else (step + 1) // 2)
        own[place + 1 : after] = False
    zero = np.flatnonzero(own & (words == 0))
    if len(zero):
        own[zero[0] :] = False
    return own
