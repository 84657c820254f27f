"""One recording in hand: read once, measured as often as one likes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import physio
from physio import Beats, Spectrum
from physio.beats import MISSING
from physio.ecg_signal import beats_and_waves
from physio.respiration import Respiration
from physio.time.beat_times import with_gaps
from pipelines import formats
from pipelines.batch import Epoch, Overview, Plan, checked, measured_recording, methods
from pipelines.checksum import sha256
from pipelines.formats import Recording, of_times
from pipelines.harmless import harmless
from pipelines.notebook.measured_table import MeasureTable
from pipelines.session import AnyEvent, SourceBeats, beats_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from physio.labels import LabelArray

Epochs = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=False)
class Heart:
    """A recording of one person's heart, or of several people's.

    Attributes
    ----------
    recording : Recording
        The recording as it was read: its `events`, `format` and `notes`.
    name : str
        What a table calls it.
    digest : str or None
        The SHA-256 of the file.

    Examples
    --------
    >>> import interbeat
    >>> heart = interbeat.from_rr([812, 804, 790, 771, 768, 780, 799, 815] * 40)
    >>> len(heart.beats), int(heart.labels.max())
    (320, 0)
    >>> table = heart.measures(epochs={"baseline": (0, 120), "task": (120, 240)}, names=["rmssd"])
    >>> [row.epoch for row in table]
    ['whole', 'baseline', 'task']
    """

    recording: Recording
    name: str = ""
    digest: str | None = None

    @property
    def events(self) -> Sequence[AnyEvent]:
        """The log that it is, for `interbeat.analyse`."""
        return self.recording.events

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be inferred when it was read."""
        return self.recording.notes

    @property
    def intervals(self) -> int:
        """How many intervals the file holds, absurd ones included."""
        return self.recording.intervals

    @property
    def format(self) -> str:
        """The format as which it was read."""
        return self.recording.format

    @property
    def started(self) -> str | None:
        """When it began, as the file tells it."""
        return self.recording.started

    @cached_property
    def _sources(self) -> tuple[SourceBeats, ...]:
        return beats_of(self.recording.events)

    @property
    def beats(self) -> Beats:
        """The beats of its first source."""
        return self._sources[0].beats

    @property
    def labels(self) -> LabelArray:
        """A label for each of these beats."""
        labels = self._sources[0].labels
        assert labels is not None
        return labels

    def measures(
        self,
        *,
        names: Iterable[str] = (),
        epochs: Epochs | None = None,
        preset: str = "interbeat",
        labels: bool = True,
    ) -> MeasureTable:
        """Return the measures of the whole, and of stretches with names.

        Parameters
        ----------
        names : iterable of str
            Measures, all unless given.
        epochs : mapping, optional
            From a condition to its edges (start, end) in s. A "task" bears its reactivity against
            the "baseline" before it, a "recovery" its recovery against the "task" before it.
        preset : str
            The conventions.
        labels : bool
            Whether intervals that do not lie between two normal beats are left out.

        Raises
        ------
        ValueError
            If one of these is none; the message is one sentence.
        """
        plan = _plan(names=names, epochs=epochs, preset=preset, labels=labels)
        return MeasureTable(self._measured(plan).part.measures)

    def spectrum(self, **asked: Any) -> Spectrum:
        """Return the spectrum that LF and HF come from; see `physio.spectrum`."""
        return physio.spectrum(self.beats, **asked)

    def methods(self, *, preset: str = "interbeat") -> str:
        """Return the methods in sentences, and what guidelines ask that no file tells."""
        plan = _plan(preset=preset)
        overview = Overview()
        overview.take(self._measured(plan).part)
        return methods(overview, plan)

    def plot(self) -> Any:
        """Return a figure of matplotlib: the tachogram, the spectrum and the Poincaré plot."""
        from pipelines.notebook.plots import plotted

        return plotted(self)

    def _measured(self, plan: Plan) -> Any:
        return measured_recording(self.name, plan, self.recording, self.digest)

    def __repr__(self) -> str:
        found = self._sources[0] if self._sources else None
        lasts = 0.0 if found is None else (found.span[1] - found.span[0]) / 60.0
        return f"<Heart {self.name!r}: {self.intervals} intervals, {lasts:.1f} min>"


def _plan(
    *,
    names: Iterable[str] = (),
    epochs: Epochs | None = None,
    preset: str = "interbeat",
    labels: bool = True,
) -> Plan:
    if isinstance(names, str):
        raise TypeError(f"names is the text {names!r}; give a list of names.")
    return checked(Plan(names=tuple(names), epochs=_epochs(epochs), preset=preset, labels=labels))


def _epochs(told: Epochs | None) -> tuple[Epoch, ...]:
    try:
        return tuple(Epoch(harmless(name, most=None), float(start), float(end))
                     for name, (start, end) in dict(told or {}).items())  # fmt: skip
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"epochs is {told!r}; give each name its start and end in s, "
            'such as {"task": (120, 240)}.'
        ) from error


def read(path: str | PathLike[str], **told: Any) -> Heart:
    r"""Return the recording that a file holds.

    Parameters
    ----------
    path : str or path
        The file, in any format that `interbeat analyse` reads.
    **told
        What a file cannot tell: `peaks`, `channel`, `breathing`, `rate`, `large`, as on the
        command line.

    Raises
    ------
    FormatError
        If it cannot be read; the message is one sentence.

    Examples
    --------
    >>> from pathlib import Path
    >>> import interbeat
    >>> Path("recording.txt").write_text("812\n804\n790\n")
    12
    >>> interbeat.read("recording.txt").intervals
    3
    """
    recording = formats.read(path, **told)  # type: ignore[arg-type]
    return Heart(recording, Path(path).name, sha256(Path(path)))


def from_rr(rr: ArrayLike, *, time: ArrayLike | None = None) -> Heart:
    """Return the recording of intervals in ms; see `physio.beats_from_intervals`.

    Examples
    --------
    >>> import interbeat
    >>> interbeat.from_rr([812, 804, 790, 771] * 80).measures(names=["mean_rr"])["mean_rr"].unit
    'ms'
    """
    return _of(physio.beats_from_intervals(rr, time=time), "intervals")


def from_peaks(peaks: ArrayLike, *, rate: float = 1.0) -> Heart:
    """Return the recording of R peaks at `rate` samples a second; see `physio.beats_from_peaks`.

    Examples
    --------
    >>> import interbeat
    >>> heart = interbeat.from_peaks(range(0, 60_000, 800), rate=1000)
    >>> round(heart.measures(names=["mean_rr"])[0].value)
    800
    """
    return _of(physio.beats_from_peaks(peaks, rate=rate), "R peaks")


def from_ecg(ecg: ArrayLike, *, rate: float) -> Heart:
    """Return the recording of an ECG's beats, and of what breathing moves in it.

    See `physio.beats_from_ecg`.

    Examples
    --------
    >>> import numpy as np, interbeat
    >>> time = np.arange(0, 60, 1 / 250)
    >>> heart = interbeat.from_ecg(np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2)), rate=250)
    >>> round(heart.measures(names=["mean_rr"])["mean_rr"].value)
    800
    """
    beats, waves = beats_and_waves(ecg, rate)
    return _of(beats, "ECG", Respiration(waves=waves))


def _of(beats: Beats, kind: str, respiration: Respiration | None = None) -> Heart:
    cut = np.diff(beats.segment, prepend=beats.segment[:1]) != 0
    arrival, rr = with_gaps(beats.time, beats.rr, cut, np.full(np.count_nonzero(cut), MISSING))
    return Heart(of_times(arrival, rr, format_name=kind, respiration=respiration), kind)
