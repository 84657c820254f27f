"""The offline path against published figures and plain re-implementations."""

import itertools
import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.heart_rate import HeartRate, encode
from physio import labels
from physio.beats import Beats
from physio.measures import MEASURES
from physio.time import clock
from pipelines.analyse import (
    analyse,
    baseline_of,
    baselines_of,
    beats_of,
    quality_of,
    summary,
    windows_of,
)
from pipelines.decode import START, decode
from pipelines.events import Baseline, Link, Mark, Pace, Packet, Phase, Source, WallClock
from pipelines.formats import read
from pipelines.result import encode as line_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
real = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real recordings (../shared/data) are not there"
)

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
    "hrv_rhenanbartels/real_rri.txt": "real_rri.txt",
}


def sanity(file, keys):
    values = json.loads((DATA / file).parent.joinpath("sanity.json").read_text())
    for key in keys.split("/"):
        values = values[key.replace("|", "/")]
    return values


def numbers(result):
    return {name: measure.value for name, measure in result.measures.items()}


def written_intervals(recording):
    data = b"".join(event.data for event in recording.events if isinstance(event, Packet))
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


def intervals(rr, *, times=None, source=0):
    times = np.cumsum(rr) / 1000 if times is None else times
    return [
        Packet(float(time), source, "intervals", struct.pack("<d", value))
        for time, value in zip(times, rr, strict=True)
    ]


def rest(count=400, *, seed=1):
    rng = np.random.default_rng(seed)
    place = np.arange(count)
    return 900 + 40 * np.sin(2 * np.pi * place * 0.9 / 4.5) + rng.normal(0, 8, count)


@real
@pytest.mark.parametrize("file", GAPLESS)
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
@pytest.mark.parametrize("file", BROKEN)
def test_with_gaps_values_are_those_inside_segments(file):
    bridged = sanity(file, BROKEN[file])
    recording = read(DATA / file)
    (found,) = beats_of(recording.events, labels=False)
    result = summary(found)
    expected = plain(plain_segments(found))
    values = numbers(result)
    for name, value in expected.items():
        assert values[name] == pytest.approx(value, rel=1e-9), name
    assert result.quality.beats == bridged["n"] == found.received
    assert round(values["rmssd"], 3) != bridged["rmssd"]
    assert result.quality.gaps


@real
@pytest.mark.parametrize("file", ["nsr020_3h.txt", "chf205_3h.txt"])
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
    values = numbers(result)
    for name, value in plain([segment for segment in segments if segment]).items():
        assert values[name] == pytest.approx(value, rel=1e-9), name
    runs = itertools.groupby(written, key=lambda rr: rr > 3000)
    assert len(result.quality.gaps) == sum(long for long, _ in runs)
    missing = sum(rr for rr in written if rr > 3000) / 1000
    told = sum(gap.end_s - gap.start_s for gap in result.quality.gaps)
    assert told == pytest.approx(missing, abs=1e-6)
    assert result.quality.duration_s == pytest.approx(total, abs=1e-6)


@real
def test_the_bridged_rmssd_of_a_recording_with_gaps_does_not_appear():
    (result,) = analyse(read(DATA / "rhrvbook_rr/nsr020_3h.txt").events, labels=False)
    assert numbers(result)["rmssd"] == pytest.approx(22.6, abs=0.05)
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
    (result,) = analyse(read(DATA / "empatica_ibi/IBI.csv").events)
    told = sum(gap.end_s - gap.start_s for gap in result.quality.gaps)
    assert {gap.cause for gap in result.quality.gaps} == {"packets lost"}
    assert told == pytest.approx(math.fsum(lost), rel=0.005)
    assert result.quality.coverage_percent == pytest.approx(61, abs=1)
    assert result.quality.verdict == "limited"


