"""Times and intervals agree, or what contradicts itself is left out, refused, or a gap."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.beats import GapCause
from pipelines.formats import FormatError, read
from pipelines.formats.agreement import agreed
from pipelines.formats.registry import format_of
from pipelines.session import beats_of

PATH = Path("a.csv")
CHANCE = np.random.default_rng(3)
RR = np.round(900 + 40 * np.sin(np.arange(400) / 3) + CHANCE.normal(0, 15, 400))
ENDS = np.cumsum(RR) / 1000


def plain(rr):
    return rr[np.isfinite(rr)]


def beats(text, name="a.csv"):
    path = Path(name)
    (found,) = beats_of(format_of(path, text.encode()).read(path, text.encode()).events)
    return found


def table(time, rr):
    return "time,rr\n" + "".join(f"{t:.3f},{r:.0f}\n" for t, r in zip(time, rr, strict=True))


def test_intervals_that_fit_their_times_stay_as_they_are():
    found = agreed(PATH, RR, ENDS)
    assert np.array_equal(found.rr, RR)
    assert found.arrival == pytest.approx(ENDS)
    assert found.notes == ()


@given(st.sets(st.integers(1, 398), min_size=1, max_size=60))
def test_every_row_that_is_left_out_of_beat_times_leaves_a_gap(lost):
    kept = np.setdiff1d(np.arange(400), list(lost))
    found = agreed(PATH, RR[kept], ENDS[kept])
    holes = np.count_nonzero(np.diff(kept) > 1)
    assert np.count_nonzero(np.isnan(found.rr)) == holes
    assert np.array_equal(plain(found.rr), RR[kept])


@given(st.lists(st.integers(0, 399), max_size=400))
def test_rows_that_are_there_already_change_nothing(twice):
    place = np.sort(np.concatenate((np.arange(400), np.array(twice, int))))
    found = agreed(PATH, RR[place], ENDS[place])
    assert np.array_equal(found.rr, RR)


@given(st.integers(0, 300), st.integers(10, 99))
def test_a_block_that_was_sent_again_changes_nothing(first, length):
    after = first + length
    place = np.concatenate((np.arange(after), np.arange(first, 400)))
    assert np.array_equal(agreed(PATH, RR[place], ENDS[place]).rr, RR)


@given(st.permutations(range(60)))
def test_beat_times_put_rows_in_order(order):
    place = np.array(order)
    assert np.array_equal(agreed(PATH, RR[place], ENDS[place]).rr, RR[:60])


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("factor", "times"), [(1.03, "1.03"), (2.0, "2.0"), (3.6, "3.6")])
def test_more_heartbeats_than_time_are_refused(factor, times):
    with pytest.raises(FormatError, match=f"add up to {times} times the time that passed"):
        agreed(PATH, RR, ENDS / factor)


def test_a_stretch_with_more_heartbeats_than_time_is_left_out():
    rr = np.concatenate([RR] * 5)
    time = np.cumsum(rr) / 1000
    late = (time > 600) & (time < 780)
    twice = np.sort(np.concatenate((np.arange(len(rr)), np.flatnonzero(late))))
    shift = np.where(np.diff(twice, prepend=-1) == 0, 0.35, 0.0)
    found = agreed(PATH, rr[twice] + 1000 * shift / 50, time[twice] + shift)
    assert found.notes
    arrival = found.arrival[np.isfinite(found.rr)]
    assert np.count_nonzero((arrival > 600) & (arrival < 780)) <= 200
    assert np.count_nonzero(arrival < 530) > 580
    assert np.count_nonzero(arrival > 870) > 1000


def test_two_equal_intervals_of_one_packet_are_both_real():
    packets = np.ceil(ENDS) + 0.01
    rr = np.round(RR / 25) * 25
    found = agreed(PATH, rr, packets)
    assert np.array_equal(found.rr, rr)


def test_late_packets_are_no_surplus():
    arrival = np.ceil(ENDS)
    stalled = (arrival > 100) & (arrival < 110)
    arrival[stalled] = 110
    assert np.array_equal(agreed(PATH, RR, arrival).rr, RR)


def test_a_time_that_is_wrong_is_no_hole():
    time = ENDS.copy()
    time[[50, 200]] += 0.8
    assert np.array_equal(plain(agreed(PATH, RR, np.sort(time)).rr), RR)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("back", "gaps"), [(3600, []), (1800, []), (437.0, ["clock changed"])])
def test_a_clock_set_back_is_no_gap_or_one_of_unknown_length(back, gaps):
    time = ENDS - back * (np.arange(400) >= 200)
    found = beats(table(time + 5000, RR))
    assert [gap.cause for gap in found.gaps] == [GapCause(one) for one in gaps]
    assert found.beats.time[-1] == pytest.approx(ENDS[-1], abs=0.01)
    assert found.received == 400


def test_clock_times_pass_midnight():
    start = datetime(2025, 3, 3, 23, 57)
    rows = [
        f"{start + timedelta(seconds=end):%H:%M:%S.%f};{rr:.0f}"
        for end, rr in zip(ENDS, RR, strict=True)
    ]
    found = beats("Phone timestamp;RR-interval [ms]\n" + "\n".join(rows))
    assert found.gaps == ()
    assert found.beats.time[-1] == pytest.approx(ENDS[-1], abs=0.01)


@pytest.mark.parametrize("filler", [0.0, 65535.0])
def test_values_that_stand_for_none_are_passed_over(filler):
    rr = np.insert(RR, [5, 6, 90], filler)
    time = np.insert(ENDS, [5, 6, 90], ENDS[[4, 5, 89]])
    assert np.array_equal(agreed(PATH, rr, None).rr, RR)
    assert np.array_equal(agreed(PATH, rr, time).rr, RR)


@pytest.mark.parametrize("word", ["", "null", "NaN", "#N/A", "0", "-1", "-"])
def test_a_beat_without_an_interval_is_a_gap(word):
    rows = [f"{t:.3f},{r:.0f}" for t, r in zip(ENDS, RR, strict=True)]
    rows[200] = f"{ENDS[200]:.3f},{word}"
    found = beats("time,rr\n" + "\n".join(rows))
    assert len(found.beats) == 399
    assert [gap.cause for gap in found.gaps] == [GapCause.MISSING]
    assert found.gaps[0].end - found.gaps[0].start == pytest.approx(RR[200] / 1000, abs=0.003)


def test_a_second_without_a_new_beat_is_no_gap():
    rr = np.round(1250 + 30 * np.sin(np.arange(200) / 3))
    second = np.ceil(np.cumsum(rr) / 1000).astype(int)
    held = dict(zip(second.tolist(), rr.tolist(), strict=True))
    rows = [f"{at},60,{held.get(at, '')}" for at in range(second[0], second[-1] + 1)]
    found = beats("time,hr,rr\n" + "\n".join(rows))
    assert len(found.beats) == 200
    assert found.gaps == ()


@pytest.mark.parametrize("absurd", [14679420, 1e9, 3.7e6])
def test_one_absurd_row_spoils_no_night(absurd):
    rr = RR.copy()
    rr[100] = absurd
    found = beats("\n".join(f"{one:.0f}" for one in rr), "a.txt")
    assert len(found.beats) == 399
    assert found.beats.time[-1] == pytest.approx((RR.sum() - RR[100]) / 1000)
    assert [gap.cause for gap in found.gaps] == [GapCause.MISSING]


@pytest.mark.parametrize("rate", [1.0, 128.0, 250.0, 1000.0])
def test_peaks_are_read_in_samples_and_seconds(tmp_path, rate):
    file = tmp_path / "peaks.txt"
    file.write_text("peak\n" + "\n".join(f"{end * rate:.6f}" for end in ENDS))
    recording = read(file, peaks=rate)
    (found,) = beats_of(recording.events)
    assert recording.format == "R peaks"
    assert found.beats.rr == pytest.approx(RR[1:], abs=0.01)


@pytest.mark.usefixtures("english")
def test_peaks_are_told_from_intervals(tmp_path):
    file = tmp_path / "peaks.txt"
    file.write_text("\n".join(f"{end * 250:.0f}" for end in ENDS))
    with pytest.raises(FormatError, match=r"run forward.*--peaks"):
        read(file)
    with pytest.raises(FormatError, match=r"heartbeats a minute; give --peaks"):
        read(file, peaks=1000)
    file.write_text("100\n300\n200\n400\n")
    with pytest.raises(FormatError, match="do not follow each other"):
        read(file, peaks=250)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("time,rr,x\n1,900,a\n2,900,a,b\n", "line 3 has 4 cells under 3 columns"),
        ("time,rr\n0.9,900\n1.8,9,00\n2.7,900\n", "line 3 holds several numbers, and not all"),
        ("date,time,rr\n03/04/2025,10:00:01,900\n05/07/2025,10:00:02,900\n", "day and month"),
        ("time,rr\n31/31/2025 10:00:01,900\n", "line 2 holds no time that can be read"),
        ("time,rr\n0.9,900\n9000,900\n5,900\n8000,900\n2,900\n", "2 of its 5 times run backwards"),
    ],
)
def test_cells_that_cannot_be_meant_are_refused_by_line(text, pattern):
    with pytest.raises(FormatError, match=pattern):
        beats(text)


@pytest.mark.parametrize(
    "times",
    [
        "03/04/2025 10:00:{:06.3f}",
        "03.04.25 10:00:{:06.3f}",
        "2025/04/03 10:00:{:06.3f}",
        "4/25/2025 9:00:{:06.3f} PM",
        "2025-04-03 10:00:{:06.3f} +0200",
        "2025-04-03T10:00:{:06.3f}Z",
        "10:00:{:06.3f}",
    ],
)
def test_times_are_read_as_people_write_them(times):
    within = np.flatnonzero(ENDS < 60)
    rows = [f"{times.format(ENDS[place])},{RR[place]:.0f}" for place in within]
    found = beats("time,rr\n" + "\n".join(rows))
    assert len(found.beats) == len(rows)
    assert found.beats.time == pytest.approx(ENDS[: len(rows)], abs=0.002)


def test_date_and_time_may_stand_in_two_columns():
    start = datetime(2025, 3, 30, 23, 58)
    rows = [
        f"{start + timedelta(seconds=end):%d/%m/%Y;%H:%M:%S.%f};{rr:.0f}"
        for end, rr in zip(ENDS, RR, strict=True)
    ]
    found = beats("Date;Time;RR (ms)\n" + "\n".join(rows))
    assert found.gaps == ()
    assert found.beats.time == pytest.approx(ENDS, abs=0.002)
