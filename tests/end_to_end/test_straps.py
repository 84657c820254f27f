"""The real commands with straps over unmodified bleak, on a private bus with a fake bluetoothd."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.codec.heart_rate import HeartRate, encode
from pipelines import store
from pipelines.session import Packet, Source, Strap
from tests.devices.faked.bus import needs_bus, private_bus
from tests.devices.faked.device import FakeStrap
from tests.devices.faked.faults import Everywhere, Fault, going_wrong
from tests.devices.faked.service import FakeBluez
from tests.end_to_end.program import PATIENCE
from tests.pipelines.recording.test_straps import count, measured, wobbling
from tests.pipelines.straps import sent, ticks_of
from tests.strangers import NAME, leaked

pytestmark = needs_bus

ONE = ("Polar H10 1", "A0:00:00:00:00:01")
TWO = ("HRM-Dual 2", "A0:00:00:00:00:02")


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with private_bus(tmp_path_factory.mktemp("bus")) as address:
        yield address


async def started(bus: str, *arguments: str) -> asyncio.subprocess.Process:
    environment = os.environ | {
        "DBUS_SYSTEM_BUS_ADDRESS": bus,
        "INTERBEAT_PASSPHRASE": "a passphrase",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from pipelines.command import main; main()",
        *arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


async def subscribed(*straps: FakeStrap) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all(strap.listened_to() for strap in straps):
            await asyncio.sleep(0.02)


async def beats(strap: FakeStrap, count: int, *, after: int = 0) -> None:
    """Send a packet of one interval every 60 ms, each with its own number in it.

    Numbers go on `after` those sent before: an equal packet so soon is the same sent again.
    """
    for number in range(after, after + count):
        strap.send(encode(HeartRate(60, rr_ticks=(900 + number,))))
        await asyncio.sleep(0.06)


async def play(strap: FakeStrap, readings: Sequence[tuple[float, HeartRate]]) -> None:
    """Send measurements, each at its time (s) from now."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for time, reading in sorted(readings, key=lambda one: one[0]):
        await asyncio.sleep(max(0.0, start + time - loop.time()))
        strap.send(encode(reading))


async def ended(process: asyncio.subprocess.Process, *counts: int) -> list[dict[str, Any]]:
    """Interrupt the recording, as Ctrl+C does, once it tells of so many beats of each strap.

    Return its final objects.
    """
    told: dict[str, int] = {}
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while sorted(told.values()) != sorted(counts):
            line = json.loads(await process.stdout.readline())
            told[line["source"]] = line["quality"]["beats"]
    out, _ = await interrupted(process)
    lines = [json.loads(line) for line in out.splitlines()]
    return [line for line in lines if line["final"]]


