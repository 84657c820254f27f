"""What straps do in a room, each once, and what the unmodified program makes of it.

Long drops, percentiles and random orders are the business of the fake bluetoothd, which is quicker
by far; here it is the real one, so that the fake one stays true.
"""

from __future__ import annotations

import asyncio
import json

from devices.codec.heart_rate import encode
from tests.bluez.bench import Bench, Heart, Recording, expect
from tests.bluez.room import Strap, until

LONGEST = 240.0
"""Seconds by the machine's clock after which a scenario is given up."""
AWAY = 5.0
"""Seconds that a strap stays out of range."""
LOST = "link lost"


async def drop(bench: Bench) -> None:
    """Connect by name, packets at their real rate, two drops: gaps, and no beat twice or lost."""
    strap = await bench.room.strap("Polar H10 1")
    heart = Heart(strap)
    recording = await bench.live(strap, by=[strap.name])
    await heart.beat(8)
    for _ in range(2):
        await strap.drop()
        await back(strap)
        await heart.beat(8)
    await holds(recording, [heart], gaps=[[LOST, LOST]])


async def scan(bench: Bench) -> None:
    """Every strap that is heard is named with its address, and nothing else."""
    straps = [await bench.room.strap(name) for name in ("Polar H10 1", "HRM-Dual 2")]
    await bench.room.strap("Headphones", heart_rate=False)
    await bench.room.strap("Away", heard=False)
    code, out, errors = await bench.run("scan", "--json", "--seconds", "4")
    found = [json.loads(line) for line in out.splitlines()]
    expect(f"the exit code ({errors})", code, 0)
    expect(
        "straps in reach",
        sorted((one["name"], one["address"]) for one in found),
        sorted((strap.name, strap.address) for strap in straps),
    )


async def nobody(bench: Bench) -> None:
    """Where no strap is heard, the scan finds none."""
    expect("a scan", await bench.run("scan", "--json", "--seconds", "2"), (0, "", ""))


async def two(bench: Bench) -> None:
    """Two straps at once: one out of range, then both, which come back in the other order."""
    straps = [await bench.room.strap(name) for name in ("Polar H10 1", "HRM-Dual 2")]
    hearts = [Heart(straps[0]), Heart(straps[1], first=900)]
    recording = await bench.live(*straps)
    await together(hearts, 6)
    await straps[0].vanish()
    await hearts[1].beat(int(AWAY) + 1)
    await straps[0].appear()
    await asyncio.gather(hearts[1].beat(3), back(straps[0]))
    await together(hearts, 6)
    for strap in straps:
        await strap.vanish()
    await asyncio.sleep(AWAY)
    for strap in reversed(straps):
        await strap.appear()
        await back(strap)
    await together(hearts, 6)
    addresses = [one.address for one in recording.sources()]
    await holds(recording, hearts, gaps=[[LOST, LOST], [LOST]])
    expect("addresses", addresses, [strap.address for strap in straps])


async def packets(bench: Bench) -> None:
    """Packets of every kind, delayed ones and a stalled stream; what came is stored as it came."""
    strap = await bench.room.strap("Polar H10 1")
    heart = Heart(strap)
    recording = await bench.live(strap)
    await heart.beat(4)
    whole = [
        encode(heart.reading(wide=True)),
        encode(heart.reading(contact=False)),
        encode(heart.reading(contact=True, energy_kj=300)),
        encode(heart.reading()) + b"\x07",
    ]
    for data in whole:
        await asyncio.sleep(1.0)
        await heart.send(data)
    again = heart.sent[-1]
    for data in (again, b"", b"\x10", b"\x00\x40"):
        await heart.send(data)
    await heart.beat(3)
    backlog = [encode(heart.reading()) for _ in range(4)]
    await asyncio.sleep(len(backlog))
    for data in backlog:
        await heart.send(data)
    await heart.beat(3)
    before = strap.connections
    await until(lambda: strap.connections > before and strap.listened_to)
    await heart.beat(6)
    beats = 4 + len(whole) + 3 + len(backlog) + 3 + 6
    await holds(recording, [heart], beats=[beats], gaps=[[LOST]])


