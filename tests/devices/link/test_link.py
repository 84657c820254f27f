"""The scenarios of a strap's life, on the in-process backend, at virtual time."""

import asyncio
import dataclasses

import numpy as np
import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from devices.clock import run
from devices.codec.heart_rate import HeartRate, encode, is_duplicate
from devices.codec.series import SERIES, Series
from devices.link import (
    BluetoothTrouble,
    Connected,
    Link,
    LinkState,
    Namesakes,
    NoBluetooth,
    Notification,
    StateChange,
    StrapInfo,
    StrapTrouble,
)
from devices.link.adapter import Adapter
from devices.link.search import NoStrap, find, listen, scan
from devices.scripted.adapter import scripted_adapter
from devices.scripted.backend import ScriptedClient
from devices.scripted.script import Back, Drop, End, Notify, Script

SEARCHING, WAITING, BEATS, OFF_SKIN, LOST, STOPPED = LinkState


def beat(number):
    return encode(HeartRate(60, contact=True, rr_ticks=(900 + number,)))


def beats(first, last):
    return tuple(Notify(float(second), beat(second)) for second in range(first, last))


def strap(*steps, name="H10", address="A0", **part):
    return Script(name, address, tuple(sorted(steps, key=lambda step: step.time)), **part)


def like_real(*scripts, **changes):
    """Return an adapter with the waits of real straps over scripted ones."""
    defaults = Adapter()
    real = {
        name: getattr(defaults, name) for name in ("stale_after", "back_off", "scan_for", "shared")
    }
    return dataclasses.replace(scripted_adapter(*scripts), **(real | changes))


def records(adapter, wanted="H10", *, during=None):
    """Run one link until its script ends, and `during` beside it; return what it emitted."""
    emitted = []

    async def main():
        link = Link(adapter, wanted, emit=emitted.append)
        beside = asyncio.create_task(during(link)) if during else None
        await link.run()
        if beside:
            await beside

    run(main(), speed="max")
    return emitted


def states(emitted):
    return [(one.time, one.state) for one in emitted if isinstance(one, StateChange)]


def packets(emitted):
    return [(one.time, one.data) for one in emitted if isinstance(one, Notification)]


def sent(*steps):
    return [(step.time, step.data) for step in steps if isinstance(step, Notify)]


def test_a_session_from_first_to_last_word():
    part = strap(*beats(1, 5), End(6), battery=80, model="H10\0")
    emitted = records(like_real(part))
    assert packets(emitted) == sent(*part.steps)
    assert states(emitted) == [
        (0, SEARCHING),
        (0, WAITING),
        (1, BEATS),
        (6, STOPPED),
    ]
    assert StrapInfo(0, "H10", "A0", 80, "H10") in emitted


@pytest.mark.parametrize(("battery", "model"), [(80, None), (None, "H10"), (80, "H10")])
def test_what_a_strap_tells_of_itself_is_passed_on_however_little(battery, model):
    part = strap(*beats(1, 3), End(3), battery=battery, model=model)
    told = [one for one in records(like_real(part)) if isinstance(one, StrapInfo)]
    assert told == [StrapInfo(0, "H10", "A0", battery, model)]


def test_a_strap_that_tells_nothing_of_itself():
    emitted = records(like_real(strap(*beats(1, 3), End(3))))
    assert not [one for one in emitted if isinstance(one, StrapInfo)]


def test_before_it_runs_a_link_says_nothing_of_itself():
    link = Link(like_real(strap(End(1))), "H10", emit=lambda record: None)
    assert (link.state, link.trouble) == (None, None)


def test_wanted_by_address_in_any_case():
    assert len(packets(records(like_real(strap(*beats(1, 3), End(3))), "a0"))) == 2


def test_a_drop_is_a_loss_then_beats_again_and_none_twice():
    part = strap(*beats(1, 10), Drop(10.5), Back(12.5), *beats(13, 20), End(20))
    emitted = records(like_real(part))
    assert packets(emitted) == sent(*part.steps)
    assert states(emitted)[2:] == [
        (1, BEATS),
        (10.5, LOST),
        (12.5, WAITING),
        (13, BEATS),
        (20, STOPPED),
    ]


