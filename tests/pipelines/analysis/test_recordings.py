"""Real recordings against published figures and plain re-implementations."""

import bisect
import itertools
import json
import math
import struct

import numpy as np
import pytest

from physio import labels, quality
from physio.reasons import Reason, ReasonCode
from physio.windows import windows
from pipelines.analysis.offline import analyse, beats_of, summary
from pipelines.formats import read
from pipelines.session.blocks import one_by_one
from pipelines.session.events import Packet
from tests.pipelines.intervals import numbers
from tests.recordings import DATA, real

GAPLESS = {
    "polar_h10_dhyb/sample_data_ibi.csv": "rr",
    "elite_hrv_txt/2017-06-29 13-11-53.txt": "rr",
    "selfloops_txt/20170804001r.txt": "20170804001r/rr",
    "selfloops_txt/20170808002e.txt": "20170808002e/rr",
    "pyhrv_nni/SampleNNISeriesShort.npy": "Short",
    "pyhrv_nni/SampleNNISeriesLong.npy": "Long",
    "hrv_rhenanbartels/rest_rri.txt": "rest_rri.txt",
    "hrv_rhenanbartels/exercise_rri.hrm": "exercise_rri.hrm",
    "hrv_rhenanbartels/noisy_rri.hrm": "noisy_rri.hrm",
    "hrv_rhenanbartels/08012805.txt": "08012805.txt",
    "wearable_hrv_multidevice/test_vu.txt": "vu",
}
BROKEN = {
    "rhrvbook_rr/nsr020_3h.txt": "normal|nsr020",
    "rhrvbook_rr/chf205_3h.txt": "chf|chf205",
    "empatica_ibi/IBI.csv": "rr",
    "wearable_hrv_multidevice/test_heartmath.csv": "heartmath",
    "wearable_hrv_multidevice/test_kyto.csv": "kyto",
    "wearable_hrv_multidevice/test_rhythm.csv": "rhythm",
}
QUICK = {
    "polar_h10_dhyb/sample_data_ibi.csv",
    "elite_hrv_txt/2017-06-29 13-11-53.txt",
    "empatica_ibi/IBI.csv",
    "wearable_hrv_multidevice/test_kyto.csv",
}
"""One of each kind that is short; the others are in the long tests."""


def each(files):
    return [pytest.param(file, marks=[] if file in QUICK else [pytest.mark.long]) for file in files]


def sanity(file, keys):
    values = json.loads((DATA / file).parent.joinpath("sanity.json").read_text())
    for key in keys.split("/"):
        values = values[key.replace("|", "/")]
    return values


def written_intervals(recording):
    events = one_by_one(recording.events)
    data = b"".join(event.data for event in events if isinstance(event, Packet))
    return struct.unpack(f"<{len(data) // 8}d", data)


def plain(segments):
    """Time domain of lists of (interval, usable), in plain Python."""
    used = [rr for segment in segments for rr, usable in segment if usable]
    differences = [
        after - before
        for segment in segments
        for (before, first), (after, second) in itertools.pairwise(segment)
        if first and second
    ]
    mean = math.fsum(used) / len(used)
    centre = math.fsum(differences) / len(differences)
    rmssd = math.sqrt(math.fsum(d * d for d in differences) / len(differences))

    def above(limit):
        return 100 * sum(abs(d) > limit for d in differences) / len(differences)

    return {
        "mean_rr": mean,
        "mean_hr": 60000 / mean,
        "sdnn": math.sqrt(math.fsum((rr - mean) ** 2 for rr in used) / (len(used) - 1)),
        "rmssd": rmssd,
        "ln_rmssd": math.log(rmssd),
        "sdsd": math.sqrt(
            math.fsum((d - centre) ** 2 for d in differences) / (len(differences) - 1)
        ),
        "pnn50": above(50),
        "pnn20": above(20),
    }


def plain_segments(found):
    """Intervals of each segment with whether labels leave them usable, in plain Python."""
    segments = {}
    rows = zip(found.beats.segment.tolist(), found.beats.rr.tolist(), strict=True)
    for place, (segment, rr) in enumerate(rows):
        label = 0 if found.labels is None else int(found.labels[place])
        before = segments.setdefault(segment, [])
        if label == labels.Label.ECTOPIC and before:
            before[-1] = (before[-1][0], False)
        before.append((rr, label == 0))
    return list(segments.values())


