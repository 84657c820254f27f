"""What straps do amiss, through the link of real ones and the whole recorder, in virtual time."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from devices.codec.heart_rate import HeartRate, encode
from devices.link import Adapter, LinkState
from devices.scripted import scripted_adapter
from devices.scripted.script import Back, Drop, Notify, Script
from devices.sources import Opened
from physio.reasons import ReasonCode
from pipelines.analysis import analyse, summaries
from pipelines.recording.recorder import Plan, Wearer
from pipelines.session import Link, Packet, Source, Strap, beats_of
from tests.pipelines.recording.sessions import record
from tests.pipelines.straps import Sent, sent, ticks_of

NAME, ADDRESS = "Strap 7", "A0:9E:1A:00:00:01"
REAL = ("stale_after", "back_off", "scan_for", "shared")


class Lived:
    """A session of one strap that sends `readings` (time, measurement), as it was lived."""

    def __init__(
        self,
        library,
        readings,
        *,
        ticks=None,
        remembered=None,
        models=None,
        steps=(),
        speed="max",
        **strap,
    ):
        self.said, self.seen = [], []
        sends = [Notify(1.0 + time, encode(reading)) for time, reading in readings]
        steps = tuple(sorted([*sends, *steps], key=lambda step: step.time))
        adapter = scripted_adapter(Script(NAME, ADDRESS, steps, **strap))
        adapter = dataclasses.replace(adapter, **{name: getattr(Adapter(), name) for name in REAL})
        plan = Plan(
            [Wearer(Opened(adapter, NAME, NAME, ticks=ticks), "client")],
            seconds=steps[-1].time + 2.0,
            say=self.said.append,
            observe=self.seen.append,
            ticks=remembered or {},
            models=models or {},
        )
        self.log, self.recorder = record(library, plan, speed=speed)
        (self.result,) = analyse(self.log)
        (live,) = summaries(self.recorder._engine.source_beats())
        assert alike(*(msgspec.to_builtins(one, enc_hook=repr) for one in (live, self.result)))

    @property
    def quality(self):
        return self.result.quality

    def reason(self):
        return None if self.quality.reason is None else self.quality.reason.code

    def value(self, name):
        return self.result.measures[name].value


def alike(one: object, other: object) -> bool:
    """Return whether two results are the same; the last digit hangs on where arrays lie."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
        case ((tuple() | list()), (tuple() | list())):
            return len(one) == len(other) and all(map(alike, one, other))
        case float(), float():
            return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
        case _:
            return one == other


def measured(those: Sent) -> list[tuple[float, HeartRate]]:
    return [(time, HeartRate(66, contact=True, rr_ticks=held)) for time, held in those]


def count(those: Sent) -> int:
    return sum(len(held) for _, held in those)


def wobbling(ticks: Sequence[int], seed: int) -> Sent:
    """Packets of exercise: how late a beat is sent wanders by up to a second of packets."""
    rng = np.random.default_rng(seed)
    beat = np.cumsum(ticks) / 1024.0
    late = np.cumsum(rng.normal(0.0, 0.08, len(beat)))
    late = np.abs((late - late.min()) % 2.0 - 1.0)
    second = np.maximum.accumulate(np.ceil(beat + late))
    return [
        (tick + float(rng.uniform(0.0, 0.05)), tuple(ticks[second == tick].tolist()))
        for tick in np.unique(second).tolist()
    ]


@pytest.mark.parametrize(
    "bpm", [75.0, *(pytest.param(bpm, marks=pytest.mark.long) for bpm in (52.0, 108.0))]
)
def test_packets_delivered_again_count_once(library, bpm):
    those = sent(ticks_of(45.0, bpm))
    rng = np.random.default_rng(1)
    again = [(time + rng.uniform(0.051, 0.3), held) for time, held in those]
    lived = Lived(library, measured(those + again))
    assert (lived.quality.beats, lived.quality.duplicates) == (count(those), len(those))
    assert lived.quality.duration_s == pytest.approx(45.0, abs=1.0)
    assert lived.quality.verdict == "good"


def test_the_last_interval_repeated_while_no_beat_came_is_dropped_or_said(library):
    those = sent(ticks_of(180.0, 48.0))
    newest = np.searchsorted([time for time, _ in those], np.arange(2.0, 180.0) + 0.05) - 1
    filled = [
        (second + 0.04, those[place][1][-1:])
        for second, place in enumerate(newest.tolist(), start=2)
        if place >= 0
    ]
    lived = Lived(library, measured(filled))
    refused = lived.reason() is ReasonCode.MORE_THAN_TIME
    assert refused or lived.quality.beats <= 1.03 * count(those)
    assert refused or lived.value("mean_hr") == pytest.approx(48.0, rel=0.03)