def test_out_of_range_for_long():
    part = strap(*beats(1, 10), Drop(10.5), Back(600), *beats(600, 640), End(640))
    emitted = records(like_real(part))
    assert (600, WAITING) in states(emitted)
    assert packets(emitted)[-1] == (639, beat(639))


def test_a_strap_put_on_later_is_found():
    part = strap(Back(100), *beats(101, 120), End(120), visible=False)
    emitted = records(like_real(part))
    assert states(emitted)[0] == (0, SEARCHING)
    assert states(emitted)[1] == (100, WAITING)


def test_connections_that_do_not_come_about_back_off():
    part = strap(*beats(1, 60), End(60), refusals=6)
    emitted = records(like_real(part))
    connected = [time for time, state in states(emitted) if state is WAITING]
    assert connected == [1 + 2 + 4 + 8 + 8 + 8]
    assert packets(emitted)[0] == (32, beat(32))


@pytest.mark.parametrize("call", ["connect", "subscribe"])
def test_a_call_that_never_answers_is_given_up(call):
    part = strap(*beats(1, 60), End(60), mute=frozenset({call}))
    emitted = records(like_real(part))
    assert packets(emitted) == []
    assert states(emitted)[-1] == (60, STOPPED)


def test_a_read_that_never_answers_delays_no_beat():
    part = strap(*beats(1, 20), End(20), battery=50, mute=frozenset({"read"}))
    assert packets(records(like_real(part))) == sent(*part.steps)


def test_a_drop_during_a_read():
    part = strap(Drop(2), Back(3), *beats(4, 20), End(20), battery=50, mute=frozenset({"read"}))
    emitted = records(like_real(part))
    assert packets(emitted) == sent(*part.steps)
    assert (2, LOST) in states(emitted)


def test_a_disconnect_that_never_answers_holds_nothing_up():
    part = strap(
        *beats(1, 5), Drop(5), Back(6), *beats(12, 30), End(30), mute=frozenset({"disconnect"})
    )
    assert packets(records(like_real(part))) == sent(*part.steps)


def test_a_stalled_stream_is_a_loss():
    part = strap(*beats(1, 5), *beats(60, 70), End(70))
    emitted = records(like_real(part))
    assert (4 + 8, LOST) in states(emitted)
    assert packets(emitted) == sent(*part.steps)


def test_late_packets_within_eight_seconds_are_none():
    part = strap(*beats(1, 5), *(Notify(11.9, beat(n)) for n in range(5, 12)), End(13))
    emitted = records(like_real(part))
    assert LOST not in [state for _, state in states(emitted)]
    assert len(packets(emitted)) == 11


def test_the_watchdog_can_be_off():
    part = strap(*beats(1, 3), *beats(500, 503), End(503))
    emitted = records(like_real(part, stale_after=None))
    assert LOST not in [state for _, state in states(emitted)]


def test_duplicates_are_kept_raw_and_known():
    once = beats(1, 10)
    twice = tuple(dataclasses.replace(step, time=step.time + 0.01) for step in once)
    emitted = packets(records(like_real(strap(*once, *twice, End(10)))))
    assert len(emitted) == 18
    previous, kept = None, []
    for time, data in emitted:
        if not is_duplicate(previous, time, data):
            kept.append((time, data))
            previous = (time, data)
    assert kept == sent(*once)


def test_whatever_bytes_arrive_are_passed_on():
    odd = [b"", b"\x10", bytes.fromhex("00 40"), bytes.fromhex("10 40 00 04 ff")]
    odd += [bytes.fromhex("01 2c 01"), bytes.fromhex("08 40 01 00"), bytes(200)]
    part = strap(*(Notify(1.0 + n, data) for n, data in enumerate(odd)), End(10))
    assert [data for _, data in packets(records(like_real(part)))] == odd


