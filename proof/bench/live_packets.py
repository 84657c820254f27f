"""How long a packet takes from arrival to snapshot, with some straps, over a session of hours.

Each packet is committed to an encrypted store, folded, and answered with a snapshot, as in a live
session. Prints percentiles for the first and the last ten minutes: they should be alike.

    python -m proof.bench.live_packets [--hours 4] [--straps 2]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from devices.scripted import Notify, simulate
from physio.compiled import use_machine_code
from pipelines.live import Engine
from pipelines.session import Baseline, Packet, Source
from pipelines.store import open_or_create_with_key_file

EDGE = 600.0
ROLES = ("client", "therapist", "member")


def packets(hours: float, straps: int) -> list[Packet]:
    """Return the packets of simulated straps in order of arrival."""
    sent = [
        Packet(step.time, source, "heart_rate", step.data)
        for source in range(straps)
        for step in simulate(
            ("therapy", "rest")[source % 2], seed=source + 1, seconds=3600.0 * hours
        ).script.steps
        if isinstance(step, Notify)
    ]
    return sorted(sent, key=lambda packet: packet.time)


def measured(log: list[Packet], folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return arrival (s) of each packet, and ms until it was committed and until its snapshot."""
    library = open_or_create_with_key_file(folder)
    writer = library.new_session(0.0)
    engine = Engine(writer.session)
    sources = range(1 + max(packet.source for packet in log))
    engine.advance([Source(0.0, source, ROLES[min(source, 2)], "") for source in sources])
    taken = []
    for place, packet in enumerate(log):
        began = time.perf_counter()
        writer.append((packet,))
        kept = time.perf_counter()
        engine.advance((packet,))
        engine.snapshot(packet.time)
        taken.append((1000.0 * (kept - began), 1000.0 * (time.perf_counter() - began)))
        if place == 600:
            engine.advance([Baseline(packet.time, source, 0.0, 180.0) for source in sources])
    writer.close(beats=0)
    return np.array([packet.time for packet in log]), np.array(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4.0)
    parser.add_argument("--straps", type=int, default=2)
    wish = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    use_machine_code()
    with tempfile.TemporaryDirectory() as folder:
        arrival, taken = measured(packets(wish.hours, wish.straps), Path(folder) / "library")
    edge = min(EDGE, 0.5 * arrival[-1])
    for name, part in (
        ("first minutes", taken[arrival < edge]),
        ("last minutes", taken[arrival > arrival[-1] - edge]),
        ("all", taken),
    ):
        for step, column in (("committed", 0), ("snapshot", 1)):
            p50, p99 = np.percentile(part[:, column], (50, 99))
            print(f"{name:14} {step:10} n {len(part):6d}  median {p50:6.2f} ms  p99 {p99:6.2f} ms")


if __name__ == "__main__":
    main()
