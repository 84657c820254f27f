"""A session in small says what its review says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipelines.analysis import outline_of, reviewed
from pipelines.session import (
    NO_POINTS,
    Baseline,
    Context,
    ContextLine,
    Mark,
    Note,
    Phase,
    PhaseName,
    clients_part,
    said_in,
)
from tests.pipelines.logs import session


def log(*more: object, seconds: float = 420.0) -> list:
    found = [*session("rest", seconds), Mark(150.0, "hip"), *more]
    found.sort(key=lambda one: one.time)
    return [*found, Phase(seconds, PhaseName.FINISHED)]


def small(events: list):
    told, points = reviewed(events, session="K", started=0.0)
    return outline_of(told, points, events), told, points


def test_it_agrees_with_the_review_and_its_curve_is_heart_rate_above_the_baseline() -> None:
    events = log(Baseline(190.0, 0, 10.0, 190.0))
    found, told, points = small(events)
    assert (found.hearts, found.moments, found.rises) == (True, 1, len(told.rises))
    assert (found.readable_s, found.duration_s) == (told.readable_s, told.duration_s)
    assert found.step_s == pytest.approx(3600.0 / 112)
    own = told.held[0].own
    assert found.spread == own.spread
    assert len(found.curve) == math.ceil(points.time[-1] / found.step_s)
    for place, value in enumerate(found.curve):
        inside = (points.time // found.step_s == place) & np.isfinite(points.heart_rate)
        expected = np.median(points.heart_rate[inside]) - own.level
        assert value == pytest.approx(expected, abs=0.051)


def test_without_a_baseline_nothing_is_compared_and_without_a_strap_there_is_no_heart() -> None:
    found, _, _ = small(log())
    assert (found.curve, found.spread, found.hearts) == ((), None, True)
    alone = [Phase(0.0, PhaseName.SESSION), Phase(60.0, PhaseName.FINISHED)]
    found, told, _ = small(alone)
    assert (found.hearts, found.duration_s, found.curve) == (False, 60.0, ())
    assert outline_of(told, NO_POINTS, alone) == found


def test_what_people_wrote_stands_in_it_and_no_note_goes_to_the_client() -> None:
    notes = (Note(430.0, "Ada", "slower", 1.7e9), Note(431.0, "Bo", "hip again", 1.7e9 + 1.0))
    events = [*log(Context(5.0, ContextLine.MEDICINES, "bisoprolol")), *notes]
    found, _, _ = small(events)
    assert (found.medicines, found.notes) == ("bisoprolol", notes)
    assert [one.text for one in said_in(events)][-2:] == ["slower", "hip again"]
    assert not [one for one in clients_part(events) if isinstance(one, Note)]
    without, _, _ = small(events[:-2])
    assert (without.curve, without.duration_s) == (found.curve, found.duration_s)