def test_a_connection_knows_nothing_of_the_contact_before_it():
    off = encode(HeartRate(0, contact=False))
    # Two packets without contact before the drop and two after it: three in a row would be off.
    part = strap(
        *beats(1, 4), Notify(4.0, off), Notify(5.0, off), Drop(5.5), Back(6.0),
        Notify(7.0, off), Notify(8.0, off), *beats(9, 12), End(12),
    )  # fmt: skip
    emitted = records(like_real(part))
    assert states(emitted)[2:] == [
        (1, BEATS),
        (5.5, LOST),
        (6.0, WAITING),
        (9, BEATS),
        (12, STOPPED),
    ]


def test_a_connection_knows_nothing_of_the_silence_before_it():
    plain = encode(HeartRate(64))
    # Six and nine packets without an interval: ten in a row would be a wait for beats.
    part = strap(
        *beats(1, 4), *(Notify(4.0 + n / 2, plain) for n in range(6)), Drop(8.0), Back(9.0),
        Notify(10.0, beat(10)), *(Notify(10.5 + n / 2, plain) for n in range(9)), End(16),
    )  # fmt: skip
    emitted = records(like_real(part))
    assert [state for _, state in states(emitted)][2:] == [BEATS, LOST, WAITING, BEATS, STOPPED]


def test_off_the_skin_and_on_again():
    off = encode(HeartRate(0, contact=False))
    part = strap(
        *beats(1, 4), *(Notify(float(n), off) for n in range(4, 10)), *beats(10, 12), End(12)
    )
    emitted = records(like_real(part))
    assert states(emitted)[2:] == [(1, BEATS), (6, OFF_SKIN), (10, BEATS), (12, STOPPED)]


def test_two_to_eight_straps_at_once():
    parts = [strap(*beats(n, 50), End(50), name=f"S{n}", address=f"A{n}") for n in range(1, 9)]
    adapter = like_real(*parts)
    got = {part.name: [] for part in parts}

    async def main():
        links = [Link(adapter, name, emit=got[name].append, start=0.0) for name in got]
        await asyncio.gather(*(link.run() for link in links))

    run(main(), speed="max")
    assert {name: packets(got[name]) for name in got} == {
        part.name: sent(*part.steps) for part in parts
    }


def test_straps_of_one_model_are_never_mixed_up():
    parts = [strap(*beats(1, 5), End(5), name=f"H10 {n}", address=f"A{n}") for n in "12"]
    assert packets(records(like_real(*parts), "H10")) == []


def test_one_strap_away_does_not_keep_another_from_its_own():
    here = strap(*beats(1, 60), Drop(20.5), Back(25.5), End(60), name="here", address="A1")
    adapter = like_real(here)
    got = []

    async def main():
        away = asyncio.create_task(Link(adapter, "away", emit=print_nothing, start=0.0).run())
        await Link(adapter, "here", emit=got.append, start=0.0).run()
        await away

    run(main(), speed="max")
    waiting = [time for time, state in states(got) if state is WAITING]
    assert waiting == [0, 25.5]


def print_nothing(_):
    pass


def several(adapter, wanted, lasting):
    """Run a link to each of `wanted` for so many seconds; return what each emitted."""
    got = {name: [] for name in wanted}

    async def main():
        links = [Link(adapter, name, emit=got[name].append, start=0.0) for name in wanted]
        running = [asyncio.create_task(link.run()) for link in links]
        await asyncio.sleep(lasting)
        for link in links:
            link.stop()
        await asyncio.gather(*running)

    run(main(), speed="max")
    return got


def test_a_strap_is_heard_at_once_whoever_else_is_missing_or_hangs_in_connecting():
    rng = np.random.default_rng(1)
    drops = 20.0 + 60.0 * np.arange(100) + rng.uniform(0.0, 10.0, 100)
    backs = drops + rng.choice([0.2, 5.0, 30.0], 100) + rng.uniform(0.0, 3.0, 100)
    steps = [Drop(at) for at in drops] + [Back(at) for at in backs]
    end = 6100
    here = strap(*beats(1, end), *steps, name="here", address="A1")
    hangs = strap(name="hangs", address="A2", mute=frozenset({"connect"}))
    got = several(like_real(here, hangs), ["away 1", "away 2", "away 3", "hangs", "here"], end)
    times = np.array([time for time, _ in packets(got["here"])])
    waited = times[np.searchsorted(times, backs)] - backs
    assert np.median(waited) <= 2.0
    assert np.quantile(waited, 0.99) <= 5.0
    assert {state for _, state in states(got["hangs"])} == {SEARCHING, STOPPED}


