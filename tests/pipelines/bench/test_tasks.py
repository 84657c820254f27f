"""The tasks themselves: both sides of a pair do the same work, and nothing is left out."""

import warnings

import numpy as np
import pytest
from click.testing import CliRunner

from physio.measures import MEASURES
from pipelines.bench import every, growth, nonlinear, series, spectra, time_domain
from pipelines.bench.task import LENGTHS, SMALL
from pipelines.command import main

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


def test_the_command_times_one_task_and_writes_its_page(tmp_path):
    out = tmp_path / "page.md"
    done = CliRunner().invoke(main, ["bench", "--only", "live-minute", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    heading, row = done.stdout.splitlines()
    assert heading.startswith("task")
    assert row.startswith("Live panel")
    assert "only live-minute" in out.read_text(encoding="utf-8")


def test_the_command_refuses_a_task_that_does_not_exist():
    done = CliRunner().invoke(main, ["bench", "--only", "weather"])
    assert done.exit_code == 2
    assert "There is no task weather; there are sliding-time-domain," in done.stderr


def test_the_command_refuses_a_quick_run_of_long_tasks_alone():
    done = CliRunner().invoke(main, ["bench", "--quick", "--only", "memory"])
    assert done.exit_code == 2
    assert "without --quick" in done.stderr


def test_a_page_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "page.md"
    done = CliRunner().invoke(main, ["bench", "--only", "live-minute", "--out", str(out)])
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr.splitlines()[-1]
