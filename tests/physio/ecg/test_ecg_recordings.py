"""What the checks of `proof.validation` leave out of recorded ECGs.

Annotated beats, peers, the strap's intervals and measured respiration are checks there.
"""

import numpy as np
import pytest

from physio.ecg import ecg_breathing
from physio.windows import windows
from proof.validation.given.recordings import breathed, ecg
from tests.physio.ecg.heard import heard
from tests.recordings import DATA, real

pytestmark = real


@pytest.mark.parametrize(("name", "count"), [("bad_500", 55), ("ecg_1000hz", 50)])
def test_recordings_without_annotations(name, count):
    """The beats that sleepecg finds too, all of them; intervals as even as a heart's are."""
    record = ecg(DATA, name)
    found = heard(record.signal, record.rate)
    rr = np.diff(found.peaks.time)
    assert len(found.peaks) == count
    assert found.readable.all()
    assert np.all(np.abs(rr / np.median(rr) - 1.0) < 0.45)


def test_a_clean_recording_is_readable():
    record = ecg(DATA, "mitdb100")
    found = heard(record.signal, record.rate)
    assert np.mean(found.readable) > 0.99
    assert found.reason is None


def test_noise_is_said_to_be_unreadable():
    readable = []
    for name in ("118e24", "118e06"):
        record = ecg(DATA, name)
        readable.append(np.mean(heard(record.signal, record.rate).readable))
    assert readable[0] == 1.0
    assert readable[1] < 0.5


def test_breathing_of_a_recording_is_that_of_its_windows():
    record = breathed(DATA, "bio_resting_5min_100hz")
    found = heard(record.signal, record.rate)
    beats, ends = found.intervals
    signals = found.breath_signals(ends)
    begin = np.arange(0.0, 240.0, 7.5)
    cut = windows(beats, np.ones(len(beats), bool), begin, begin + 60.0)
    together = ecg_breathing(cut, signals)
    alone = [ecg_breathing(cut.take(np.array([k])), signals).rate[0] for k in range(len(begin))]
    assert np.allclose(together.rate, alone, rtol=1e-9, equal_nan=True)