def test_two_straps_of_one_name_never_change_places():
    rng = np.random.default_rng(2)
    firsts = 10.0 + 20.0 * np.arange(200)
    addresses = ("A1", "A2")
    both = []
    for address in addresses:
        away = rng.uniform(0.0, 2.0, 200), rng.uniform(2.1, 8.0, 200)
        steps = [Drop(at) for at in firsts + away[0]] + [Back(at) for at in firsts + away[1]]
        own = [Notify(n + 0.5, address.encode() + b"%d" % n) for n in range(4020)]
        both.append(strap(*own, *steps, name="same", address=address))
    got = several(like_real(*both), addresses, 4020)
    for address in addresses:
        assert len(states(got[address])) > 2 * 200
        assert {data[:2] for _, data in packets(got[address])} == {address.encode()}


def test_a_link_to_a_name_keeps_to_the_strap_that_it_met_first():
    own = strap(*beats(1, 10), Drop(10), Back(60), *beats(61, 70), name="same", address="A1")
    stranger = strap(Back(20), *beats(1, 70), name="same", address="A2", visible=False)
    got = several(like_real(own, stranger), ["same"], 80)["same"]
    assert {one.address for one in got if isinstance(one, Connected)} == {"A1"}
    assert packets(got) == sent(*beats(1, 10), *beats(61, 70))


def namesakes(second):
    """Two straps of one name, the second heard from then on."""
    late = strap(Back(second), name="same", address="A2", visible=False)
    return like_real(strap(*beats(1, 60), name="same", address="A1"), late, told_apart_in=2.0)


def test_a_name_that_two_straps_bear_is_a_question():
    for first, lasting in ((0.0, 2.0), (1.5, 2.0)):
        with pytest.raises(Namesakes) as caught:
            run(begun(namesakes(first), find, "Same"), speed="max")
        assert caught.value.addresses == ("A1", "A2")
        links = []

        async def main(first=first, links=links):
            links.append(Link(namesakes(first), "same", emit=print_nothing, start=0.0))
            await links[0].run()
            return asyncio.get_running_loop().time()

        assert run(main(), speed="max") == pytest.approx(lasting, abs=1.5)
        (link,) = links
        assert (link.state, link.trouble) == (STOPPED, StrapTrouble.NAMESAKES)
        assert isinstance(link.error, Namesakes)
    assert run(begun(namesakes(0.0), find, "a2"), speed="max").address == "A2"
    assert run(begun(namesakes(2.5), find, "same"), speed="max").address == "A1"


def test_stop_disconnects():
    part = strap(*beats(1, 100))
    adapter = like_real(part)

    async def stop_later(link):
        await asyncio.sleep(10.5)
        link.stop()

    emitted = records(adapter, during=stop_later)
    assert states(emitted)[-1] == (10.5, STOPPED)
    assert not in_use(adapter)


def in_use(adapter):
    return any(peer._listener is not None for peer in adapter.client["radio"].peers)


def test_cancelling_disconnects():
    adapter, emitted = like_real(strap(*beats(1, 100))), []

    async def main():
        task = asyncio.create_task(Link(adapter, "H10", emit=emitted.append).run())
        await asyncio.sleep(5.5)
        assert in_use(adapter)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main(), speed="max")
    assert states(emitted)[-1] == (5.5, STOPPED)
    assert not in_use(adapter)


