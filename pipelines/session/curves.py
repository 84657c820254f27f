"""The points of a wearer's trace: trailing windows that end with the last beat of each packet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from physio import panel
from physio.arousal.baseline import Baseline
from physio.arousal.index import arousal_index
from physio.beats import Beats, FloatArray, IntArray
from physio.estimate import Estimates
from physio.labels import LabelArray
from physio.measures import MEASURES
from pipelines.session.circumstances import Baselines, Circumstances, readable
from pipelines.session.reading import reach
from pipelines.session.trace import Points

NAMES = ("mean_hr", "rsa_amplitude", "breathing_rate")
BESIDES = ("rsa", "rsa_low", "rsa_high", "breathing", "arousal")
"""Columns that cost far more than heart rate's."""
WINDOWS = sorted({MEASURES[name].window for name in NAMES})
"""Seconds that trailing windows of these measures last."""
POINT_REACH = reach(WINDOWS[-1])
"""Seconds of beats that a point looks at."""


def points_at(
    beats: Beats,
    label: LabelArray,
    place: IntArray,
    trust: IntArray | LabelArray,
    *,
    first: int,
    baselines: Baselines,
    paced: bool,
    around: Circumstances,
    heart_alone: bool = False,
) -> Points:
    """Return the points whose packets end with the beats at `place`, in order.

    Parameters
    ----------
    beats : Beats
        Beats that go `reach` of the longest window back from the first point.
    label : (n,) int8
        Their labels as they are known now.
    place : (m,) int
        Places of the last beats.
    trust : (m,) int
        What was said at each, as places in `TRUST`.
    first : int
        Place of the first beat of the first point's packet.
    baselines, paced, around
        The wearer's own, whether a guide is on, and the circumstances.
    heart_alone : bool
        Whether heart rate is all that is asked for: the rest is NaN then.
    """
    end = beats.time[place]
    curves = _curves(beats, label, end, around, NAMES[:1] if heart_alone else NAMES)
    rate = curves[NAMES[0]]
    besides = (
        dict.fromkeys(BESIDES, np.full(len(end), np.nan))
        if heart_alone
        else _besides(curves, around.owns(end, baselines), paced=paced)
    )
    return Points(
        time=end,
        heart_rate=rate.value,
        heart_rate_low=rate.low,
        heart_rate_high=rate.high,
        **besides,
        segment=beats.segment[place].astype(np.float64),
        trust=trust.astype(np.float64),
        corrected=_labelled_since(label, first, place),
    )


def _besides(
    curves: Mapping[str, Estimates], owns: Iterable[Baseline | None], *, paced: bool
) -> dict[str, FloatArray]:
    """Return the columns besides heart rate's."""
    rate, rsa, breathing = (curves[name] for name in NAMES)
    indices = _indices(rate, rsa, breathing, owns, paced=paced)
    return {
        "rsa": rsa.value,
        "rsa_low": rsa.low,
        "rsa_high": rsa.high,
        "breathing": breathing.value,
        "arousal": np.fromiter(indices, float, len(rate)),
    }


def _curves(
    beats: Beats, label: LabelArray, end: FloatArray, around: Circumstances, wanted: Sequence[str]
) -> dict[str, Estimates]:
    curves: dict[str, Estimates] = {}
    for length in WINDOWS:
        names = [name for name in wanted if MEASURES[name].window == length]
        found = panel.over(beats, label, start=end - length, end=end, names=names)
        curves |= readable(found, around, end - length, end)
    return curves


def _indices(
    rate: Estimates,
    rsa: Estimates,
    breathing: Estimates,
    owns: Iterable[Baseline | None],
    *,
    paced: bool,
) -> Iterator[float]:
    """Yield the arousal index at each point, NaN where it is withheld."""
    for of_rate, of_rsa, of_breathing, own in zip(rate, rsa, breathing, owns, strict=True):
        if own is None:
            yield np.nan
            continue
        value = arousal_index(of_rate, of_rsa, of_breathing, own, paced=paced).value
        yield np.nan if value is None else value


def _labelled_since(label: LabelArray, first: int, place: IntArray) -> FloatArray:
    """Return how many labelled beats each point has that the one before it had not."""
    count = np.concatenate(([0.0], np.cumsum(label != 0)))
    return np.diff(count[place + 1], prepend=count[first])
