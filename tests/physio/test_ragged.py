"""Windows laid side by side: which ones, what they hold, and the same in any company."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import ragged as module
from physio.beats import NO_BEATS, Beats
from physio.ragged import FEWEST, ragged
from physio.windows import windows


def held_of(seed, gaps=2, n=300):
    rng = np.random.default_rng(seed)
    rr = rng.uniform(500.0, 1300.0, n)
    segment = np.searchsorted(np.sort(rng.integers(0, n, gaps)), np.arange(n))
    start = rng.uniform(0.0, 200.0, 25)
    beats = Beats(np.cumsum(rr) / 1000.0, rr, segment)
    return windows(beats, rng.random(n) > 0.3, start, start + rng.uniform(0.0, 60.0, 25))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_each_window_without_a_gap_and_with_enough_is_there_once(seed):
    held = held_of(seed)
    found = {}
    for batch in ragged(held):
        for g, j in enumerate(batch.index.tolist()):
            assert j not in found
            own = slice(batch.edges[g], batch.edges[g + 1])
            found[j] = batch.time[own], batch.rr[own], batch.usable[own], batch.span[g]
    for j in range(len(held)):
        own = slice(held.first[j], held.last[j])
        enough = held.usable[own].sum() >= FEWEST
        assert (j in found) == (enough and len(set(held.beats.segment[own])) == 1)
        if j in found:
            time, rr, usable, span = found[j]
            end = np.cumsum(held.beats.rr[own]) / 1000.0
            np.testing.assert_allclose(span, end[-1], rtol=1e-12)
            np.testing.assert_allclose(time, end - 0.5 * end[-1], atol=1e-10)
            np.testing.assert_array_equal(usable, held.usable[own])
            np.testing.assert_array_equal(rr, held.beats.rr[own] * usable)


def test_the_size_of_a_batch_is_bounded_and_changes_nothing(monkeypatch):
    held = held_of(5)
    together = list(ragged(held))
    monkeypatch.setattr(module, "LARGEST_BATCH", 200)
    apart = list(ragged(held))
    assert len(together) == 1 < len(apart)
    assert max(len(batch.rr) for batch in apart) <= 200
    for name in ("index", "time", "rr", "usable", "span", "heart_rate"):
        joined = np.concatenate([getattr(batch, name) for batch in apart])
        np.testing.assert_array_equal(joined, getattr(together[0], name))


def test_some_windows_of_a_batch_are_those_windows():
    batch = next(ragged(held_of(6)))
    which = np.arange(len(batch.index)) % 2 == 1
    some = batch.take(which)
    np.testing.assert_array_equal(some.index, batch.index[which])
    np.testing.assert_array_equal(some.heart_rate, batch.heart_rate[which])
    np.testing.assert_array_equal(some.total(some.time), batch.total(batch.time)[which])
    none = batch.take(which & False)
    assert none.heart_rate.shape == none.total(none.time).shape == (0,)


def test_heart_rate_is_that_of_the_usable_intervals():
    batch = next(ragged(held_of(7)))
    for g in range(len(batch.index)):
        own = slice(batch.edges[g], batch.edges[g + 1])
        mean = batch.rr[own].sum() / batch.usable[own].sum()
        np.testing.assert_allclose(batch.heart_rate[g], 60000.0 / mean, rtol=1e-12)


def test_one_window_is_laid_out_once_however_often_it_is_asked_for():
    held = held_of(8, gaps=0)
    j = next(ragged(held)).index[0]
    alone = held.take(np.array([j]))
    assert next(ragged(alone)) is next(ragged(alone))
    assert next(ragged(replace(alone))) is not next(ragged(alone))


def test_nothing_to_fit_gives_no_stack():
    held = held_of(9)
    for none in (
        windows(NO_BEATS, np.empty(0, bool), [], []),
        windows(NO_BEATS, np.empty(0, bool), [0.0, 1.0], [60.0, 61.0]),
        replace(held, usable=np.zeros(300, bool)),
        held.at(np.array([np.nan]), np.array([np.nan])),
    ):
        assert list(ragged(none)) == []