def test_what_goes_wrong_behind_the_callback_ends_the_link():
    adapter = like_real(strap(*beats(1, 100)))

    def full(record):
        if isinstance(record, Notification) and record.time > 3:
            raise OSError("no room")

    async def main():
        await Link(adapter, "H10", emit=full).run()

    with pytest.raises(OSError, match="no room"):
        run(main(), speed="max")
    assert not in_use(adapter)


def test_packets_of_an_old_connection_are_ignored():
    adapter, emitted = like_real(strap(*beats(1, 10), Drop(10), Back(10.5), End(20))), []
    old = []

    async def main():
        link = Link(adapter, "H10", emit=emitted.append)
        task = asyncio.create_task(link.run())
        await asyncio.sleep(5)
        old.append(adapter.client["radio"].peers[0]._listener)
        await asyncio.sleep(10)
        before = len(emitted)
        old[0].notified(Notify(15.0, beat(1)))
        old[0].dropped()
        assert len(emitted) == before
        await task

    run(main(), speed="max")


UNAVAILABLE = [
    (
        BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF),
        BluetoothTrouble.OFF,
    ),
    (
        BleakBluetoothNotAvailableError("none", BleakBluetoothNotAvailableReason.NO_BLUETOOTH),
        BluetoothTrouble.NO_ADAPTER,
    ),
    (
        BleakBluetoothNotAvailableError("no", BleakBluetoothNotAvailableReason.DENIED_BY_USER),
        BluetoothTrouble.DENIED,
    ),
    (
        BleakBluetoothNotAvailableError("?", BleakBluetoothNotAvailableReason.UNKNOWN),
        BluetoothTrouble.UNKNOWN,
    ),
    (FileNotFoundError(2, "No such file or directory"), BluetoothTrouble.NO_DBUS),
    (
        BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["x"]),
        BluetoothTrouble.NO_DAEMON,
    ),
    (BleakDBusError("org.bluez.Error.NotReady", ["x"]), BluetoothTrouble.OFF),
]


@pytest.mark.parametrize(("error", "trouble"), UNAVAILABLE)
def test_no_bluetooth_says_why(error, trouble):
    adapter = like_real(strap(*beats(1, 5), End(5)))
    adapter.scanner["radio"].trouble = error
    for call in (
        lambda: Link(adapter, "H10", emit=print_nothing).run(),
        lambda: scan(adapter),
        lambda: find(adapter, "H10"),
    ):
        with pytest.raises(NoBluetooth) as caught:
            run(call(), speed="max")
        assert caught.value.trouble is trouble


def test_an_adapter_that_goes_off_and_on_is_waited_for():
    part = strap(*beats(1, 10), Drop(10), Back(11), *beats(11, 50), End(50))
    adapter = like_real(part)
    radio = adapter.scanner["radio"]
    told = []

    async def off_and_on(link):
        await asyncio.sleep(9.5)
        radio.trouble = UNAVAILABLE[0][0]
        await asyncio.sleep(10)
        told.append((link.state, link.trouble))
        radio.trouble = None

    emitted = records(adapter, during=off_and_on)
    assert told == [(LOST, BluetoothTrouble.OFF)]
    # It is on again at 19.5 s, and asked for each second from the drop at 10 s on.
    assert packets(emitted) == sent(*beats(1, 10), *beats(21, 50))


def test_a_service_that_ends_without_a_word_is_a_loss_with_its_cause():
    ended = []

    async def ends():
        await (asyncio.Event().wait() if ended else asyncio.sleep(9.5))
        ended.append(True)

    emitted = records(like_real(strap(*beats(1, 40), End(40)), until_service_ends=ends))
    lost = [one for one in emitted if getattr(one, "state", None) is LOST]
    assert [(one.time, one.trouble) for one in lost] == [(9.5, BluetoothTrouble.NO_DAEMON)]


