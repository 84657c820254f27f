"""Stretches that marks begin: from each to the next, and the last to the end."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.analysis import over_windows
from pipelines.batch import Plan
from pipelines.batch.measuring import measured_recording
from pipelines.batch.plan import Epoch
from pipelines.batch.stretches import marked, stretches_of
from pipelines.formats import Recording
from pipelines.session import Mark, Source, beats_of
from tests.pipelines.logs import of_file

MARKS = ((60.0, "Baseline"), (200.0, "Task"), (300.0, "Recovery"), (400.0, ""), (1e4, "late"))


def log(*marks):
    rr = 800 + 40 * np.sin(np.arange(600) / 1.2)
    blocks = np.split(rr, 60)
    arrivals = np.cumsum([block.sum() for block in blocks]) / 1000
    packets = [of_file(when, 0, block) for when, block in zip(arrivals, blocks, strict=True)]
    return [Source(0.0, 0, "client", "x"), *(Mark(*one) for one in marks), *packets]


@pytest.fixture
def found():
    (one,) = beats_of(log(*MARKS))
    return one


def test_each_mark_lasts_to_the_next_and_the_last_to_the_end(found):
    told = [(one.condition, one.start_s, one.end_s) for one in marked(found)]
    end = found.span[1]
    assert told == [
        ("Baseline", 60.0, 200.0),
        ("Task", 200.0, 300.0),
        ("Recovery", 300.0, 400.0),
        ("mark", 400.0, end),
    ]


def test_what_was_marked_is_seen_as_late_as_the_beats_are(found):
    late = [one.start_s for one in marked(replace(found, delay=2.0))]
    assert late == [62.0, 202.0, 302.0, 402.0]


def test_a_mark_that_says_whole_is_no_whole_recording():
    (one,) = beats_of(log((60.0, "whole"), (100.0, "rest")))
    assert [stretch.condition for stretch in marked(one)] == ["mark whole", "rest"]


def test_a_recording_without_marks_has_no_stretch():
    (plain,) = beats_of(log())
    assert marked(plain) == ()


def test_marks_stand_beside_what_a_plan_names(found):
    named = Epoch("rest", 0.0, 60.0)
    assert stretches_of(found, Plan(epochs=(named,)), "a") == (named,)
    assert stretches_of(found, Plan(epochs=(named,), marks=True), "a") == (named, *marked(found))


def test_conditions_that_were_marked_are_compared():
    events = log(*MARKS)
    recording = Recording(tuple(events), "Interbeat", 600)
    plan = Plan(names=("mean_hr",), marks=True)
    rows = {row.epoch: row for row in measured_recording("a", plan, recording, None).part.measures}
    assert rows["Task"].reactivity == pytest.approx(rows["Task"].value - rows["Baseline"].value)
    assert rows["Recovery"].recovery == pytest.approx(rows["Recovery"].value - rows["Task"].value)
    (found,) = beats_of(events)
    alone = over_windows(found, np.array([200.0]), np.array([300.0]), plan.conventions)
    assert rows["Task"].value == alone["mean_hr"].value[0]
