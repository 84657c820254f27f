"""Fragmentation: hand-counted series, a plain loop, and the known difference to NeuroKit2."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv.fragmentation import fragmentation, ials, pas, pip, pss
from physio.windows import windows
from tests.physio.hrv.one_window import everything


def walk(steps):
    return 800.0 + np.cumsum([0, *steps])


def values(held):
    return [float(measure(held)[0]) for measure in (pip, ials, pss, pas)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([5, 5, 5, -5, -5, -5], [20, 2 / 6, 0, 0]),
        ([5, -5, 5, -5, 5], [100, 1, 100, 100]),
        ([5, 5, -5, 5, -5, 5, -5, -5], [500 / 7, 6 / 8, 100, 50]),
        ([5, -5, 5], [100, 1, 100, 0]),
        # A difference of 0 is an inflection on either side and in no segment.
        ([5, 5, 5, 0, 5, 5, 5], [200 / 6, 2 / 6, 100 / 7, 0]),
        ([5, -5, 0, 5, -5], [100, 1, 100, 0]),
    ],
)
def test_hand_counted_series(steps, expected):
    assert values(everything(walk(steps))) == pytest.approx(expected)


def plain(runs):
    """Count segment by segment, sign by sign."""
    places = turns = differences = moving = number = long = alternating = 0
    for rr in runs:
        sign = [int(np.sign(b - a)) for a, b in pairwise(rr)]
        places += max(len(sign) - 1, 0)
        turns += sum(a * b <= 0 for a, b in pairwise(sign))
        differences += len(sign)
        pieces = []
        for k, s in enumerate(sign):
            if k and s * sign[k - 1] > 0:
                pieces[-1][1] += 1
            else:
                pieces.append([s, 1])
        moving += sum(n for s, n in pieces if s)
        number += sum(1 for s, n in pieces if s)
        long += sum(n for s, n in pieces if s and n >= 3)
        chain = 0
        for s, n in [*pieces, [0, 0]]:
            if s and n == 1:
                chain += 1
            else:
                alternating += chain if chain >= 4 else 0
                chain = 0
    return places, turns, differences, moving, number, long, alternating


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_counts_of_every_window_equal_a_plain_loop(seed):
    rng = np.random.default_rng(seed)
    rr = 800 + rng.integers(-2, 3, 120) * 8.0
    segment, usable = np.cumsum(rng.random(120) < 0.05), rng.random(120) > 0.05
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    start = rng.uniform(0, 90, 7)
    held = windows(beats, usable, start, start + 25)
    found = fragmentation(held)
    counts = np.array([getattr(found, name) for name in found.__slots__])
    for j in range(7):
        runs, last = [], None
        for i in range(held.first[j], held.last[j]):
            if not usable[i]:
                last = None
            elif last is not None and segment[i] == segment[last]:
                runs[-1].append(rr[i])
                last = i
            else:
                runs.append([rr[i]])
                last = i
        assert tuple(counts[:, j]) == plain(runs)


def test_too_few_beats_have_no_value():
    assert np.isnan(values(everything([800.0]))).all()
    assert np.isnan(pip(everything([800.0, 810.0]))[0])
    assert np.isnan(ials(everything([800.0, 800.0, 800.0]))[0])


@given(st.floats(0.3, 2.0), st.floats(-100, 100))
@settings(max_examples=20, deadline=None)
def test_neither_level_nor_size_matters(factor, level):
    rr = np.random.default_rng(7).integers(-40, 40, 250)
    one, other = everything(800.0 + rr), everything(1500 + np.round(factor, 3) * rr)
    assert values(one) == pytest.approx(values(other))


def test_neurokit_agrees_on_the_share_of_sign_changes_and_their_mean_distance():
    import neurokit2

    rr = np.random.default_rng(2).normal(900, 40, 400)
    theirs = neurokit2.hrv_nonlinear({"RRI": rr, "RRI_Time": np.cumsum(rr) / 1000})
    # It divides the 398 places by the 400 intervals; its PSS and PAS count segments.
    assert pip(everything(rr))[0] / 100 * 398 / 400 == pytest.approx(theirs["HRV_PIP"][0])
    assert ials(everything(rr))[0] == pytest.approx(theirs["HRV_IALS"][0])
