"""The link over unmodified bleak and a fake bluetoothd on a private bus."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from bleak import BleakClient, BleakScanner

from devices.codec.heart_rate import HeartRate, encode, is_duplicate
from devices.codec.series import SERIES, Series
from devices.link import (
    BluetoothTrouble,
    Link,
    LinkState,
    NoBluetooth,
    Notification,
    StateChange,
    StrapInfo,
    StrapTrouble,
)
from devices.link.adapter import Adapter
from devices.link.search import NoStrap, find, scan
from tests.devices.faked.bus import needs_bus, private_bus
from tests.devices.faked.device import SAMPLED
from tests.devices.faked.faults import AtOne, Everywhere, Fault, going_wrong
from tests.devices.faked.objects import UUID
from tests.devices.faked.service import FakeBluez

pytestmark = needs_bus

H10 = ("Polar H10 1", "A0:00:00:00:00:01")
QUICK = Adapter(back_off=(0.01,), scan_for=2.0, told_apart_in=0.1, answer_within=2.0)


@pytest.fixture(scope="module")
def bus_address(tmp_path_factory):
    with private_bus(tmp_path_factory.mktemp("bus")) as address:
        yield address


@pytest.fixture(autouse=True)
def system_bus(bus_address, monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address)


@asynccontextmanager
async def daemon(bus_address, **options):
    async with FakeBluez(bus_address, **options) as bluez:
        yield bluez
    await close_bleaks_bus()


async def close_bleaks_bus():
    """Close the connection that bleak keeps for the life of a loop."""
    from bleak.backends.bluezdbus import manager

    kept = manager._global_instances.get(asyncio.get_running_loop())
    if kept is not None and kept._bus is not None:
        kept._bus.disconnect()
        await asyncio.wait({kept._bus_watcher_task})


async def eventually(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


def beat(number):
    return encode(HeartRate(60, rr_ticks=(900 + number,)))


def packets(emitted):
    return [one.data for one in emitted if isinstance(one, Notification)]


def states(emitted):
    return [one.state for one in emitted if isinstance(one, StateChange)]


@asynccontextmanager
async def linked(strap, emitted, adapter=QUICK):
    link = Link(adapter, strap.name, emit=emitted.append)
    task = asyncio.create_task(link.run())
    await eventually(strap.listened_to)
    yield link
    link.stop()
    await task


async def test_scan_and_find(bus_address):
    async with daemon(bus_address) as bluez:
        bluez.add(*H10)
        bluez.add("other", "A0:00:00:00:00:02").visible = False
        found = await scan(QUICK, timeout=0.5)
        assert [(one.name, one.address) for one in found] == [H10]
        assert (await find(QUICK, H10[1].lower())).name == H10[0]
        with pytest.raises(NoStrap) as caught:
            await find(QUICK, "other", timeout=0.5)
        assert caught.value.others == (H10[0],)


async def test_beats_battery_and_a_clean_end(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted):
            for number in range(5):
                strap.send(beat(number))
            await eventually(lambda: len(packets(emitted)) == 5)
            await eventually(lambda: any(isinstance(one, StrapInfo) for one in emitted))
        assert packets(emitted) == [beat(number) for number in range(5)]
        assert not strap.connected
        assert [one.battery_percent for one in emitted if isinstance(one, StrapInfo)] == [0x55]
        assert states(emitted) == [
            LinkState.SEARCHING,
            LinkState.WAITING,
            LinkState.BEATS,
            LinkState.STOPPED,
        ]


async def plain_client(device, got):
    client = BleakClient(device)
    await client.connect()
    await client.start_notify("2a37", lambda _, data: got.append(bytes(data)))
    return client


async def test_bleak_alone_delivers_twice_after_a_drop_and_then_three_times(bus_address):
    async with daemon(bus_address) as bluez:
        strap = bluez.add(*H10)
        device = await BleakScanner.find_device_by_address(H10[1], timeout=5)
        clients = []
        for times in (1, 2, 3):
            got = []
            clients.append(await plain_client(device, got))
            for number in range(5):
                strap.send(beat(number))
            await eventually(lambda got=got, times=times: len(got) == 5 * times)
            assert got == [beat(number) for number in range(5) for _ in range(times)]
            kept = without_duplicates(got)
            assert kept == [beat(number) for number in range(5)]
            if times < 3:
                strap.drop()
                await eventually(lambda: not clients[-1].is_connected)
        for client in clients:
            await client.disconnect()


def without_duplicates(payloads):
    kept = []
    for payload in payloads:
        if not is_duplicate((0.0, kept[-1]) if kept else None, 0.001, payload):
            kept.append(payload)
    return kept


async def test_the_link_delivers_once_after_every_drop(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted):
            for number in range(20):
                strap.send(beat(number))
                await eventually(lambda number=number: beat(number) in packets(emitted))
                if number % 5 == 4:
                    strap.drop()
                    await eventually(strap.listened_to)
            await eventually(lambda: len(strap.subscribers) == 1)  # once the bus says so
        assert packets(emitted) == [beat(number) for number in range(20)]
        # A busy machine may find the strap silent once more.
        assert states(emitted).count(LinkState.LOST) >= 4


async def test_a_read_without_answer_and_a_drop(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        strap.answers_reads = False
        async with linked(strap, emitted):
            await eventually(lambda: "ReadValue" in strap.calls)
            strap.drop()
            await eventually(lambda: LinkState.LOST in states(emitted))
            await eventually(lambda: strap.connected and len(strap.subscribers) == 1)
            strap.send(beat(1))
            await eventually(lambda: packets(emitted))
        assert packets(emitted) == [beat(1)]


async def test_refused_connections_are_tried_again(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        strap.refusals = 3
        async with linked(strap, emitted):
            strap.send(beat(1))
            await eventually(lambda: packets(emitted))
        assert strap.calls.count("Connect") == 4


async def test_a_link_that_is_lost_as_it_comes_about_is_tried_again_at_once(
    bus_address, monkeypatch
):
    connect = Link._connect

    async def and_lost(self, radio, client):
        await connect(self, radio, client)
        if strap.calls.count("Connect") == 1:
            strap.drop()
            await eventually(lambda: not client.is_connected)

    monkeypatch.setattr(Link, "_connect", and_lost)
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted, replace(QUICK, stale_after=None)):
            assert strap.calls.count("Connect") == 2
            strap.send(beat(1))
            await eventually(lambda: packets(emitted))
        assert packets(emitted) == [beat(1)]


async def test_a_connection_that_bleak_made_at_the_second_attempt_is_kept(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        strap.cut_short = 2
        async with linked(strap, emitted):
            strap.send(beat(1))
            await eventually(lambda: packets(emitted))
            await eventually(lambda: "ReadValue" in strap.calls)
            await asyncio.sleep(0.2)
            assert strap.calls.count("Connect") == 3
            assert "Disconnect" not in strap.calls[strap.calls.index("StartNotify") :]
        assert states(emitted) == [
            LinkState.SEARCHING,
            LinkState.WAITING,
            LinkState.BEATS,
            LinkState.STOPPED,
        ]


async def test_a_strap_that_refuses_is_told_from_one_that_is_not_heard(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        strap.refusals = 10_000
        link = Link(QUICK, strap.name, emit=emitted.append)
        task = asyncio.create_task(link.run())
        await eventually(lambda: link.trouble is StrapTrouble.REFUSED)
        strap.visible = False  # nobody hears it any more
        await eventually(lambda: link.trouble is StrapTrouble.UNHEARD)
        strap.visible, strap.refusals = True, 0
        await eventually(strap.listened_to)
        assert link.trouble is None
        link.stop()
        await task


async def test_out_of_range_and_back(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted):
            strap.visible = False
            strap.drop()
            await eventually(lambda: LinkState.LOST in states(emitted))
            await asyncio.sleep(0.1)
            assert not strap.connected
            strap.visible = True
            await eventually(strap.listened_to)


async def test_three_straps_share_one_radio(bus_address):
    async with daemon(bus_address) as bluez:
        straps = [bluez.add(f"S{n}", f"A0:00:00:00:00:0{n}") for n in range(3)]
        got = {strap.name: [] for strap in straps}
        links = [Link(QUICK, strap.name, emit=got[strap.name].append) for strap in straps]
        tasks = [asyncio.create_task(link.run()) for link in links]
        await eventually(lambda: all(strap.listened_to() for strap in straps))
        for number, strap in enumerate(straps):
            strap.send(beat(number))
        await eventually(lambda: all(packets(one) for one in got.values()))
        for link in links:
            link.stop()
        await asyncio.gather(*tasks)
        assert [packets(one) for one in got.values()] == [[beat(0)], [beat(1)], [beat(2)]]


@asynccontextmanager
async def all_linked(straps, sound=None):
    """Link all straps, and give what each tells once the `sound` ones, all unless told, send."""
    got = {strap.name: [] for strap in straps}
    links = [Link(QUICK, strap.address, emit=got[strap.name].append) for strap in straps]
    tasks = [asyncio.create_task(link.run()) for link in links]
    await eventually(lambda: all(strap.listened_to() for strap in sound or straps))
    yield got
    for link in links:
        link.stop()
    await asyncio.gather(*tasks)


async def test_ten_straps_on_two_adapters_of_which_one_fails(bus_address):
    async with daemon(bus_address, adapters=2) as bluez:
        straps = [bluez.add(f"S{n}", f"A0:00:00:00:00:0{n}") for n in range(10)]
        for adapter in bluez.adapters:
            adapter.holds = 5
        fails = straps[3]
        fails.refusals = 10_000
        sound = [strap for strap in straps if strap is not fails]
        async with all_linked(straps, sound) as got:
            for number, strap in enumerate(sound):
                strap.send(beat(number))
            await eventually(lambda: all(packets(got[strap.name]) for strap in sound))
            sound[0].drop()
            await eventually(sound[0].listened_to)
            for number, strap in enumerate(sound, start=10):
                strap.send(beat(number))
            await eventually(lambda: all(len(packets(got[strap.name])) == 2 for strap in sound))
        for number, strap in enumerate(sound):
            assert packets(got[strap.name]) == [beat(number), beat(10 + number)]
            assert states(got[strap.name]).count(LinkState.LOST) == (strap is sound[0])
        assert not packets(got[fails.name])


async def test_straps_of_an_adapter_that_is_pulled_out_come_back_through_another(bus_address):
    async with daemon(bus_address, adapters=2) as bluez:
        straps = [bluez.add(f"S{n}", f"A0:00:00:00:00:0{n}") for n in range(4)]
        first, other = bluez.adapters
        first.holds = other.holds = 2
        async with all_linked(straps) as got:
            moved = [strap for strap in straps if strap.through is first]
            other.holds = None
            bluez.unplug()
            await eventually(lambda: all(strap.listened_to() for strap in straps))
            assert all(strap.through is other for strap in straps)
            for number, strap in enumerate(straps):
                strap.send(beat(number))
            await eventually(lambda: all(packets(one) for one in got.values()))
        for number, strap in enumerate(straps):
            assert packets(got[strap.name]) == [beat(number)]
            assert (LinkState.LOST in states(got[strap.name])) == (strap in moved)


async def test_an_adapter_that_connects_nobody_harms_nobody(bus_address):
    async with daemon(bus_address, adapters=2) as bluez:
        straps = [bluez.add(f"S{n}", f"A0:00:00:00:00:0{n}") for n in range(3)]
        bluez.adapter.holds = 0
        async with all_linked(straps):
            assert len(bluez.adapters[1].links) == 3


async def test_one_adapter_that_is_off_leaves_the_other(bus_address):
    async with daemon(bus_address, adapters=2) as bluez:
        strap = bluez.add(*H10)
        bluez.adapter.power(on=False)
        async with all_linked([strap]):
            assert strap.through is bluez.adapters[1]


async def test_a_device_without_heart_rate_is_named_and_not_tried_for_ever(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        strap.offers_heart_rate = False
        link = Link(QUICK, strap.name, emit=emitted.append)
        async with asyncio.timeout(60):
            await link.run()
        assert emitted[-1].state is LinkState.STOPPED
        assert emitted[-1].trouble is link.trouble is StrapTrouble.NO_HEART_RATE
        assert strap.calls.count("Connect") == 2
        assert not strap.connected


async def test_an_adapter_that_is_off(bus_address):
    async with daemon(bus_address, powered=False):
        with pytest.raises(NoBluetooth, match="switched off"):
            await scan(QUICK)


TROUBLE = {
    Everywhere.OFF: BluetoothTrouble.OFF,
    Everywhere.UNPLUGGED: BluetoothTrouble.NO_ADAPTER,
    # As bleak tells it: it knows of no adapter any more.
    Everywhere.RESTARTED: BluetoothTrouble.NO_ADAPTER,
    Everywhere.CRASHED: BluetoothTrouble.NO_DAEMON,
    Everywhere.DENIED: BluetoothTrouble.DENIED,
}


@pytest.mark.parametrize("what", TROUBLE)
async def test_bluetooth_that_goes_away_is_said_and_waited_for(bus_address, what):
    async with daemon(bus_address) as bluez:
        straps = [bluez.add(f"S{n}", f"A0:00:00:00:00:0{n}") for n in range(2)]
        got = {strap.name: [] for strap in straps}
        # A daemon that crashes says nothing to its straps' links: the bus tells, not their silence.
        adapter = replace(QUICK, back_off=Adapter().back_off, stale_after=None)
        links = [Link(adapter, strap.name, emit=got[strap.name].append) for strap in straps]
        tasks = [asyncio.create_task(link.run()) for link in links]
        await eventually(lambda: all(strap.listened_to() for strap in straps))
        for number, strap in enumerate(straps):
            strap.send(beat(number))
        await eventually(lambda: all(packets(one) for one in got.values()))
        async with going_wrong(bluez, Fault(what)):
            await eventually(lambda: links[0].state is LinkState.LOST)
            await eventually(lambda: links[0].trouble is TROUBLE[what])
            await asyncio.sleep(0.3)
        await eventually(lambda: all(strap.listened_to() for strap in straps))
        for number, strap in enumerate(straps, start=2):
            strap.send(beat(number))
        await eventually(lambda: all(len(packets(one)) == 2 for one in got.values()))
        for link in links:
            link.stop()
        await asyncio.gather(*tasks)
        assert [packets(one) for one in got.values()] == [[beat(0), beat(2)], [beat(1), beat(3)]]


async def test_no_daemon():
    with pytest.raises(NoBluetooth, match="bluetoothd"):
        await scan(QUICK)
    await close_bleaks_bus()


async def test_no_bus(monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(NoBluetooth, match="D-Bus"):
        await Link(QUICK, "H10", emit=lambda _: None).run()


@pytest.fixture
def sampled(monkeypatch):
    series = Series("sampled", "uV", UUID.format(SAMPLED[1]), bytes, rate=130.0)
    monkeypatch.setitem(SERIES, series.name, series)


def of_series(emitted, kind):
    return [one.data for one in emitted if isinstance(one, Notification) and one.kind == kind]


@pytest.mark.usefixtures("sampled")
async def test_every_series_is_delivered_once_after_every_drop(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted):
            for number in range(9):
                await eventually(lambda: strap.listened_to(strap.sampled))
                strap.send(beat(number))
                strap.send_samples(b"%d" % number)
                await eventually(lambda number=number: len(packets(emitted)) >= 2 * (number + 1))
                if number % 3 == 2:
                    strap.drop()
                    await eventually(strap.listened_to)
        assert of_series(emitted, "heart_rate") == [beat(number) for number in range(9)]
        assert of_series(emitted, "sampled") == [b"%d" % number for number in range(9)]
        await eventually(lambda: not any(strap.subscribed.values()))  # once the bus says so


@pytest.mark.usefixtures("sampled")
async def test_a_silent_series_is_asked_for_again_and_then_delivered_once(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted, replace(QUICK, stale_after=3.0)):
            sent = 0
            while "StopNotify" not in strap.calls:
                strap.send(beat(sent))
                sent += 1
                await asyncio.sleep(0.1)
            await eventually(lambda: strap.subscribed[strap.sampled])
            strap.send_samples(b"once")
            await eventually(lambda: of_series(emitted, "sampled"))
            assert LinkState.LOST not in states(emitted)
        assert of_series(emitted, "sampled") == [b"once"]
        assert of_series(emitted, "heart_rate") == [beat(number) for number in range(sent)]


@pytest.mark.usefixtures("sampled")
async def test_a_read_without_answer_keeps_no_series_away(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with going_wrong(bluez, Fault(AtOne.MUTE)), linked(strap, emitted):
            await eventually(lambda: "ReadValue" in strap.calls)
            strap.send(beat(1))
            strap.send_samples(b"once")
            await eventually(lambda: len(packets(emitted)) == 2)
        assert of_series(emitted, "sampled") == [b"once"]


async def test_a_series_of_no_known_kind_is_left_alone(bus_address):
    async with daemon(bus_address) as bluez:
        strap, emitted = bluez.add(*H10), []
        async with linked(strap, emitted):
            strap.send(beat(1))
            await eventually(lambda: packets(emitted))
            assert not strap.subscribed[strap.sampled]
