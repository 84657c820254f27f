"""What `interbeat scan --check` finds, on scripted straps at virtual time."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
)

from devices import clock
from devices.codec.heart_rate import HeartRate, encode
from devices.link import Adapter, BluetoothTrouble, StrapTrouble
from devices.scripted import Notify, Script, scripted_adapter
from pipelines.command.checking import ROOM, Piece, Seen, check, log_lines
from pipelines.command.scan import _tell
from pipelines.recording import Skin
from pipelines.words import bluetooth_advice

NAME, ADDRESS = "Strap of somebody", "A0:00:00:00:00:01"


def strap(reading: HeartRate, *, battery: int | None = 80, **part: object) -> Script:
    steps = tuple(Notify(float(second), encode(reading)) for second in range(1, 120))
    return Script(NAME, ADDRESS, steps, battery=battery, **part)


WORN = HeartRate(64, contact=True, rr_ticks=(930,))


def found(*straps: Script, wanted: str | None = None, folder: Path = Path()) -> dict[Piece, Seen]:
    names = ("scan_for", "told_apart_in", "stale_after", "back_off", "shared")
    real = {name: getattr(Adapter(), name) for name in names}
    adapter = dataclasses.replace(scripted_adapter(*straps), **real)
    return run(adapter, wanted, folder)


def run(adapter: Adapter, wanted: str | None = None, folder: Path = Path()) -> dict[Piece, Seen]:
    seen: list[Seen] = []

    async def each() -> None:
        adapter.begin(0.0)
        seen.extend([one async for one in check(adapter, wanted, folder)])

    clock.run(each(), speed="max")
    assert [one.piece for one in seen] == [piece for piece in Piece if piece in dict(of(seen))]
    return dict(of(seen))


def of(seen: list[Seen]) -> list[tuple[Piece, Seen]]:
    return [(one.piece, one) for one in seen]


def test_a_strap_that_is_worn_lacks_nothing():
    seen = found(strap(WORN))
    assert set(seen) == set(Piece)
    assert all(one.good for one in seen.values())
    assert seen[Piece.FIRST_BEAT].after <= 10.0


@pytest.mark.parametrize(
    ("script", "piece", "good", "trouble"),
    [
        (strap(WORN, battery=15), Piece.BATTERY, False, "low"),
        (strap(WORN, battery=None), Piece.BATTERY, None, ""),
        (strap(HeartRate(0, contact=False)), Piece.CONTACT, False, Skin.OFF),
        (strap(HeartRate(0, contact=False)), Piece.FIRST_BEAT, False, "no beat"),
        (strap(HeartRate(64, rr_ticks=(930,))), Piece.CONTACT, None, ""),
        (strap(HeartRate(64)), Piece.FIRST_BEAT, False, StrapTrouble.NO_INTERVALS),
        (strap(WORN, refusals=99), Piece.CONNECTION, False, StrapTrouble.REFUSED),
        (strap(WORN, visible=False), Piece.STRAP, False, StrapTrouble.UNHEARD),
    ],
)
def test_what_is_amiss_with_a_strap_is_told(script, piece, good, trouble):
    seen = found(script)[piece]
    assert (seen.good, seen.trouble) == (good, trouble)
    assert seen.said


@pytest.mark.parametrize(
    ("wanted", "trouble"), [("another", StrapTrouble.UNHEARD), (NAME, StrapTrouble.NAMESAKES)]
)
def test_a_name_that_no_strap_bears_or_two(wanted, trouble):
    two = dataclasses.replace(strap(WORN), address="A2")
    seen = found(strap(WORN), two, wanted=wanted)[Piece.STRAP]
    assert (seen.good, seen.trouble) == (False, trouble)


@pytest.mark.parametrize(
    ("error", "piece", "trouble"),
    [
        (FileNotFoundError(2, "none"), Piece.SERVICE, BluetoothTrouble.NO_DBUS),
        (
            BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["x"]),
            Piece.PERMISSION,
            BluetoothTrouble.DENIED,
        ),
        (
            BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF),
            Piece.ADAPTER,
            BluetoothTrouble.OFF,
        ),
    ],
)
def test_the_piece_of_bluetooth_that_fails_is_the_last(error, piece, trouble):
    adapter = scripted_adapter(strap(WORN))
    adapter.scanner["radio"].trouble = error
    seen = run(adapter)
    *before, last = [one for one in seen.values() if one.piece not in (Piece.CLOCKS, Piece.DISK)]
    assert (last.piece, last.good, last.trouble) == (piece, False, trouble)
    assert all(one.good for one in before)


def test_a_disk_without_room_and_a_clock_that_jumps(monkeypatch, tmp_path):
    full = shutil._ntuple_diskusage(ROOM, ROOM - 1, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    jumps = iter((0.0, 90.0))
    monkeypatch.setattr("pipelines.command.checking.wall", lambda: next(jumps))
    seen = found(strap(WORN), folder=tmp_path / "not" / "yet")
    assert [seen[piece].good for piece in (Piece.DISK, Piece.CLOCKS)] == [False, False]


def test_a_log_holds_codes_and_no_name():
    lines = log_lines(found(strap(WORN), wanted=NAME).values())
    first, *rest = map(json.loads, lines.splitlines())
    assert set(first) == {"interbeat", "python", "system", "release", "bleak"}
    assert [one["check"] for one in rest] == [piece.value for piece in Piece]
    assert all(set(one) == {"check", "ok", "trouble", "after_s"} for one in rest)
    assert not any(word in lines for word in (NAME, ADDRESS))


def test_what_to_do_is_told_whole(capsys):
    said = " ".join(bluetooth_advice(BluetoothTrouble.NO_DBUS, "linux"))
    assert len(said) > 80
    _tell(Seen(Piece.SERVICE, False, 0.0, said), as_json=False)
    assert said in capsys.readouterr().out
