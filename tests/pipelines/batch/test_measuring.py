"""One recording measured: the numbers of `analyse`, and one sentence where there are none."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from physio import Estimate, Label
from pipelines.analysis import analyse
from pipelines.batch.inputs import Input
from pipelines.batch.measuring import COLUMNS, difference, measured, tachogram
from pipelines.batch.plan import WHOLE, Epoch, Plan, checked
from pipelines.formats import read
from pipelines.session import beats_of
from pipelines.words import reason_in_english


def resting(path, *, beats=400, seed=0):
    rng = np.random.default_rng(seed)
    place = np.arange(beats)
    rr = 850 + 40 * np.sin(place / 1.2) + rng.normal(0, 8, beats)
    path.write_text("rr_ms\n" + "\n".join(f"{one:.0f}" for one in rr))
    return path


@pytest.fixture
def one(tmp_path):
    return Input("rest.csv", resting(tmp_path / "rest.csv"))


def sentence(reason):
    return None if reason is None else reason_in_english(reason)


def test_rows_are_the_numbers_of_analyse(one):
    (result,) = analyse(read(one.path).events)
    part = measured(one, Plan()).part
    assert [row.measure for row in part.measures] == list(result.measures)
    for row in part.measures:
        line = result.measures[row.measure]
        assert (row.value, row.low, row.high, row.unit) == (line.value, line.low, line.high,
                                                            line.unit)  # fmt: skip
        assert (row.reason, row.doubt) == (sentence(line.reason), sentence(line.doubt))
        assert (row.epoch, row.start_s, row.end_s) == (WHOLE, 0.0, result.time_s)
    (judged,) = part.quality
    assert judged.verdict == result.quality.verdict.value
    assert judged.beats == result.quality.beats == 400


def test_an_epoch_is_the_same_window_alone_and_tasks_are_compared(one):
    stretches = {"baseline": (0.0, 120.0), "task": (120.0, 220.0), "recovery": (220.0, 330.0)}
    plan = checked(
        Plan(
            names=("rmssd", "mean_hr"),
            epochs=tuple(Epoch(name, *edges) for name, edges in stretches.items()),
        )
    )
    rows = {(row.epoch, row.measure): row for row in measured(one, plan).part.measures}
    assert len(rows) == 2 * 4
    for name, edges in stretches.items():
        (alone,) = (
            measured(one, Plan(window=edges[1] - edges[0])).windows if edges[0] == 0 else [None]
        )
        if alone is not None:
            assert rows[name, "rmssd"].value == pytest.approx(
                alone.estimates["rmssd"].value[0], rel=1e-12
            )
    task, base, after = (rows[name, "rmssd"] for name in ("task", "baseline", "recovery"))
    assert task.reactivity == task.value - base.value
    assert after.recovery == after.value - task.value
    assert task.recovery is None
    assert base.reactivity is None
    assert task.reactivity_low < task.reactivity < task.reactivity_high


def test_a_task_is_compared_with_the_last_baseline_before_it(one):
    stretches = (("baseline", 0.0, 60.0), ("task", 250.0, 320.0), ("baseline", 100.0, 180.0))
    plan = checked(Plan(names=("mean_hr",), epochs=tuple(Epoch(*stretch) for stretch in stretches)))
    rows = {(row.epoch, row.start_s): row for row in measured(one, plan).part.measures}
    task, near = rows["task", 250.0], rows["baseline", 100.0]
    assert task.reactivity == task.value - near.value != task.value - rows["baseline", 0.0].value


def test_an_epoch_beyond_the_recording_is_withheld_with_its_reason(one):
    plan = checked(Plan(names=("rmssd",), epochs=(Epoch("task", 5000.0, 5060.0),)))
    row = measured(one, plan).part.measures[-1]
    assert row.value is None
    assert row.reason


def estimate(value, low, high):
    return Estimate(value, "ms", low, high, 60.0, 100.0, 0.0)


def test_a_difference_squares_and_adds():
    found = difference(estimate(10.0, 7.0, 14.0), estimate(20.0, 16.0, 23.0))
    assert found == (10.0, 10.0 - sqrt(16 + 16), 10.0 + sqrt(9 + 9))
    assert difference(estimate(10.0, None, None), estimate(20.0, 16.0, 23.0)) == (10.0, None, None)
    nothing = replace(estimate(None, None, None), reason=None)
    assert difference(nothing, estimate(20.0, 16.0, 23.0)) == (None, None, None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"12\n14\n", "lie outside 200 to 3000 ms"),
        (b"PK\x03\x04", "no export of Interbeat"),
    ],
)
def test_what_gives_no_numbers_says_why_and_bears_its_checksum(tmp_path, content, says):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    part = measured(Input("odd.csv", path), Plan()).part
    assert says in part.failure
    assert str(tmp_path) not in part.failure
    assert part.sha256
    assert part.measures == ()


def test_a_file_that_is_not_there_is_no_fault_of_ours(tmp_path):
    part = measured(Input("gone.csv", tmp_path / "gone.csv"), Plan()).part
    assert "no such file" in part.failure
    assert part.sha256 is None


def test_a_tachogram_holds_every_usable_interval_and_counts_the_rest(tmp_path):
    path = resting(tmp_path / "rest.csv")
    lines = path.read_text().split("\n")
    lines[200] = "350"
    path.write_text("\n".join(lines))
    (found,) = beats_of(list(read(path).events))
    drawn = tachogram(found)
    assert len(drawn.columns) == COLUMNS
    labelled = sum(column.labelled for column in drawn.columns)
    bad = int(np.count_nonzero(found.labels != Label.NORMAL))
    assert bad <= labelled <= bad + 1
    assert labelled > 0
    lows = [column.low for column in drawn.columns if column.low is not None]
    assert min(lows) > 700
