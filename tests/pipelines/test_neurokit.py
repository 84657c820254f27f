"""What NeuroKit2 does for us: its forms of beats both ways, waves of an ECG, an ECG of a strap."""

import doctest
import subprocess
import sys
import warnings

import numpy as np
import pytest

import interbeat
from devices.scripted import simulate
from pipelines import neurokit

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    nk = pytest.importorskip("neurokit2", reason="NeuroKit2 is not installed: the extra research")

RR = 800 + 40 * np.sin(np.arange(300) * 0.5)
BEATS = interbeat.beats_from_intervals(RR)


@pytest.fixture(autouse=True)
def theirs():
    """What NeuroKit2 warns of is its own affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize(
    "name", ["to_info", "to_signals", "from_neurokit", "waves", "simulated_ecg"]
)
def test_every_example_runs(name):
    (test,) = doctest.DocTestFinder(recurse=False).find(getattr(neurokit, name), name, globs={})
    told = []
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert test.examples
    assert told == []


def test_neurokit_computes_the_same_from_our_beats():
    theirs = nk.hrv_time(neurokit.to_info(BEATS))
    ours = interbeat.measure(BEATS, labels=False, names=["rmssd", "mean_rr"])
    assert ours["rmssd"].value == pytest.approx(float(theirs["HRV_RMSSD"].iloc[0]), rel=1e-9)
    assert ours["mean_rr"].value == pytest.approx(float(theirs["HRV_MeanNN"].iloc[0]), rel=1e-9)


def test_a_gap_is_a_gap_for_neurokit_too():
    beats = interbeat.beats_from_intervals(np.insert(RR, 150, 7000))
    found = nk.hrv_time(neurokit.to_info(beats))["HRV_RMSSD"].iloc[0]
    ours = interbeat.measure(beats, labels=False, names=["rmssd"])["rmssd"].value
    assert ours == pytest.approx(float(found), rel=1e-9)


def test_beats_come_back_as_they_went():
    back = neurokit.from_neurokit(neurokit.to_info(BEATS))
    assert np.array_equal(back.rr, BEATS.rr)
    assert np.allclose(back.time, BEATS.time)
    signals, info = neurokit.to_signals(BEATS, rate=1000)
    for found, rate in ((info, None), (signals, 1000)):
        assert np.abs(neurokit.from_neurokit(found, rate=rate).rr - RR).max() <= 1.0


def test_what_neurokit_finds_in_an_ecg_is_taken_as_beats():
    ecg = nk.ecg_simulate(duration=30, sampling_rate=250, heart_rate=75, random_state=1)
    signals, info = nk.ecg_peaks(nk.ecg_clean(ecg, sampling_rate=250), sampling_rate=250)
    beats = neurokit.from_neurokit(info)
    assert beats.rr.mean() == pytest.approx(800, abs=20)
    assert np.array_equal(neurokit.from_neurokit(signals, rate=250).rr, beats.rr)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"EDA": [1]}, "holds no heartbeats"),
        ({"ECG_R_Peaks": [1, 2]}, "give rate"),
        ({"ECG_R_Peaks": [5, 2], "sampling_rate": 10}, "in the order"),
    ],
)
def test_what_holds_no_beats_is_told(found, told):
    with pytest.raises(ValueError, match=told):
        neurokit.from_neurokit(found)


def test_an_ecg_of_a_simulated_strap_has_its_beats():
    truth = simulate("rest", seed=4).truth
    moments = truth.beat_time[(truth.beat_time > 0) & (truth.beat_time < 60)]
    ecg = neurokit.simulated_ecg(moments, 250, noise=0.02, seed=2)
    found = interbeat.beats_from_ecg(ecg, 250)
    place = np.abs(found.time[:, np.newaxis] - moments).min(axis=1)
    assert len(found) >= len(moments) - 4
    assert place.max() < 0.004
    assert np.array_equal(ecg, neurokit.simulated_ecg(moments, 250, noise=0.02, seed=2))


def test_waves_lie_in_their_order():
    ecg = neurokit.simulated_ecg(np.cumsum(RR[:60]) / 1000, 500)
    found = neurokit.waves(ecg, 500)
    assert {len(one) for one in found.values()} == {len(found["r_peak"])}
    order = ("p_onset", "p_peak", "p_offset", "q_peak", "r_peak", "s_peak", "t_peak", "t_offset")
    typical = [np.nanmedian(found[name] - found["r_peak"]) for name in order]
    assert typical == sorted(typical)
    assert 0.15 < typical[-2] < 0.35


@pytest.mark.parametrize(
    ("moments", "rate", "told"),
    [([], 250, "at least 2"), ([3, 2], 250, "in the order"), ([1, 2], 0, "rate is 0")],
)
def test_an_ecg_of_no_beats_is_told(moments, rate, told):
    with pytest.raises(ValueError, match=told):
        neurokit.simulated_ecg(moments, rate)


def test_intervals_alone_are_told_to_be_no_beats():
    with pytest.raises(TypeError, match="beats_from_intervals"):
        neurokit.to_info([800, 810])


@pytest.mark.parametrize("signal", [np.full(5000, np.nan), np.zeros(5000)])
def test_an_ecg_without_waves_is_told(signal):
    with pytest.raises(ValueError, match=r"This ECG h.*\.$"):
        neurokit.waves(signal, 250)


def test_neurokit_is_imported_only_when_used():
    code = "import sys, interbeat; interbeat.neurokit; print('neurokit2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
