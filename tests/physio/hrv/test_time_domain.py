"""Time-domain measures against plain loops, closed forms, laws and published figures."""

import json
import math
import statistics
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.hrv import time_domain
from physio.time.clock import beat_clock
from physio.windows import whole, windows
from tests.recordings import DATA, real

MEASURES = ("mean_rr", "mean_hr", "sdnn", "rmssd", "ln_rmssd", "sdsd", "pnn50", "pnn20")


def beats_of(rr, segment=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    return Beats.of_any_length(np.cumsum(rr) / 1000 + segment, rr, segment)


def everything(rr, segment=None, usable=None):
    beats = beats_of(rr, segment)
    usable = np.ones(len(beats), bool) if usable is None else np.asarray(usable)
    return whole(beats, usable, start=0.0, end=1.0)


def values(held):
    return {name: float(getattr(time_domain, name)(held)[0]) for name in MEASURES}


def plain(rr, segment, usable):
    """The textbook formulas in plain loops over one window."""
    n = len(rr)
    kept = [rr[i] for i in range(n) if usable[i]]
    steps = [
        rr[i] - rr[i - 1]
        for i in range(1, n)
        if usable[i] and usable[i - 1] and segment[i] == segment[i - 1]
    ]
    found = dict.fromkeys(MEASURES, math.nan)
    if kept:
        found["mean_rr"] = math.fsum(kept) / len(kept)
        found["mean_hr"] = 60000 / found["mean_rr"]
    if len(kept) > 1:
        found["sdnn"] = statistics.stdev(kept)
    if steps:
        found["rmssd"] = math.sqrt(math.fsum(step * step for step in steps) / len(steps))
        found["ln_rmssd"] = math.log(found["rmssd"]) if found["rmssd"] > 0 else math.nan
        found["pnn50"] = 100 * sum(abs(step) > 50 for step in steps) / len(steps)
        found["pnn20"] = 100 * sum(abs(step) > 20 for step in steps) / len(steps)
    if len(steps) > 1:
        found["sdsd"] = statistics.stdev(steps)
    return found


@st.composite
def rhythms(draw, least=0):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(least, 80))
    rr = rng.normal(800, draw(st.sampled_from([1e-3, 1.0, 60.0])), n)
    rr = np.round(rr) if draw(st.booleans()) else rr
    segment = np.cumsum(rng.random(n) < draw(st.sampled_from([0.0, 0.1])))
    usable = rng.random(n) >= draw(st.sampled_from([0.0, 0.1, 0.6]))
    return rr, segment, usable


