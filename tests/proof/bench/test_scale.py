"""What a study costs: equal tables, bounded memory, linear in beats, nearly all of it shared."""

import re

import numpy as np
import pytest

from proof.bench import scale

FILES = 20
MEGABYTES = 400.0


def test_a_made_up_day_has_its_beats_and_is_another_for_each_seed():
    days = [np.array(scale.day(seed).split(), float) for seed in range(2)]
    assert {len(rr) for rr in days} == {scale.BEATS_A_DAY}
    assert all(20 <= rr.sum() / 3.6e6 <= 26 for rr in days)
    assert ((days[0] > 300) & (days[0] < 1500)).all()
    assert scale.day(1) == scale.day(1) != scale.day(0)


def test_what_is_done_alone_bounds_what_more_cores_can_do():
    assert scale.parallel(0.0) == 2.0
    assert scale.parallel(1.0) == 1.0
    assert scale.parallel(0.1) == pytest.approx(1 / 0.55)
    assert scale.parallel(0.0, 64) == 64.0


def numbers(line):
    return [float(one) for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", line)]


@pytest.fixture(scope="module")
def twenty_days(tmp_path_factory):
    """What is told of twenty days by one worker and by two."""
    return list(scale.of_workers(tmp_path_factory.mktemp("days"), FILES))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_worker_keeps_within_its_memory(twenty_days):
    for line in twenty_days[:2]:
        assert numbers(line.partition("largest process")[2])[0] <= MEGABYTES, line


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_days_by_one_worker_and_by_two(twenty_days):
    _, _, alone, tables, _ = twenty_days
    # What the clock says of two workers depends on who else is busy; what is done alone does not.
    assert numbers(alone.partition("with it")[2])[0] >= 1.8, alone
    assert tables.endswith("True")


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_cost_grows_with_the_beats(tmp_path):
    ratios = [numbers(line)[-1] for line in scale.of_lengths(tmp_path)]
    assert len(ratios) == len(scale.HOURS)
    assert max(ratios) <= 1.3, ratios


@pytest.mark.long
def test_a_day_of_ecg_takes_the_memory_of_its_file_and_little_more(tmp_path):
    (line,) = scale.of_ecg(tmp_path, 1.0)
    assert numbers(line.partition("largest process")[2])[0] <= MEGABYTES, line
    assert numbers(line.partition("Hz: ")[2])[0] <= 15.0, line
