"""What a whole recording's values rest on: what is fit to be shown, and nothing lost to a gap."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import panel, uncertainty
from physio.beats import NO_BEATS, Beats, Gap, GapCause
from physio.labels import labels
from physio.measures import MEASURES
from physio.readable import commonest, readable
from physio.reasons import Reason, ReasonCode
from physio.respiration import Respiration, Source
from physio.windows import windows
from physio.withholding import grounds


def rest(seed, seconds, level=900.0):
    """Intervals of somebody at rest who breathes about 14 times a minute."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(1.3e3 * seconds / level)) * level / 1000
    pace = 14 + rng.normal(0, 1, len(time)) + np.sin(time / 40)
    breath = 25 * np.sin(np.cumsum(2 * np.pi * pace / 60 * level / 1000))
    slow = 20 * np.sin(2 * np.pi * 0.1 * time)
    rr = level + breath + slow + rng.normal(0, 8, len(time))
    return rr[: np.searchsorted(np.cumsum(rr) / 1000, seconds)]


def recording(rr, *holes):
    """Return beats and gaps of a recording that loses what lies in `holes` (start, end) in s."""
    time = np.cumsum(rr) / 1000
    start = time - rr / 1000
    kept = np.ones(len(rr), bool)
    for begin, end in holes:
        kept &= (time <= begin) | (start >= end)
    segment = sum(((start >= end).astype(int) for _, end in holes), np.zeros(len(rr), int))
    beats = Beats(time[kept], rr[kept], segment[kept])
    return beats, [Gap(*hole, GapCause.PACKETS_LOST) for hole in holes], float(time[-1])


def measured(rr, *holes, names=None, label=None):
    beats, gaps, end = recording(rr, *holes)
    label = labels(beats.rr, beats.segment) if label is None else label
    return panel.whole(beats, label, gaps, start=0.0, end=end, names=names)


@pytest.mark.parametrize("minutes", [10, 20])
def test_a_gap_of_5_s_takes_no_low_and_high_away(minutes):
    rr = rest(3, 60 * minutes)
    end = float(rr.sum() / 1000)
    before = measured(rr)
    had = {name for name, one in before.items() if one.low is not None}
    assert len(had) >= 25
    for at in np.linspace(0.0, end - 5.0, 22):
        after = measured(rr, (at, at + 5.0))
        assert {name for name in had if after[name].low is None} == set()
        assert after["rmssd"].value == pytest.approx(before["rmssd"].value, rel=0.05)
        assert after["rmssd"].share == pytest.approx(100 * (1 - 5 / end), abs=0.3)


def test_half_a_second_before_the_first_beat_takes_nothing_away():
    beats, gaps, end = recording(rest(5, 600))
    late = Beats(beats.time + 0.5, beats.rr, beats.segment)
    one = panel.whole(beats, None, gaps, start=0.0, end=end)
    other = panel.whole(late, None, gaps, start=0.0, end=end + 0.5)
    for name, estimate in one.items():
        assert (estimate.low is None) == (other[name].low is None), name


def test_breathing_is_cut_as_the_beats_are_to_the_last_of_them():
    rr = np.full(400, 1000.0)
    time = np.cumsum(rr) / 1000
    kept = (time <= 120) | (time > 240)
    beats = Beats(time[kept], rr[kept], (time[kept] > 240).astype(np.int64))
    at = np.arange(0.5, 400.0, 0.5)
    signal = Source(("belt",), at, np.sin(at)[:, np.newaxis], np.zeros(len(at), np.int64))
    part = readable(
        beats,
        np.ones(len(beats), bool),
        None,
        length=60.0,
        hrv=False,
        respiration=Respiration(signal=signal),
    )
    cut = part.window.respiration.signal
    ends = beats.time[part.place]
    held = np.zeros(len(at), bool)
    for end in ends:
        held |= (at >= end - 1.0) & (at <= end)
    assert 0 < held.sum() < len(at)
    assert cut.values[:, 0].tolist() == np.sin(at[held]).tolist()
    assert np.flatnonzero(np.diff(cut.segment)).tolist() == [int((at[held] <= 240).sum()) - 1]
    assert np.diff(cut.time).max() <= 1.0