def test_who_listens_or_waits_for_a_strap_learns_that_bluetooth_went_off():
    adapter = like_real(strap(*beats(1, 5), Drop(5), End(60)))
    radio = adapter.scanner["radio"]

    async def main():
        adapter.begin(0.0)
        link = Link(adapter, "H10", emit=print_nothing)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(20.0)
        told = [link.trouble]
        listening = asyncio.create_task(listen(adapter, print_nothing, until=asyncio.Event()))
        await asyncio.sleep(10.0)
        radio.trouble = UNAVAILABLE[0][0]
        await asyncio.sleep(2.0)
        told += [link.trouble, listening.exception().trouble]
        link.stop()
        await running
        return told

    off = BluetoothTrouble.OFF
    assert run(main(), speed="max") == [StrapTrouble.UNHEARD, off, off]


def test_a_link_that_may_not_give_up_waits_for_bluetooth():
    adapter = like_real(strap(*beats(1, 20), End(20)))
    radio, emitted = adapter.scanner["radio"], []
    radio.trouble = UNAVAILABLE[0][0]

    async def main():
        link = Link(adapter, "H10", emit=emitted.append)
        link.gives_up = lambda: False
        running = asyncio.create_task(link.run())
        await asyncio.sleep(4.5)
        told = link.state, link.trouble, link.ever_connected
        radio.trouble = None
        await running
        return told, link.ever_connected

    assert run(main(), speed="max") == ((SEARCHING, BluetoothTrouble.OFF, False), True)
    assert packets(emitted) == sent(*beats(6, 20))


def test_scan_lists_what_offers_a_heart_rate():
    parts = [strap(name=f"S{n}", address=f"A{n}") for n in range(3)]
    hidden = strap(name="hidden", address="A9", visible=False)
    found = run(begun(like_real(*parts, hidden), scan), speed="max")
    assert [(one.name, one.address) for one in found] == [("S0", "A0"), ("S1", "A1"), ("S2", "A2")]
    assert run(begun(like_real(hidden), scan), speed="max") == []


async def begun(adapter, call, *args):
    adapter.begin(asyncio.get_running_loop().time())
    return await call(adapter, *args)


def test_find_gives_the_strap_or_says_what_there_is():
    adapter = like_real(strap(name="H10 1"), strap(name="H9 2", address="A1"))
    assert run(begun(adapter, find, "h9 2"), speed="max").address == "A1"
    for there, others in ((adapter, ("H10 1", "H9 2")), (like_real(), ())):
        with pytest.raises(NoStrap) as caught:
            run(begun(there, find, "H7"), speed="max")
        assert (caught.value.wanted, caught.value.others) == ("H7", others)


SAMPLED = Series("sampled", "uV", "7a3c0002-52d1-4b8e-a6f0-0d9b3f6e1c55", bytes, rate=130.0)


@pytest.fixture
def sampled(monkeypatch):
    monkeypatch.setitem(SERIES, SAMPLED.name, SAMPLED)


def samples(first, last, channel=0):
    return tuple(
        Notify(n / 2 + 0.1, b"%d" % n, SAMPLED.name, None, channel)
        for n in range(2 * first, 2 * last)
    )


def heard(emitted, kind, channel=0):
    """Return what was heard of a series, as steps would send it."""
    of_kind = (one for one in emitted if isinstance(one, Notification) and one.kind == kind)
    return [(one.time, one.data) for one in of_kind if one.channel == channel]


@pytest.mark.usefixtures("sampled")
def test_every_series_that_a_strap_offers_is_heard():
    two = (*samples(1, 9), *samples(2, 8, channel=1))
    part = strap(*beats(1, 10), *two, End(10))
    emitted = records(like_real(part))
    assert heard(emitted, "heart_rate") == sent(*beats(1, 10))
    assert heard(emitted, SAMPLED.name) == sent(*samples(1, 9))
    assert heard(emitted, SAMPLED.name, 1) == sent(*samples(2, 8))
    rates = {(one.kind, one.rate) for one in emitted if isinstance(one, Notification)}
    assert rates == {("heart_rate", None), (SAMPLED.name, 130.0)}
    assert states(emitted)[2:] == [(1, BEATS), (10, STOPPED)]


