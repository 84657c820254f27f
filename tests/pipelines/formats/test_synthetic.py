"""No wrong number reads "good": tables in every layout, whole and with faults in them."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import physio
from pipelines.analysis.offline import quality_of
from pipelines.formats import FormatError
from pipelines.formats.registry import format_of
from pipelines.session import beats_of
from tests.pipelines.formats import synthetic

NEAR = 0.03


def outcome(data, heart):
    """Return "refused", a verdict, or "wrong" for a number that is off beside the verdict good.

    Labels leave out beats of a whole heart too, so that numbers are held against those of its
    intervals with the same labels: what reading has done to them is the matter here.
    """
    path = Path("table.csv")
    try:
        recording = format_of(path, data).read(path, data)
    except FormatError:
        return "refused"
    (found,) = beats_of(recording.events)
    verdict = quality_of(found).verdict
    if verdict != "good":
        return str(verdict)
    whole = label_beats(heart), heart.rr, np.zeros(len(heart.rr))
    read = found.labels, found.beats.rr, found.beats.segment
    return "good" if np.allclose(numbers(*read), numbers(*whole), rtol=NEAR) else "wrong"


def label_beats(heart):
    return physio.label_beats(physio.beats_from_intervals(heart.rr))


def numbers(label, rr, segment):
    """Return mean interval and RMSSD in ms."""
    sound = (np.diff(segment) == 0) & (label[1:] == 0) & (label[:-1] == 0)
    return rr[label == 0].mean(), np.sqrt(np.mean(np.diff(rr)[sound] ** 2))


def whole(seed):
    chance = np.random.default_rng(seed)
    heart = synthetic.heart(chance, chance.uniform(40, 180))
    laid = synthetic.layout(chance)
    return outcome(synthetic.written(synthetic.rows(heart, laid), laid), heart)


def faulty(seed):
    chance = np.random.default_rng(seed)
    heart = synthetic.heart(chance, chance.uniform(40, 180))
    laid = synthetic.layout(chance)
    table, kind = synthetic.mutated(chance, synthetic.rows(heart, laid), heart, laid)
    return kind, outcome(synthetic.written(table, laid), heart)


def check_whole(seeds):
    found = Counter(map(whole, seeds))
    assert found["wrong"] == 0
    assert found["refused"] <= 0.02 * len(seeds)
    assert found["good"] >= 0.95 * len(seeds)


def check_faulty(seeds):
    found = [(seed, *faulty(seed)) for seed in seeds]
    assert [one for one in found if one[2] == "wrong"] == []


def test_tables_of_any_layout_are_read():
    check_whole(range(50))


def test_faults_in_tables_make_no_wrong_number():
    check_faulty(range(10_000, 10_050))


@pytest.mark.long
def test_many_tables_of_any_layout_are_read():
    check_whole(range(2000))


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_faults_in_many_tables_make_no_wrong_number():
    check_faulty(range(10_000, 12_000))
