"""What a caller gives, checked: what cannot be meant so is refused in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from physio import labels as labelling
from physio.beats import (
    LARGEST_SECONDS,
    LONGEST_INTERVAL,
    LONGEST_LENGTH,
    SAME_UNIT,
    Beats,
    BoolArray,
    FloatArray,
    of_numbers,
)
from physio.estimate import Estimate
from physio.labels import SHORTEST_INTERVAL, Label, LabelArray
from physio.measures import MEASURES
from physio.presets import PRESETS, Preset
from physio.time.beat_times import without_room

PULSES = (30.0, 240.0)
"""Beats/min that a heart beats at; intervals whose median lies there are heart rates."""

MOST_SURPLUS, LEAST_SURPLUS = 0.02, 1.0
"""Share and seconds by which intervals may exceed the time that passed, as packets come early."""

MOST_WINDOWS = 100_000
"""Windows at a time; more are a slip of the unit rather than a wish."""


def numbers(values: object, name: str) -> FloatArray:
    """Return `values` as one row of finite numbers.

    Raises
    ------
    ValueError
        If they are none; the message is one sentence, as it is wherever this module raises.
    """
    row = any_numbers(values, name)
    unknown = np.flatnonzero(~np.isfinite(row))
    if len(unknown):
        raise ValueError(
            f"{name}[{unknown[0]}] is {row[unknown[0]]:g}, and {len(unknown)} of {len(row)} are no "
            f"numbers; leave them out, with what they belong to."
        )
    return row


def any_numbers(values: object, name: str) -> FloatArray:
    """Return `values` as one row of numbers, of which some may be missing."""
    return one_row(values, name).astype(np.float64)


def one_row(values: object, name: str) -> NDArray[Any]:
    """Return `values` as they are, if they are one row of numbers."""
    found = of_numbers(values, name)
    if found.ndim != 1:
        raise ValueError(f"{name} has {found.ndim} dimensions; give one row of numbers.")
    return found


def number_above_0(value: object, name: str) -> float:
    """Return `value`, a finite number above 0."""
    if not (isinstance(value, int | float | np.number) and isfinite(value) and value > 0):
        shown = repr(value) if np.isscalar(value) else f"a {type(value).__name__}"
        raise ValueError(f"{name} is {shown}; give a number above 0.")
    return float(value)


def intervals(rr: ArrayLike) -> FloatArray:
    """Return intervals in ms, each above 0 and most of them those of a heart."""
    row = numbers(rr, "rr")
    _refuse_unit(row)
    odd = np.flatnonzero((row <= 0) | (row > LONGEST_LENGTH))
    if len(odd):
        raise ValueError(
            f"rr[{odd[0]}] is {row[odd[0]]:g} ms, which is no interval; leave it out and give the "
            f"time of each interval, so that the gap is known."
        )
    return row


def _refuse_unit(rr: FloatArray) -> None:
    outside = np.count_nonzero((rr < SHORTEST_INTERVAL) | (rr > LONGEST_INTERVAL))
    if 2 * outside <= len(rr):
        return
    middle = float(np.median(rr))
    if 0 < middle < LARGEST_SECONDS:
        hint = "these look like seconds: give milliseconds, rr * 1000"
    elif PULSES[0] <= middle <= PULSES[1]:
        hint = "these look like heart rates: give intervals in milliseconds"
    else:
        hint = "give intervals in milliseconds"
    raise ValueError(
        f"{outside} of {len(rr)} values of rr lie outside {SHORTEST_INTERVAL:g} to "
        f"{LONGEST_INTERVAL:g} ms, the middle one at {middle:g}; {hint}."
    )


def times(time: ArrayLike, rr: FloatArray) -> FloatArray:
    """Return the end of each interval in seconds, not falling."""
    row = numbers(time, "time")
    refuse_other_length(row, len(rr), "time", "intervals")
    _refuse_falling(row, "time", np.diff(row) < 0)
    lasting = float(rr[1:].sum()) / 1000.0
    if len(row) > 1 and row[-1] - row[0] > SAME_UNIT * lasting:
        raise ValueError(
            f"time lasts {row[-1] - row[0]:g} s and the intervals {lasting:g} s; give time in "
            f"seconds."
        )
    passed = float(row[-1] - row[0]) if len(row) else 0.0
    if lasting > (1.0 + MOST_SURPLUS) * passed + LEAST_SURPLUS:
        raise ValueError(
            f"rr adds up to {lasting:g} s in the {passed:g} s of time; give each interval once, in "
            f"milliseconds, and time in seconds."
        )
    return row


def refuse_without_room(time: FloatArray, rr: FloatArray) -> None:
    """Raise `ValueError` where times of beats leave no room for an interval."""
    place = np.flatnonzero(without_room(time, rr)) + 1
    if len(place):
        raise ValueError(
            f"rr[{place[0]}] is {rr[place[0]]:g} ms, and time[{place[0]}] leaves no room for it; "
            f"leave it out."
        )


def peaks(moments: ArrayLike, rate: float) -> FloatArray:
    """Return rising moments in seconds, given in samples at `rate` a second."""
    row = numbers(moments, "peaks") / number_above_0(rate, "rate")
    _refuse_falling(row, "peaks", np.diff(row) <= 0)
    apart = float(np.median(np.diff(row))) if len(row) > 1 else 0.0
    if apart > LARGEST_SECONDS:
        raise ValueError(
            f"peaks lie {apart:g} s apart; give seconds, or sample numbers with their rate."
        )
    return row


def _refuse_falling(row: FloatArray, name: str, falls: BoolArray) -> None:
    place = np.flatnonzero(falls)
    if len(place):
        before, after = row[place[0]], row[place[0] + 1]
        raise ValueError(
            f"{name}[{place[0] + 1}] is {after:g} after {before:g}; give them in the order in "
            f"which they came."
        )


def refuse_other_length(row: FloatArray, length: int, name: str, beside: str) -> None:
    """Raise `ValueError` where `row` is not one value for each of `length` others."""
    if len(row) != length:
        raise ValueError(
            f"{name} holds {len(row)} values for {length} {beside}; give one for each."
        )


def beats(given: object) -> Beats:
    """Return `given`, which are beats, and some.

    Raises
    ------
    TypeError
        If they are something else; the message is one sentence.
    """
    if not isinstance(given, Beats):
        raise TypeError(
            f"beats is a {type(given).__name__}; make Beats of intervals in ms with "
            f"beats_from_intervals(rr)."
        )
    if len(given) == 0:
        raise ValueError("beats holds no interval; give some.")
    _refuse_unit(given.rr)
    return given


def labels(given: object, of: Beats) -> LabelArray | None:
    """Return a label for each interval: True finds them, False has none."""
    if given is True:
        return labelling.labels(of.rr, of.segment)
    if given is False:
        return None
    row = numbers(given, "labels")
    refuse_other_length(row, len(of), "labels", "intervals")
    if not np.isin(row, list(Label)).all():
        raise ValueError(f"labels holds values that are none of {[int(one) for one in Label]}.")
    return row.astype(np.int8)


def estimates(given: object) -> None:
    """Raise `TypeError` where these are no estimates by name."""
    if not (
        isinstance(given, Mapping) and all(isinstance(one, Estimate) for one in given.values())
    ):
        raise TypeError(
            f"measured is a {type(given).__name__}; give what measure(beats) returns, or its like."
        )


def edges(start: ArrayLike, end: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return where windows start and end, in seconds."""
    starts, ends = (
        numbers(np.atleast_1d(of_numbers(given, name)), name)
        for given, name in ((start, "start"), (end, "end"))
    )
    refuse_other_length(ends, len(starts), "end", "starts")
    wrong = np.flatnonzero(ends <= starts)
    if len(wrong):
        raise ValueError(
            f"window {wrong[0]} ends at {ends[wrong[0]]:g} s and starts at "
            f"{starts[wrong[0]]:g} s; give an end after each start."
        )
    return starts, ends


def names(given: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names of measures, all of them unless given."""
    if isinstance(given, str):
        raise TypeError(f'names is one string; give a list of names, ["{given}"].')
    chosen = tuple(MEASURES if given is None else given)
    for name in chosen:
        if name not in MEASURES:
            raise ValueError(f"There is no measure {name!r}; {_hint(name, MEASURES)}.")
    return chosen


def preset(given: Preset | str) -> Preset:
    """Return a preset, which may be given by its name."""
    if isinstance(given, Preset):
        return given
    if given not in PRESETS:
        raise ValueError(f"There is no preset {given!r}; {_hint(given, PRESETS)}.")
    return PRESETS[given]


def _hint(name: object, known: Iterable[str]) -> str:
    close = get_close_matches(str(name), list(known), n=1)
    return f'perhaps "{close[0]}"' if close else f"there are {', '.join(known)}"