@pytest.mark.usefixtures("sampled")
def test_a_series_comes_back_with_the_link():
    part = strap(*beats(1, 30), *samples(1, 30), Drop(10.3), Back(12.3), End(30))
    emitted = records(like_real(part))
    again = states(emitted)[4][0]
    assert heard(emitted, SAMPLED.name) == [
        (time, data) for time, data in sent(*samples(1, 30)) if time < 10.3 or time > again
    ]


@pytest.mark.usefixtures("sampled")
def test_a_silent_series_does_not_drop_beats_and_is_asked_for_again():
    adapter = like_real(strap(*beats(1, 60), *samples(1, 60), End(60)))
    (peer,) = adapter.client["radio"].peers

    async def stall(_):
        await asyncio.sleep(20.3)
        peer.unsubscribe((SAMPLED.name, 0))

    emitted = records(adapter, during=stall)
    assert heard(emitted, "heart_rate") == sent(*beats(1, 60))
    assert states(emitted)[2:] == [(1, BEATS), (60, STOPPED)]
    # The newest one came at 20.1 s, and 8 s later it is asked for.
    kept = [(t, d) for t, d in sent(*samples(1, 60)) if t < 20.3 or t > 28.1]
    assert heard(emitted, SAMPLED.name) == kept


@pytest.mark.usefixtures("sampled")
def test_a_series_that_never_comes_is_asked_for_ever_less_often():
    adapter = like_real(strap(*beats(1, 600), Notify(599.0, b"", SAMPLED.name), End(600)))
    (peer,) = adapter.client["radio"].peers
    asked, subscribe = [], peer.subscribe

    def noted(stream):
        asked.append((adapter.client["radio"].now(), stream[0]))
        subscribe(stream)

    peer.subscribe = noted
    emitted = records(adapter)
    assert [time for time, kind in asked if kind == SAMPLED.name] == [0, 8, 24, 56, 120, 248, 504]
    assert heard(emitted, "heart_rate") == sent(*beats(1, 600))


@pytest.mark.usefixtures("sampled")
def test_silent_beats_drop_the_link_however_much_else_arrives():
    part = strap(*beats(1, 5), *samples(1, 40), *beats(13, 40), End(40))
    emitted = records(like_real(part))
    assert (4 + 8, LOST) in states(emitted)
    assert heard(emitted, "heart_rate") == sent(*beats(1, 5), *beats(13, 40))


@pytest.mark.usefixtures("sampled")
@pytest.mark.parametrize("call", ["start_notify", "stop_notify"])
def test_a_strap_that_refuses_a_series_goes_on_with_beats(monkeypatch, call):
    whole = getattr(ScriptedClient, call)

    async def refused(client, characteristic, *args, **options):
        if characteristic.uuid == SAMPLED.characteristic:
            raise BleakError("insufficient authentication")
        await whole(client, characteristic, *args, **options)

    monkeypatch.setattr(ScriptedClient, call, refused)
    part = strap(*beats(1, 40), *samples(1, 3), End(40))
    emitted = records(like_real(part))
    assert heard(emitted, "heart_rate") == sent(*beats(1, 40))
    assert states(emitted)[2:] == [(1, BEATS), (40, STOPPED)]


@pytest.mark.usefixtures("sampled")
def test_a_series_whose_subscription_never_answers_holds_up_no_beat(monkeypatch):
    whole = ScriptedClient.start_notify

    async def mute(client, characteristic, *args, **options):
        if characteristic.uuid == SAMPLED.characteristic:
            await asyncio.Event().wait()
        await whole(client, characteristic, *args, **options)

    monkeypatch.setattr(ScriptedClient, "start_notify", mute)
    emitted = records(like_real(strap(*beats(1, 40), *samples(1, 40), End(40))))
    assert heard(emitted, "heart_rate") == sent(*beats(1, 40))
    assert heard(emitted, SAMPLED.name) == []


