"""Write the library beside this file, with the code of version 0.1.0 and simulated beats only.

    git archive abf7a95 | tar -x -C FOLDER
    PYTHONPATH=FOLDER python tests/pipelines/store/version_0_1_0/write.py

It makes library/ (passphrase "x"), with a finished session of two wearers and one that a crash cut
short, export.zip of the first, and numbers.jsonl: of what `analyse --labels off` said of both, what
no later version may say otherwise.
"""

import json
import math
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from devices.codec.heart_rate import HeartRate, encode
from pipelines import store
from pipelines.session import events as ev
from pipelines.store.keys import Cost

HERE = Path(__file__).parent
LIBRARY, EXPORT, NUMBERS = (HERE / name for name in ("library", "export.zip", "numbers.jsonl"))
PASSPHRASE = "x"
CHANGES = {
    60.0: "signal lost, reconnecting",
    75.0: "beats arriving",
    120.0: "strap off the skin",
    135.0: "beats arriving",
    200.0: "searching",
    212.0: "connected, waiting for beats",
    214.0: "beats arriving",
}
MEASURES = ("mean_rr", "sdnn", "rmssd", "sdsd", "pnn50")
SILENT = ((60.0, 75.0), (120.0, 135.0), (200.0, 214.0))


def beats(source: int, seconds: float) -> Iterator[ev.Packet]:
    noise = random.Random(source)
    time = 0.0
    while time < seconds:
        ticks = round(900 + 60 * math.sin(time / 2.5) + noise.gauss(0, 20))
        time += ticks / 1024
        if source or not any(start < time < end for start, end in SILENT):
            data = encode(HeartRate(round(61440 / ticks), True, None, (ticks,)))
            yield ev.Packet(time + noise.uniform(0, 0.02), source, "heart_rate", data)


def log(seconds: float) -> list[ev.AnyEvent]:
    opening = [
        ev.WallClock(0.0, 1.7e9),
        ev.Consent(0.0, "everyone recorded has agreed"),
        ev.Source(0.0, 0, "client", "Simulated strap", "", simulated=True),
        ev.Source(0.0, 1, "therapist", "Simulated strap", "", simulated=True),
        ev.Strap(0.1, 0, "Simulated strap", None, 80),
        ev.Phase(0.2, "baseline"),
    ]
    rest = [
        *(packet for source in (0, 1) for packet in beats(source, seconds)),
        *(ev.Link(time, 0, state) for time, state in CHANGES.items()),
        ev.Baseline(50.0, 0, 5.0, 50.0),
        ev.Phase(55.0, "session"),
        ev.Mark(90.0, "a mark"),
        ev.Mark(91.0, "another mark", replaces=90.0),
        ev.Talking(100.0, on=True),
        ev.Talking(110.0, on=False),
        ev.Pace(150.0, 6.0, 0.4),
        ev.Pace(180.0, None, 0.4),
    ]
    return opening + sorted((one for one in rest if one.time <= seconds), key=lambda e: e.time)


def crash(library: store.Library) -> None:
    """Record a session in a process that ends without a word, and leave what it left."""
    pid = os.fork()
    if pid == 0:
        writer = library.new_session(1.7e9)
        for event in log(90.0):
            writer.append([event])
        os._exit(0)
    os.waitpid(pid, 0)


def numbers(session: str) -> Iterator[str]:
    program = [sys.executable, "-c", "from pipelines.command import main; main()"]
    options = ["--labels", "off", "--json", "--store", str(LIBRARY)]
    said = subprocess.run(
        [*program, "analyse", session, *options],
        env={**os.environ, "INTERBEAT_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        check=True,
    )
    return map(lasting, said.stdout.splitlines())


def lasting(line: bytes) -> str:
    said = json.loads(line)
    quality = {name: said["quality"][name] for name in ("beats", "duration_s", "gaps")}
    measures = {name: said["measures"][name]["value"] for name in MEASURES}
    kept = {"session": said["session"], "source": said["source"]}
    return json.dumps({**kept, "quality": quality, "measures": measures}) + "\n"


def main() -> None:
    shutil.rmtree(LIBRARY, ignore_errors=True)
    cost = Cost(n=2, r=1, p=1)
    library, _ = store.create_library(LIBRARY, PASSPHRASE, cost=cost)
    writer = library.new_session(1.7e9)
    writer.append(log(240.0))
    writer.close(beats=sum(isinstance(event, ev.Packet) for event in log(240.0)))
    crash(library)
    store.export_session(library, writer.session, HERE).replace(EXPORT)
    NUMBERS.write_text("".join(line for info in library.sessions() for line in numbers(info.id)))
    shutil.rmtree(LIBRARY / "running")
    for shared in LIBRARY.rglob("*-shm"):
        shared.unlink()


if __name__ == "__main__":
    main()