@real
@pytest.mark.parametrize("file", each(GAPLESS))
def test_without_gaps_the_published_figures_come_out_to_their_digits(file):
    expected = sanity(file, GAPLESS[file])
    (result,) = analyse(read(DATA / file).events, labels=False)
    values = numbers(result)
    assert result.quality.gaps == ()
    assert result.quality.beats == expected["n"]
    assert round(values["mean_rr"], 3) == expected["mean_rr"]
    assert round(values["mean_hr"], 3) == expected["mean_hr_60000_over_mean_rr"]
    assert round(values["sdnn"], 3) == expected["sdnn_ddof1"]
    assert round(values["rmssd"], 3) == expected["rmssd"]
    assert round(values["pnn50"], 3) == expected["pnn50"]


@real
@pytest.mark.parametrize("file", each(BROKEN))
def test_with_gaps_values_are_those_inside_segments(file):
    bridged = sanity(file, BROKEN[file])
    recording = read(DATA / file)
    (found,) = beats_of(recording.events, labels=False)
    result = summary(found)
    values = numbers(result)
    for name, value in plain_whole(found).items():
        assert values[name] == pytest.approx(value, rel=1e-9), name
    every = plain(plain_segments(found))
    for name in ("sdnn", "rmssd"):
        assert result.measures[name].as_written == pytest.approx(every[name], rel=1e-9)
    assert result.quality.beats == bridged["n"] == found.received
    assert round(values["rmssd"], 3) != bridged["rmssd"]


@real
@pytest.mark.parametrize(
    "file", [pytest.param("nsr020_3h.txt", marks=pytest.mark.long), "chf205_3h.txt"]
)
def test_gaps_written_as_intervals_are_found_by_their_length_alone(file):
    recording = read(DATA / "rhrvbook_rr" / file)
    written = written_intervals(recording)
    segments, total = [[]], 0.0
    for rr in written:
        total += rr / 1000
        if rr > 3000:
            segments.append([])
        else:
            segments[-1].append((rr, True))
    (result,) = analyse(recording.events, labels=False)
    every = plain([segment for segment in segments if segment])
    for name in ("sdnn", "rmssd"):
        assert result.measures[name].as_written == pytest.approx(every[name], rel=1e-9)
    runs = itertools.groupby(written, key=lambda rr: rr > 3000)
    assert result.quality.gaps_total == sum(long for long, _ in runs)
    missing = sum(rr for rr in written if rr > 3000) / 1000
    (found,) = beats_of(recording.events, labels=False)
    told = sum(gap.end - gap.start for gap in found.gaps)
    assert told == pytest.approx(missing, abs=1e-6)
    assert result.quality.duration_s == pytest.approx(total, abs=1e-6)


@real
@pytest.mark.long
def test_the_bridged_rmssd_of_a_recording_with_gaps_does_not_appear():
    (result,) = analyse(read(DATA / "rhrvbook_rr/nsr020_3h.txt").events, labels=False)
    assert result.measures["rmssd"].as_written == pytest.approx(22.6, abs=0.05)
    assert result.quality.beats == 18591


@real
def test_gaps_written_as_times_are_found_where_the_times_step():
    rows = (DATA / "empatica_ibi/IBI.csv").read_text().splitlines()[1:]
    times, rr = zip(
        *((float(t), 1000 * float(i)) for t, i in (r.split(",") for r in rows)), strict=True
    )
    lost = [
        (after - before) - length / 1000
        for before, after, length in zip(times, times[1:], rr[1:], strict=False)
    ]
    events = read(DATA / "empatica_ibi/IBI.csv").events
    (result,), (found,) = analyse(events), beats_of(events)
    told = sum(gap.end - gap.start for gap in found.gaps)
    assert {gap.cause for gap in found.gaps} == {"interval missing"}
    assert told == pytest.approx(math.fsum(lost), rel=0.005)
    assert result.quality.coverage_percent == pytest.approx(61, abs=1)
    assert result.quality.verdict == "limited"


@real
@pytest.mark.parametrize("file", each([*GAPLESS, *BROKEN]))
def test_with_labels_values_leave_out_what_the_labels_mark(file):
    (found,) = beats_of(read(DATA / file).events)
    result = summary(found)
    values = numbers(result)
    for name, value in plain_whole(found).items():
        assert values[name] == pytest.approx(value, rel=1e-9), name
    share = 100 * sum(int(label) != 0 for label in found.labels) / len(found.beats)
    assert result.quality.corrected_percent == pytest.approx(share, rel=1e-12)


