"""Posture, speech and movement decide what a moment is compared with, and whether it is at all."""

from __future__ import annotations

import itertools
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal.baseline import Baseline as Own
from pipelines.session.circumstances import (
    MOVING,
    NO_BASELINE_OF_POSTURE,
    NO_BASELINE_OF_TALKING,
    POSTURE_CHANGED,
    Circumstances,
    Condition,
    Setting,
    held,
    postured,
    within,
)
from pipelines.session.events import (
    LeftOut,
    LeftOutReason,
    Packet,
    Part,
    PartName,
    Posture,
    PostureName,
    Talking,
    TalkingLikely,
)
from pipelines.session.talking import apart, joined

SITTING, STANDING = PostureName.SITTING, PostureName.STANDING
LYING = PostureName.LYING
OWN = Own(0.0, 180.0, 70.0, 3.0, None, None, None)


def folded(*events):
    setting = Setting()
    for event in events:
        setting = setting.after(event)
    return setting.of(0)


def test_the_posture_it_begins_in_is_no_change():
    assert folded(Posture(40.0, 0, SITTING)).unsettled == ()
    assert folded(Posture(40.0, 0, SITTING)).posture(3.0) is SITTING


def test_every_later_change_counts_and_naming_the_same_again_does_not():
    around = folded(Posture(61.0, 0, SITTING), Posture(300.0, 0, SITTING))
    assert around.unsettled == ((61.0, 181.0),)
    around = folded(Posture(5.0, 0, SITTING), Posture(300.0, 0, STANDING))
    assert around.unsettled == ((300.0, 420.0),)
    assert [around.posture(time) for time in (299.0, 300.0)] == [SITTING, STANDING]


def test_a_key_that_goes_round_counts_once():
    presses = [Posture(5.0, 0, SITTING)]
    presses += [Posture(300.0 + n, 0, name) for n, name in enumerate((STANDING, LYING))]
    assert folded(*presses).postures == ((-inf, SITTING), (301.0, LYING))
    assert folded(*presses, Posture(302.0, 0, SITTING)).unsettled == ()


def test_a_minute_and_five_seconds_are_within_themselves():
    assert folded(Posture(60.0, 0, SITTING)).postures == ((-inf, SITTING),)
    stood = (Posture(5.0, 0, SITTING), Posture(300.0, 0, STANDING))
    assert folded(*stood, Posture(305.0, 0, LYING)).postures == ((-inf, SITTING), (305.0, LYING))
    assert len(folded(*stood, Posture(305.1, 0, LYING)).postures) == 3


def test_one_wearer_s_posture_is_not_another_s():
    setting = Setting().after(Posture(100.0, 1, STANDING))
    assert setting.of(0).postures == ()
    assert setting.of(1).posture(100.0) is STANDING


def test_what_is_left_out_of_one_wearer_is_not_left_out_of_another():
    outs = [LeftOut(900.0, one, 60.0 + one, 90.0, LeftOutReason.STRAP) for one in range(3)]
    setting = Setting()
    for out in outs:
        setting = setting.after(out)
    assert [setting.of(one).left_out for one in range(3)] == [(out,) for out in outs]
    assert setting.without(outs[1]).of(1).omitted == ()
    assert setting.without(outs[1]).of(2).omitted == ((62.0, 90.0),)


def test_a_moment_is_compared_with_its_own_posture_and_speech_alone():
    around = folded(Posture(5.0, 0, SITTING), Talking(200.0, True), Talking(260.0, False))
    silent, talking = Condition(SITTING, False), Condition(SITTING, True)
    assert around.own(300.0, {silent: OWN}) is OWN
    around = folded(Posture(5.0, 0, SITTING), Talking(200.0, True))
    assert around.own(210.0, {silent: OWN}) is None
    assert around.uncompared(210.0, {silent: OWN}) == NO_BASELINE_OF_TALKING
    assert around.own(210.0, {silent: OWN, talking: OWN}) is OWN
    standing = folded(Posture(5.0, 0, SITTING), Posture(300.0, 0, STANDING))
    assert standing.uncompared(310.0, {silent: OWN}) == POSTURE_CHANGED
    assert standing.uncompared(420.0, {silent: OWN}) == NO_BASELINE_OF_POSTURE
    assert standing.uncompared(420.0, {Condition(STANDING, False): OWN}) is None


