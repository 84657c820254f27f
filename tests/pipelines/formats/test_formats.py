"""Readable recordings become events; everything else becomes one sentence."""

import io
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.formats import FormatError, read
from pipelines.formats.registry import format_of
from pipelines.session.blocks import one_by_one
from pipelines.session.events import Packet, Source, WallClock
from tests.pipelines.formats.synthetic import heart

RR = [936.0, 1020.0, 1078.0, 1054.0, 983.0, 959.0]
ENDS = np.cumsum(RR) / 1000
VU = "R-peak time\tibi_cumulative\tibi\tinterpolated\tLabelCode1\t"


def parse(text, name="file.txt"):
    data = text if isinstance(text, bytes) else text.encode()
    path = Path(name)
    return format_of(path, data).read(path, data)


def parse_or_sentence(data, name="file.txt"):
    try:
        return parse(data, name)
    except FormatError as error:
        return str(error)


def packets(recording):
    return [event for event in one_by_one(recording.events) if isinstance(event, Packet)]


def rr_of(recording):
    data = b"".join(packet.data for packet in packets(recording))
    return list(struct.unpack(f"<{len(data) // 8}d", data))


def times_of(recording):
    return np.array([packet.time for packet in packets(recording)])


def wall_of(recording):
    return next((event.wall for event in recording.events if isinstance(event, WallClock)), None)


def column(values, form="{:.0f}"):
    return "\n".join(form.format(value) for value in values)


def table(header, times, rr, form="{},{}"):
    rows = [form.format(time, value) for time, value in zip(times, rr, strict=True)]
    return "\n".join([header, *rows] if header else rows)


def npy(values):
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