@real
@pytest.mark.parametrize("file", [*GAPLESS, *BROKEN])
def test_with_labels_values_leave_out_what_the_labels_mark(file):
    (found,) = beats_of(read(DATA / file).events)
    result = summary(found)
    values = numbers(result)
    for name, value in plain(plain_segments(found)).items():
        assert values[name] == pytest.approx(value, rel=1e-9), name
    share = 100 * sum(int(label) != 0 for label in found.labels) / len(found.beats)
    assert result.quality.corrected_percent == pytest.approx(share, rel=1e-12)


@real
def test_slow_breathing_is_found():
    (result,) = analyse(read(DATA / "polar_h10_dhyb/sample_data_ibi.csv").events)
    assert 3.6 <= numbers(result)["breathing_rate"] <= 4.2
    assert result.breathing_in_hf_band is False
    assert result.quality.verdict == "good"


@real
@pytest.mark.parametrize("use_labels", [True, False])
def test_a_rhythm_too_irregular_is_not_interpreted(use_labels):
    (result,) = analyse(read(DATA / "polar_h10_ecg_pvc/polar_h10.csv").events, labels=use_labels)
    values = numbers(result)
    assert result.quality.verdict == "none"
    assert result.quality.reason == "rhythm too irregular for HRV"
    assert values.pop("mean_hr") == pytest.approx(79.9, abs=0.4)
    assert values.pop("mean_rr") is not None
    assert set(values.values()) == {None}
    assert {result.measures[name].reason for name in values} == {"rhythm too irregular for HRV"}


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


def plain_part(found, inside):
    """Time domain of the intervals `inside` a window; labels are those of the whole recording."""
    segments = plain_segments(found)
    flat = [(number, *pair) for number, segment in enumerate(segments) for pair in segment]
    kept = {}
    for (number, rr, usable), within in zip(flat, inside.tolist(), strict=True):
        if within:
            kept.setdefault(number, []).append((rr, usable))
    try:
        return plain(list(kept.values()))
    except (ZeroDivisionError, ValueError):
        return {}


def test_windows_lie_inside_the_recording():
    assert windows_of((10.0, 310.0), 60.0, None) == [
        (10.0 + 60 * k, 70.0 + 60 * k) for k in range(5)
    ]
    assert windows_of((0.0, 90.0), 60.0, 15.0) == [(0.0, 60.0), (15.0, 75.0), (30.0, 90.0)]
    assert windows_of((0.0, 90.0), None, 30.0) == [(0.0, 60.0), (30.0, 90.0)]
    assert windows_of((0.0, 59.0), 60.0, None) == []
    assert windows_of((0.0, 90.0), None, None) == []


@pytest.mark.parametrize(
    ("window", "sliding"),
    [(0, None), (-60, None), (60, 0), (math.nan, None), (60, math.inf), (1, 1e-4)],
)
def test_windows_without_sense_are_refused(window, sliding):
    with pytest.raises(ValueError, match="windows") as caught:
        windows_of((0.0, 600.0), window, sliding)
    assert "\n" not in str(caught.value)


def test_sources_are_measured_apart_and_named_by_their_role():
    events = [
        Source(0.0, 2, "therapist", "b"),
        Source(0.0, 1, "client", "a"),
        Source(0.0, 5, "member 5", "c"),
        *sorted(
            intervals(rest(), source=1) + intervals(rest(seed=2) - 200, source=2),
            key=lambda packet: packet.time,
        ),
    ]
    client, therapist, member = analyse(events)
    assert [client.source, therapist.source, member.source] == ["client", "therapist", "member 5"]
    alone = analyse([Source(0.0, 1, "client", "a"), *intervals(rest(), source=1)])
    assert alone == (client,)
    assert numbers(therapist)["mean_rr"] == pytest.approx(700, abs=5)
    assert member.quality.beats == 0
    assert member.quality.verdict == "none"
    assert all(measure.value is None and measure.reason for measure in member.measures.values())


def test_an_empty_log_has_no_results():
    assert analyse([]) == ()
    assert analyse([Mark(1.0, "alone")]) == ()


