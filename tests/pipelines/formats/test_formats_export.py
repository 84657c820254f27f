"""Our own export is read back as it was written."""

import base64
import json
import zipfile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.codec.heart_rate import HeartRate, encode
from devices.codec.intervals import encode_timed
from pipelines.formats import FormatError, read
from pipelines.session.events import Baseline, Mark, Packet, Source, WallClock

EVENTS = (
    WallClock(0.0, 1.7e9),
    Source(0.0, 1, "client", "strap", "address"),
    *(
        Packet(float(second), 1, "heart_rate", encode(HeartRate(60, None, None, (1024,))))
        for second in range(1, 6)
    ),
    Mark(3.5, "touched hip"),
)


def timed(time, *arrival):
    return Packet(time, 1, "timed_intervals", encode_timed(arrival, [800.0] * len(arrival)))


def as_json(event):
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    fields = {name: value for name, value in fields.items() if value is not msgspec.UNSET}
    if "data" in fields:
        fields["data"] = base64.b64encode(fields["data"]).decode()
    return json.dumps({"type": type(event).__name__, **fields})


def files(events=EVENTS, **changes):
    metadata = {
        "schema": 1,
        "program": "interbeat",
        "version": "0.1.0",
        "session": "abc",
        "started": 1.7e9,
        "state": "finished",
        "sources": [],
        "events": len(events),
    }
    lines = "".join(as_json(event) + "\n" for event in events)
    return {"metadata.json": json.dumps(metadata | changes), "events.jsonl": lines}


def zipped(path, contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return path


def unpacked(path, contents):
    path.mkdir()
    for name, text in contents.items():
        (path / name).write_text(text)
    return path


@pytest.mark.parametrize(("make", "name"), [(zipped, "abc.zip"), (unpacked, "abc")])
def test_the_events_come_back_in_their_order(tmp_path, make, name):
    recording = read(make(tmp_path / name, files()))
    assert recording.format == "Interbeat export"
    assert recording.events == EVENTS
    assert recording.intervals == 5
    assert recording.started == "2023-11-14T22:13:20.000+00:00"


def test_series_of_other_programs_are_kept(tmp_path):
    events = (*EVENTS, Packet(6.0, 1, "ecg", b"\x01\x02", 130.0, 1), Packet(6.1, 1, "ecg", b""))
    assert read(zipped(tmp_path / "abc.zip", files(events))).events == events


def test_many_intervals_in_a_packet_come_back_as_one(tmp_path):
    events = (*EVENTS, timed(9.0, 6.0, 6.8, 7.6))
    recording = read(zipped(tmp_path / "abc.zip", files(events)))
    assert recording.events == events
    assert recording.intervals == 8


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("contents", "pattern"),
    [
        ({"other.txt": "x"}, "it is no export of Interbeat.*; name a zip"),
        (files(schema=99), "newer Interbeat.*; install"),
        (files(events=(Mark(0.0, "a"),)), "holds no intervals"),
        (files(events=(*EVENTS, Mark(1e9, "a"))), "not those of one session"),
        (files(events=(*EVENTS, Baseline(1.0, 1, -1e308, 1e308))), "a number in it is none"),
        (files(events=(*EVENTS, Packet(6.0, 1, "secret" * 9, b""))), "is of no known kind"),
        (files(events=(*EVENTS, Packet(1.0, 1, "intervals", b""))), "not in the order"),
        (files(events=(*EVENTS, Packet(6.0, 1, "ecg", b"", 0.0))), "is of no known kind"),
        (files(events=(*EVENTS, Packet(6.0, 1, "ecg", b"", -130.0))), "is of no known kind"),
        (files(events=(*EVENTS, Packet(6.0, 1, "ecg", b"", 1e-300))), "is of no known kind"),
        (files(events=(*EVENTS, Packet(6.0, 1, "ecg", b"", channel=-1))), "is of no known kind"),
        (files(events=(*EVENTS, Packet(6.0, 1, "ecg", b"", channel=64))), "is of no known kind"),
        (files(events=(*EVENTS, timed(6.0, 4.0))), "not in the order"),
        (files(events=(*EVENTS, timed(6.0, 1e9))), "not in the order"),
        (files(events=(*EVENTS, timed(6.0, -1.0))), "not in the order"),
        (files(events=(*EVENTS, Mark(6.0, "a", 2.0**70))), "a number in it is none"),
        (files(events=(*EVENTS, Packet(6.0, 2**31, "intervals", b""))), "its straps are not"),
        (files() | {"events.jsonl": "not json\n" * 8}, "Line 1 of events.jsonl .*; export"),
        (files() | {"metadata.json": "{}"}, "metadata.json in it"),
    ],
)
def test_what_is_no_export_is_refused_in_one_sentence(tmp_path, contents, pattern):
    path = zipped(tmp_path / "abc.zip", contents)
    with pytest.raises(FormatError, match=pattern) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.usefixtures("english")
def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(FormatError, match="it is no export"):
        read(tmp_path)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1))
def test_a_damaged_zip_is_read_or_refused(tmp_path_factory, changes):
    path = zipped(tmp_path_factory.mktemp("zip") / "abc.zip", files())
    data = bytearray(path.read_bytes())
    for place, byte in changes:
        data[int(place * len(data))] = byte
    path.write_bytes(data)
    try:
        assert read(path).intervals == 5
    except FormatError as error:
        assert str(error).startswith(f"{path}: ")  # noqa: PT017 - either outcome is right


def test_a_folder_called_by_a_dot_is_told_of_without_its_points(tmp_path, monkeypatch, english):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormatError, match=r"^\.: it is no export .* readable metadata\.json; .*`$"):
        read(".")