HRM = "[Params]\r\nMode=000\r\nDate=20141215\r\nStartTime=19:59:34.5\r\nInterval=238\r\n\r\n"
EPOCH_MS = [1688126658992 + round(1000 * end) for end in ENDS]
SAMPLES = {
    "plain.txt": column(RR),
    "crlf.txt": column(RR).replace("\n", "\r\n") + "\r\n\r\n",
    "2017-06-29 13-11-53.txt": column(RR),
    "seconds.txt": column(np.array(RR) / 1000, "{:.3f}"),
    "table.csv": table(None, ENDS, RR, "{:.18e},{:.18e}"),
    "ns.csv": table(
        "time_ns,ecg_mV,hr_bpm,rr_ms", [1000000 * ms for ms in EPOCH_MS], RR, "{},,,{}"
    ),
    "logger.csv": "timestamp, rr, since_start \n\n"
    + table(None, EPOCH_MS, RR, "{},{:.0f},9").lstrip(),
    "loops.txt": "08 August 2017 18:51:01\n"
    + table("Time (ms),HR (bpm),R-R (ms)", 1000 * ENDS, RR, "{:.0f},96,{:.0f}"),
    "IBI.csv": table("1560279825.000000, IBI", 80 + ENDS, np.array(RR) / 1000, "{:.6f},{:.6f}"),
    "run.hrm": HRM + "[HRData]\r\n" + column(RR).replace("\n", "\r\n"),
    "vu.txt": f"Subject Id: P37\n{VU}\n30-06-23/23:59:58.000\t0\t0\tO\t-9999\t\n"
    + "\n".join(
        f"{'30-06-23/23:59' if 58 + end < 60 else '01-07-23/00:00'}:{(58 + end) % 60:06.3f}"
        f"\t0\t{rr:.0f}\tO\t-9999\t"
        for end, rr in zip(ENDS, RR, strict=True)
    ),
    "array.npy": npy(np.array(RR)),
}
NAMES = {
    "plain.txt": "plain intervals",
    "crlf.txt": "plain intervals",
    "2017-06-29 13-11-53.txt": "Elite HRV",
    "seconds.txt": "plain intervals",
    "table.csv": "table of intervals",
    "ns.csv": "table of intervals",
    "logger.csv": "HRV Logger",
    "loops.txt": "SelfLoops",
    "IBI.csv": "Empatica IBI",
    "run.hrm": "Polar HRM",
    "vu.txt": "VU-AMS",
    "array.npy": "NumPy array",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_format_gives_its_intervals_and_their_times(name):
    recording = parse(SAMPLES[name], name)
    assert recording.format == NAMES[name]
    assert recording.intervals == len(RR)
    assert rr_of(recording) == pytest.approx(RR, abs=1e-9)
    assert times_of(recording) == pytest.approx(ENDS, abs=2e-3)
    assert isinstance(next(e for e in recording.events if not isinstance(e, WallClock)), Source)
    assert all(packet.kind == "intervals" and packet.source == 0 for packet in packets(recording))


@pytest.mark.parametrize(
    ("name", "started", "wall"),
    [
        ("plain.txt", None, None),
        ("2017-06-29 13-11-53.txt", "2017-06-29T13:11:53", None),
        ("logger.csv", "2023-06-30T12:04:18.992+00:00", 1688126658.992),
        ("ns.csv", "2023-06-30T12:04:18.992+00:00", 1688126658.992),
        ("loops.txt", "2017-08-08T18:51:01", None),
        ("IBI.csv", "2019-06-11T19:05:05.000+00:00", 1560279905.0),
        ("run.hrm", "2014-12-15T19:59:34.500000", None),
        ("vu.txt", "2023-06-30T23:59:58", None),
    ],
)
def test_the_start_is_told_as_the_file_tells_it(name, started, wall):
    recording = parse(SAMPLES[name], name)
    assert recording.started == started
    assert wall_of(recording) == (None if wall is None else pytest.approx(wall, abs=2e-3))


@pytest.mark.parametrize(
    ("header", "time", "form"),
    [
        ("time_s,rr_ms", 1.0, "{},{}"),
        ("Time (s);RR (ms)", 1.0, "{};{}"),
        ("rr_ms\ttime_ms", 1e3, "{1}\t{0}"),
        ("timestamp [us],RR interval [ms]", 1e6, "{},{}"),
        ('"t","IBI"', 1.0, '"{}","{}"'),
        ("elapsed_s,hr,nn", 1.0, "{},60,{}"),
        ("time,R-R (ms)", 1e3, "{},{}"),
    ],
)
def test_named_columns_are_found_wherever_they_stand(header, time, form):
    recording = parse(table(header, ENDS * time, RR, form))
    assert rr_of(recording) == RR
    assert times_of(recording) == pytest.approx(ENDS, abs=1e-6)


@pytest.mark.parametrize("form", ["{};{}", "{}\t{}", "{} {}", " {} ,  {} "])
def test_two_columns_need_no_header(form):
    recording = parse(table(None, ENDS * 1000, RR, form))
    assert rr_of(recording) == RR
    assert times_of(recording) == pytest.approx(ENDS, abs=1e-6)


def test_a_comma_may_mark_decimals_where_it_parts_no_columns():
    text = table("time_s;rr_s", ENDS, np.array(RR) / 1000, "{};{}").replace(".", ",")
    assert rr_of(parse(text)) == pytest.approx(RR)


def test_rows_without_an_interval_are_passed_over():
    text = "time_s,ecg,rr_ms\n0.1,5,\n0.936,6,936\n1.0,7, \n1.956,8,1020\n3.0,9\n"
    recording = parse(text)
    assert rr_of(recording) == [936.0, 1020.0]
    assert times_of(recording) == pytest.approx([0.936, 1.956])


def test_iso_times_are_read_with_and_without_a_zone():
    naive = ["2026-01-02T23:59:59.064", "2026-01-03T00:00:00.084"]
    recording = parse(table("Phone timestamp;RR-interval [ms]", naive, RR[:2], "{};{}"))
    assert times_of(recording) == pytest.approx(ENDS[:2])
    assert wall_of(recording) is None
    zoned = parse(table("timestamp,rr", [f"{time}+02:00" for time in naive], RR[:2]))
    assert wall_of(zoned) == pytest.approx(1767391198.128)


@pytest.mark.usefixtures("english")
def test_times_keep_their_order_and_are_held_where_they_run_backwards():
    times = [1.0, 2.3, 2.0, 4.0, 3.9, 5.5]
    recording = parse(table("time_s,rr_ms", times, RR))
    assert times_of(recording) - 0.936 == pytest.approx([0.0, 1.3, 1.3, 3.0, 3.0, 4.5])
    assert rr_of(recording) == RR
    assert any("backwards" in note for note in recording.notes)


@pytest.mark.usefixtures("english")
def test_times_at_the_beginnings_of_intervals_become_arrivals_at_their_ends():
    recording = parse(table("timestamp,rr", ENDS - np.array(RR) / 1000, RR))
    assert times_of(recording) == pytest.approx(ENDS)
    assert any("beginnings" in note for note in recording.notes)


@pytest.mark.usefixtures("english")
def test_row_numbers_are_no_times():
    recording = parse(table(None, range(1, 7), np.array(RR) / 2))
    assert times_of(recording) == pytest.approx(ENDS / 2)
    assert any("row numbers" in note for note in recording.notes)


@pytest.mark.usefixtures("english")
def test_what_is_called_a_time_does_not_count_rows():
    with pytest.raises(FormatError, match="step by 1 whatever the intervals"):
        parse(table("time,rr", range(1, 7), np.array(RR) / 2))
    seconds = [1003, 992, 1004, 996, 1001, 1010]
    assert times_of(parse(table("time,rr", range(1, 7), seconds))) == pytest.approx(
        np.cumsum(seconds) / 1000
    )
    assert rr_of(parse(table("row,rr", range(1, 7), np.array(RR) / 2)))


@pytest.mark.parametrize("pulse", [47, 100, 171])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", " "])
@pytest.mark.parametrize("first", [0, 1])
def test_rows_that_are_numbered_beside_their_times_are_read(pulse, delimiter, first):
    found = heart(np.random.default_rng(pulse), pulse)
    lines = [
        delimiter.join((str(row + first), f"{time:.3f}", f"{rr:.0f}"))
        for row, (time, rr) in enumerate(zip(found.time, found.rr, strict=True))
    ]
    recording = parse("\n".join(lines))
    assert rr_of(recording) == found.rr.tolist()
    assert times_of(recording) == pytest.approx(found.time)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("header", ["time,rr\n", ""])
@pytest.mark.parametrize("clock", [0.0, 1.7e9])
def test_the_newest_row_may_stand_first(header, clock):
    found = heart(np.random.default_rng(4), 70)
    rows = [f"{clock + t:.3f},{rr:.0f}" for t, rr in zip(found.time, found.rr, strict=True)]
    recording = parse(header + "\n".join(rows[::-1]))
    assert rr_of(recording) == found.rr.tolist()
    assert any("order of their times" in note for note in recording.notes)


@pytest.mark.usefixtures("english")
def test_arrivals_that_run_backwards_are_refused_with_what_to_do():
    found = heart(np.random.default_rng(4), 70)
    rows = [f"{np.ceil(t):.0f},{rr:.0f}" for t, rr in zip(found.time, found.rr, strict=True)]
    with pytest.raises(FormatError, match=r"run backwards; put its rows in the order"):
        parse("time_s,rr\n" + "\n".join(rows[::-1]))


@pytest.mark.parametrize(
    "header",
    [
        "Zeit;RR-Abstand",
        "Uhrzeit [s];RR-Intervall [ms]",
        "Temps;Intervalle RR",
        "Tiempo (s);Intervalo RR (ms)",
        "Tempo;Intervallo RR",
        "时间;RR间期",
        "Time;R-R Interval (ms)",
    ],
)
def test_headers_may_be_in_other_languages(header):
    rows = "\n".join(f"{t:.3f};{rr}" for t, rr in zip(ENDS, RR, strict=True))
    recording = parse(f"{header}\n{rows}\n")
    assert rr_of(recording) == RR
    assert times_of(recording) == pytest.approx(ENDS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_column_of_row_numbers_may_have_no_name(delimiter):
    rows = "\n".join(f"{row}{delimiter}{rr}" for row, rr in enumerate(RR))
    assert rr_of(parse(f"{delimiter}rr\n{rows}\n")) == RR


def test_a_header_between_blanks_may_stand_over_packets():
    assert rr_of(parse("time hr rr\n1 70 850 860\n2 71 840\n3 70 855 845\n")) == [
        850,
        860,
        840,
        855,
        845,
    ]


@pytest.mark.parametrize("pulse", [70, 130, 168, 178])
def test_fillers_of_packets_are_no_gaps_however_many_beats_a_packet_brings(pulse):
    found = heart(np.random.default_rng(pulse), pulse)
    chance = np.random.default_rng(1)
    second = np.ceil(found.time)
    rows = []
    for one in np.unique(second):
        values = [f"{rr:.0f}" for rr in found.rr[second == one]] + ["0"] * 5
        rows.append(f"{one + 0.2 + chance.uniform(0, 0.03):.3f}," + ",".join(values[:5]))
    recording = parse("time,rr1,rr2,rr3,rr4,rr5\n" + "\n".join(rows))
    assert rr_of(recording) == found.rr.tolist()


@pytest.mark.usefixtures("english")
def test_times_in_no_order_are_no_decimals():
    found = heart(np.random.default_rng(4), 140)
    rows = [f"{rr:.0f},{1000 * t:.0f}" for t, rr in zip(found.time, found.rr, strict=True)]
    with pytest.raises(FormatError, match="columns cannot be told apart"):
        parse("\n".join(np.random.default_rng(1).permutation(rows)))
    finer = found.rr + np.random.default_rng(2).uniform(0, 1, len(found.rr))
    written = [f"{rr:.6f}".rstrip("0").replace(".", ",") for rr in finer]
    assert rr_of(parse("\n".join(written))) == pytest.approx(finer, abs=1e-6)


def test_one_column_may_bear_a_name_and_lines_may_be_comments():
    assert rr_of(parse("# resting\nRR (ms)\n936\n# stood up\n1020\n")) == RR[:2]
    assert rr_of(parse("ibi_s\n0.936\n1.02\n")) == pytest.approx(RR[:2])


@pytest.mark.usefixtures("english")
def test_a_folder_without_a_name_is_refused_in_one_sentence():
    with pytest.raises(FormatError, match=r"^\.: it is no export"):
        read(Path())


def test_steps_of_time_are_kept_and_not_closed():
    times = ENDS + np.array([0, 0, 0, 60, 60, 60])
    recording = parse(table("time_s,rr_ms", times, RR))
    assert rr_of(recording) == pytest.approx([*RR[:3], np.nan, *RR[3:]], nan_ok=True)
    begins = times[3] - RR[3] / 1000
    assert times_of(recording) == pytest.approx([*times[:3], begins, *times[3:]])
    assert recording.intervals == len(RR)


def test_absurd_intervals_are_kept_as_written():
    rr = [225.75, 0.6, -0.2, 451.0, *[0.6] * 9]
    recording = parse(column(rr, "{}"))
    assert rr_of(recording) == [1000 * value for value in rr]
    assert times_of(recording)[:4] == pytest.approx([225.75, 226.35, 226.35, 677.35])


def test_a_missing_interval_is_kept_as_no_number():
    recording = parse("900\nnan\n901\n")
    assert np.isnan(rr_of(recording)).tolist() == [False, True, False]
    assert np.isfinite(times_of(recording)).all()


@pytest.mark.parametrize("values", [RR, [round(v) for v in RR]])
def test_arrays_of_either_kind_of_number_are_read(values):
    assert rr_of(parse(npy(np.array(values)), "a.npy")) == [float(v) for v in values]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("", "file is empty"),
        (" \n\n", "file is empty"),
        ("# only words\n", "holds no intervals"),
        (b"\x00\x01\x02", "no text"),
        (b"900\n\x07\n", "no text"),
        ("hello\nworld\n", "line 1 holds no number"),
        ("900\n901\nbeat\n902\n", "line 3 holds no number"),
        ("\n".join(["70"] * 30), r"30 of 30 values lie outside 200 to 3000 ms.*heart rate"),
        ("time_s,rr_ms\n1,936000\n2,1020000\n", r"2 of 2 values .* is column 2 in milli"),
        ("time_s,rr_ms\n0,0.9\n1,0.9\n", "2 of 2 values lie outside"),
        ("time_s,rr_ms\n1,\n2,\n", "holds no intervals"),
        ("time_s,rr_ms\n1,900\nx,901\n", "line 3 holds no number"),
        ("time_s,rr_ms\n1,900\nnan,901\n", "line 3 holds no time"),
        ("rr_ms,time_s\n900,1\n901\n", "line 3 holds no number"),
        ("time_s,rr_ms\n2026-01-02T10:00:00,900\nyesterday,901\n", "line 3 holds no time"),
        ("time_s,rr_ms\n1,900\n9e9,901\n", "more than 30 days"),
        ("time_s,rr_ms\n-1e308,900\n1e308,901\n", "more than 30 days"),
        ("1,900\n1.1,901\n1.2,902\n1.3,903\n1.4,904\n1.5,902\n", "cannot be told apart"),
        ("1560279825.0, IBI\n1.0\n", "line 2 does not hold"),
        ("1560279825.0, IBI\n", "holds no intervals"),
        ("[Params]\nInterval=5\n[HRData]\n120\n", "heart rate, not intervals"),
        ("[Params]\nInterval=238\n", r"no section \[HRData\]"),
        (f"Subject Id: 1\n{VU.replace('ibi', 'x')}\n", "no column ibi"),
        (f"Subject Id: 1\n{VU}\n30-06-23/23:59:58.000\n", "line 3 has too few columns"),
        (f"Subject Id: 1\n{VU}\nnoon\t0\t0\n", "line 3 holds no time"),
        (npy(np.ones((3, 2))), "not one row of numbers"),
        (npy(np.array(["a"])), "not one row of numbers"),
        (npy(np.array(RR))[:-9], "damaged"),
        (b"\x93NUMPY", "damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(text, pattern):
    with pytest.raises(FormatError, match=pattern) as caught:
        parse(text, "name.txt")
    sentence = str(caught.value)
    assert sentence.startswith("name.txt: ")
    assert "\n" not in sentence
    assert str(caught.value.hint) in sentence


def test_refusals_show_no_data():
    with pytest.raises(FormatError) as caught:
        parse("\n".join(["87654"] * 9 + ["secret"]))
    assert not re.search("87654|secret", str(caught.value))


@pytest.mark.usefixtures("english")
def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(FormatError, match="there is no such file"):
        read(tmp_path / "none.csv")


def test_a_file_is_read_by_its_path(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(SAMPLES["plain.txt"])
    assert rr_of(read(file)) == RR
    assert read(str(file)).events == read(file).events


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_marks_of_the_encoding_are_understood(codec):
    assert rr_of(parse(SAMPLES["loops.txt"].encode(codec))) == RR


def test_other_encodings_are_read_as_latin():
    assert rr_of(parse("Zeit µs;rr_ms\n1;900\n".encode("latin-1"))) == [900.0]


@st.composite
def mutated(draw):
    """A synthetic file with bytes changed, cut out or put in."""
    name = draw(st.sampled_from(list(SAMPLES)))
    sample = SAMPLES[name]
    data = bytearray(sample if isinstance(sample, bytes) else sample.encode())
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        piece = draw(
            st.sampled_from(
                [b"", b"\n", b",", b";", b"-", b"nan", b"inf", b"1e308", b"e9", b"\x00"]
            )
            | st.binary(max_size=3)
        )
        data[at : at + draw(st.integers(0, 12))] = piece
    return name, bytes(data)


@settings(max_examples=1500, deadline=None)
@given(mutated())
@example(("vu.txt", f"{VU}".encode()))
@example(("IBI.csv", b"\n1560279825, IBI\n1,2"))
@example(("a.csv", b"t,rr\n0001-01-01T00:00:00+14:00,900\n9999-12-31T23:59:59-14:00,900\n"))
def test_no_damage_gives_anything_but_events_or_one_sentence(case):
    check_damaged(*case)


@pytest.mark.long
@settings(max_examples=30_000, deadline=None)
@given(mutated())
def test_no_damage_of_many_gives_anything_else(case):
    check_damaged(*case)


def check_damaged(name, data):
    recording = parse_or_sentence(data, name)
    if isinstance(recording, str):
        assert recording.startswith(f"{name}: ")
        assert "\n" not in recording
        return
    times = times_of(recording)
    rr = np.array(rr_of(recording))
    assert len(rr) == len(times) > 0
    assert recording.intervals == np.count_nonzero(rr > -np.inf)
    assert np.isfinite(times).all()
    assert (np.diff(times, prepend=0.0) >= 0).all()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_random_bytes_are_read_or_refused(data):
    result = parse_or_sentence(data)
    assert result.count("; ") >= 1 if isinstance(result, str) else result.intervals > 0


# From 30 to 220 beats a minute: what lies beyond is another unit, and refused.
@given(st.lists(st.floats(275, 1999, allow_nan=False), min_size=1, max_size=60))
def test_intervals_written_and_read_are_the_same_to_the_bit(rr):
    assert rr_of(parse(column(rr, "{!r}"))) == rr
    times = np.cumsum(rr) / 1000
    recording = parse(table("time_s,rr_ms", [repr(float(t)) for t in times], map(repr, rr)))
    assert rr_of(recording) == rr


def test_numbers_at_the_end_of_the_floats_are_refused_in_a_sentence(tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("1e308\n1e308\n")
    with pytest.raises(FormatError):
        read(path)


def test_a_column_that_swings_about_zero_is_taken_for_a_signal(tmp_path):
    path = tmp_path / "ecg.csv"
    path.write_text("\n".join(f"{value:.3f}" for value in np.sin(np.arange(2000) / 9.0)))
    with pytest.raises(FormatError, match="--rate"):
        read(path)