@given(rhythms(), st.lists(st.tuples(st.floats(-5, 80), st.floats(0, 80)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_every_window_equals_plain_loops(rhythm, edges):
    rr, segment, usable = rhythm
    beats = beats_of(rr, segment)
    start = np.array([edge[0] for edge in edges])
    end = start + [edge[1] for edge in edges]
    held = windows(beats, usable, start, end)
    for j in range(len(edges)):
        inside = (beats.time > start[j]) & (beats.time <= end[j])
        expected = plain(rr[inside].tolist(), segment[inside], usable[inside])
        for name in MEASURES:
            found = getattr(time_domain, name)(held)[j]
            assert found == pytest.approx(expected[name], rel=1e-11, abs=1e-9, nan_ok=True), name


def test_two_passes_keep_twelve_digits_of_a_small_spread_on_a_high_level():
    rr = 1500 + 1e-3 * np.sin(np.arange(5000))
    exact = math.sqrt(
        math.fsum((x - math.fsum(rr) / len(rr)) ** 2 for x in rr.tolist()) / (len(rr) - 1)
    )
    assert values(everything(rr))["sdnn"] == pytest.approx(exact, rel=1e-9)
    rr = 1000 + 50 * np.sin(np.arange(100000))
    assert values(everything(rr))["sdnn"] == pytest.approx(statistics.stdev(rr), rel=1e-12)


@pytest.mark.parametrize("swing", [1.0, 20.0, 50.0, 50.5])
def test_alternating_intervals_have_closed_forms(swing):
    n = 100
    found = values(everything(np.tile([800.0, 800.0 + swing], n // 2)))
    assert found["mean_rr"] == pytest.approx(800 + swing / 2)
    assert found["mean_hr"] == pytest.approx(60000 / (800 + swing / 2))
    assert found["sdnn"] == pytest.approx(swing / 2 * math.sqrt(n / (n - 1)))
    assert found["rmssd"] == pytest.approx(swing)
    assert found["ln_rmssd"] == pytest.approx(math.log(swing), abs=1e-12)
    assert found["sdsd"] == pytest.approx(math.sqrt(swing**2 * (1 - 1 / 99**2) * 99 / 98))
    assert found["pnn50"] == (100.0 if swing > 50 else 0.0)
    assert found["pnn20"] == (100.0 if swing > 20 else 0.0)


def test_a_steady_trend_has_a_root_mean_square_but_no_spread_of_differences():
    found = values(everything(800 + 3.0 * np.arange(50)))
    assert found["rmssd"] == pytest.approx(3.0)
    assert found["sdsd"] == pytest.approx(0.0, abs=1e-9)


def test_a_sampled_sine_gives_the_slow_breathing_figures():
    # RMSSD of a sine of amplitude A at f is A sqrt(2) sin(pi f RR): 45.9 ms at 15 breaths/min
    # and 19.7 at 6 for 100 ms peak to trough at a mean interval of 900 ms.
    for rate, expected in ((15, 45.9), (6, 19.7), (4.5, 14.9)):
        rr = 900 + 50 * np.sin(2 * np.pi * rate / 60 * 0.9 * np.arange(20000))
        assert values(everything(rr))["rmssd"] == pytest.approx(expected, abs=0.05)


@given(rhythms(least=3), st.floats(0.1, 10))
@settings(max_examples=60, deadline=None)
def test_scaling_the_intervals_scales_the_measures(rhythm, factor):
    one, other = values(everything(*rhythm)), values(everything(rhythm[0] * factor, *rhythm[1:]))
    for name in ("mean_rr", "sdnn", "rmssd", "sdsd"):
        assert other[name] == pytest.approx(factor * one[name], rel=1e-9, abs=1e-7, nan_ok=True)
    assert other["mean_hr"] == pytest.approx(one["mean_hr"] / factor, nan_ok=True)
    assert other["ln_rmssd"] == pytest.approx(
        one["ln_rmssd"] + math.log(factor), abs=1e-6, nan_ok=True
    )


@given(rhythms(least=3), st.floats(-300, 300))
@settings(max_examples=60, deadline=None)
def test_a_constant_added_moves_the_mean_alone(rhythm, shift):
    one, other = values(everything(*rhythm)), values(everything(rhythm[0] + shift, *rhythm[1:]))
    assert other["mean_rr"] == pytest.approx(one["mean_rr"] + shift, nan_ok=True)
    for name in ("sdnn", "rmssd", "sdsd"):
        assert other[name] == pytest.approx(one[name], rel=1e-6, abs=1e-9, nan_ok=True)


@given(rhythms(least=3), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_matters_to_differences_only(rhythm, random):
    rr, _, usable = rhythm
    order = list(range(len(rr)))
    random.shuffle(order)
    one = values(everything(rr, None, usable))
    other = values(everything(rr[order], None, usable[order]))
    for name in ("mean_rr", "mean_hr", "sdnn"):
        assert other[name] == pytest.approx(one[name], rel=1e-9, abs=1e-9, nan_ok=True)
    backwards = values(everything(rr[::-1], None, usable[::-1]))
    for name in MEASURES:
        assert backwards[name] == pytest.approx(one[name], rel=1e-9, abs=1e-9, nan_ok=True)


@given(rhythms(least=4), st.data())
@settings(max_examples=100, deadline=None)
def test_a_break_put_in_anywhere_is_not_bridged(rhythm, data):
    rr, segment, usable = rhythm
    place = data.draw(st.integers(1, len(rr) - 1))
    assume(usable[place - 1 : place + 1].all())
    far = rr.copy()
    far[place:] += 500.0
    broken = segment + (np.arange(len(rr)) >= place)
    whole_steps = values(everything(rr, broken, usable))
    far_steps = values(everything(far, broken, usable))
    for name in ("rmssd", "sdsd", "pnn50", "pnn20"):
        assert far_steps[name] == pytest.approx(whole_steps[name], rel=1e-6, abs=1e-6, nan_ok=True)


@given(rhythms(least=10), st.floats(0, 30), st.floats(1, 30))
@settings(max_examples=60, deadline=None)
def test_a_window_knows_nothing_of_what_lies_outside_it(rhythm, start, length):
    rr, segment, usable = rhythm
    beats = beats_of(rr, segment)
    inside = (beats.time > start) & (beats.time <= start + length)
    other = Beats.of_any_length(beats.time, np.where(inside, rr, 2900.0), segment)
    one = windows(beats, usable, start, start + length)
    two = windows(other, usable, start, start + length)
    for name in MEASURES:
        function = getattr(time_domain, name)
        assert np.array_equal(function(one), function(two), equal_nan=True)


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_to_measure_is_nan_without_a_warning(name):
    function = getattr(time_domain, name)
    assert function(windows(NO_BEATS, np.empty(0, bool), [0.0, 5.0], [10.0, 5.0])).shape == (2,)
    assert np.isnan(function(windows(NO_BEATS, np.empty(0, bool), 0.0, 10.0))).all()
    assert np.isnan(function(everything([800.0, 810.0, 790.0], usable=[False] * 3))).all()
    assert function(windows(beats_of([800.0]), np.ones(1, bool), [], [])).shape == (0,)


def numbers(name):
    path = DATA / name
    if path.suffix == ".npy":
        return np.load(path).ravel()
    text = path.read_text()
    body = text.split("[HRData]")[-1] if path.suffix == ".hrm" else text
    return np.array([float(line.split()[0]) for line in body.splitlines() if line.strip()])


def column(name, place, skip):
    lines = (DATA / name).read_text().splitlines()[skip:]
    cut = "\t" if "\t" in lines[0] else ","
    return np.array([float(line.split(cut)[place]) for line in lines])


SETS = {
    "polar_h10_dhyb": (lambda: column("polar_h10_dhyb/sample_data_ibi.csv", 1, 0), "rr"),
    "elite_hrv_txt": (lambda: numbers("elite_hrv_txt/2017-06-29 13-11-53.txt"), "rr"),
    "selfloops_txt/20170808002e": (
        lambda: column("selfloops_txt/20170808002e.txt", 2, 2),
        "20170808002e.rr",
    ),
    "selfloops_txt/20170804001r": (
        lambda: column("selfloops_txt/20170804001r.txt", 2, 2),
        "20170804001r.rr",
    ),
    "pyhrv_nni/short": (lambda: numbers("pyhrv_nni/SampleNNISeriesShort.npy"), "Short"),
    "pyhrv_nni/long": (lambda: numbers("pyhrv_nni/SampleNNISeriesLong.npy"), "Long"),
    "hrv_rhenanbartels/rest": (
        lambda: numbers("hrv_rhenanbartels/rest_rri.txt"),
        "rest_rri\\.txt",
    ),
    "hrv_rhenanbartels/exercise": (
        lambda: numbers("hrv_rhenanbartels/exercise_rri.hrm"),
        "exercise_rri\\.hrm",
    ),
    "hrv_rhenanbartels/noisy": (
        lambda: numbers("hrv_rhenanbartels/noisy_rri.hrm"),
        "noisy_rri\\.hrm",
    ),
    "hrv_rhenanbartels/08012805": (
        lambda: numbers("hrv_rhenanbartels/08012805.txt"),
        "08012805\\.txt",
    ),
    "wearable_hrv_multidevice": (
        lambda: column("wearable_hrv_multidevice/test_vu.txt", 2, 3),
        "vu",
    ),
}


@real
@pytest.mark.parametrize("name", SETS)
def test_real_sets_give_the_independently_computed_figures(name):
    read, key = SETS[name]
    expected = json.loads((DATA / name.split("/")[0] / "sanity.json").read_text())
    for part in key.replace("\\.", "\0").split("."):
        expected = expected[part.replace("\0", ".")]
    rr = read()
    settled = beat_clock(np.cumsum(rr) / 1000, rr)
    assert settled.gaps == ()
    held = whole(settled.beats, np.ones(len(rr), bool), start=0.0, end=1.0)
    found = values(held)
    assert len(settled.beats) == expected["n"]
    for mine, theirs in (
        ("mean_rr", "mean_rr"),
        ("mean_hr", "mean_hr_60000_over_mean_rr"),
        ("sdnn", "sdnn_ddof1"),
        ("rmssd", "rmssd"),
        ("pnn50", "pnn50"),
    ):
        assert round(found[mine], 3) == pytest.approx(expected[theirs], abs=1e-9), mine


@real
def test_no_difference_bridges_the_gap_of_nsr020():
    rr = 1000 * numbers("rhrvbook_rr/nsr020_3h.txt")
    settled = beat_clock(np.cumsum(rr) / 1000, rr)
    held = whole(settled.beats, np.ones(len(settled.beats), bool), start=0.0, end=1.0)
    assert values(held)["rmssd"] == pytest.approx(22.6, abs=0.05)


def test_neurokit2_agrees_where_its_definitions_are_ours():
    rng = np.random.default_rng(5)
    rr = np.round(900 + 40 * np.sin(np.arange(400) / 4) + rng.normal(0, 20, 400))
    peaks = np.append(0, np.cumsum(rr)).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neurokit2

        theirs = neurokit2.hrv_time(peaks, sampling_rate=1000).iloc[0]
    ours = values(everything(rr))
    for mine, name in (
        ("mean_rr", "HRV_MeanNN"),
        ("sdnn", "HRV_SDNN"),
        ("rmssd", "HRV_RMSSD"),
        ("sdsd", "HRV_SDSD"),
    ):
        assert ours[mine] == pytest.approx(theirs[name], rel=1e-12)
    # NeuroKit2 divides by the number of intervals, we by the number of differences.
    assert ours["pnn50"] == pytest.approx(theirs["HRV_pNN50"] * 400 / 399)
    assert ours["pnn20"] == pytest.approx(theirs["HRV_pNN20"] * 400 / 399)
