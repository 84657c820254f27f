"""The card, the parts, consent to touch and the personal band are folded from their events."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.session import (
    Asked,
    BandUnit,
    Context,
    ContextLine,
    Part,
    PartName,
    PartWords,
    PersonalBand,
    Posture,
    PostureName,
    TalkBaseline,
    TouchConsent,
    decode_event,
    decode_event_line,
    encode_event,
    encode_event_line,
    hour_of,
)
from pipelines.session.serialization import _KINDS

EACH = [
    Posture(1.0, 0, PostureName.LYING),
    TalkBaseline(2.0, 0, 1.0, 2.0),
    Part(3.0, PartName.TOUCH),
    TouchConsent(4.0, given=True),
    PartWords(5.0, 3.0, after=True, text="lighter"),
    Context(6.0, ContextLine.TIME_OF_DAY, "after a night shift"),
    PersonalBand(7.0, 0, -1.0, 2.5, BandUnit.SPREADS, "too quiet", "too much"),
]


@pytest.mark.parametrize("event", EACH, ids=lambda event: type(event).__name__)
def test_each_kind_comes_back_from_library_and_export(event):
    assert decode_event(encode_event(event)) == event
    assert decode_event_line(encode_event_line(event)) == event


@pytest.mark.parametrize("event", EACH, ids=lambda event: type(event).__name__)
def test_a_program_that_does_not_know_a_kind_carries_it_along(event, monkeypatch):
    """As one before this version: its decoders know nothing of the kind."""
    from pipelines.session import serialization

    older = msgspec.msgpack.Decoder(serialization.KnownEvent.__args__[0]).decode
    monkeypatch.setattr(serialization, "_packed", serialization._packed._replace(known=older))
    monkeypatch.delitem(_KINDS, type(event).__name__)
    body = encode_event(event)
    carried = decode_event(body)
    assert (carried.kind, carried.time) == (type(event).__name__, event.time)
    assert encode_event(carried) == body


def test_a_card_keeps_the_newest_of_each_line_and_what_is_taken_back_is_gone():
    hour = hour_of(
        [
            Context(0.0, ContextLine.SLEEP, "6 h"),
            Context(0.0, ContextLine.MEDICINES, "none"),
            Context(9.0, ContextLine.SLEEP, "5 h"),
            Context(9.0, ContextLine.PAIN, "4"),
            Context(10.0, ContextLine.PAIN, ""),
        ]
    )
    assert list(hour.context.items()) == [("medicines", "none"), ("sleep", "5 h")]


def test_a_part_ends_with_the_next_and_bears_the_words_that_were_said_of_it():
    hour = hour_of(
        [
            Part(10.0, PartName.REST),
            Part(70.0, PartName.MOVEMENT),
            PartWords(71.0, 70.0, after=False, text="stiff"),
            Part(130.0, PartName.NONE),
            PartWords(135.0, 70.0, after=True, text="easier"),
            PartWords(136.0, 71.0, after=True, text="of none"),
            Part(200.0, PartName.REST),
            Part(260.0, PartName.NONE),
            PartWords(261.0, 70.0, after=True, text="lighter"),
        ]
    )
    told = [(part.name, part.start, part.end, part.before, part.after) for part in hour.parts]
    assert told == [
        ("rest", 10.0, 70.0, "", ""),
        ("movement", 70.0, 130.0, "stiff", "lighter"),
        ("rest", 200.0, 260.0, "", ""),
    ]
    assert hour.going_on() is None


def test_touch_says_what_was_known_of_consent_when_it_began():
    hour = hour_of(
        [
            Part(10.0, PartName.TOUCH),
            TouchConsent(15.0, given=True),
            Part(20.0, PartName.TOUCH),
            Part(30.0, PartName.MOVEMENT),
            TouchConsent(35.0, given=False),
            Part(40.0, PartName.TOUCH),
        ]
    )
    assert [part.consent for part in hour.parts] == [
        Asked.NOT_RECORDED, Asked.GIVEN, None, Asked.TAKEN_BACK,
    ]  # fmt: skip


def test_a_band_is_one_wearer_s_and_is_drawn_anew_or_taken_away():
    first, other = PersonalBand(1.0, 0, 60.0, 80.0), PersonalBand(2.0, 1, 50.0, 70.0)
    anew = PersonalBand(3.0, 0, 62.0, 85.0, low_words="far away", high_words="too much")
    hour = hour_of([first, other, anew])
    assert (hour.band(0), hour.band(1), hour.band(2)) == (anew, other, None)
    assert hour_of([first, other, PersonalBand(4.0, 0, 0.0, 0.0)]).bands == (other,)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.sampled_from(PartName)), max_size=20).map(sorted))
def test_parts_never_overlap_and_only_the_last_can_go_on(presses):
    parts = hour_of(Part(time, name) for time, name in presses).parts
    assert all(part.end is not None for part in parts[:-1])
    ends = [part.end for part in parts if part.end is not None]
    assert all(start.start >= end for start, end in zip(parts[1:], ends, strict=False))
    assert len(parts) == sum(name is not PartName.NONE for _, name in presses)
