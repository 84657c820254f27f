"""A recording in a script: the numbers of the command, for any library of tables."""

import numpy as np
import pytest

import interbeat
from pipelines.analysis import analyse
from tests.pipelines.formats.ecgs import ECG, RATE

RR = 850 + 40 * np.sin(np.arange(400) / 1.2) + np.random.default_rng(0).normal(0, 8, 400)


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "sub-01.csv"
    made.write_text("rr_ms\n" + "\n".join(f"{one:.0f}" for one in RR))
    return made


def test_from_a_file_to_a_table_in_two_lines(path):
    table = interbeat.read(path).measures()
    (result,) = analyse(interbeat.read(path).events)
    assert [row.measure for row in table] == list(result.measures)
    assert all(row.value == result.measures[row.measure].value for row in table)


def test_tables_of_polars_and_pandas_hold_the_rows(path):
    polars = pytest.importorskip("polars", reason="needs the extra research")
    table = interbeat.read(path).measures(names=["rmssd", "vlf"])
    frame = table.to_polars()
    assert frame.columns == list(table.to_dict())
    assert frame["value"].to_list() == [row.value for row in table]
    assert frame.schema["reason"] == polars.String
    assert list(table.to_pandas()["measure"]) == ["rmssd", "vlf"]


def test_conditions_bear_what_changed(path):
    stretches = {"baseline": (0, 120), "task": (120, 220), "recovery": (220, 320)}
    table = interbeat.read(path).measures(names=["mean_hr"], epochs=stretches)
    whole, base, task, after = table
    assert task.reactivity == task.value - base.value
    assert after.recovery == after.value - task.value
    assert whole.reactivity is None


@pytest.mark.parametrize("seconds", [None, "exact"])
def test_intervals_in_hand_are_measured_as_a_file_is(seconds):
    time = None if seconds is None else np.cumsum(RR) / 1000.0
    told = interbeat.from_rr(RR, time=time).measures(names=["rmssd"])["rmssd"]
    assert told.value == pytest.approx(
        interbeat.measure(interbeat.beats_from_intervals(RR))["rmssd"].value, rel=1e-9
    )


def test_a_gap_stays_one():
    time = np.cumsum(RR) / 1000.0
    time[200:] += 60.0
    heart = interbeat.from_rr(RR, time=time)
    assert heart.beats.segment[[0, -1]].tolist() == [0, 1]
    assert heart.measures(names=["mean_rr"])[0].coverage_percent < 90.0


def test_peaks_and_an_ecg_are_taken():
    peaks = np.cumsum(np.rint(RR)).astype(int)
    heart = interbeat.from_peaks(peaks, rate=1000)
    assert len(heart.beats) == len(peaks) - 1
    time = np.arange(0, 60, 1 / 250)
    wave = np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2))
    noise = np.random.default_rng(0).normal(0, 0.01, len(time))
    assert interbeat.from_ecg(wave + noise, rate=250).measures(names=["mean_rr"])[
        0
    ].value == pytest.approx(800.0, abs=1.0)


def test_one_row_of_a_measure_is_asked_for_by_its_name(path):
    table = interbeat.read(path).measures(names=["rmssd"], epochs={"rest": (0, 100)})
    with pytest.raises(KeyError, match="'rmssd' has 2 rows here, not one"):
        table["rmssd"]
    assert len(table[:1]) == 1
    assert "rmssd" in repr(table)
    assert "<table>" in table._repr_html_()


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"names": "rmssd"}, TypeError, "give a list of names"),
        ({"names": ["rmsd"]}, ValueError, "no measure"),
        ({"preset": "mine"}, ValueError, "no preset"),
        ({"epochs": {"task": (5, 1)}}, ValueError, "end must come after"),
    ],
)
def test_what_cannot_be_meant_is_refused(path, asked, error, says):
    with pytest.raises(error, match=says):
        interbeat.read(path).measures(**asked)


def test_the_methods_are_in_sentences(path):
    told = interbeat.read(path).methods()
    assert "1 recordings" in told or "1 recording " in told
    assert "Lipponen and Tarvainen" in told


def test_a_plot_shows_intervals_spectrum_and_each_against_the_next(path, tmp_path):
    pytest.importorskip("matplotlib", reason="needs matplotlib, as the extra research brings it")
    figure = interbeat.read(path).plot()
    assert len(figure.axes) == 3
    figure.savefig(tmp_path / "heart.png")
    assert (tmp_path / "heart.png").stat().st_size > 10_000


def test_an_ecg_in_hand_breathes_as_one_of_a_file(tmp_path):
    swell = ECG * (1.0 + 0.2 * np.sin(2 * np.pi * 14 / 60 * np.arange(len(ECG)) / RATE))
    np.savez(tmp_path / "a.npz", ecg=swell, fs=RATE)
    in_hand = interbeat.from_ecg(swell, rate=RATE).measures()
    assert [row.value for row in in_hand] == [
        row.value for row in interbeat.read(tmp_path / "a.npz").measures()
    ]
    assert in_hand["breathing_rate"].value == pytest.approx(14.0, abs=0.2)


@pytest.mark.parametrize("told", ["conditions.csv", [(0, 60)], {"task": 60}, {"task": (0, None)}])
def test_epochs_that_are_none_are_refused_in_one_sentence(path, told):
    with pytest.raises(TypeError, match="give each name its start and end in s"):
        interbeat.read(path).measures(epochs=told)


def test_a_row_is_asked_for_by_any_whole_number(path):
    table = interbeat.read(path).measures(names=["rmssd"])
    assert table[np.int64(0)] == table[0]
