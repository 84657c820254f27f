"""Packets that come again: doubles are dropped, beats that happen to be alike are not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devices.link import LinkState
from pipelines.session import beats_of
from pipelines.session.decoding import START, RawIntervals, decode
from pipelines.session.events import AnyEvent, Link
from proof.validation.made import straps as made
from tests.pipelines.straps import Sent, packets, sent, ticks_of


def received(events: list[AnyEvent]) -> RawIntervals:
    return decode(START, events)[1][0]


def again(those: Sent, late: float, seed: int = 1, spread: float = 0.0) -> Sent:
    """Return each packet, and each once more after `late` to `late + spread` seconds."""
    rng = np.random.default_rng(seed)
    return those + [(time + late + spread * rng.random(), held) for time, held in those]


@settings(max_examples=40, deadline=None)
@example(94.0, 0.1, 1, 3)
@given(
    st.floats(45.0, 180.0),
    st.sampled_from([0.0, 0.001, 0.02, 0.051, 0.1]),
    st.integers(0, 10**6),
    st.integers(1, 3),
)
def test_every_packet_again_counts_once(bpm, late, seed, times):
    those = sent(ticks_of(45.0, bpm, seed=seed), seed=seed)
    doubled = those
    for number in range(times):
        doubled = doubled + [(time + late * (number + 1), held) for time, held in those]
    raw = received(packets(doubled))
    assert np.array_equal(raw.rr, received(packets(those)).rr)
    assert raw.duplicates == times * len(those)


@pytest.mark.parametrize("bpm", [48.0, 62.0, 75.0, 96.0, 106.0, 124.0])
@pytest.mark.parametrize("seed", range(4))
def test_packets_again_51_to_300_ms_later_count_once(bpm, seed):
    those = sent(ticks_of(45.0, bpm, seed=seed), seed=seed)
    raw = received(packets(again(those, 0.051, seed, spread=0.249)))
    assert np.array_equal(raw.rr, received(packets(those)).rr)


@pytest.mark.parametrize("late", [0.001, 0.08, 0.25])
def test_doubles_that_begin_after_a_reconnect(late):
    first, second = (sent(ticks_of(60.0, 66.0, seed=seed), seed=seed) for seed in (1, 2))
    after = [(time + 80.0, held) for time, held in second]
    whole = [*packets(first), Link(62.0, 0, LinkState.LOST), *packets(after)]
    doubled = [*packets(first), Link(62.0, 0, LinkState.LOST), *packets(again(after, late))]
    assert np.array_equal(received(doubled).rr, received(whole).rr)
    assert received(doubled).duplicates == len(after)


@pytest.mark.parametrize("seed", range(5))
def test_a_backlog_loses_no_beat_however_alike(seed):
    """A heart without variation: every packet is like the one before it."""
    those = sent(ticks_of(300.0, 60.0 + seed, spread=0.0), seed=seed)
    for start, lasting in ((100.0, 4.0), (200.0, 9.0)):
        stalled = [
            (start + lasting + 0.0003 * number, held) for number, (time, held) in enumerate(those)
            if start <= time < start + lasting
        ]  # fmt: skip
        those = [one for one in those if not start <= one[0] < start + lasting] + stalled
    raw = received(packets(those))
    assert raw.duplicates <= 1
    assert len(raw) >= sum(len(held) for _, held in those) - 1


@pytest.mark.parametrize("seed", range(6))
def test_a_backlog_of_a_heart_that_varies_loses_none(seed):
    those = sent(ticks_of(300.0, 66.0, seed=seed, spread=8.0), seed=seed)
    late = [(max(time, 150.0) if 140.0 < time < 150.0 else time, held) for time, held in those]
    raw = received(packets(late))
    assert (raw.duplicates, len(raw)) == (0, sum(len(held) for _, held in those))


@pytest.mark.parametrize("bpm", [40.0, 48.0, 54.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_last_interval_repeated_while_no_beat_came(bpm, seed):
    ticks = ticks_of(300.0, bpm, seed=seed)
    those = sent(ticks, seed=seed)
    filled, at = [], 0
    for second in range(1, 300):
        while at + 1 < len(those) and those[at + 1][0] <= second + 0.05:
            at += 1
        filled.append((second + 0.04, those[at][1][-1:]))
    raw = received(packets(filled))
    # What is early shows in the first packets only: a few repeats come before that.
    assert raw.rr.sum() / 1000.0 <= 1.02 * 300.0
    assert raw.duplicates >= 0.6 * (len(filled) - len(those))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(40.0, 180.0), st.floats(5.0, 40.0))
def test_an_undisturbed_strap_loses_next_to_nothing(seed, bpm, spread):
    those = sent(ticks_of(240.0, bpm, seed=seed, spread=spread), seed=seed)
    assert received(packets(those)).duplicates <= 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(40.0, 180.0))
def test_a_heart_without_any_variation_loses_at_most_one_packet_a_minute(seed, bpm):
    """All of its packets are alike, and how early they come drifts for minutes."""
    those = sent(ticks_of(240.0, bpm, seed=seed, spread=0.0), seed=seed)
    assert received(packets(those)).duplicates <= 4


def of_an_hour(seed: int) -> Sent:
    """Return 52 minutes as a real H10 sent them, with the same statistics.

    3957 beats in about 3120 packets, one or two in each; 137 packets wait for the next one, which
    follows them by 0.3 ms, up to 2.4 s after the one before. Intervals vary so little that many
    packets are alike to the byte.
    """
    rng = np.random.default_rng(seed)
    ticks = ticks_of(3957 * 0.7885, 60.0 / 0.7885, seed=seed, spread=6.0)[:3957]
    those = sent(ticks, seed=seed)
    late = 0.2 * np.cumsum(rng.normal(0.0, 0.1, len(those))).clip(-1.0, 1.0) + 0.2
    those = [(time + more, held) for (time, held), more in zip(those, late, strict=True)]
    for place in rng.choice(np.arange(5, len(those) - 50, 2), 137, replace=False).tolist():
        those[place] = (those[place + 1][0] - 0.0003, those[place][1])
    return those


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))])
def test_an_hour_as_a_real_strap_sent_it_loses_no_beat_and_has_no_gap(seed):
    those = of_an_hour(seed)
    pairs = [one for one, two in pairwise(those) if one[1] == two[1] and two[0] - one[0] < 0.001]
    assert pairs  # beats of a backlog that no byte tells apart
    assert np.count_nonzero(np.diff([time for time, _ in those]) > 1.5) >= 100
    (found,) = beats_of([Link(0.0, 0, LinkState.WAITING), *packets(those)])
    assert found.received == 3957
    assert found.gaps == ()


@pytest.mark.long
@pytest.mark.parametrize("bpm", [95.0, 110.0, 125.0, 140.0])
def test_two_hours_of_exercise_have_no_gap(bpm):
    those = made.sent(made.heart(bpm, 8, seconds=7200.0, spread=8.0), 8, wobble=1.0)
    (found,) = beats_of(made.log(those))
    assert found.received == sum(len(held) for _, held in those)
    assert found.gaps == ()
