"""Straps that are held while a person chooses, on the in-process backend, at virtual time."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from functools import reduce

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.clock import run
from devices.codec.heart_rate import HeartRate, encode
from devices.link import (
    Adapter,
    Connected,
    LinkState,
    NoBluetooth,
    Notification,
    Record,
    StateChange,
    StrapTrouble,
)
from devices.scripted.adapter import scripted_adapter
from devices.scripted.script import Back, Drop, End, Notify, Script
from devices.sources import Opened
from pipelines.recording.desk import ChosenStrap, HeldStrap, Skin
from pipelines.recording.holding import Holding, Telling, skin, told
from pipelines.session import RATE_ALONE

NAMES = ("A", "B", "C")
CHOSEN = {name: ChosenStrap(f"H10 {name}", name, "client") for name in NAMES}
STEPS = st.lists(st.tuples(st.frozensets(st.sampled_from(NAMES)), st.floats(0.0, 20.0)), max_size=8)


def packet(time: float, reading: HeartRate) -> Notification:
    return Notification(time, "heart_rate", encode(reading))


def after(records: Sequence[Record]) -> Telling:
    return reduce(told, records, Telling())


READINGS = st.builds(
    HeartRate,
    bpm=st.integers(0, 200),
    contact=st.none() | st.booleans(),
    rr_ticks=st.lists(st.integers(300, 2000), max_size=2).map(tuple),
)


@given(st.lists(READINGS, max_size=20), st.sampled_from(LinkState))
def test_of_the_skin_the_newest_packet_and_beats_tell(readings, state) -> None:
    telling = after([packet(float(at), one) for at, one in enumerate(readings)])
    told_now = skin(telling, state)
    contact = readings[-1].contact if readings else None
    if not readings:
        assert told_now is Skin.UNSURE
    elif contact is None:
        assert told_now is Skin.NOT_TOLD
    elif contact or state is LinkState.BEATS:
        assert told_now is Skin.ON
    else:
        assert told_now is (Skin.OFF if state is LinkState.OFF_SKIN else Skin.UNSURE)


@given(st.lists(READINGS, max_size=20))
def test_what_sends_an_interval_now_and_then_is_never_said_to_send_none(readings) -> None:
    times = [float(at) for at in range(len(readings))]
    some = [dataclasses.replace(one, rr_ticks=(900,)) if at % 6 == 0 else one
            for at, one in enumerate(readings)]  # fmt: skip
    assert not after([packet(at, one) for at, one in zip(times, some, strict=True)]).alone


@pytest.mark.parametrize(
    ("reading", "alone"),
    [
        (HeartRate(64), True),
        (HeartRate(64, contact=True), True),
        (HeartRate(64, contact=False), False),
        (HeartRate(0), False),
        (HeartRate(64, rr_ticks=(900,)), False),
    ],
)
def test_heart_rates_alone_are_told_within_ten_seconds(reading: HeartRate, alone: bool) -> None:
    early = [packet(float(at), reading) for at in range(int(RATE_ALONE))]
    assert not after(early).alone
    late = [packet(float(at), reading) for at in range(10)]
    assert after(late).alone is alone
    assert not after([*late, Connected(10.0, "A")]).alone  # another connection


def test_what_cannot_be_read_or_is_no_packet_of_beats_tells_nothing() -> None:
    rest = [Notification(1.0, "heart_rate", b""), Notification(1.0, "ecg", b"\x06\x00\x00")]
    assert after([*rest, StateChange(1.0, LinkState.WAITING)]) == Telling()


def script(name: str, *steps: object, **part: object) -> Script:
    sent = (Notify(float(at), encode(HeartRate(60, contact=True, rr_ticks=(900 + at,))))
            for at in range(1, 300))  # fmt: skip
    found = sorted((*sent, *steps, End(300.0)), key=lambda step: step.time)
    return Script(CHOSEN[name].name, name, tuple(found), battery=80, **part)


class Room:
    """Straps in the air, and how each is reached."""

    def __init__(self, *scripts: Script) -> None:
        self.adapter = dataclasses.replace(
            scripted_adapter(*scripts),
            **{name: getattr(Adapter(), name) for name in ("stale_after", "back_off", "scan_for")},
            shared=True,
        )
        self.adapter.begin(0.0)
        self.holding = Holding(self.opened)

    def opened(self, address: str) -> Opened:
        return Opened(self.adapter, address, address)

    def stands(self, name: str) -> HeldStrap:
        return next(one for one in self.holding.stand() if one.address == name)


@given(STEPS)
def test_what_is_chosen_is_connected_and_nothing_else(steps) -> None:
    async def main() -> None:
        room = Room(*map(script, NAMES))
        async with room.holding as holding:
            for chosen, wait in steps:
                holding.hold([CHOSEN[name] for name in sorted(chosen)])
                await asyncio.sleep(wait)
                roles = {one.address: one.role for one in holding.stand()}
                assert roles == {name: CHOSEN[name].role for name in chosen}
            await asyncio.sleep(5.0)
            last = steps[-1][0] if steps else frozenset()
            assert {one.address for one in holding.stand() if one.connected} == last
            assert connected(room) == last
        assert connected(room) == set()

    run(main(), speed="max")


def connected(room: Room) -> set[str]:
    radio = room.adapter.scanner["radio"]
    return {peer.script.address for peer in radio.peers if peer._listener is not None}


def test_a_strap_that_is_held_stays_so_when_others_come_and_go() -> None:
    async def main() -> None:
        room = Room(*map(script, NAMES))
        async with room.holding as holding:
            holding.hold([CHOSEN["A"]])
            await asyncio.sleep(3.0)
            link = holding.link("A")
            for role, others in (("client", ["B"]), ("therapist", ["B", "C"]), ("client", [])):
                worn = msgspec.structs.replace(CHOSEN["A"], role=role)
                holding.hold([worn, *(CHOSEN[name] for name in others)])
                await asyncio.sleep(1.0)
                assert room.stands("A").role == role
                assert holding.link("A") is link
                assert room.stands("A").beats
        assert link.state is LinkState.STOPPED

    run(main(), speed="max")


@pytest.mark.parametrize("trouble", [StrapTrouble.UNHEARD, StrapTrouble.REFUSED])
def test_a_strap_that_does_not_connect_is_told_and_tried_afresh_on_demand(
    trouble: StrapTrouble,
) -> None:
    async def main() -> None:
        hidden = {"visible": False} if trouble is StrapTrouble.UNHEARD else {"refusals": 10_000}
        room = Room(script("A", **hidden), script("B"))
        async with room.holding as holding:
            holding.hold([CHOSEN["A"]])
            await asyncio.sleep(6.0)
            assert room.stands("A").trouble is trouble
            assert CHOSEN["A"].address not in room.stands("A").details.split()
            link = holding.link("A")
            holding.hold([CHOSEN["A"], CHOSEN["B"]])
            assert holding.link("A") is link  # nobody asked for another try
            await asyncio.sleep(30.0)
            assert room.stands("A").trouble is trouble
            peer = room.adapter.scanner["radio"].peers[0]
            peer.visible, peer.refusals = True, 0
            holding.hold([CHOSEN["A"], CHOSEN["B"]])
            await asyncio.sleep(1.0)
            assert room.stands("A").connected
            assert room.stands("A").trouble is None

    run(main(), speed="max")


def test_a_strap_out_of_reach_is_told_and_comes_back_by_itself() -> None:
    async def main() -> None:
        room = Room(script("A", Drop(10.5), Back(60.5)))
        async with room.holding as holding:
            holding.hold([CHOSEN["A"]])
            await asyncio.sleep(9.0)
            assert room.stands("A") == HeldStrap(
                "H10 A", "A", "client", connected=True, beats=True, asked=True, battery_percent=80,
                skin=Skin.ON,
            )  # fmt: skip
            await asyncio.sleep(2.0)
            assert room.stands("A").trouble is StrapTrouble.OUT_OF_REACH
            assert room.stands("A").skin is Skin.UNSURE
            await asyncio.sleep(20.0)
            assert room.stands("A").trouble is StrapTrouble.UNHEARD
            await asyncio.sleep(40.0)
            assert room.stands("A").beats

    run(main(), speed="max")


def test_a_computer_without_bluetooth_is_told() -> None:
    async def main() -> None:
        room = Room(script("A"))
        room.adapter.scanner["radio"].trouble = PermissionError(13, "denied")
        async with room.holding as holding:
            holding.hold([CHOSEN["A"]])
            assert holding.unable() is None
            await asyncio.sleep(1.0)
            assert isinstance(holding.unable(), NoBluetooth)
            room.adapter.scanner["radio"].trouble = None
            holding.hold([CHOSEN["A"], CHOSEN["B"]])  # what gave up begins afresh in any case
            await asyncio.sleep(8.0)
            assert room.stands("A").connected

    run(main(), speed="max")


@pytest.mark.parametrize("battery", [None, 0, 100, 101, 255])
def test_what_is_no_share_of_a_battery_is_not_told(battery: int | None) -> None:
    async def main() -> None:
        part = dataclasses.replace(script("A"), battery=battery)
        room = Room(part)
        async with room.holding as holding:
            holding.hold([CHOSEN["A"]])
            await asyncio.sleep(2.0)
            assert room.stands("A").asked
            told = battery if battery in range(101) else None
            assert room.stands("A").battery_percent == told

    run(main(), speed="max")
