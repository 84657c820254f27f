"""Real recordings: what each file holds, and which files are refused."""

import json
import struct

import numpy as np
import pytest

from pipelines.formats import FormatError, read
from pipelines.session.blocks import one_by_one
from pipelines.session.events import Packet, WallClock
from tests.recordings import DATA, real

pytestmark = real

FILES = {
    "polar_h10_dhyb/sample_data_ibi.csv": ("table of intervals", "rr"),
    "polar_h10_ecg_pvc/polar_h10.csv": ("table of intervals", "rr"),
    "elite_hrv_txt/2017-06-29 13-11-53.txt": ("Elite HRV", "rr"),
    "selfloops_txt/20170804001r.txt": ("SelfLoops", "20170804001r/rr"),
    "selfloops_txt/20170808002e.txt": ("SelfLoops", "20170808002e/rr"),
    "pyhrv_nni/SampleNNISeriesShort.npy": ("NumPy array", "Short"),
    "pyhrv_nni/SampleNNISeriesLong.npy": ("NumPy array", "Long"),
    "hrv_rhenanbartels/rest_rri.txt": ("plain intervals", "rest_rri.txt"),
    "hrv_rhenanbartels/exercise_rri.hrm": ("Polar HRM", "exercise_rri.hrm"),
    "hrv_rhenanbartels/noisy_rri.hrm": ("Polar HRM", "noisy_rri.hrm"),
    "hrv_rhenanbartels/08012805.txt": ("plain intervals", "08012805.txt"),
    "hrv_rhenanbartels/real_rri.txt": ("plain intervals", "real_rri.txt"),
    "vollmer_hrm_raw/14121501.hrm": ("Polar HRM", "14121501.hrm"),
    "wearable_hrv_multidevice/test_vu.txt": ("VU-AMS", "vu"),
    "wearable_hrv_multidevice/test_heartmath.csv": ("HRV Logger", "heartmath"),
    "wearable_hrv_multidevice/test_kyto.csv": ("HRV Logger", "kyto"),
    "wearable_hrv_multidevice/test_rhythm.csv": ("HRV Logger", "rhythm"),
    "wearable_hrv_multidevice/test_empatica.csv": ("table of intervals", "empatica"),
    "rhrvbook_rr/nsr020_3h.txt": ("plain intervals", "normal|nsr020"),
    "rhrvbook_rr/chf205_3h.txt": ("plain intervals", "chf|chf205"),
    "empatica_ibi/IBI.csv": ("Empatica IBI", "rr"),
}

PASSED_OVER = {"hrv_rhenanbartels/real_rri.txt": 1}
"""Values of 0, which stand for no interval."""


def sanity(file, keys):
    values = json.loads((DATA / file).parent.joinpath("sanity.json").read_text())
    for key in keys.split("/"):
        values = values[key.replace("|", "/")]
    return values


@pytest.mark.parametrize("file", FILES)
def test_a_real_file_gives_as_many_intervals_of_the_same_length(file):
    name, keys = FILES[file]
    expected = sanity(file, keys)
    recording = read(DATA / file)
    packets = [event for event in one_by_one(recording.events) if isinstance(event, Packet)]
    # NaN stands for an interval that is missing: beat times tell of holes.
    rr = [value for one in packets if (value := struct.unpack("<d", one.data)[0]) == value]
    times = np.array([packet.time for packet in packets])
    assert recording.format == name
    passed_over = PASSED_OVER.get(file, 0)
    assert recording.intervals == len(rr) == expected["n"] - passed_over
    assert round(sum(rr) / 1000, 1) == expected["dur_s"]
    assert round(0.0 if passed_over else min(rr), 1) == expected["min"]
    assert round(max(rr), 1) == expected["max"]
    assert (np.diff(times, prepend=0.0) >= 0).all()


@pytest.mark.parametrize(
    ("file", "started", "wall"),
    [
        ("elite_hrv_txt/2017-06-29 13-11-53.txt", "2017-06-29T13:11:53", None),
        ("selfloops_txt/20170804001r.txt", "2017-08-04T12:53:19", None),
        ("hrv_rhenanbartels/exercise_rri.hrm", "2008-02-08T08:50:31", None),
        ("wearable_hrv_multidevice/test_vu.txt", "2023-06-30T14:08:59.580000", None),
        (
            "wearable_hrv_multidevice/test_kyto.csv",
            "2023-06-30T11:59:47.235+00:00",
            1688126387.907 - 0.672,
        ),
        (
            "empatica_ibi/IBI.csv",
            "2019-06-11T19:05:07.894+00:00",
            1560279825 + 83.503822 - 0.609403,
        ),
    ],
)
def test_a_real_file_tells_when_it_began(file, started, wall):
    recording = read(DATA / file)
    clocks = [event.wall for event in recording.events if isinstance(event, WallClock)]
    assert recording.started == started
    assert clocks == ([] if wall is None else [pytest.approx(wall, abs=1e-3)])


def test_the_same_hour_is_told_by_a_strap_and_by_the_reference_beside_it():
    times = {}
    for device in ("kyto", "empatica"):
        recording = read(DATA / f"wearable_hrv_multidevice/test_{device}.csv")
        times[device] = next(e.wall for e in recording.events if isinstance(e, WallClock))
    assert 0 < times["kyto"] - times["empatica"] < 3600


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("empatica_ibi/HR.csv", "5000 of 5000 values lie outside.*heart rate"),
        ("empatica_ibi/tags.csv", "file is empty"),
        ("empatica_ibi/info.txt", "line 1 holds no number"),
        ("wearable_hrv_multidevice/test_events.csv", "no number"),
        ("wearable_hrv_multidevice/P01.csv", "no number"),
        ("vollmer_hrm_raw/raw_tab.csv", "no number"),
        ("vollmer_hrm_raw/annotation.csv", "run forward"),
        ("pyhrv_nni/SampleECG.txt", "cannot be told apart"),
        ("pyhrv_nni/SampleExport.json", "it is JSON"),
        ("polar_h10_ecg_pvc/polar_h10.RData", "no text"),
        ("fit_hrv/sample-activity-indoor-trainer.fit", "it holds no intervals"),
        ("mitdb100_wfdb/100.dat", "name its header"),
        ("nstdb118_heartpy/118e06.csv", "43200 of 43200 values lie outside"),
        ("polar_verity_psl_txt/Polar_Sense_HR.txt", "no number"),
        ("physio_toolbox_ecg_airflow/resp3_belt_100hz.npz", "it has no ECG"),
    ],
)
def test_a_file_without_intervals_is_refused_in_one_sentence(file, pattern):
    with pytest.raises(FormatError, match=pattern) as caught:
        read(DATA / file)
    assert str(caught.value).startswith(f"{DATA / file}: ")
    assert "\n" not in str(caught.value)


def test_every_other_file_is_read_or_refused():
    for path in sorted(DATA.rglob("*")):
        try:
            assert read(path).intervals > 0
        except FormatError as error:
            assert error.hint  # noqa: PT017 - either outcome is right
