"""Measures over a whole recording, over windows and over epochs, for whoever computes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio import inputs, panel
from physio.beats import Beats, FloatArray, Gap, GapCause
from physio.estimate import Estimate, Estimates
from physio.presets import INTERBEAT, Preset
from physio.quality import Quality, of_whole


@dataclass(frozen=True, slots=True, eq=False)
class Measured(Mapping[str, Estimates]):
    """Measures of m windows, by name.

    Attributes
    ----------
    start, end : (m,) float
        Edges of the windows in s.
    estimates : mapping of str to Estimates
        For each measure m estimates.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 820, 810] * 100)
    >>> measured = physio.measure_epochs(beats, 60, names=["mean_hr", "rmssd"])
    >>> list(measured), measured["rmssd"].value.round().tolist()
    (['mean_hr', 'rmssd'], [14.0, 14.0, 14.0, 14.0])
    """

    start: FloatArray
    end: FloatArray
    estimates: Mapping[str, Estimates]

    def __getitem__(self, name: str) -> Estimates:
        return self.estimates[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.estimates)

    def __len__(self) -> int:
        return len(self.estimates)


def measure(
    beats: Beats,
    *,
    labels: ArrayLike | bool = True,
    names: Iterable[str] | None = None,
    preset: Preset | str = INTERBEAT,
) -> dict[str, Estimate]:
    """Return every measure of a whole recording, as `interbeat analyse` gives it.

    Parameters
    ----------
    beats : Beats
        All beats, as from `beats_from_intervals`.
    labels : bool or (n,) int
        True to leave out intervals that do not lie between two normal beats, False to use all as
        they are, or a `Label` for each.
    names : iterable of str, optional
        Names of `MEASURES`, all unless given.
    preset : Preset or str
        The conventions, or the name of one of `PRESETS`.

    Raises
    ------
    TypeError, ValueError
        If one of these is none; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 820, 810] * 100)
    >>> rmssd = physio.measure(beats)["rmssd"]
    >>> round(rmssd.value), rmssd.unit, rmssd.reason
    (14, 'ms', None)
    """
    known = inputs.labels(labels, inputs.beats(beats))
    return panel.whole(
        beats,
        known,
        _gaps(beats),
        start=float(beats.start[0]),
        end=float(beats.time[-1]),
        names=inputs.names(names),
        preset=inputs.preset(preset),
    )


def judge(beats: Beats, *, labels: ArrayLike | bool = True) -> Quality:
    """Return how far a whole recording can be interpreted, and why where it cannot.

    Parameters
    ----------
    beats, labels
        As in `measure`.

    Raises
    ------
    TypeError, ValueError
        If one of these is none; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> rr = [800 + 40 * (0.37 * beat % 1) for beat in range(300)]
    >>> physio.judge(physio.beats_from_intervals(rr)).verdict.value
    'good'
    """
    known = inputs.labels(labels, inputs.beats(beats))
    span = {"start": float(beats.start[0]), "end": float(beats.time[-1])}
    return of_whole(beats, known, _gaps(beats), **span)


def measure_windows(
    beats: Beats,
    start: ArrayLike,
    end: ArrayLike,
    *,
    labels: ArrayLike | bool = True,
    names: Iterable[str] | None = None,
    preset: Preset | str = INTERBEAT,
) -> Measured:
    """Return every measure over each of m windows; a window holds what ends in (start, end].

    Parameters
    ----------
    beats, labels, names, preset
        As in `measure`.
    start, end : (m,) float
        Edges of the windows in s, on the clock of the beats.

    Raises
    ------
    TypeError, ValueError
        If one of these is none; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 820, 810] * 100)
    >>> measured = physio.measure_windows(beats, [0, 60], [60, 120], names=["mean_hr"])
    >>> measured["mean_hr"].value.round(1).tolist()
    [74.1, 74.1]
    """
    starts, ends = inputs.edges(start, end)
    found = panel.over(
        beats,
        inputs.labels(labels, inputs.beats(beats)),
        start=starts,
        end=ends,
        names=inputs.names(names),
        preset=inputs.preset(preset),
    )
    return Measured(starts, ends, found)


def measure_epochs(
    beats: Beats,
    length: float,
    *,
    step: float | None = None,
    labels: ArrayLike | bool = True,
    names: Iterable[str] | None = None,
    preset: Preset | str = INTERBEAT,
) -> Measured:
    """Return every measure over `epochs` of a recording, counted from its first beat.

    Parameters
    ----------
    beats, labels, names, preset
        As in `measure`.
    length, step : float
        As in `epochs`.

    Raises
    ------
    TypeError, ValueError
        If one of these is none; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 820, 810] * 100)
    >>> physio.measure_epochs(beats, 60, step=30).end.tolist()
    [60.0, 90.0, 120.0, 150.0, 180.0, 210.0, 240.0]
    """
    span = float(inputs.beats(beats).start[0]), float(beats.time[-1])
    start, end = epochs(*span, length, step=step)
    return measure_windows(beats, start, end, labels=labels, names=names, preset=preset)


def epochs(
    start: float, end: float, length: float, *, step: float | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return (m,) starts and ends of the full windows from `start` to `end`, all in s.

    Parameters
    ----------
    start, end : float
        The stretch to lay them in.
    length : float
        Of each window.
    step : float, optional
        From one start to the next; without it they lie end to end.

    Raises
    ------
    ValueError
        If a length is not above 0, or there are more than 100,000; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> starts, ends = physio.epochs(0, 200, 60)
    >>> starts.tolist(), ends.tolist()
    ([0.0, 60.0, 120.0], [60.0, 120.0, 180.0])
    """
    inputs.edges(start, end)
    lasting = inputs.number_above_0(length, "length of the windows")
    stride = lasting if step is None else inputs.number_above_0(step, "step of the windows")
    # A duration is a difference of clock readings, a few 1e-12 s off its nominal length.
    count = np.floor((end - start - lasting) / stride + 1e-9) + 1
    if not count <= inputs.MOST_WINDOWS:
        raise ValueError(
            f"windows every {stride:g} s are more than {inputs.MOST_WINDOWS}; give a longer step."
        )
    starts = np.asarray(start + stride * np.arange(max(int(count), 0)), np.float64)
    return starts, starts + lasting