def test_beats_count_what_arrived_and_not_what_is_believed():
    rr = [5000.0, *rest(100), 0.0, -3.0, *rest(100), 4000.0]
    passing = np.cumsum(np.maximum(rr, 0)) / 1000
    (result,) = analyse(intervals(rr, times=passing))
    assert result.quality.beats == len(rr)
    assert [gap.cause for gap in result.quality.gaps] == [
        "interval above 3 s", "interval not above 0", "interval above 3 s",
    ]  # fmt: skip
    assert result.quality.gaps[0].start_s == 0.0
    assert result.quality.duration_s == pytest.approx(passing[-1])
    assert result.time_s == pytest.approx(result.quality.duration_s)


def ticks(time, *values):
    return Packet(time, 0, "heart_rate", encode(HeartRate(60, True, None, values)))


def session(minutes=6):
    """A strap's session with a lost link, a pause, a suspend and packets delivered twice."""
    events = [WallClock(0.0, 1.7e9), Source(0.0, 0, "client", "strap")]
    rr = np.round(rest(70 * minutes) * 1.024).astype(int)
    times = np.cumsum(rr) / 1024
    for place, (time, value) in enumerate(zip(times.tolist(), rr.tolist(), strict=True)):
        if place == 109:
            events.append(Link(time, 0, "signal lost, reconnecting"))
        if not 100 <= place < 110:
            events += [ticks(time, value)] * (2 if place % 17 == 0 else 1)
        if place == 200:
            events += [Phase(time, "paused"), Phase(time, "session")]
        if place == 300:
            events.append(WallClock(time, 1.7e9 + time + 30, 30.0))
    return events


def test_what_the_log_tells_of_breaks_is_a_gap():
    events = session()
    (result,) = analyse(events)
    assert [gap.cause for gap in result.quality.gaps] == [
        "link lost",
        "paused",
        "computer suspended",
    ]
    (found,) = beats_of(events)
    assert result.quality.beats == 70 * 6 - 10
    assert found.received == result.quality.beats == decode(START, events)[0].sources[0].received
    assert len(np.unique(found.beats.segment)) == 4


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=8))
def test_any_cutting_of_a_log_gives_the_same_beats_and_result(cuts):
    events = session()
    state, ticking, labelling = START, clock.START, labels.START
    parts, marked = [], []
    edges = [0, *sorted(cuts), len(events)]
    for start, end in itertools.pairwise(edges):
        state, raw = decode(state, events[start:end])
        for chunk in raw.values():
            ticking, settled = clock.advance(ticking, chunk.arrival, chunk.rr, chunk.cause)
            labelling, final = labels.advance(labelling, settled.beats.rr, settled.beats.segment)
            parts.append(settled)
            marked.append(final)
    rest_of_it = clock.pending(ticking)
    labelling, final = labels.advance(labelling, rest_of_it.beats.rr, rest_of_it.beats.segment)
    whole = clock.join(*parts, rest_of_it)
    (found,) = beats_of(events)
    for name in ("time", "rr", "segment"):
        assert getattr(whole.beats, name).tobytes() == getattr(found.beats, name).tobytes()
    assert (
        np.concatenate([*marked, final, labels.pending(labelling)]).tobytes()
        == found.labels.tobytes()
    )
    assert whole.gaps == found.gaps


def test_a_log_analysed_twice_gives_the_same_line():
    assert [line_of(result) for result in analyse(session(), window=60.0)] == [
        line_of(result) for result in analyse(session(), window=60.0)
    ]


def test_without_a_baseline_the_index_is_withheld():
    (result,) = analyse(intervals(rest()))
    assert result.arousal.value is None
    assert result.arousal.reason == "no baseline was chosen"