@real
def test_what_cannot_be_read_moves_no_value_of_the_rest():
    (found,) = beats_of(read(DATA / "rhrvbook_rr/chf205_3h.txt").events)
    rmssd = summary(found).measures["rmssd"]
    minutes = [window.measures["rmssd"].value for window in summary(found, window=60).windows]
    readable = sorted(value for value in minutes if value is not None)
    median = readable[len(readable) // 2]
    assert median == pytest.approx(14.4, abs=0.5)
    # Pooled squares lie above the median of minutes.
    assert median <= rmssd.value <= 1.3 * median
    assert rmssd.low < rmssd.value < rmssd.high <= 1.3 * median
    assert rmssd.as_written > 100.0
    assert 65.0 < rmssd.share_percent < 85.0


@real
def test_slow_breathing_is_found():
    (result,) = analyse(read(DATA / "polar_h10_dhyb/sample_data_ibi.csv").events)
    assert 3.6 <= numbers(result)["breathing_rate"] <= 4.2
    assert result.breathing_in_hf_band is False
    assert result.quality.verdict == "good"


@real
@pytest.mark.parametrize(("use_labels", "rate"), [(True, 80.4), (False, 79.9)])
def test_a_rhythm_too_irregular_is_not_interpreted(use_labels, rate):
    # Where the rhythm goes in pairs, some pauses are twice the median and pass for missed beats.
    (result,) = analyse(read(DATA / "polar_h10_ecg_pvc/polar_h10.csv").events, labels=use_labels)
    values = numbers(result)
    assert result.quality.verdict == "none"
    assert result.quality.reason == Reason(ReasonCode.TOO_IRREGULAR)
    assert values.pop("mean_hr") == pytest.approx(rate, abs=0.4)
    assert values.pop("mean_rr") is not None
    assert set(values.values()) == {None}
    assert {result.measures[name].reason for name in values} == {Reason(ReasonCode.TOO_IRREGULAR)}


@real
@pytest.mark.parametrize("sliding", [None, 15.0])
def test_each_window_is_measured_as_if_it_stood_alone(sliding):
    (found,) = beats_of(read(DATA / "wearable_hrv_multidevice/test_kyto.csv").events)
    result = summary(found, window=120.0, sliding=sliding)
    start, end = found.span
    assert len(result.windows) == int((end - start - 120) // (sliding or 120)) + 1
    compared = 0
    for window in result.windows:
        inside = (found.beats.time > window.start_s) & (found.beats.time <= window.end_s)
        assert window.end_s - window.start_s == pytest.approx(120)
        assert window.end_s <= end + 1e-6
        part = plain_part(found, inside)
        for name, value in part.items():
            given = window.measures[name].value
            if given is None:
                assert window.measures[name].reason
            else:
                compared += 1
                assert given == pytest.approx(value, rel=1e-9), name
    assert compared > 50


def plain_whole(found):
    """Time domain of what is readable: heart rate by windows of 10 s, the rest by minutes."""
    heart = plain(plain_kept(found, plain_readable(found, 10.0, "withhold_all")))
    rest = plain(plain_kept(found, plain_readable(found, 60.0, "withhold_hrv")))
    return {name: (heart if name in ("mean_rr", "mean_hr") else rest)[name] for name in rest}


def plain_readable(found, length, rule):
    """Whether half of the windows that hold each beat, four for each length, are not withheld."""
    beats = found.beats
    begin, last = float(beats.start[0]), float(beats.time[-1])
    length, ends = min(length, last - begin), []
    while begin + length + len(ends) * length / 4 < last:
        ends.append(begin + length + len(ends) * length / 4)
    ends.append(last)
    starts = [end - length for end in ends]
    usable = labels.usable(
        np.zeros(len(beats), np.int8) if found.labels is None else found.labels, beats.segment
    )
    held = windows(beats, usable, starts, ends)
    judged = [getattr(one, rule) is None for one in quality.of(held, found.labels)]
    kept = []
    for time in beats.time.tolist():
        holding = range(bisect.bisect_left(ends, time), bisect.bisect_left(starts, time))
        kept.append(2 * sum(judged[k] for k in holding) >= len(holding))
    return kept


def plain_kept(found, kept):
    """The segments of `plain_segments`, cut wherever something was not kept."""
    segments, place = [], 0
    for segment in plain_segments(found):
        segments.append([])
        for pair in segment:
            if kept[place]:
                segments[-1].append(pair)
            elif segments[-1]:
                segments.append([])
            place += 1
    return segments


def plain_part(found, inside):
    """Time domain of the intervals `inside` a window; labels are those of the whole recording."""
    try:
        return plain(plain_kept(found, inside.tolist()))
    except (ZeroDivisionError, ValueError):
        return {}
