"""Sample entropy: counts equal to brute force, published figures, NeuroKit2."""

import csv
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv.entropy import matches, sampen
from physio.windows import windows
from tests.physio.hrv.one_window import everything
from tests.recordings import DATA, real

NSR = DATA / "nsr2db_physionet_toolbox"


def alike(rr, starts, length, radius):
    """Count ordered pairs of templates whose intervals all lie within `radius`."""
    rows = rr[np.asarray(starts)[:, None] + np.arange(length)]
    near = np.abs(rows[:, None] - rows[None]).max(axis=2) <= radius
    return int(near.sum()) - len(rows)


def counts(rr, paired, radius):
    """Count ordered pairs of templates of two and of three intervals, one by one."""
    starts = [i for i in range(len(rr) - 2) if paired[i + 1] and paired[i + 2]]
    return tuple(alike(rr, starts, length, radius) for length in (2, 3)) if starts else (0, 0)


def clumps(rng, n):
    return rng.choice([600.0, 601.0, 900.0, 2900.0], n) + rng.normal(0, 1e-9, n)


SHAPES = {
    "bell": lambda rng, n: rng.normal(800, 30, n),
    "clumps": clumps,
    "one far off": lambda rng, n: np.append(rng.normal(800, 1, n - 1), 3000.0),
    "ascending": lambda rng, n: 400 + np.arange(n) / 3,
    "descending": lambda rng, n: 1400 - np.arange(n) / 3,
}


@given(
    st.integers(0, 2**32 - 1),
    st.integers(3, 500),
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from([0.0, 1.0, 7.8125, 25.0]),
    st.sampled_from([0.0, 1.0, 7.8125, 20.0, 1e9]),
)
@settings(max_examples=100, deadline=None)
def test_counts_equal_brute_force_on_any_grid(seed, n, shape, grid, radius):
    rng = np.random.default_rng(seed)
    rr = SHAPES[shape](rng, n)
    rr = np.round(rr / grid) * grid if grid else rr
    paired = rng.random(n) > 0.1
    assert matches(rr, paired, radius) == counts(rr, paired, radius)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_fewer_than_two_templates_match_nothing(n):
    assert matches(np.full(n, 800.0), np.ones(n, bool), 1.0) == (0, 0)


def test_rounding_of_the_edge_follows_the_difference():
    # In binary 0.3 - 0.2 < 0.1 and 0.1 + 0.2 > 0.3: the sum and the difference disagree.
    rr = np.array([0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.4, 0.2, 0.1, 0.3, 0.2, 0.1])
    paired = np.ones(len(rr), bool)
    assert matches(rr, paired, 0.1) == counts(rr, paired, 0.1)


def test_pairs_counted_by_hand():
    # Templates (1,2)3 (2,3)1 (3,1)2 (1,2)3 (2,3)9: two pairs are alike, one goes on alike.
    rr = 100 * np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 9.0])
    assert matches(rr, np.ones(7, bool), 1.0) == (4, 2)


@pytest.mark.parametrize("draw", ["normal", "uniform"])
def test_independent_intervals_have_their_known_entropy(draw):
    # Each further interval is alike with the chance p that two draws are: entropy -ln p.
    width = 0.2 / math.sqrt(12)
    chance = {"normal": math.erf(0.1), "uniform": 2 * width - width**2}
    rr = 800 + 40 * getattr(np.random.default_rng(4), draw)(size=20_000)
    assert sampen(everything(rr))[0] == pytest.approx(-math.log(chance[draw]), rel=0.01)


def test_templates_lie_inside_unbroken_runs():
    rng = np.random.default_rng(2)
    rr, segment, usable = rng.normal(800, 40, 300), np.arange(300) // 120, rng.random(300) > 0.05
    starts = [
        i
        for i in range(298)
        if usable[i : i + 3].all() and segment[i] == segment[i + 1] == segment[i + 2]
    ]
    radius = 0.2 * np.std(rr[usable], ddof=1)
    expected = math.log(alike(rr, starts, 2, radius) / alike(rr, starts, 3, radius))
    assert sampen(everything(rr, segment, usable))[0] == pytest.approx(expected, rel=1e-12)


def test_a_window_without_matches_or_variation_has_no_value():
    assert np.isnan(sampen(everything(np.full(50, 800.0)))[0])
    assert np.isnan(sampen(everything(np.full(50, 800.1)))[0])
    assert np.isnan(sampen(everything([700.0, 800.0]))[0])
    assert np.isnan(sampen(everything([600.0, 900.0, 700.0, 1000.0, 650.0]))[0])


