"""The tasks themselves: both sides of a pair do the same work, and nothing is left out."""

import warnings

import numpy as np
import pytest

from physio.ecg import advance, beat_quality
from physio.measures import MEASURES
from proof.bench import beats, every, growth, nonlinear, series, spectra, time_domain
from proof.bench.task import LENGTHS, SMALL

RR = series.intervals(SMALL)


@pytest.fixture(autouse=True)
def _quiet():
    """Peers warn of what is not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def theirs(name, title, length=SMALL):
    """Return the value of a rival's job on five minutes, skipping where it is not installed."""
    task = next(task for task in every.TASKS if (task.name, task.length) == (name, length))
    rival = next(rival for rival in task.rivals if rival.title == title)
    if rival.package:
        pytest.importorskip(rival.package.module)
    return rival.prepare(task.given(SMALL))()


def test_every_task_has_a_key_of_its_own_and_rivals_have_titles_of_their_own():
    keys = [task.key for task in every.TASKS]
    assert len(set(keys)) == len(keys)
    for task in every.TASKS:
        titles = [rival.title for rival in task.rivals]
        assert len(set(titles)) == len(titles)
        assert task.length in LENGTHS


def test_every_measure_but_those_of_square_cost_is_tried_at_24_h():
    named = [name for names in growth.GROUPS.values() for name in names]
    assert sorted(named) == sorted(set(MEASURES) - growth.SQUARE)


@pytest.mark.parametrize("task", every.TASKS, ids=lambda task: task.key)
def test_our_side_runs_on_five_minutes(task):
    assert task.ours(task.given(SMALL))() is not None


def test_the_recording_is_the_same_each_time():
    np.testing.assert_array_equal(RR, series.intervals(SMALL))
    np.testing.assert_array_equal(RR * 1.024, np.round(RR * 1.024))
    assert len(RR) == 354


@pytest.mark.parametrize("length", LENGTHS)
def test_the_recording_lasts_as_long_as_it_says(length):
    rr = series.intervals(length)
    assert rr.mean() == pytest.approx(847.0, abs=0.5)
    assert rr.sum() / 3.6e6 == pytest.approx(LENGTHS[length], rel=1e-3)


@pytest.mark.parametrize("length", [SMALL, "1 h"])
def test_the_packets_of_the_live_task_bring_a_minute_of_beats(length):
    state, packets = beats.read_so_far(length)
    found = 0
    for packet in packets:
        state, new = advance(state, packet)
        found += int(beat_quality(state, new).readable.sum())
    assert found == pytest.approx(packets.size / series.ECG_RATE / 0.847, abs=2)


def test_artefacts_are_as_many_as_said():
    clean, given = series.intervals("1 h"), series.with_artefacts("1 h")
    share = np.count_nonzero(clean != given) / len(clean)
    # An early beat changes two intervals.
    assert series.ARTEFACTS <= share <= 1.5 * series.ARTEFACTS


def test_the_plain_loop_gives_our_values_in_every_window():
    plain = np.array(theirs("sliding-time-domain", "NumPy loop", "1 h"))
    ours = np.array(time_domain.sliding_ours(RR)())
    np.testing.assert_allclose(ours.T, plain, rtol=1e-9)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("hrv-analysis", {0: "mean_nni", 2: "sdnn", 3: "rmssd", 6: "pnni_50", 7: "pnni_20"}),
        ("BioSPPy", {0: "rr_mean", 3: "rmssd", 6: "pnn50"}),
    ],
)
def test_time_domain_peers_compute_the_same(title, names):
    found, ours = theirs("time-domain", title), time_domain.whole_ours(RR)()
    for place, name in names.items():
        assert found[name] == pytest.approx(ours[place][0], rel=1e-9)


def test_heartpy_computes_the_same_but_for_its_definitions():
    _, found = theirs("time-domain", "HeartPy")
    ours = time_domain.whole_ours(RR)()
    assert found["rmssd"] == pytest.approx(ours[3][0], rel=1e-9)
    assert found["sdnn"] == pytest.approx(ours[2][0] * np.sqrt(1 - 1 / len(RR)), rel=1e-9)


def test_systole_computes_the_same():
    found = theirs("time-domain", "systole").set_index("Metric")["Values"]
    assert found["RMSSD"] == pytest.approx(time_domain.whole_ours(RR)()[3][0], abs=1e-6)


def test_sample_entropy_of_neurokit_is_ours():
    found, _ = theirs("sampen", "NeuroKit2")
    assert found == pytest.approx(nonlinear.entropy_ours(RR)()[0], rel=1e-9)


def test_alpha_1_of_neurokit_is_ours():
    found, _ = theirs("dfa", "NeuroKit2")
    assert found == pytest.approx(nonlinear.fluctuation_ours(RR)()[0], abs=1e-6)


@pytest.mark.parametrize(
    ("title", "lf", "hf"), [("BioSPPy", "lf_pwr", "hf_pwr"), ("NeuroKit2", "HRV_LF", "HRV_HF")]
)
def test_a_spectrum_with_our_arguments_is_ours_within_two_percent(title, lf, hf):
    found, ours = theirs("welch", title), spectra.whole_ours(RR)()
    assert float(np.squeeze(found[lf])) == pytest.approx(ours.lf[0], rel=0.02)
    assert float(np.squeeze(found[hf])) == pytest.approx(ours.hf[0], rel=0.02)
