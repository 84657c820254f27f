"""Rest that wanders, drifts and loses beats holds what it says."""

import numpy as np
import pytest

from physio.labels import Label
from proof.validation.made import beats as synthetic
from proof.validation.made import unsteady


def even(count=8000, mean_rr=900.0):
    return synthetic.from_intervals(np.full(count, mean_rr))


def test_a_slow_part_has_its_deviation_and_is_forgotten_in_half_a_minute():
    slow = np.concatenate([unsteady.wandering(even(), seed).rr - 900.0 for seed in range(8)])
    assert slow.std() == pytest.approx(20.0, rel=0.05)
    assert np.corrcoef(slow[33:], slow[:-33])[0, 1] == pytest.approx(0.97**33, abs=0.08)


def test_a_drift_has_its_deviation_and_as_much_in_every_octave():
    drifts = [unsteady.drifting(even(8192), seed).rr - 900.0 for seed in range(24)]
    assert np.mean([drift.var() for drift in drifts]) == pytest.approx(900.0, rel=0.1)
    power = np.mean([np.abs(np.fft.rfft(drift)) ** 2 for drift in drifts], axis=0)
    frequency = np.fft.rfftfreq(8192, 0.9)
    octaves = [
        power[(frequency >= low) & (frequency < 2 * low)].sum() for low in (0.002, 0.004, 0.008)
    ]
    assert max(octaves) / min(octaves) < 1.4
    assert power[frequency > 0.041].max() < 1e-12 * power.max()


@pytest.mark.parametrize("run", [1, 5])
def test_a_tenth_is_lost_half_of_it_labelled(run):
    rest = even(40_000)
    left, label = unsteady.with_loss(rest, 0, share=0.1, run=run)
    missing = 1.0 - len(left) / len(rest)
    labelled = np.mean(label == int(Label.LONG)) * len(left) / len(rest)
    assert missing == pytest.approx(0.05, abs=0.01)
    assert labelled == pytest.approx(0.05, abs=0.01)
    assert len(label) == len(left)
    broken = np.diff(left.segment) > 0
    assert np.array_equal(broken, np.diff(left.time) > 0.9 + 1e-6)