@given(st.integers(0, 2**32 - 1), st.lists(st.floats(0, 600), max_size=4), st.floats(1.0, 90.0))
@settings(max_examples=40, deadline=None)
def test_what_is_joined_is_as_long_as_its_beats_and_bridges_nothing(seed, places, length):
    rng = np.random.default_rng(seed)
    rr = rest(seed % 7, 600)
    rr[rng.random(len(rr)) < 0.08] *= 1.9
    holes = [(place, place + length) for place in sorted(places)]
    holes = [one for k, one in enumerate(holes) if k == 0 or one[0] > holes[k - 1][1]]
    beats, _, _ = recording(rr, *holes)
    label = labels(beats.rr, beats.segment)
    part = readable(beats, label == 0, label, length=60.0, hrv=True)
    joined = part.window.beats
    assert (joined.rr == beats.rr[part.place]).all()
    assert part.lasting == pytest.approx(joined.rr.sum() / 1000, abs=1e-6)
    assert (np.diff(joined.time) > 0).all()
    goes_on = np.diff(joined.segment) == 0
    there = np.diff(beats.segment[part.place]) == 0
    assert (goes_on == (there & (np.diff(part.place) == 1))).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_beat_counts_where_half_of_the_windows_that_hold_it_can_be_shown(seed):
    rng = np.random.default_rng(seed)
    rr = rest(seed, 600)
    rr[200:400] *= np.where(rng.random(200) < 0.12, 1.9, 1.0)
    rr[69:82:2], rr[70:83:2] = 450.0, 1350.0
    beats, _, _ = recording(rr, (480.0, 500.0))
    label, usable = labels(beats.rr, beats.segment), np.ones(len(beats), bool)
    begin, last = beats.start[0], beats.time[-1]
    end = np.append(np.arange(begin + 60.0, last, 15.0), last)
    held = windows(beats, usable, end - 60.0, end)
    shown = grounds(held, label).no_hrv == 0
    place = np.arange(len(beats))
    holding = (held.first[:, np.newaxis] <= place) & (place < held.last[:, np.newaxis])
    passing = holding[shown].sum(axis=0)
    # One of three is less than half of all, and half of those that fail.
    assert ((passing == 1) & (holding.sum(axis=0) == 3)).any()
    part = readable(beats, usable, label, length=60.0, hrv=True)
    assert part.place.tolist() == np.flatnonzero(2 * passing >= holding.sum(axis=0)).tolist()
    assert 0 < len(part.place) < len(beats)


def test_of_no_beats_nothing_is_left_and_nothing_is_lacking():
    part = readable(NO_BEATS, np.empty(0, bool), None, length=60.0, hrv=True)
    assert (part.lasting, len(part.place), part.lacking) == (0.0, 0, None)


def test_a_clean_recording_is_measured_as_its_one_window():
    beats, _, _ = recording(rest(1, 400))
    part = readable(beats, np.ones(len(beats), bool), None, length=60.0, hrv=True)
    assert part.window.beats is beats
    assert part.lacking is None


def test_a_stretch_that_cannot_be_read_is_left_out_and_said():
    rr = rest(2, 900)
    odd = rr.copy()
    odd[300:400:2], odd[301:401:2] = 400.0, 1400.0
    label = np.zeros(len(rr), np.int8)
    clean = measured(rr, label=label)["rmssd"]
    found = measured(odd, label=label)["rmssd"]
    assert found.value == pytest.approx(clean.value, rel=0.1)
    assert found.low < clean.value < found.high
    assert found.as_written > 10 * found.value
    assert 80.0 < found.share < 95.0
    assert clean.share == pytest.approx(100.0)
    assert clean.as_written == clean.value


def test_what_rests_on_less_than_half_of_a_recording_says_so():
    rr = rest(4, 600)
    beats, gaps, end = recording(rr, (200.0, 500.0))
    found = panel.whole(beats, None, gaps, start=0.0, end=2.0 * end, names=["rmssd"])["rmssd"]
    assert found.reason is None
    assert found.doubt == Reason(ReasonCode.LITTLE_READABLE, percent=round(found.share))
    assert found.share < 30.0


def test_where_nothing_can_be_read_the_commonest_lack_is_told():
    rr = rest(6, 600)
    beats, gaps, end = recording(rr, *((at, at + 20.0) for at in range(20, 600, 40)))
    found = panel.whole(beats, None, gaps, start=0.0, end=end)
    assert {one.value for name, one in found.items() if MEASURES[name].hrv} == {None}
    assert found["rmssd"].reason.code is ReasonCode.LITTLE_COVERED
    assert found["rmssd"].as_written is None
    assert found["mean_hr"].value is not None
    assert commonest(np.array([2, 1, 1, 2])) == 2
    assert commonest(np.array([], int)) == 0


