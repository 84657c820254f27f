"""The panel: one engine for any windows, and no value without what makes it credible."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import panel
from physio.beats import NO_BEATS, Beats, Gap
from physio.compiled import machine_code_here
from physio.estimate import Estimate
from physio.hrv import time_domain
from physio.labels import labels, usable
from physio.measures import MEASURES, SHARED
from physio.presets import INTERBEAT, KUBIOS_LIKE, TASK_FORCE, Preset
from physio.reasons import Reason, ReasonCode
from physio.respiration import Respiration, Source
from physio.uncertainty import MEMORY, dependence
from physio.windows import windows
from proof.validation import plain

TIME_DOMAIN = ("mean_rr", "mean_hr", "sdnn", "rmssd", "ln_rmssd", "sdsd", "pnn50", "pnn20")


def rest(seed=0, seconds=400.0, rate=12.0, swing=60.0, noise=8.0):
    rng = np.random.default_rng(seed)
    rr, now = [], 0.0
    while now < seconds:
        rr.append(900 + swing / 2 * np.sin(2 * np.pi * rate / 60 * now) + rng.normal(0, noise))
        now += rr[-1] / 1000
    return beats_of(np.array(rr))


def beats_of(rr, segment=None, pause=0.0):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    return Beats(np.cumsum(rr) / 1000 + pause * segment, rr, segment)


def labelled(beats):
    return labels(beats.rr, beats.segment)


@st.composite
def recordings(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.sampled_from([0, 1, 3, 12, 60, 150, 300]))
    rr = rng.normal(850, draw(st.sampled_from([0.0, 20.0, 250.0])), n).clip(200, 3000)
    odd = rng.random(n) < draw(st.sampled_from([0.0, 0.05]))
    rr[odd] = np.minimum(rr[odd] * rng.choice([0.4, 1.9], n)[odd], 3000)
    segment = np.cumsum(rng.random(n) < draw(st.sampled_from([0.0, 0.02])))
    return beats_of(rr, segment, pause=draw(st.sampled_from([0.5, 9.0, 100.0])))


@given(recordings(), st.booleans(), st.floats(0, 250))
@settings(max_examples=40, deadline=None)
def test_a_trailing_value_is_that_of_its_window_to_the_last_bit(beats, with_labels, end):
    label = labelled(beats) if with_labels else None
    # The interpreter's last bit is its own, and it may hand over in between.
    with machine_code_here():
        trailing = panel.trailing(beats, label, end=end)
        assert list(trailing) == list(MEASURES)
        for name, estimate in trailing.items():
            start = end - MEASURES[name].window
            found = panel.over(beats, label, start=[start, 0.0], end=[end, 30.0], names=[name])
            assert found[name][0] == estimate


@given(recordings(), st.integers(100, 400))
@settings(max_examples=40, deadline=None)
def test_the_tail_of_a_recording_is_enough(beats, end):
    first = int(np.searchsorted(beats.time, end - 315.0))
    label = labelled(beats)
    whole = panel.trailing(beats, label, end=float(end))
    tail = panel.trailing(beats[first:], label[first:], end=float(end))
    assert whole == tail


@given(recordings(), st.lists(st.tuples(st.floats(-20, 260), st.floats(0, 130)), max_size=6))
@settings(max_examples=40, deadline=None)
def test_sliding_windows_equal_window_by_window(beats, edges):
    start = np.array([edge[0] for edge in edges])
    end = start + [edge[1] for edge in edges]
    label = labelled(beats)
    together = panel.over(beats, label, start=start, end=end)
    for j in range(len(edges)):
        alone = panel.over(beats, label, start=start[j], end=end[j])
        for name in MEASURES:
            close(together[name][j], alone[name][0])


@given(recordings(), st.lists(st.tuples(st.floats(-20, 260), st.floats(0, 130)), max_size=4))
@settings(max_examples=25, deadline=None)
def test_sliding_windows_equal_window_by_window_after_the_detrend_too(beats, edges):
    start = np.array([edge[0] for edge in edges])
    end = start + [edge[1] for edge in edges]
    label = labelled(beats)
    names = [name for name, measure in MEASURES.items() if measure.detrended]
    conventions = {"names": names, "preset": KUBIOS_LIKE}
    together = panel.over(beats, label, start=start, end=end, **conventions)
    for j in range(len(edges)):
        alone = panel.over(beats, label, start=start[j], end=end[j], **conventions)
        for name in names:
            close(together[name][j], alone[name][0])


def close(one: Estimate, other: Estimate):
    for field in dataclasses.fields(Estimate):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, float) and theirs is not None:
            assert mine == pytest.approx(theirs, rel=1e-9, abs=1e-9), field.name
        else:
            assert mine == theirs, field.name


@given(recordings(), st.booleans(), st.floats(-5, 200), st.floats(0, 200))
@settings(max_examples=80, deadline=None)
def test_every_value_or_reason_is_complete(beats, with_labels, start, length):
    label = labelled(beats) if with_labels else None
    found = panel.over(beats, label, start=start, end=start + length)
    everything = panel.whole(beats, label, (), start=start, end=start + length)
    for name, measure in MEASURES.items():
        for estimate in (*found[name], everything[name]):
            complete(estimate, measure, length)


def test_a_recording_that_is_said_to_last_no_time_rests_on_all_of_it():
    found = panel.whole(rest(), None, (), start=0.0, end=0.0)
    given = [one for one in found.values() if one.value is not None]
    assert given
    assert {one.share for one in given} == {100.0}


def complete(estimate, measure, length):
    assert estimate.unit == measure.unit
    assert estimate.window == pytest.approx(length, abs=1e-6)
    assert 0 <= estimate.coverage <= 100
    assert 0 <= estimate.corrected <= 100
    numbers = (estimate.value, estimate.low, estimate.high)
    assert all(number is None or type(number) is float for number in numbers)
    assert all(number is None or math.isfinite(number) for number in numbers)
    assert all(type(x) is float for x in (estimate.coverage, estimate.corrected, estimate.window))
    if estimate.value is None:
        assert estimate.reason
        assert estimate.low is estimate.high is None
        assert estimate.doubt is None
        assert estimate.share == 0.0
        return
    assert 0.0 < estimate.share <= 100.0
    if estimate.low is None:
        assert estimate.high is None
        assert estimate.reason is None
        assert estimate.doubt is not None
    else:
        assert estimate.reason is None
        assert estimate.low <= estimate.value * (1 + 1e-12) + 1e-12
        assert estimate.high >= estimate.value * (1 - 1e-12) - 1e-12


@given(recordings(), st.lists(st.sampled_from(list(MEASURES)), unique=True))
@settings(max_examples=30, deadline=None)
def test_asking_for_some_gives_the_same_as_asking_for_all(beats, names):
    everything = panel.trailing(beats, None, end=100.0)
    some = panel.trailing(beats, None, end=100.0, names=names)
    assert list(some) == [name for name in MEASURES if name in names]
    assert all(some[name] == everything[name] for name in some)


def test_an_unknown_measure_is_refused():
    with pytest.raises(ValueError, match=r"unknown measures.*stress"):
        panel.over(NO_BEATS, None, start=0.0, end=60.0, names=["stress"])


def test_without_beats_every_measure_says_so():
    empty = np.empty(0, np.int8)
    for found in (
        panel.trailing(NO_BEATS, empty, end=60.0),
        panel.whole(NO_BEATS, empty, (), start=0.0, end=0.0),
        panel.whole(NO_BEATS, None, (Gap(0.0, 9.0, "paused"),), start=0.0, end=9.0),
    ):
        assert {estimate.reason for estimate in found.values()} == {Reason(ReasonCode.NO_BEATS)}
    none = panel.over(NO_BEATS, None, start=[], end=[])
    assert {name: len(found) for name, found in none.items()} == dict.fromkeys(MEASURES, 0)


def test_three_beats_have_reasons_and_no_values():
    beats = beats_of([800.0, 810.0, 790.0])
    found = panel.whole(beats, labelled(beats), (), start=0.0, end=2.4)
    assert all(estimate.value is None for estimate in found.values())
    assert found["mean_hr"].reason == Reason(ReasonCode.TOO_SHORT, needed=5)
    found = panel.over(beats, None, start=0.0, end=2.4, names=["rmssd"])
    assert found["rmssd"][0].reason == Reason(ReasonCode.TOO_SHORT, needed=30)
    slow = beats_of([2900.0, 2800.0, 2850.0])
    found = panel.whole(slow, None, (), start=0.0, end=8.55)
    assert found["mean_rr"].reason == Reason(ReasonCode.TOO_FEW_BEATS, needed=4)


def test_a_short_recording_has_the_breathing_rate_of_its_one_window():
    beats = rest(seconds=50)
    end = float(beats.time[-1])
    found = panel.whole(beats, None, (), start=0.0, end=end)
    window = panel.over(beats, None, start=-1e-9, end=end)
    for name in ("breathing_rate", "rsa_amplitude"):
        assert found[name].value == pytest.approx(window[name][0].value, rel=1e-9)
    short = panel.whole(rest(seconds=25), None, (), start=0.0, end=25.0)
    assert short["breathing_rate"].reason == Reason(ReasonCode.TOO_SHORT, needed=30)
    assert found["rhythm_regularity"].reason == Reason(ReasonCode.NO_UNBROKEN_STRETCH, needed=64)


def test_the_phase_needs_a_breath_beside_the_intervals():
    beats = rest(seconds=320, rate=6.0, swing=100.0, noise=2.0)
    without = panel.trailing(beats, None, end=180.0, names=["rsa_phase"])["rsa_phase"]
    assert without.reason == Reason(ReasonCode.NO_BREATHING_SIGNAL)
    full = -np.cos(2 * np.pi * 6 / 60 * beats.time)[:, np.newaxis]
    beside = Respiration(signal=Source(("belt",), beats.time, full, beats.segment))
    names = ["rsa_phase"]
    window = panel.over(beats, None, start=120.0, end=180.0, names=names, respiration=beside)
    whole = panel.whole(beats, None, (), start=0.0, end=320.0, names=names, respiration=beside)
    for phase in (window["rsa_phase"][0], whole["rsa_phase"]):
        assert phase.low < phase.value < phase.high
        assert -180.0 <= phase.value <= 180.0


def test_a_gap_inside_the_window_withholds_breathing_and_rsa_alone():
    full = rest(seconds=120)
    kept = np.flatnonzero((full.time < 80) | (full.time > 84))
    segment = (full.time[kept] > 82).astype(int)
    beats = Beats(full.time[kept], full.rr[kept], segment)
    found = panel.trailing(beats, None, end=110.0)
    assert found["rmssd"].value is not None
    for name in ("breathing_rate", "rsa_amplitude"):
        assert found[name].reason == Reason(ReasonCode.GAP_INSIDE)
    assert panel.trailing(beats, None, end=75.0)["breathing_rate"].value is not None


def test_more_than_fifteen_percent_missing_withholds_everything():
    full = rest(seconds=120)
    kept = (full.time < 70) | (full.time > 82)
    beats = Beats(full.time[kept], full.rr[kept], (full.time[kept] > 75).astype(int))
    found = panel.over(beats, None, start=50.0, end=110.0)
    assert {estimates[0].value for estimates in found.values()} == {None}
    assert found["mean_hr"][0].reason.code is ReasonCode.LITTLE_COVERED


def test_labels_and_irregularity_leave_heart_rate_alone():
    beats = rest(seconds=130)
    label = np.zeros(len(beats), np.int8)
    label[::5] = 1
    found = panel.trailing(beats, label, end=120.0)
    assert found["rmssd"].reason == Reason(ReasonCode.LABELLED, percent=19)
    assert found["mean_hr"].value is not None
    uneven = beats_of(np.tile([600.0, 1000.0], 80))
    found = panel.trailing(uneven, None, end=120.0)
    assert found["rmssd"].reason == Reason(ReasonCode.TOO_IRREGULAR)
    assert found["mean_hr"].value == pytest.approx(75.0, rel=0.02)


def test_labels_take_their_pairs_out_and_none_uses_every_interval():
    beats = rest(seconds=300)
    rr = beats.rr.copy()
    rr[100] *= 2
    beats = beats_of(rr)
    label = labelled(beats)
    end = float(beats.time[-1])
    with_labels = panel.whole(beats, label, (), start=0.0, end=end)
    without = panel.whole(beats, None, (), start=0.0, end=end)
    kept = usable(label, beats.segment)
    pairs = kept[1:] & kept[:-1]
    expected = math.sqrt(np.mean(np.diff(rr)[pairs] ** 2))
    assert with_labels["rmssd"].value == pytest.approx(expected, rel=1e-12)
    assert without["rmssd"].value == pytest.approx(math.sqrt(np.mean(np.diff(rr) ** 2)), rel=1e-12)
    assert with_labels["rmssd"].corrected == pytest.approx(100 / len(rr))
    assert without["rmssd"].corrected == 0.0


def test_a_whole_recording_pools_its_segments_and_takes_medians_of_minutes():
    one, two = rest(1, 200), rest(2, 150, rate=9.0)
    pause = float(one.time[-1]) + 5.0
    time = np.concatenate((one.time, two.time + pause))
    rr = np.concatenate((one.rr, two.rr))
    beats = Beats(time, rr, np.repeat([0, 1], [len(one), len(two)]))
    gaps = (Gap(float(one.time[-1]), pause, "link lost"),)
    end = float(time[-1])
    found = panel.whole(beats, None, gaps, start=0.0, end=end)
    steps = np.concatenate((np.diff(one.rr), np.diff(two.rr)))
    assert found["rmssd"].value == pytest.approx(np.sqrt(np.mean(steps**2)), rel=1e-12)
    assert found["sdnn"].value == pytest.approx(rr.std(ddof=1), rel=1e-12)
    start = [0.0, 60.0, 120.0, pause - 1e-9, pause + 60.0 - 1e-9]
    minutes = panel.over(beats, None, start=start, end=np.array(start) + 60.0)
    for name in ("breathing_rate", "rsa_amplitude"):
        values = [estimate.value for estimate in minutes[name]]
        assert found[name].value == pytest.approx(np.median(values), rel=1e-6)
    assert found["rmssd"].coverage == pytest.approx(100 * rr.sum() / 1000 / end)


def test_blocks_of_a_minute_are_its_quarters():
    beats = rest(seconds=130)
    found = panel.over(beats, None, start=60.0, end=120.0, names=["rmssd"])["rmssd"][0]
    edges = np.linspace(60, 120, 5)
    quarters = windows(beats, np.ones(len(beats), bool), edges[:-1], edges[1:])
    logs = np.log(time_domain.rmssd(quarters))
    widened = dependence(15.0 / MEMORY, 4) / math.sqrt(found.coverage / 100)
    factor = math.exp(3.182446305284263 * logs.std(ddof=1) / 2 * widened)
    assert found.low == pytest.approx(found.value / factor)
    assert found.high == pytest.approx(found.value * factor)


def drifting(seconds=700.0, slope=0.2):
    beats = rest(seconds=seconds)
    return beats_of(beats.rr + slope * beats.time)


def test_kubios_like_takes_a_slow_trend_off_the_time_domain_and_nothing_else():
    beats = drifting()
    end = float(beats.time[-1])
    found = {
        preset.name: panel.whole(beats, None, (), start=0.0, end=end, preset=preset)
        for preset in (INTERBEAT, TASK_FORCE, KUBIOS_LIKE)
    }
    level = panel.whole(rest(seconds=700.0), None, (), start=0.0, end=end)["sdnn"].value
    usual, kubios = found["interbeat"], found["kubios-like"]
    assert usual["sdnn"].value > 1.5 * level
    assert kubios["sdnn"].value == pytest.approx(level, rel=0.05)
    assert kubios["sdnn"].low < kubios["sdnn"].value < kubios["sdnn"].high
    assert kubios["rmssd"].value == pytest.approx(usual["rmssd"].value, rel=0.02)
    for name, measure in MEASURES.items():
        if not measure.detrended:
            assert kubios[name] == usual[name]
        if "band_powers" not in measure.needs:
            assert found["task-force"][name] == usual[name]


@pytest.mark.long
def test_kubios_like_takes_the_trend_off_before_entropy_and_dfa_with_its_boxes():
    beats = drifting()
    end = float(beats.time[-1])
    names = ["sampen", "dfa_alpha1", "dfa_alpha2"]
    kubios = panel.whole(beats, None, (), start=0.0, end=end, names=names, preset=KUBIOS_LIKE)
    usual = panel.whole(beats, None, (), start=0.0, end=end, names=names)
    held = windows(beats, np.ones(len(beats), bool), -1e-9, end)
    rr = plain.freed(held, 0, 500.0).beats.rr
    exact = {
        "sampen": plain.sample_entropy(rr.tolist(), 0.2 * rr.std(ddof=1)),
        "dfa_alpha1": plain.fluctuation_exponent(rr, range(4, 13)),
        "dfa_alpha2": plain.fluctuation_exponent(rr, range(13, 65)),
    }
    for name, value in exact.items():
        assert kubios[name].value == pytest.approx(value, rel=1e-6, abs=1e-6)
        assert usual[name].value != pytest.approx(value, rel=0.01)


@pytest.mark.parametrize("boxes", [(), (4,), (2, 8), (16, 4)])
def test_boxes_that_give_no_slope_are_refused(boxes):
    with pytest.raises(ValueError, match="DFA boxes of"):
        Preset("mine", short_boxes=boxes)


def test_a_slow_wave_reaches_the_spectrum_only_where_the_trend_is_left_in():
    beats = rest(seconds=4000.0)
    slow = 40 * np.sin(2 * np.pi * 0.01 * beats.time)
    beats = beats_of(beats.rr + slow)
    found = {
        preset.name: panel.whole(
            beats, None, (), start=0.0, end=float(beats.time[-1]), preset=preset
        )
        for preset in (INTERBEAT, TASK_FORCE)
    }
    assert found["task-force"]["vlf"].value == pytest.approx(800.0, rel=0.1)
    assert found["interbeat"]["vlf"].value is None
    assert found["interbeat"]["vlf"].reason == Reason(ReasonCode.NO_LONG_TREND)
    short = panel.trailing(beats, None, end=900.0, preset=TASK_FORCE)
    assert short["vlf"].value is short["total_power"].value is None
    assert short["vlf"].reason == Reason(ReasonCode.NO_LONG_TREND)
    assert short["hf"].value is not None


def test_a_gap_in_a_minute_leaves_no_room_for_a_spectrum_and_in_five_minutes_it_does():
    full = rest(seconds=400)
    kept = np.flatnonzero((full.time < 280) | (full.time > 284))
    beats = Beats(full.time[kept], full.rr[kept], (full.time[kept] > 282).astype(int))
    found = panel.over(beats, None, start=[250.0, 10.0], end=[310.0, 310.0], names=["hf", "rmssd"])
    assert found["hf"][0].reason == Reason(ReasonCode.GAP_INSIDE)
    assert found["rmssd"][0].value is not None
    assert found["hf"][1].value == pytest.approx(
        panel.trailing(full, None, end=310.0)["hf"].value, rel=0.1
    )


def test_slow_breathing_is_measured_at_its_own_rate():
    beats = rest(seconds=200, rate=6.0, swing=100.0, noise=0.0)
    found = panel.trailing(beats, labelled(beats), end=180.0)
    assert found["breathing_rate"].value == pytest.approx(6.0, abs=0.1)
    assert found["rsa_amplitude"].value == pytest.approx(100.0, rel=0.03)


@pytest.mark.parametrize(
    ("rate", "inside"), [(None, None), (6.0, False), (9.0, True), (24.0, True), (25.0, False)]
)
def test_breathing_in_the_hf_band(rate, inside):
    estimate = Estimate(rate, "breaths/min", None, None, 60.0, 100.0, 0.0)
    assert panel.breathing_in_hf_band(estimate) is inside


def test_no_difference_bridges_a_break_put_in_anywhere():
    beats = rest(seconds=100)
    for place in range(20, len(beats) - 20, 17):
        segment = (np.arange(len(beats)) >= place).astype(int)
        shifted = Beats(beats.time + segment, beats.rr + 700.0 * segment, segment)
        found = panel.whole(shifted, None, (), start=0.0, end=110.0)
        steps = np.delete(np.diff(beats.rr), place - 1)
        assert found["rmssd"].value == pytest.approx(np.sqrt(np.mean(steps**2)), rel=1e-9)


def test_the_table_is_complete():
    for name, measure in MEASURES.items():
        assert measure.name == name
        assert "doi 10." in measure.source or "Integral Review" in measure.source
        assert measure.shortest <= measure.window
        needed = [other for other in measure.needs if other not in SHARED]
        assert all(MEASURES[other].window == measure.window for other in needed)
        assert measure.unit
    assert [MEASURES[name].window for name in ("mean_hr", "rmssd", "rsa_amplitude")] == [10, 60, 60]
    assert tuple(MEASURES)[:8] == TIME_DOMAIN
