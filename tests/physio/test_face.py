"""What the library computes for those who import it: every example runs, every slip is told."""

import doctest
import subprocess
import sys

import numpy as np
import pytest

import interbeat
import physio
from physio.hrv.bands import within
from pipelines.analysis import analyse
from pipelines.formats import read

OWN = ("Heart", "MeasureTable", "analyse", "from_ecg", "from_peaks", "from_rr", "read")
EXAMPLES = {
    f"{face.__name__}.{name}": getattr(face, name)
    for face, names in ((physio, physio.__all__), (interbeat, OWN))
    for name in names
    if getattr(getattr(face, name), "__module__", "").startswith(("physio", "pipelines"))
    and hasattr(getattr(face, name), "__name__")
}
"""Every function and class of the two faces; `interbeat` adds some to those of `physio`."""

RR = 800 + 40 * np.sin(np.arange(600) * 0.5) + np.random.default_rng(3).normal(0, 12, 600)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_public_docstring_has_an_example_that_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (test,) = doctest.DocTestFinder(recurse=False).find(EXAMPLES[name], name, globs={})
    assert test.examples, f"{name} has no example"
    told = []
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert told == []


@pytest.mark.parametrize("face", [physio, interbeat])
def test_a_face_exports_what_it_lists_and_nothing_that_is_not_there(face):
    assert len(set(face.__all__)) == len(face.__all__)
    assert all(hasattr(face, name) for name in face.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nobody'"):
        _ = face.nobody


def test_interbeat_is_physio_and_what_reads_files():
    assert set(interbeat.__all__) == {*physio.__all__, *OWN, "neurokit"}
    assert all(getattr(interbeat, name) is getattr(physio, name) for name in physio.__all__)


def test_interbeat_takes_no_longer_to_import_than_numpy_and_brings_in_nothing_heavy():
    program = (
        "import sys, time; import numpy as first; now = time.process_time; a = now();\n"
        "import interbeat; interbeat.measure; b = now()\n"
        "print(b - a, *sys.modules)"
    )
    alone = "import time; a = time.process_time(); import numpy; print(time.process_time() - a)"
    said = [_out(program).split() for _ in range(3)]
    numpy_alone = min(float(_out(alone)) for _ in range(3))
    assert min(float(words[0]) for words in said) <= numpy_alone
    assert not {"scipy.signal", "numba", "click", "msgspec"} & set(said[0])


def _out(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout


def same(one, other):
    return one == other or np.isclose(one, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("gap", [False, True])
def test_the_numbers_are_those_of_a_file(gap, tmp_path):
    rr = np.insert(RR, 300, 7000) if gap else RR
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(map(repr, rr.tolist())))
    (result,) = analyse(read(path).events, window=60.0)
    beats = physio.beats_from_intervals(rr)
    for name, mine in physio.measure(beats).items():
        line = result.measures[name]
        assert (mine.value is None) == (line.value is None), name
        assert line.value is None or same(mine.value, line.value), name
        assert same(mine.coverage, line.coverage_percent), name
    judged = physio.judge(beats)
    assert (judged.verdict, judged.reason) == (result.quality.verdict, result.quality.reason)
    epochs = physio.measure_epochs(beats, 60)
    assert len(epochs.start) == len(result.windows)
    for place, window in enumerate(result.windows):
        assert same(epochs["rmssd"][place].value, window.measures["rmssd"].value)


def test_labels_are_found_left_out_or_given():
    rr = RR.copy()
    rr[100] *= 2
    beats = physio.beats_from_intervals(rr)
    found = physio.measure(beats, names=["rmssd"])["rmssd"]
    given = physio.measure(beats, names=["rmssd"], labels=physio.label_beats(beats))["rmssd"]
    as_is = physio.measure(beats, names=["rmssd"], labels=False)["rmssd"]
    assert found == given
    assert found.value < as_is.value
    assert as_is.corrected == 0


def test_times_find_the_gap_that_intervals_alone_do_not_show():
    time = np.cumsum(RR) / 1000.0
    time[300:] += 20.0
    assert physio.beats_from_intervals(RR, time=time).segment[-1] == 1
    assert physio.beats_from_intervals(RR).segment[-1] == 0


@pytest.mark.parametrize("lost", [[50], [50, 53, 200], [7, 300, 301, 302, 590]])
@pytest.mark.parametrize("jitter", [0.0, 0.002])
def test_beats_that_are_missing_between_exact_times_are_gaps(lost, jitter):
    time = np.cumsum(RR) / 1000.0
    time += jitter * np.random.default_rng(1).uniform(-0.5, 0.5, len(time))
    kept = np.setdiff1d(np.arange(len(RR)), lost)
    beats = physio.beats_from_intervals(RR[kept], time=time[kept])
    begins = np.flatnonzero(np.diff(beats.segment)) + 1
    assert kept[begins].tolist() == [place + 1 for place in lost if place + 1 not in lost]


@pytest.mark.parametrize("factor", [1.024, 2.0, 3.6])
def test_intervals_that_add_up_to_more_than_the_time_are_refused(factor):
    arrival = np.ceil(np.cumsum(RR) / 1000.0)
    with pytest.raises(ValueError, match=r"^rr adds up to .* in the .* s of time; .*\.$"):
        physio.beats_from_intervals(RR * factor, time=arrival)
    physio.beats_from_intervals(RR, time=arrival)


def test_an_interval_without_room_between_exact_times_is_refused():
    time = np.cumsum(RR) / 1000.0
    with pytest.raises(
        ValueError, match=r"^rr\[301\] is .* leaves no room for it; leave it out\.$"
    ):
        physio.beats_from_intervals(
            np.insert(RR, 300, RR[300]), time=np.insert(time, 300, time[300])
        )


def test_peaks_in_seconds_and_in_samples_are_the_same_beats():
    peaks = np.cumsum([0, *RR, 9000, *RR]) / 1000.0
    beats = physio.beats_from_peaks(peaks)
    assert np.allclose(beats.rr, [*RR, *RR])
    assert beats.segment.tolist() == [0] * 600 + [1] * 600
    assert np.allclose(physio.beats_from_peaks(peaks * 500, rate=500).rr, beats.rr)
    assert physio.beats_from_peaks(np.array([0, 5000, 5800]), rate=1000).segment.tolist() == [0]


@pytest.mark.parametrize("preset", physio.PRESETS)
def test_lf_and_hf_are_areas_of_the_spectrum(preset):
    beats = physio.beats_from_intervals(RR)
    known = physio.measure_windows(beats, 10, 310, names=["lf", "hf"], preset=preset)
    found = physio.spectrum(beats, start=10, end=310, preset=preset)
    step = found.frequency[1:2]
    lf, hf = within(found.density[np.newaxis], step, 0, np.array(((0.04, 0.15), (0.15, 0.4))))[0]
    assert np.allclose((lf, hf), (known["lf"].value[0], known["hf"].value[0]), rtol=1e-9)


def test_a_table_has_a_row_for_each_value_with_its_reason():
    beats = physio.beats_from_intervals(RR)
    rows = physio.table(physio.measure_epochs(beats, 60, names=["rmssd", "lf"]))
    assert [(row["start_s"], row["measure"]) for row in rows[:3]] == [
        *((0.0, "rmssd"), (0.0, "lf")),
        (60.0, "rmssd"),
    ]
    assert all((row["value"] is None) <= (row["reason"] is not None) for row in rows)
    whole = physio.table(physio.measure(beats))
    assert [row["measure"] for row in whole] == list(physio.MEASURES)


def test_an_ecg_that_is_none_is_refused_in_its_words():
    with pytest.raises(ValueError, match=r"This ECG cannot be read: .*\."):
        physio.beats_from_ecg(np.random.default_rng(1).normal(size=15000), 250)


def by_hand(**changed):
    columns = {"time": RR.cumsum() / 1000, "rr": RR, "segment": np.zeros(600, int)}
    return physio.Beats(**{**columns, **changed})


BEATS = physio.beats_from_intervals(RR)
GAP = physio.beats_from_intervals(np.insert(RR, 300, 7000))
SLIPS = {
    "seconds": (lambda: physio.beats_from_intervals(RR / 1000), r"look like seconds.*rr \* 1000"),
    "heart rates": (lambda: physio.beats_from_intervals(60000 / RR), "look like heart rates"),
    "microseconds": (lambda: physio.beats_from_intervals(RR * 1000), "in milliseconds"),
    "NaN": (lambda: physio.beats_from_intervals([800, np.nan]), r"rr\[1\] is nan"),
    "infinite": (lambda: physio.beats_from_intervals([800, np.inf, 1]), r"rr\[1\] is inf"),
    "negative": (lambda: physio.beats_from_intervals([800, -800, 810]), r"rr\[1\] is -800 ms"),
    "zero": (lambda: physio.beats_from_intervals([800, 0, 810]), r"rr\[1\] is 0 ms"),
    "a day": (lambda: physio.beats_from_intervals([800, 810, 9e7]), r"rr\[2\] is 9e\+07 ms"),
    "text": (lambda: physio.beats_from_intervals(["eight"]), "something else than numbers"),
    "a string": (lambda: physio.beats_from_intervals("812"), "something else than numbers"),
    "two rows": (lambda: physio.beats_from_intervals([RR, RR]), "2 dimensions"),
    "one number": (lambda: physio.beats_from_intervals(812), "0 dimensions"),
    "None": (lambda: physio.beats_from_intervals([800, None]), r"rr\[1\] is nan"),
    "ragged": (lambda: physio.beats_from_intervals([[1], [2, 3]]), "something else"),
    "complex": (lambda: physio.beats_from_intervals(RR + 0j), "something else than numbers"),
    "other length": (lambda: physio.beats_from_intervals(RR, time=[1, 2]), "2 values for 600"),
    "falling times": (
        lambda: physio.beats_from_intervals([800, 800, 800], time=[1, 3, 2]),
        r"time\[2\] is 2 after 3",
    ),
    "times in ms": (lambda: physio.beats_from_intervals(RR, time=RR.cumsum()), "time in seconds"),
    "peaks in samples": (lambda: physio.beats_from_peaks([0, 250, 500]), "with their rate"),
    "peaks twice": (lambda: physio.beats_from_peaks([1, 1, 2]), r"peaks\[1\] is 1 after 1"),
    "peaks at no rate": (lambda: physio.beats_from_peaks([1, 2], rate=0), "rate is 0"),
    "no beats": (lambda: physio.measure(RR), "beats is a ndarray"),
    "empty": (lambda: physio.measure(physio.NO_BEATS), "holds no interval"),
    "beats in s": (lambda: physio.measure(by_hand(rr=RR / 1000)), "looks like seconds"),
    "beats of NaN": (lambda: physio.measure(by_hand(rr=[np.nan] * 600)), r"rr\[0\] is nan"),
    "beats of 0": (lambda: physio.judge(by_hand(rr=[0, *RR[1:]])), r"rr\[0\] is 0, which"),
    "long beats": (lambda: physio.spectrum(by_hand(rr=[5e3, *RR[1:]])), "no interval of a heart"),
    "falling beats": (lambda: physio.label_beats(by_hand(time=-RR.cumsum())), "in the order"),
    "segments": (lambda: physio.measure(by_hand(segment=[1, *[0] * 599])), r"segment\[1\] is 0"),
    "a name": (lambda: physio.measure(BEATS, names="rmssd"), r'\["rmssd"\]'),
    "unknown name": (lambda: physio.measure(BEATS, names=["rmsdd"]), 'perhaps "rmssd"'),
    "unknown preset": (lambda: physio.measure(BEATS, preset="kubios"), 'perhaps "kubios-like"'),
    "labels short": (lambda: physio.measure(BEATS, labels=[0]), "1 values for 600 intervals"),
    "labels of 9": (lambda: physio.measure(BEATS, labels=[9] * 600), "none of"),
    "labels of .5": (lambda: physio.label_beats(RR), "beats is a ndarray"),
    "edges": (lambda: physio.measure_windows(BEATS, [0, 60], [60]), "1 values for 2 starts"),
    "end first": (lambda: physio.measure_windows(BEATS, [60], [0]), "window 0 ends at 0 s"),
    "edge NaN": (lambda: physio.measure_windows(BEATS, [0], [np.nan]), r"end\[0\] is nan"),
    "length 0": (lambda: physio.measure_epochs(BEATS, 0), "length of the windows is 0"),
    "length text": (lambda: physio.measure_epochs(BEATS, "60"), "is '60'; give a number"),
    "step < 0": (lambda: physio.measure_epochs(BEATS, 60, step=-1), "step of the windows is -1"),
    "too many": (lambda: physio.measure_epochs(BEATS, 60, step=1e-4), "more than 100000"),
    "spectrum short": (lambda: physio.spectrum(BEATS, start=0, end=20), "needs 25 s"),
    "spectrum nowhere": (lambda: physio.spectrum(BEATS, start=9e3, end=9.9e3), "needs 25 s"),
    "spectrum of a gap": (lambda: physio.spectrum(GAP), "gap in this stretch"),
    "ecg rate": (lambda: physio.beats_from_ecg(RR, 10), "100"),
    "ecg of nothing": (lambda: physio.beats_from_ecg([], 250), "cannot be read"),
    "masked": (
        lambda: physio.beats_from_intervals(np.ma.masked_array(RR, np.arange(600) == 9)),
        r"rr\[9\] is nan",
    ),
    "Beats masked": (
        lambda: physio.Beats(BEATS.time, np.ma.masked_array(RR, np.arange(600) == 9), [0] * 600),
        r"rr\[9\] is nan",
    ),
    "Beats text": (lambda: physio.Beats([0.8], ["a"], [0]), "rr holds something else"),
    "Beats complex": (lambda: physio.Beats([0.8], [800 + 0j], [0]), "rr holds something else"),
    "Beats ragged": (lambda: physio.Beats([0.8], [[1], [2, 3]], [0]), "rr holds something else"),
    "Beats of dates": (
        lambda: physio.Beats(np.array(["2026-11-30"], "M8[s]"), [800], [0]),
        "time holds something else",
    ),
    "segment NaN": (lambda: physio.Beats([0.8], [800], [np.nan]), r"segment\[0\] is nan"),
    "segment half": (lambda: physio.Beats([0.8], [800], [0.5]), r"segment\[0\] is 0\.5"),
    "segment None": (lambda: physio.Beats([0.8], [800], None), "segment"),
    "rate of many": (lambda: physio.beats_from_peaks(RR.cumsum(), rate=RR), "rate is a ndarray"),
    "edges ragged": (
        lambda: physio.measure_windows(BEATS, [[0], [1, 2]], [60]),
        "start holds something else",
    ),
    "table of an array": (lambda: physio.table(RR), "measured is a ndarray"),
    "table of numbers": (lambda: physio.table({"rmssd": 3.0}), "measured is a dict"),
    "analyse a name": (lambda: analyse("rr.txt"), "events is a str that holds no events"),
    "analyse an array": (lambda: analyse(RR), "events is a ndarray that holds no events"),
    "analyse Beats": (lambda: analyse(BEATS), "events is a Beats that holds no events"),
    "analyse nothing": (lambda: analyse(None), "events is a NoneType that holds no events"),
    "analyse preset": (lambda: analyse([], preset="kubios"), 'perhaps "kubios-like"'),
    "read an array": (lambda: read(RR), "path is a ndarray"),
    "read None": (lambda: read(None), "path is a NoneType"),
    "peaks 0": (lambda: read("rr.txt", peaks=0), "peaks is 0; give a number above 0"),
    "peaks text": (lambda: read("rr.txt", peaks="250"), "peaks is '250'; give a number above 0"),
    "ecg text": (lambda: physio.beats_from_ecg(["a"], 250), "something else than numbers"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_in_one_sentence(slip):
    call, told = SLIPS[slip]
    with pytest.raises((ValueError, TypeError), match=told) as caught:
        call()
    said = str(caught.value)
    assert said[-1] == "."
    assert "\n" not in said
    assert len(said) < 250