def test_heart_rate_does_not_rest_on_a_handful_of_beats():
    rr = rest(7, 120)
    label = np.ones(len(rr), np.int8)
    label[40:100] = 0
    names = ["mean_hr"]
    found = measured(rr, names=names, label=label)["mean_hr"]
    assert found.doubt.code is ReasonCode.FEW_USABLE
    assert 40 < found.doubt.figures["percent"] < 50
    label[43:] = 1
    found = measured(rr, names=names, label=label)["mean_hr"]
    assert found.reason == Reason(ReasonCode.FEW_NORMAL)
    beats, _, _ = recording(rr)
    window = panel.over(beats, label, start=30.0, end=40.0, names=names)["mean_hr"]
    assert window[0].reason == Reason(ReasonCode.FEW_NORMAL)
    label[43:50] = 0
    window = panel.over(beats, label, start=30.0, end=50.0, names=names)["mean_hr"]
    assert window[0].value is not None
    assert window[0].doubt.code is ReasonCode.FEW_USABLE


def test_five_minutes_are_98_percent_of_them():
    rr = rest(8, 400, level=800.0)
    names = ["dfa_alpha2"]
    for lasting, given_ in ((295.0, True), (292.0, False)):
        cut = rr[: np.searchsorted(np.cumsum(rr) / 1000, lasting)]
        found = measured(cut, names=names, label=np.zeros(len(cut), np.int8))["dfa_alpha2"]
        assert (found.value is not None) == given_
        assert given_ or found.reason == Reason(ReasonCode.TOO_SHORT, needed=300)


def test_a_value_beyond_its_blocks_has_no_low_and_high():
    rr = rest(9, 1200)
    climbing = rr + np.linspace(0.0, 600.0, len(rr))
    found = measured(climbing, names=["sdnn", "rmssd"], label=np.zeros(len(rr), np.int8))
    assert found["sdnn"].low is found["sdnn"].high is found["sdnn"].reason is None
    assert found["sdnn"].doubt == Reason(ReasonCode.OUTSIDE_BLOCKS)
    assert found["rmssd"].low < found["rmssd"].value < found["rmssd"].high


@pytest.mark.parametrize("positive", [False, True])
def test_beyond_is_farther_than_chance_puts_one_block_more(positive):
    blocks = np.array([10.0, 11.0, 12.0, 13.0, np.nan])
    scale = np.log if positive else float
    known = [scale(x) for x in blocks[:4]]
    reach = 3.182446305284263 * np.std(known, ddof=1) * math.sqrt(1.25)
    back = np.exp if positive else float
    edge = back(np.mean(known) + reach)
    for value, apart in ((13.1, False), (edge * 0.999, False), (edge * 1.001, True), (12.0, False)):
        found = uncertainty.beyond(
            np.array([value]), blocks[np.newaxis], positive=np.array([positive])
        )
        assert found.tolist() == [apart]
    few = np.array([[10.0, 11.0, np.nan]])
    assert not uncertainty.beyond(np.array([99.0]), few, positive=np.array([positive]))[0]


def test_three_blocks_of_a_recording_are_enough():
    value, blocks = np.array([11.0]), np.array([[10.0, 11.0, 12.0, np.nan]])
    low, high = uncertainty.interval(value, blocks, positive=False, fewest=3)
    margin = 4.302652729749464 * 1.0 / math.sqrt(3)
    assert (low[0], high[0]) == pytest.approx((11 - margin, 11 + margin))
    assert np.isnan(uncertainty.interval(value, blocks, positive=False)).all()


def test_a_rate_near_the_slow_wave_is_in_doubt():
    rate, time = 6.0, np.arange(0.0, 300.0, 0.9)
    rr = 900 + 50 * np.sin(2 * np.pi * rate / 60 * time)
    found = measured(rr, names=["breathing_rate"])["breathing_rate"]
    assert found.value == pytest.approx(rate, abs=0.1)
    assert found.doubt == Reason(ReasonCode.MAY_BE_SLOW_WAVE)
    assert found.low is not None