def test_a_rhythm_that_repeats_is_never_surprising():
    assert sampen(everything(np.tile([700.0, 800.0, 900.0, 850.0], 60)))[0] == pytest.approx(
        0.0, abs=0.02
    )


def test_windows_at_every_beat_equal_each_alone_whatever_lies_outside():
    rng = np.random.default_rng(8)
    rr = np.round(800 + 60 * np.sin(np.arange(260) / 2) + rng.normal(0, 5, 260))
    usable = rng.random(260) > 0.03
    held = everything(rr, np.arange(260) // 90, usable)
    first = np.arange(0, 200)
    last = first + rng.integers(0, 60, 200)
    edges = np.zeros(200)
    every = sampen(replace(held, start=edges, end=edges, first=first, last=last))
    assert 0 < np.isnan(every).sum() < 100
    for j in range(200):
        # Outside the window everything is another length.
        inside = (np.arange(260) >= first[j]) & (np.arange(260) < last[j])
        other = everything(np.where(inside, rr, rr + 300), np.arange(260) // 90, usable)
        alone = replace(other, first=first[j : j + 1], last=last[j : j + 1])
        np.testing.assert_array_equal(sampen(alone), every[j : j + 1])


def test_no_windows_have_no_values():
    none = everything(np.full(9, 800.0)).take(np.empty(0, int))
    assert sampen(none).shape == (0,)


@given(st.floats(0.2, 3.0), st.floats(-200, 200))
@settings(max_examples=20, deadline=None)
def test_neither_level_nor_size_matters(factor, level):
    rr = np.random.default_rng(7).normal(0, 40, 250)
    one, other = everything(800 + rr), everything(1500 + level + factor * rr)
    assert sampen(one) == pytest.approx(sampen(other), rel=1e-9)


def test_neurokit_agrees_with_its_arguments_pinned():
    import neurokit2

    rr = np.random.default_rng(5).normal(800, 40, 600) + 60 * np.sin(np.arange(600) / 5)
    theirs, _ = neurokit2.entropy_sample(rr, dimension=2, tolerance=0.2 * np.std(rr, ddof=1))
    assert sampen(everything(rr))[0] == pytest.approx(theirs, rel=1e-12)


def annotations(path):
    """Return the ticks and types of a beat file in MIT format."""
    words, tick, found, place = np.frombuffer(path.read_bytes(), "<u2").tolist(), 0, [], 0
    while words[place] >> 10 or words[place] & 1023:
        kind, value = words[place] >> 10, words[place] & 1023
        if kind == 59:
            tick += (words[place + 1] << 16) + words[place + 2]
            place += 2
        elif kind < 50:
            tick += value
            found.append((tick, kind))
        place += 1 + ((value + 1) // 2 if kind == 63 else 0)
    return np.array(found).T


@real
@pytest.mark.parametrize("record", ["nsr001", "nsr004"])
def test_the_published_figures_of_the_physionet_toolbox(record):
    tick, kind = annotations(NSR / f"{record}.ecg")
    time = (tick - tick[0]) / 125.0
    rr = 1000 * np.diff(time)
    normal = (kind[1:] == 1) & (kind[:-1] == 1) & (rr > 300) & (rr < 1600)
    beats = Beats(time[1:][normal], rr[normal], np.zeros(normal.sum(), int))
    with (NSR / f"reference_{record}.csv").open() as file:
        reference = list(csv.DictReader(file))[:25]
    start = np.array([float(row["t_start"]) for row in reference])
    held = windows(beats, np.ones(len(beats), bool), start, start + 300)
    ours = sampen(held, tolerance=0.15)
    published = np.array([float(row["SampEn"]) for row in reference])
    theirs = []
    for first, last in zip(held.first, held.last, strict=True):
        part = beats.rr[first:last]
        n, radius = len(part), 0.15 * np.std(part, ddof=1)
        short, long = (alike(part, range(n - m + 1), m, radius) for m in (2, 3))
        theirs.append(math.log(short / (n - 1) / (n - 2) / (long / (n - 2) / (n - 3))))
    # The toolbox takes one more template of the shorter length; with that the figures are equal.
    # They are printed to five digits.
    assert np.median(np.abs(theirs - published)) < 5e-5
    assert np.median(np.abs(ours / published - 1)) < 0.005