def test_what_takes_a_link_over_hears_how_it_stands_and_all_from_then_on():
    part = strap(*beats(1, 20), End(20), battery=80, model="H10")
    adapter = dataclasses.replace(like_real(part), stamp=Adapter().stamp)
    before, after = [], []

    async def main():
        link = Link(adapter, "H10", emit=before.append)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(10.5)
        link.hand_over(after.append, start=asyncio.get_running_loop().time() - 0.25)
        await link.run()
        await running

    run(main(), speed="max")
    assert packets(before) == sent(*beats(1, 11))
    told, rest = after[:3], after[3:]
    assert told == [StateChange(0.25, BEATS), Connected(0.25, "A0"),
                    StrapInfo(0.25, "H10", "A0", 80, "H10")]  # fmt: skip
    assert [one.data for one in rest[:-1]] == [beat(number) for number in range(11, 20)]
    assert [one.time for one in rest[:-1]] == pytest.approx(np.arange(0.75, 9.0))
    assert rest[-1].state is STOPPED


@pytest.mark.parametrize(
    ("part", "state", "trouble"),
    [
        (strap(End(60), visible=False), SEARCHING, StrapTrouble.UNHEARD),
        (strap(*beats(1, 60), End(60), refusals=10_000), SEARCHING, StrapTrouble.REFUSED),
        (strap(*beats(1, 5), Drop(5), End(60)), LOST, StrapTrouble.UNHEARD),
    ],
)
def test_what_takes_over_a_link_without_a_strap_hears_that(part, state, trouble):
    after = []

    async def main():
        link = Link(like_real(part), "H10", emit=lambda record: None)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(30.0)
        assert (link.state, link.trouble, link.info) == (state, trouble, None)
        link.hand_over(after.append, start=30.0)
        link.stop()
        await running

    run(main(), speed="max")
    assert [(one.state, one.trouble) for one in after] == [(state, trouble), (STOPPED, None)]


def test_a_link_that_is_stopped_before_it_runs_does_nothing():
    emitted = []

    async def main():
        adapter = like_real(strap(*beats(1, 5), End(5)))
        link = Link(adapter, "H10", emit=emitted.append)
        link.stop()
        await link.run()

    run(main(), speed="max")
    assert [one.state for one in emitted] == [STOPPED]


def test_who_ends_one_wait_for_a_link_ends_it():
    async def main():
        link = Link(like_real(strap(*beats(1, 50), End(50))), "H10", emit=lambda record: None)
        first, second = (asyncio.create_task(link.run()) for _ in range(2))
        await asyncio.sleep(3.0)
        second.cancel()
        await asyncio.wait((first, second))
        return link.state, asyncio.get_running_loop().time()

    assert run(main(), speed="max") == (STOPPED, 3.0)


def test_listening_goes_on_beside_a_link_that_searches_and_connects():
    one = strap(*beats(30, 90), Back(20), End(90), name="one", address="A1", visible=False)
    other = strap(Back(12.5), End(90), name="other", address="A2", visible=False)
    adapter = like_real(one, other)
    heard = []

    async def main():
        loop = asyncio.get_running_loop()
        adapter.begin(0.0)
        until = asyncio.Event()
        link = Link(adapter, "one", emit=lambda record: None)
        listening = asyncio.create_task(
            listen(adapter, lambda found: heard.append((found.name, loop.time())), until=until)
        )
        running = asyncio.create_task(link.run())
        await asyncio.sleep(60.0)
        assert link.state is BEATS  # although somebody listens all the time
        until.set()
        await listening
        link.stop()
        await running

    run(main(), speed="max")
    first = {name: min(at for each, at in heard if each == name) for name, _ in heard}
    assert first["other"] == 12.5  # whether the link scanned just then or not
    assert first["one"] == 20.0


def test_listening_ends_at_once_while_a_link_has_the_radio():
    async def main():
        adapter = like_real(strap(End(60), visible=False))
        adapter.begin(0.0)
        link = Link(adapter, "nobody", emit=lambda record: None)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(1.0)
        until = asyncio.Event()
        listening = asyncio.create_task(listen(adapter, lambda found: None, until=until))
        await asyncio.sleep(1.0)
        until.set()
        await listening
        ended = asyncio.get_running_loop().time()
        link.stop()
        await running
        return ended

    assert run(main(), speed="max") == 2.0