@pytest.mark.parametrize("filler", [pytest.param(0, marks=pytest.mark.long), 65535])
def test_a_filler_in_every_packet_is_no_interval(library, filler):
    those = sent(ticks_of(120.0, 62.0))
    lived = Lived(library, measured([(time, (*held, filler)) for time, held in those]))
    assert lived.quality.gaps == ()
    assert lived.quality.beats == count(those)
    assert (lived.quality.verdict, lived.quality.reason) == ("good", None)


def test_milliseconds_are_said_once_and_put_right_from_then_on(library, english):
    those = measured(sent(ticks_of(200.0, 64.0) * 1000 // 1024, unit=1000))
    doubted = Lived(library, those)
    assert doubted.reason() is ReasonCode.LIKE_MILLISECONDS
    (said,) = doubted.said
    assert "--ticks 1000" in said
    told = Lived(library, those, ticks=1000)
    assert told.recorder.told_ticks == {ADDRESS.casefold(): 1000}
    remembered = Lived(library, those, remembered=told.recorder.told_ticks)
    assert told.result == remembered.result
    assert (told.quality.verdict, told.said, remembered.said) == ("good", [], [])
    assert told.value("mean_hr") == pytest.approx(64.0, rel=0.01)
    back = Lived(library, those[:20], ticks=1024, remembered=told.recorder.told_ticks)
    assert {event.ticks for event in back.log if isinstance(event, Source)} == {1024}
    assert back.recorder.told_ticks == {ADDRESS.casefold(): 1024}


def test_a_strap_as_specified_is_remembered_of_nobody(library):
    lived = Lived(library, measured(sent(ticks_of(20.0, 64.0))), remembered={"another": 1000})
    assert lived.recorder.told_ticks == {}
    told = [event for event in lived.log if isinstance(event, Source)]
    assert [event.ticks for event in told] == [1024, 1024]
    assert told[-1].address == ADDRESS  # which of several of its name it was


def models_in(lived):
    return [(event.name, event.model) for event in lived.log if isinstance(event, Strap)]


def test_the_model_of_a_strap_that_is_known_counts_from_its_first_packet_on(library):
    those = measured(sent(ticks_of(20.0, 64.0)))
    known = {ADDRESS.casefold(): "HRM-Dual", "another": "Movesense"}
    lived = Lived(library, those, models=known)
    assert models_in(lived) == [("", "HRM-Dual")]
    kinds = [type(event) for event in lived.log]
    assert kinds.index(Strap) < kinds.index(Packet)
    (beats,) = beats_of(lived.log)
    assert (beats.delay, beats.delay_known) == (pytest.approx(0.2), True)
    assert not beats_of(Lived(library, those).log)[0].delay_known


def test_what_a_strap_says_of_its_model_counts_for_more_than_what_is_known(library):
    those, known = measured(sent(ticks_of(20.0, 64.0))), {ADDRESS.casefold(): "HRM-Dual"}
    lived = Lived(library, those, models=known, model="H10")
    assert models_in(lived) == [("", "HRM-Dual"), (NAME, "H10")]
    assert library.models() == {ADDRESS.casefold(): "H10"}
    silent = Lived(library, those, models=known, battery=50)
    assert models_in(silent) == [("", "HRM-Dual"), (NAME, "HRM-Dual")]


def test_what_is_known_of_a_model_is_said_once_however_often_the_link_is_lost(library):
    those = measured(sent(ticks_of(60.0, 64.0)))
    steps = Drop(20.0), Back(25.0)
    lived = Lived(library, those, steps=steps, models={ADDRESS.casefold(): "HRM-Dual"})
    assert [one.state for one in lived.log if isinstance(one, Link)].count(LinkState.WAITING) == 2
    assert models_in(lived) == [("", "HRM-Dual")]


def test_a_device_without_intervals_is_told_within_ten_seconds(library):
    rates = [(float(second), HeartRate(70)) for second in range(1, 13)]
    # Slow enough for a snapshot of each second.
    lived = Lived(library, rates, speed=8.0)
    told = [
        snapshot.time for snapshot in lived.seen
        if (reason := snapshot.sources[0].glance.reason) and reason.code is ReasonCode.NO_INTERVALS
    ]  # fmt: skip
    assert told[0] <= 2.0 + 10.0
    assert lived.reason() is ReasonCode.NO_INTERVALS
    assert lived.quality.gaps == ()


@pytest.mark.parametrize("bpm", [pytest.param(100.0, marks=pytest.mark.long), 135.0])
def test_arrivals_that_wobble_in_exercise_lose_nothing(library, bpm):
    those = wobbling(ticks_of(150.0, bpm, spread=8.0), 3)
    lived = Lived(library, measured(those))
    assert lived.quality.gaps == ()
    assert lived.quality.beats == count(those)
    assert lived.value("mean_hr") == pytest.approx(bpm, rel=0.01)
