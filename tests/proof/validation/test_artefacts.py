"""Planted events: where they say they are, and nothing else is touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proof.validation.made.artefacts import (
    APART,
    EARLY,
    EXTRA,
    KINDS,
    MISSED,
    Planted,
    counted,
    plant,
    unpaced,
)

CLEAN = 800.0 + np.arange(400.0)


@given(st.sampled_from(KINDS), st.sampled_from([0.01, 0.02, 0.05]), st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_as_many_events_as_asked_for_lie_apart_and_no_time_is_lost(kind, share, seed):
    planted = plant(CLEAN, kind, share=share, seed=seed)
    assert len(planted.place) == round(share * len(CLEAN))
    assert (np.diff(planted.place) > APART - 1).all()
    assert planted.rr.sum() == pytest.approx(CLEAN.sum())
    longer = {MISSED: -1, EXTRA: 1, EARLY: 0}[kind] * len(planted.place)
    assert len(planted.rr) == len(CLEAN) + longer


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_places_told_are_changed(kind):
    planted = plant(CLEAN, kind, share=0.03, seed=1)
    touched = planted.near(0, 0 if kind == MISSED else 1)
    assert np.isin(planted.rr[~touched], CLEAN).all()
    assert not np.isin(planted.rr[planted.place], CLEAN).any()


def test_an_early_beat_is_early_by_the_share_asked_for():
    planted = plant(CLEAN, EARLY, share=0.05, seed=2, early_by=(0.1, 0.2))
    first, second = planted.rr[planted.place], planted.rr[planted.place + 1]
    share = 1 - first / CLEAN[planted.place]
    assert ((share >= 0.1) & (share <= 0.2)).all()
    assert first + second == pytest.approx(CLEAN[planted.place] + CLEAN[planted.place + 1])


def test_counting_by_hand():
    planted = Planted(np.full(12, 800.0), np.array([3, 9]))
    label = np.zeros(12, np.int8)
    label[[4, 6]] = 1
    count = counted(planted, label)
    # 2 to 5 and 8 to 11 belong to the events; 0, 1, 6 and 7 do not.
    assert (count.found, count.events, count.false, count.normal) == (1, 2, 1, 4)
    assert (count.sensitivity, count.specificity) == (0.5, 0.75)
    total = count + count
    assert (total.events, total.normal) == (4, 8)


def test_unpaced_rest_has_the_level_and_the_spread_asked_for():
    rr = unpaced(3, duration=900.0, mean_rr=800.0, depth=30.0, slow_wave=0.0, noise=0.0)
    assert rr.mean() == pytest.approx(800.0, abs=5.0)
    assert rr.std() == pytest.approx(30.0 / np.sqrt(2.0) * np.sqrt(1.04), rel=0.1)
    assert np.array_equal(
        rr, unpaced(3, duration=900.0, mean_rr=800.0, depth=30.0, slow_wave=0.0, noise=0.0)
    )