async def refused(bench: Bench) -> None:
    """A strap that twice lets go of whoever connects, then stays: no more than a late start."""
    strap = await bench.room.strap("Polar H10 1")
    strap.refusals = 2
    heart = Heart(strap)
    recording = await bench.live(strap)
    await heart.beat(6)
    expect("connections", strap.connections, 3)
    await holds(recording, [heart], gaps=[[]])


async def unanswered(bench: Bench) -> None:
    """A read that is never answered keeps no beat away; a drop meanwhile is like any other."""
    strap = await bench.room.strap("Polar H10 1")
    strap.answers = False
    heart = Heart(strap)
    recording = await bench.live(strap)
    await until(lambda: strap.was_asked)
    await heart.beat(3)
    await strap.drop()
    await back(strap)
    await heart.beat(6)
    await holds(recording, [heart], gaps=[[LOST]])


async def adapter(bench: Bench) -> None:
    """Bluetooth switched off and on: a gap, and the recording goes on by itself."""
    strap = await bench.room.strap("Polar H10 1")
    heart = Heart(strap)
    recording = await bench.live(strap)
    await heart.beat(6)
    await asyncio.sleep(1.0)  # the last beat is on its way
    await bench.switch(on=False)
    await strap.drop()  # it waits out a link of which nobody told it
    await asyncio.sleep(AWAY)
    await bench.switch(on=True)
    await back(strap)
    await heart.beat(6)
    await holds(recording, [heart], gaps=[[LOST]])


async def crash(bench: Bench) -> None:
    """The Bluetooth service ends without a word and is started again: a gap, and it goes on."""
    strap = await bench.room.strap("Polar H10 1")
    heart = Heart(strap)
    recording = await bench.live(strap)
    await heart.beat(6)
    await asyncio.sleep(1.0)  # the last beat is on its way
    await bench.crash_service()
    await strap.drop()
    await bench.start_service()
    await back(strap)
    await heart.beat(6)
    await holds(recording, [heart], gaps=[[LOST]])


async def namesakes(bench: Bench) -> None:
    """A name that two straps bear is a question with both addresses, and nothing is recorded."""
    straps = [await bench.room.strap("Polar H10 1") for _ in range(2)]
    recording = await bench.begin("Polar H10 1")
    expect(f"the exit code ({recording.text})", await recording.wait(), 2)
    for strap in straps:
        expect(f"{strap.address} named", strap.address in recording.text, True)
        expect("connections", strap.connections, 0)


async def back(strap: Strap) -> None:
    """Wait until somebody listens to the strap again, which is heard from now on."""
    loop = asyncio.get_running_loop()
    since = loop.time()
    await until(lambda: strap.listened_to)
    strap.waits.append(loop.time() - since)


async def together(hearts: list[Heart], count: int) -> None:
    await asyncio.gather(*(heart.beat(count) for heart in hearts))


async def holds(
    recording: Recording,
    hearts: list[Heart],
    *,
    gaps: list[list[str]],
    beats: list[int] | None = None,
) -> None:
    """End the recording: every packet is stored once, each gap has its cause, no link is left."""
    await asyncio.sleep(1.0)  # the last beat is on its way
    finals = await recording.finish()
    kept = recording.kept()
    sent = [heart.sent for heart in hearts]
    for one, other in zip(kept, sent, strict=True):
        expect("stored packets", [data.hex() for data in one], [data.hex() for data in other])
    expect("beats", [final["beats"] for final in finals], beats or [len(one) for one in sent])
    expect("causes of gaps", [[gap["cause"] for gap in final["gaps"]] for final in finals], gaps)
    for heart in hearts:
        expect(f"{heart.strap.name} held after the end", heart.strap.connected, False)


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        drop,
        scan,
        nobody,
        two,
        packets,
        refused,
        unanswered,
        namesakes,
        adapter,
        crash,
    )
}
