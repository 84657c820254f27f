"""Events come back as they were stored, those of newer versions to the byte."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.link import LinkState
from pipelines.session import (
    EVENT_SCHEMA,
    Mark,
    NewerEvent,
    Packet,
    Source,
    Unknown,
    beats_of,
    decode_event,
    decode_event_line,
    encode_event,
    encode_event_line,
    migrations,
    newer_note,
    schema_of,
    serialization,
)
from pipelines.session.serialization import _KINDS

pack = msgspec.msgpack.encode
MARK = {"type": "Mark", "time": 1.0, "text": "a", "replaces": None, "removed": False}
PACKET = {"type": "Packet", "time": 1.0, "source": 0, "kind": "heart_rate", "data": b"\x10\x4b"}
NEWER = [
    {"type": "Airflow", "time": 1.0},
    {"type": "Airflow", "time": 1.0, "source": 3, "rate": 25.0, "deep": {"a": [1, None, "x"]}},
    {"time": 2, "type": "Airflow"},
    {"type": "Airflow", "time": 1.0, "data": b"\x00\xff"},
    {"type": "Airflow", "time": 1.0, "deep": {"data": [b""]}, "at": msgspec.msgpack.Ext(5, b"x")},
    {"type": "Airflow", "time": 1.0, "numbered": {1: 2}, "not a number": float("nan")},
    {"type": "Unknown", "time": 1.0, "kind": "x", "source": 1, "body": b"y"},
    {"type": "Carried", "time": 1.0, "kind": "x", "body": "AAEC"},
    {**MARK, "colour": "red"},
    {**MARK, "unread": "red"},
    {**MARK, "unread": b"\x80"},
    {**PACKET, "battery": 80},
    {**PACKET, "more": b"\x01", "reader": EVENT_SCHEMA},
]


@pytest.mark.parametrize("written", NEWER)
def test_what_a_newer_version_wrote_is_stored_and_exported_to_the_byte(written):
    body = pack(written)
    event = decode_event(body)
    assert encode_event(event) == body
    line = encode_event_line(event)
    assert decode_event_line(line) == event
    assert encode_event(decode_event_line(line)) == body
    assert json.loads(line)["type"] in (written["type"], "Carried")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(min_size=1), values, max_size=4), st.sampled_from([MARK, PACKET]))
def test_any_further_fields_stay_with_their_event(further, own):
    further = {name: value for name, value in further.items() if name not in (*own, "reader")}
    body = pack(own | further)
    event = decode_event(body)
    assert encode_event(event) == body
    assert encode_event(decode_event_line(encode_event_line(event))) == body


def test_plain_fields_of_newer_versions_can_be_read_in_an_export():
    line = encode_event_line(decode_event(pack({**MARK, "colour": "red"})))
    assert json.loads(line) == {**MARK, "colour": "red"}
    line = encode_event_line(decode_event(pack(NEWER[1])))
    assert json.loads(line) == NEWER[1]


def test_an_event_that_is_changed_keeps_its_further_fields():
    event = decode_event(pack({**MARK, "colour": "red"}))
    moved = msgspec.structs.replace(event, time=9.0)
    assert msgspec.msgpack.decode(encode_event(moved)) == {**MARK, "time": 9.0, "colour": "red"}


def test_known_events_are_stored_as_ever():
    assert encode_event(Mark(1.0, "a")) == pack(MARK)
    assert encode_event_line(Mark(1.0, "a")) == json.dumps(MARK, separators=(",", ":")).encode()


@pytest.mark.parametrize("reader", [EVENT_SCHEMA + 1, 99])
@pytest.mark.parametrize(
    "event", [MARK, {"type": "Airflow", "time": 1.0}, {"type": "Mark", "time": 1.0, "text": [1]}]
)
def test_what_must_not_be_passed_over_is_no_event_of_this_version(event, reader):
    for decode, encode in ((decode_event, pack), (decode_event_line, msgspec.json.encode)):
        with pytest.raises(NewerEvent):
            decode(encode({**event, "reader": reader}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        pack([]),
        pack({}),
        pack({"type": "Airflow"}),
        pack({"type": "Airflow", "time": "1"}),
        pack({"type": "Airflow", "time": float("nan")}),
        pack({"type": 1, "time": 1.0}),
        pack({"type": "Airflow", "time": 1.0, "reader": "2"}),
        pack({"type": "Mark", "time": 1.0}),
        pack({**MARK, "text": 1}),
        pack({**MARK, "text": 1, "colour": "red"}),
        pack(MARK)[:-1],
    ],
)
def test_what_is_no_event_of_any_version_is_refused(body):
    with pytest.raises(msgspec.DecodeError):
        decode_event(body)


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"Airflow","time":1,"n":%s}' % (b"9" * 30),
        b'{"type":"Mark","time":1,"text":"","n":%s}' % (b"9" * 30),
        b'{"type":"Carried","time":1.0,"kind":"Mark","schema":2,"body":"AAEC"}',
        b'{"type":"Mark","time":1,"text":"","unread":{"time":2}',
    ],
)
def test_a_line_that_no_version_writes_is_refused(line):
    with pytest.raises(msgspec.DecodeError):
        decode_event_line(line)


def test_a_file_cannot_say_what_is_unread():
    event = decode_event_line(b'{"type":"Mark","time":1,"text":"a","unread":"gaR0aW1lAg=="}')
    assert event.time == 1.0
    assert msgspec.msgpack.decode(encode_event(event))["time"] == 1.0


def test_what_is_not_shown_is_counted_by_kind():
    airflow, weight = decode_event(pack(NEWER[0])), Unknown(0.0, "Weight", None, b"", 2)
    marked = decode_event(pack({**MARK, "colour": "red"}))
    assert newer_note([Mark(0.0, "a"), Packet(0.0, 0, "heart_rate", b"")]) is None
    assert newer_note([airflow] * 3) == (
        "written by a newer version, 1 kind of events is not shown"
    )
    assert newer_note([airflow, weight, marked]) == (
        "written by a newer version, 2 kinds of events are not shown and 1 kind of events is shown "
        "in part"
    )


def test_beats_are_found_among_events_that_are_not_known():
    known = [Source(0.0, 0, "client", "strap")]
    known += [Packet(float(t), 0, "heart_rate", bytes([0x10, 60, t, 4])) for t in range(1, 9)]
    mixed = [event for one in known for event in (decode_event(pack(NEWER[1])), one)]
    (found,), (bare,) = beats_of(mixed), beats_of(known)
    assert found.beats.rr.tolist() == bare.beats.rr.tolist()


# In the words of older versions

WORDS = {
    "searching": "searching",
    "connected, waiting for beats": "waiting",
    "beats arriving": "beats",
    "strap off the skin": "off skin",
    "signal lost, reconnecting": "lost",
    "stopped": "stopped",
}


def test_every_state_of_a_link_in_version_0_1_0_is_one_of_today():
    today = {word: decode_event(pack(link(word)), 1).state for word in WORDS}
    assert today == {word: LinkState(code) for word, code in WORDS.items()}
    assert set(today.values()) == set(LinkState)


def link(state):
    return {"type": "Link", "time": 1.0, "source": 0, "state": state}


@pytest.fixture
def steps(monkeypatch):
    """Two steps: the text of a mark gets a letter at each."""

    def step(letter):
        def taken(event):
            return event if event["type"] != "Mark" else event | {"text": event["text"] + letter}

        return taken

    monkeypatch.setattr(migrations, "STEPS", (step("a"), step("b")))
    monkeypatch.setattr(serialization, "EVENT_SCHEMA", 3)


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("extra", [{}, {"colour": "red"}])
def test_steps_are_taken_in_order_from_where_an_event_stands(extra):
    event = {**MARK, "text": "-", **extra}
    for schema, text in ((1, "-ab"), (2, "-b"), (3, "-"), (9, "-")):
        for decode, encode in ((decode_event, pack), (decode_event_line, msgspec.json.encode)):
            found = decode(encode(event), schema)
            assert found.text == text
            assert msgspec.msgpack.decode(encode_event(found)) == event | {"text": text}


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("written", [one for one in NEWER if one["type"] not in _KINDS])
def test_steps_leave_what_they_do_not_know_to_the_byte(written):
    assert encode_event(decode_event(pack(written), 1)) == pack(written)


@pytest.mark.parametrize(
    "event", [{"type": "Link", "time": 1.0, "source": 0}, link([1]), link({}), {**MARK, "text": 1}]
)
def test_what_no_step_understands_is_no_event(event):
    for decode, encode in ((decode_event, pack), (decode_event_line, msgspec.json.encode)):
        with pytest.raises(msgspec.DecodeError):
            decode(encode(event), 1)


def test_a_known_kind_in_newer_words_is_carried_along_unread():
    body = pack({**MARK, "text": {"en": "hip"}})
    event = decode_event(body, EVENT_SCHEMA + 1)
    assert event == Unknown(1.0, "Mark", None, body, EVENT_SCHEMA + 1)
    assert decode_event_line(encode_event_line(event)) == event
    assert schema_of(event) == EVENT_SCHEMA + 1
    assert encode_event(event) == body
    with pytest.raises(msgspec.DecodeError):
        decode_event(body)