def test_without_any_baseline_there_is_nothing_to_miss():
    assert folded(Talking(5.0, True)).uncompared(10.0, {}) is None
    assert folded(Talking(5.0, True)).uncompared(10.0, {Condition(): None}) is None


def test_movement_is_hidden_unless_an_accelerometer_tells_of_it():
    moves = (Part(100.0, PartName.MOVEMENT), Part(160.0, PartName.REST))
    assert folded(*moves).moved == ((100.0, 160.0),)
    assert folded(*moves).hidden(159.0) == MOVING
    assert folded(*moves).hidden(160.0) is None
    sensed = folded(Packet(1.0, 0, "acc", b""), *moves)
    assert (sensed.moved, sensed.hidden(120.0)) == ((), None)


@pytest.mark.parametrize(
    ("time", "since"), [(150.0, 0.0), (250.0, 200.0), (290.0, 280.0), (450.0, 420.0)]
)
def test_a_stretch_reaches_back_to_the_last_change(time, since):
    around = folded(
        Posture(0.0, 0, SITTING), Talking(200.0, True), Talking(280.0, False),
        Posture(300.0, 0, STANDING),
    )  # fmt: skip
    assert max(around.alike_since(time), 0.0) == since


@given(
    st.lists(st.tuples(st.floats(0.0, 4000.0), st.sampled_from(PostureName)), max_size=12).map(
        sorted
    ),
    st.lists(st.floats(0.0, 4200.0), max_size=8),
)
def test_moments_looked_back_at_are_those_that_were_lived(presses, times):
    """The newest change is known at once, so that both ways of asking agree."""
    changes = ()
    for time, name in presses:
        changes = postured(changes, Posture(time, 0, name))
    around = Circumstances(postures=changes)
    known = {Condition(name, False): Own(*range(4), None, None, None) for name in PostureName}
    later = around.owns(np.array(times), known)
    assert later == [around.own(time, known) for time in times]
    assert all(a[1] is not b[1] for a, b in itertools.pairwise(changes))
    for time, own in zip(times, later, strict=True):
        settling = any(start <= time < end for start, end in around.unsettled)
        assert (own is None) is settling
        if own is not None:
            assert own is known[Condition(held(changes, PostureName.NONE, time), False)]


def test_talking_that_was_heard_counts_as_talking_and_is_told_apart():
    around = folded(
        TalkingLikely(100.0, True), Talking(150.0, True), Talking(160.0, False),
        TalkingLikely(200.0, False), TalkingLikely(300.0, True),
    )  # fmt: skip
    assert around.talks == ((100.0, 200.0), (300.0, inf))
    assert around.likely == ((100.0, 150.0), (160.0, 200.0), (300.0, inf))
    assert around.told == ((150.0, 160.0),)
    assert around.condition(310.0).talking
    assert around.is_likely(310.0)
    assert not folded(TalkingLikely(100.0, True), Talking(150.0, True)).is_likely(160.0)


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=8).map(
    lambda pairs: [(float(start), float(start + length)) for start, length in pairs]
)


@given(SPANS, SPANS)
def test_parts_that_lie_apart_are_those_that_no_other_covers(spans, others):
    moments = np.arange(0.0, 50.0, 0.5)
    covered = within(joined(spans), moments) & ~within(others, moments)
    assert list(within(apart(joined(spans), others), moments)) == list(covered)
    assert list(within(joined(spans), moments)) == list(within(spans, moments))
    assert all(a[1] < b[0] for a, b in itertools.pairwise(joined(spans)))