async def interrupted(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    process.send_signal(signal.SIGINT)
    out, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, errors.decode()
    return out, errors


async def test_scan_names_every_strap_that_offers_heart_rate(bus: str) -> None:
    async with FakeBluez(bus) as bluez:
        hostile = (NAME.replace("\0", ""), "A0:00:00:00:00:03")
        for strap in (ONE, TWO, hostile):
            bluez.add(*strap)
        process = await started(bus, "scan", "--json", "--seconds", "1")
        out, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        found = [json.loads(line) for line in out.splitlines()]
        assert {(one["name"], one["address"]) for one in found} == {ONE, TWO, hostile}
        assert not leaked(out)


@pytest.mark.long
async def test_a_check_looks_at_everything_and_its_log_names_nobody(
    bus: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        calls = "scan", "--check", "--json", "--device", ONE[0], "--log", str(log)
        process = await started(bus, *calls)
        await subscribed(strap)
        telling = asyncio.create_task(process.communicate())
        await beats(strap, 30)
        out, errors = await asyncio.wait_for(telling, 60)
        assert process.returncode == 0, errors.decode()
        found = {one["check"]: one["ok"] for one in map(json.loads, out.splitlines())}
        assert found["first beat"] is found["battery"] is found["disk"] is True
        assert not strap.connected
        assert ONE[0] not in log.read_text()
        bluez.power(on=False)
        process = await started(bus, "scan", "--check")
        out, errors = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 1, errors.decode()
        assert "switched off" in out.decode()


async def test_a_drop_is_a_gap_and_no_beat_counts_twice(bus: str, tmp_path: Path) -> None:
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        process = await started(
            bus, "live", "--device", ONE[0], "--headless", "--json", "--store", str(tmp_path / "l")
        )
        await subscribed(strap)
        await beats(strap, 30)
        strap.drop()
        await asyncio.sleep(0.1)
        await subscribed(strap)
        await beats(strap, 30)
        (final,) = await ended(process, 60)
        quality = final["quality"]
        assert quality["beats"] == 60
        assert [gap["cause"] for gap in quality["gaps"]] == ["link lost"]
        assert not strap.connected


@pytest.mark.long
async def test_two_straps_at_once_are_client_and_therapist(bus: str, tmp_path: Path) -> None:
    async with FakeBluez(bus) as bluez:
        straps = bluez.add(*ONE), bluez.add(*TWO)
        process = await started(
            bus, "live", "--device", ONE[1], "--device", TWO[1], "--headless", "--json",
            "--store", str(tmp_path / "l"),
        )  # fmt: skip
        await subscribed(*straps)
        await asyncio.gather(beats(straps[0], 20), beats(straps[1], 25))
        final = await ended(process, 20, 25)
        counts = {line["source"]: line["quality"]["beats"] for line in final}
        assert counts == {"client": 20, "therapist": 25}


@pytest.mark.long
async def test_a_recording_goes_on_while_bluetooth_is_off_and_a_second_strap_never_came(
    bus: str, tmp_path: Path
) -> None:
    async with FakeBluez(bus) as bluez:
        strap, refuses = bluez.add(*ONE), bluez.add(*TWO)
        refuses.refusals = 10_000
        process = await started(
            bus, "live", "--device", ONE[1], "--device", TWO[1], "--headless", "--json",
            "--store", str(tmp_path / "l"),
        )  # fmt: skip
        await subscribed(strap)
        await beats(strap, 20)
        bluez.power(on=False)
        await asyncio.sleep(3.0)
        bluez.power(on=True)
        await subscribed(strap)
        await beats(strap, 20, after=20)
        first, second = await ended(process, 40, 0)
        assert [line["quality"]["beats"] for line in (first, second)] == [40, 0]
        assert [gap["cause"] for gap in first["quality"]["gaps"]] == ["link lost"]


async def test_a_name_that_two_straps_bear_is_answered_with_both_addresses(
    bus: str, tmp_path: Path
) -> None:
    async with FakeBluez(bus) as bluez:
        straps = [bluez.add(ONE[0], address) for address in (ONE[1], TWO[1])]
        process = await started(
            bus, "live", "--device", ONE[0], "--headless", "--store", str(tmp_path / "l")
        )
        out, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert (process.returncode, out) == (2, b"")
        last = errors.decode().strip().splitlines()[-1]
        assert all(address in last for address in (ONE[1], TWO[1]))
        assert not any(strap.calls for strap in straps)


EIGHT = [(f"Strap {n}", f"A0:00:00:00:00:1{n}") for n in range(8)]


async def live(bus: str, tmp_path: Path, *addresses: str) -> asyncio.subprocess.Process:
    named = [word for address in addresses for word in ("--device", address)]
    kept = ("--headless", "--json", "--store", str(tmp_path / "l"))
    return await started(bus, "live", *named, *kept)


def counts(final: list[dict[str, Any]]) -> list[int]:
    return [line["quality"]["beats"] for line in final]


def causes(final: list[dict[str, Any]]) -> list[list[str]]:
    return [[gap["cause"] for gap in line["quality"]["gaps"]] for line in final]


@pytest.mark.long
async def test_eight_straps_of_which_one_refuses_one_hangs_and_one_drops(
    bus: str, tmp_path: Path
) -> None:
    async with FakeBluez(bus) as bluez:
        straps = [bluez.add(*one) for one in EIGHT]
        straps[2].refusals, straps[5].answers_connect = 10_000, False
        sound = [strap for place, strap in enumerate(straps) if place not in (2, 5)]
        process = await live(bus, tmp_path, *(address for _, address in EIGHT))
        await subscribed(*sound)
        telling = asyncio.create_task(process.communicate())
        await asyncio.gather(*(beats(strap, 40) for strap in sound))
        sound[0].drop()
        await asyncio.sleep(0.1)
        await subscribed(sound[0])
        await asyncio.gather(*(beats(strap, 40, after=40) for strap in sound))
        process.send_signal(signal.SIGINT)
        out, errors = await asyncio.wait_for(telling, 60)
        assert process.returncode == 0, errors.decode()
    final = [line for line in map(json.loads, out.splitlines()) if line["final"]]
    assert counts(final) == [80, 80, 0, 80, 80, 0, 80, 80]
    assert causes(final)[0] == ["link lost"]
    assert not any(causes(final)[place] for place in (1, 3, 4, 6, 7))


@pytest.mark.long
async def test_a_recording_outlives_whatever_happens_to_bluetooth(bus: str, tmp_path: Path) -> None:
    whole = 20 * (len(Everywhere) + 1)
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        process = await live(bus, tmp_path, ONE[1])
        for before, what in enumerate(Everywhere):
            await subscribed(strap)
            await beats(strap, 20, after=20 * before)
            async with going_wrong(bluez, Fault(what)):
                await asyncio.sleep(2.0)
        await subscribed(strap)
        await beats(strap, 20, after=whole - 20)
        final = await ended(process, whole)
    assert counts(final) == [whole]
    assert causes(final) == [["link lost"] * len(Everywhere)]


@pytest.mark.long
async def test_two_straps_of_one_name_come_back_in_the_other_order(
    bus: str, tmp_path: Path
) -> None:
    async with FakeBluez(bus) as bluez:
        one, two = straps = [bluez.add(ONE[0], address) for address in (ONE[1], TWO[1])]
        process = await live(bus, tmp_path, ONE[1], TWO[1])
        await subscribed(*straps)
        await asyncio.gather(beats(one, 20), beats(two, 30, after=300))
        for strap in straps:
            strap.visible = False
            strap.drop()
        await asyncio.sleep(1.0)
        for strap in (two, one):
            strap.visible = True
            await subscribed(strap)
        await asyncio.gather(beats(one, 20, after=20), beats(two, 30, after=330))
        final = await ended(process, 40, 60)
    assert counts(final) == [40, 60]
    (kept,) = store.open_library(tmp_path / "l", "a passphrase").sessions()
    events = list(store.open_library(tmp_path / "l", "a passphrase").events(kept.id))
    for number, (strap, first) in enumerate(((one, 900), (two, 1200))):
        told = [event for event in events if getattr(event, "source", None) == number]
        assert {event.address for event in told if isinstance(event, Source)} == {strap.address}
        sent_by = [event.data for event in told if isinstance(event, Packet)]
        assert {int.from_bytes(data[2:4], "little") // 300 for data in sent_by} == {first // 300}


ODD = {
    "empty": b"",
    "cut off": b"\x10",
    "half an interval": bytes.fromhex("10 40 00 04 ff"),
    "wide": bytes.fromhex("11 40 00 84 03"),
    "energy": bytes.fromhex("18 40 05 00 84 03"),
    "rate alone": bytes.fromhex("00 40"),
    "no contact": bytes.fromhex("14 40 84 03"),
}
"""Packets, of which all but the first two and the last but one hold one interval."""


@pytest.mark.long
async def test_a_strap_that_sends_whatever_reads_badly_stalls_and_ends_clean(
    bus: str, tmp_path: Path
) -> None:
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        strap.answers_reads, strap.refusals = False, 2
        process = await live(bus, tmp_path, ONE[1])
        await subscribed(strap)
        strap.drop()  # while it is being read
        await asyncio.sleep(0.1)
        await subscribed(strap)
        await beats(strap, 10)
        for data in ODD.values():
            strap.send(data)
            await asyncio.sleep(0.3)
        await beats(strap, 10, after=10)
        calls = strap.calls.count("Connect")
        async with asyncio.timeout(60):  # it says nothing, and is asked afresh
            while strap.calls.count("Connect") == calls:
                await asyncio.sleep(0.05)
        await subscribed(strap)
        await beats(strap, 10, after=20)
        (final,) = await ended(process, 30 + 4)
        assert counts([final]) == [30 + 4]
        assert not strap.connected


@pytest.mark.long
async def test_a_scan_that_finds_none_says_what_to_do(bus: str) -> None:
    async with FakeBluez(bus) as bluez:
        bluez.add(*ONE).visible = False
        process = await started(bus, "scan", "--seconds", "1")
        out, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        assert "No strap found" in out.decode()


@pytest.mark.long
async def test_a_device_without_heart_rate_is_named_and_harms_no_other(
    bus: str, tmp_path: Path
) -> None:
    async with FakeBluez(bus) as bluez:
        straps = bluez.add(*ONE), bluez.add(*TWO)
        straps[1].offers_heart_rate = False
        process = await started(
            bus, "live", "--device", ONE[1], "--device", TWO[1], "--headless", "--json",
            "--store", str(tmp_path / "l"),
        )  # fmt: skip
        await subscribed(straps[0])
        await beats(straps[0], 80)
        assert process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while TWO[0] not in (line := (await process.stderr.readline()).decode()):
                assert line
        final = await ended(process, 80, 0)
        assert [line["quality"]["beats"] for line in final] == [80, 0]
        assert straps[1].calls.count("Connect") == 2
        process = await started(
            bus, "live", "--device", TWO[1], "--headless", "--store", str(tmp_path / "l")
        )
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 1
        assert "no heart rate" in errors.decode().strip().splitlines()[-1]


@pytest.mark.long
async def test_a_wrong_name_is_answered_in_one_sentence(bus: str, tmp_path: Path) -> None:
    async with FakeBluez(bus) as bluez:
        bluez.add(*ONE)
        process = await started(
            bus, "live", "--device", "H7", "--headless", "--store", str(tmp_path / "l")
        )
        out, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 1
        assert out == b""
        last = errors.decode().strip().splitlines()[-1]
        assert "H7" in last
        assert ONE[0] in last


@pytest.mark.long
@pytest.mark.parametrize("extra", [(), ("--json",)], ids=["text", "json"])
async def test_what_a_strap_calls_itself_acts_nowhere(
    bus: str, tmp_path: Path, extra: tuple[str, ...]
) -> None:
    name, kept = NAME.replace("\0", ""), ("--store", str(tmp_path / "l"), *extra)
    calls = [("scan", "--seconds", "1", *extra), ("live", "--device", "H7", "--headless", *kept)]
    outputs = []
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(name, ONE[1])
        for call in calls:
            process = await started(bus, *call)
            outputs += await asyncio.wait_for(process.communicate(), PATIENCE)
        process = await started(bus, "live", "--device", ONE[1], "--headless", *kept)
        await subscribed(strap)
        await beats(strap, 20)
        process.send_signal(signal.SIGINT)
        outputs += await asyncio.wait_for(process.communicate(), PATIENCE)
    process = await started(bus, "sessions", "list", *kept)
    outputs += await asyncio.wait_for(process.communicate(), PATIENCE)
    assert all(b"H10" in outputs[place] for place in (0, 3)), outputs
    assert not [output for output in outputs if leaked(output)]
    if extra:
        assert json.loads(outputs[0])["name"] == name


@pytest.mark.long
async def test_what_a_strap_counts_in_and_its_model_are_remembered_of_its_address(
    bus: str, tmp_path: Path
) -> None:
    library, counted, known = tmp_path / "l", [], []
    calls = [(ONE[0], "--ticks", "1000"), (ONE[1],), (ONE[0], "--ticks", "1024"), (ONE[1],)]
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        strap.model = "HRM-Dual"
        for call in calls:
            process = await started(
                bus, "live", "--headless", "--json", "--store", str(library), "--device", *call
            )
            await subscribed(strap)
            await beats(strap, 5)
            await ended(process, 5)
    kept = store.open_library(library, "a passphrase")
    for info in kept.sessions():
        log = kept.events(info.id)
        counted.append([one.ticks for one in log if isinstance(one, Source)][-1])
        first = next(place for place, one in enumerate(log) if isinstance(one, Packet))
        known.append([one.model for one in log[:first] if isinstance(one, Strap)])
    assert counted == [1000, 1000, 1024, 1024]
    assert all("HRM-Dual" in models for models in known[1:])


MINUTES = 240.0


@pytest.mark.long
@pytest.mark.timeout(480)
async def test_what_straps_do_amiss_is_mended_or_said(bus: str, tmp_path: Path) -> None:
    """Six straps at once, each with a fault of its own, for four real minutes."""
    rng = np.random.default_rng(1)
    calm = sent(ticks_of(MINUTES, 64.0))
    slow = sent(ticks_of(MINUTES, 48.0))
    newest = np.searchsorted([time for time, _ in slow], np.arange(2.0, MINUTES) + 0.05) - 1
    exercise = wobbling(ticks_of(MINUTES, 125.0, spread=8.0), 3)
    those = {
        "again": calm + [(time + rng.uniform(0.051, 0.3), held) for time, held in calm],
        "repeated": [
            (second + 0.04, slow[place][1][-1:])
            for second, place in enumerate(newest.tolist(), start=2)
            if place >= 0
        ],
        "filled": [(time, (*held, 0, 65535)) for time, held in calm],
        "milliseconds": sent(ticks_of(MINUTES, 64.0) * 1000 // 1024, unit=1000),
        "exercise": exercise,
    }
    readings = {name: measured(packets) for name, packets in those.items()}
    readings["no intervals"] = [(float(second), HeartRate(64)) for second in range(1, 120)]
    async with FakeBluez(bus) as bluez:
        straps = [bluez.add(name, f"A0:00:00:00:00:1{n}") for n, name in enumerate(readings)]
        named = [word for name in readings for word in ("--device", name)]
        process = await started(
            bus, "live", *named, "--headless", "--json", "--store", str(tmp_path / "l")
        )
        await subscribed(*straps)
        # What it prints is read meanwhile, or its pipe would be full.
        told = asyncio.create_task(process.communicate())
        await asyncio.gather(*map(play, straps, readings.values()))
        process.send_signal(signal.SIGINT)
        out, errors = await asyncio.wait_for(told, PATIENCE)
    assert process.returncode == 0, errors.decode()
    lines = [json.loads(line) for line in out.splitlines()]
    final: list[dict[str, Any]] = [line for line in lines if line["final"]]
    found = {name: line["quality"] for name, line in zip(readings, final, strict=True)}
    assert found["again"]["beats"] == found["filled"]["beats"] == count(calm)
    assert found["again"]["duration_s"] == pytest.approx(MINUTES, abs=3.0)
    assert found["filled"]["gaps"] == found["exercise"]["gaps"] == []
    assert found["exercise"]["beats"] == count(exercise)
    refused = "add up to" in (found["repeated"]["reason"] or "")
    assert refused or found["repeated"]["beats"] <= 1.03 * count(slow)
    assert found["milliseconds"]["verdict"] == "limited"
    assert "--ticks 1000" in found["milliseconds"]["reason"]
    assert errors.decode().count("--ticks 1000") == 1
    reason = "this device sends no intervals between beats"
    assert found["no intervals"]["reason"] == reason
    last = [line for line in lines if line["source"] == final[-1]["source"]]
    told_at = [line["time_s"] for line in last if line["quality"]["reason"] == reason]
    waited = [line["time_s"] for line in last if line["quality"]["reason"] != reason]
    assert told_at[0] <= waited[0] + 15.0