def table(measured: Mapping[str, Estimate] | Measured) -> list[dict[str, object]]:
    """Return one row for each value, as pandas, polars and csv.DictWriter take it.

    The columns are those of `interbeat analyse --json`, before them the edges of the window where
    windows were measured.

    Raises
    ------
    TypeError
        If it is something else than what `measure` and its like return; the message is one
        sentence.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 820, 810] * 100)
    >>> rows = physio.table(physio.measure(beats, names=["mean_rr", "sampen"]))
    >>> [(row["measure"], row["value"], row["unit"]) for row in rows]
    [('mean_rr', 810.0, 'ms'), ('sampen', 0.0, 'nats')]
    """
    if not isinstance(measured, Measured):
        inputs.estimates(measured)
        return [_row(name, estimate) for name, estimate in measured.items()]
    spans = zip(measured.start.tolist(), measured.end.tolist(), strict=True)
    return [
        {"start_s": start, "end_s": end, **_row(name, estimates[place])}
        for place, (start, end) in enumerate(spans)
        for name, estimates in measured.items()
    ]


def _row(name: str, estimate: Estimate) -> dict[str, object]:
    return {
        "measure": name,
        "value": estimate.value,
        "unit": estimate.unit,
        "low": estimate.low,
        "high": estimate.high,
        "window_s": estimate.window,
        "coverage_percent": estimate.coverage,
        "corrected_percent": estimate.corrected,
        "share_percent": estimate.share,
        "reason": estimate.reason,
        "doubt": estimate.doubt,
        "as_written": estimate.as_written,
    }


def _gaps(beats: Beats) -> tuple[Gap, ...]:
    """Return the stretches between segments."""
    last = np.flatnonzero(np.diff(beats.segment))
    start, end = beats.time[last].tolist(), beats.start[last + 1].tolist()
    return tuple(
        Gap(*edges, GapCause.NONE) for edges in zip(start, end, strict=True) if edges[1] > edges[0]
    )