def test_the_index_is_the_distance_from_the_baseline_in_its_spreads():
    rr = np.concatenate((rest(240), rest(240) - 150))
    (found,) = beats_of(intervals(rr))
    own = baseline_of(found, (0.0, 200.0))
    for result in (
        summary(found, baseline=(0.0, 200.0)),
        summary(found, baseline={found.role: own}),
        *analyse([*intervals(rr), Baseline(400.0, 0, 5.0, 9.0), Baseline(401.0, 0, 0.0, 200.0)]),
    ):
        heart = numbers(result)["mean_hr"]
        assert result.arousal.bpm == pytest.approx(heart - own.level)
        assert result.arousal.value > 0
        assert result.arousal.value == pytest.approx(
            sum(term.distance * term.weight for term in result.arousal.terms)
        )
        assert result.arousal.terms[0].distance == pytest.approx((heart - own.level) / own.spread)


def test_a_baseline_of_another_recording_is_taken_by_role():
    baselines = baselines_of(intervals(rest(240)))
    (found,) = beats_of(intervals(rest(240) - 150))
    assert list(baselines) == [found.role]
    heart = summary(found, baseline=baselines)
    assert heart.arousal.bpm == pytest.approx(
        numbers(heart)["mean_hr"] - baselines[found.role].level
    )
    other = summary(found, baseline={"therapist": baselines[found.role]})
    assert other.arousal.value is None
    assert other.arousal.reason == f"the baseline's recording has no {found.role}"


def test_while_breathing_is_paced_heart_rate_stands_alone():
    events = [Pace(0.0, 6.0, 0.4), *intervals(rest())]
    (result,) = analyse(events, baseline=(0.0, 200.0))
    assert [term.name for term in result.arousal.terms] == ["heart rate"]
    (stopped,) = analyse([Pace(0.0, None, 0.4), *intervals(rest())], baseline=(0.0, 200.0))
    assert stopped.arousal.reason != result.arousal.reason


@pytest.mark.parametrize("span", [(0.0, 20.0), (5000.0, 6000.0), (200.0, 100.0)])
def test_a_baseline_without_beats_withholds_the_index_in_words(span):
    (result,) = analyse(intervals(rest()), baseline=span)
    assert result.arousal.value is None
    assert "baseline needs" in result.arousal.reason


def test_a_stretch_beyond_the_recording_is_cut_to_it():
    (found,) = beats_of(intervals(rest()))
    assert baseline_of(found, (-1e12, 1e12)) == baseline_of(found)


def test_quality_speaks_of_the_whole_recording():
    (found,) = beats_of(intervals(rest()))
    quality = quality_of(found)
    assert quality.coverage_percent == pytest.approx(100)
    assert quality.duration_s == pytest.approx(rest().sum() / 1000)
    assert (quality.verdict, quality.reason) == ("good", None)
    assert isinstance(found.beats, Beats)


ABSURD = st.sampled_from([0.0, -1.0, 100.0, 2999.0, 3001.0, 60_000.0, math.nan, math.inf])
ANY_INTERVALS = st.lists(st.floats(300, 1500) | ABSURD, max_size=120)


@settings(max_examples=150, deadline=None)
@given(ANY_INTERVALS, st.booleans(), st.sampled_from([None, 10.0, 60.0]))
def test_every_withheld_value_has_a_reason_and_no_line_a_number_json_has_not(rr, use, window):
    times = np.cumsum([value if 0 < value < 1e6 else 0.0 for value in rr]) / 1000
    events = [Source(0.0, 0, "client", "x"), *intervals(rr, times=times)]
    (result,) = analyse(events, labels=use, window=window, baseline=(0.0, 60.0))
    json.loads(line_of(result), parse_constant=lambda constant: pytest.fail(constant))
    assert result.quality.beats == len(rr)
    assert list(result.measures) == list(MEASURES)
    for panel in (result.measures, *(line.measures for line in result.windows)):
        for name, measure in panel.items():
            assert measure.unit == MEASURES[name].unit
            assert measure.value is not None or measure.reason
            assert 0 <= measure.coverage_percent <= 100 + 1e-9
            assert 0 <= measure.corrected_percent <= 100
            if measure.low is not None:
                assert measure.low <= measure.value <= measure.high
