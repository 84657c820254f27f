"""What a study costs: processor time, memory and storage of `interbeat batch`, for docs/scale.md.

Days of made-up intervals are measured by one worker and by two, shorter and longer ones beside
them, a day of ECG, and a hundred epochs by NeuroKit2's panel too. Prints one line a figure.

    python -m proof.bench.scale [--files 20] [--days 1]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio import epochs, panel
from physio.compiled import use_machine_code
from physio.labels import labels
from proof.bench import series
from proof.validation import from_intervals

BEATS_A_DAY = 100_000
HOURS = (6.0, 12.0, 24.0, 48.0)
EPOCHS = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds by the clock and of the processor, and its largest process."""

    wall: float
    processor: float
    megabytes: float


def day(seed: int, *, beats: int = BEATS_A_DAY) -> str:
    """Return intervals in ms, a line each: breathing, a slower wave, day and night, a few ectopic.

    Each seed is another person.
    """
    draw = np.random.default_rng(seed)
    place = np.arange(beats)
    rr = (
        850.0
        + 120.0 * np.sin(2.0 * np.pi * place / BEATS_A_DAY)
        + 35.0 * np.sin((1.2 + 0.02 * (seed % 10)) * place)
        + 30.0 * np.sin(0.53 * place)
        + draw.normal(0.0, 15.0, beats)
    )
    early = draw.choice(np.arange(20, beats - 20, 4), beats // 1000, replace=False)
    rr[early] -= 250.0
    rr[early + 1] += 250.0
    return "\n".join(f"{one:.1f}" for one in rr) + "\n"


def study(folder: Path, files: int, *, beats: int = BEATS_A_DAY) -> Path:
    """Make a folder of so many recordings, and return it."""
    folder.mkdir()
    for seed in range(files):
        (folder / f"sub-{seed:04}.txt").write_text(day(seed, beats=beats))
    return folder


def day_of_ecg(folder: Path, days: float) -> Path:
    """Write an ECG at 250 Hz as a record of WFDB, an hour of it over and over."""
    folder.mkdir()
    hour = np.round(1000.0 * series.ecg("1 h")).astype("<i2")
    hours = round(24 * days)
    with (folder / "ecg.dat").open("wb") as file:
        for _ in range(hours):
            file.write(hour.tobytes())
    samples = hours * len(hour)
    (folder / "ecg.hea").write_text(f"ecg 1 250 {samples}\necg.dat 16 1000/mV 16 0 0 0 0 II\n")
    return folder


def batch(study: Path, out: Path, *options: str) -> Cost:
    """Measure a folder by the command, and return what it and its workers took."""
    # A process between, so that what is read of its children is of this command alone.
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    )
    begin = "from interbeat.start import main; main()"
    command = [sys.executable, "-c", begin, "batch", study, "--out", out, *options]
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, command)], check=True, capture_output=True, text=True
    )
    wall = time.perf_counter() - begun
    processor, largest = map(float, done.stdout.split())
    return Cost(wall, processor, largest / 1024.0)


def of_workers(folder: Path, files: int) -> Iterator[str]:
    """Yield what one worker and two take for the same days, and whether their tables are equal."""
    made = study(folder / "days", files)
    costs = {}
    for workers in (1, 2):
        costs[workers] = cost = batch(made, folder / f"out{workers}", "--workers", str(workers))
        yield (
            f"{files} days, workers {workers}: {cost.wall:.1f} s, {cost.processor / files:.2f} s "
            f"of processor time a file, largest process {cost.megabytes:.0f} MB"
        )
    alone = batch(made, folder / "out1", "--workers", "1", "--resume").processor
    yield (
        f"begun again when all is done: {alone:.1f} s of processor time, which one process takes "
        f"alone; with it {parallel(alone / costs[1].processor):.2f} x is what two idle cores can do"
    )
    ratio = costs[1].wall / costs[2].wall
    same = all(
        path.read_bytes() == (folder / "out2" / path.relative_to(folder / "out1")).read_bytes()
        for path in (folder / "out1").rglob("*")
        if path.is_file()
    )
    yield f"two workers beside one: {ratio:.2f} x the rate; tables equal to the byte: {same}"
    kept = sum(path.stat().st_size for path in (folder / "out1").rglob("*") if path.is_file())
    read = sum(path.stat().st_size for path in made.iterdir())
    yield f"storage a file: {read / files / 1e6:.2f} MB read, {kept / files / 1e3:.0f} kB kept"


def parallel(alone: float, cores: int = 2) -> float:
    """Return how many times the rate so many cores can reach where a share is done `alone`.

    Amdahl (1967), doi 10.1145/1465482.1465560.
    """
    return 1.0 / (alone + (1.0 - alone) / cores)


def of_lengths(folder: Path, files: int = 4) -> Iterator[str]:
    """Yield what recordings of other lengths take, less what the command takes for none."""
    costs = {}
    for hours in (0.1, *HOURS):
        beats = round(BEATS_A_DAY * hours / 24.0)
        made = study(folder / f"hours{hours:g}", files, beats=beats)
        costs[hours] = batch(made, folder / f"of{hours:g}", "--workers", "1").processor
    first = None
    for hours in HOURS:
        a_beat = (costs[hours] - costs[0.1]) / (files * BEATS_A_DAY * hours / 24.0)
        first = first or a_beat
        yield f"{hours:g} h: {1e6 * a_beat:.1f} us of processor time a beat, {a_beat / first:.2f} x"


def of_ecg(folder: Path, days: float) -> Iterator[str]:
    """Yield what an ECG takes, from its file to the table of its measures."""
    made = day_of_ecg(folder / "ecg", days)
    cost = batch(made, folder / "of-ecg", "--workers", "1", "--large")
    nothing = batch(study(folder / "short", 1, beats=400), folder / "of-short", "--workers", "1")
    yield (
        f"ECG of {24 * days:g} h at 250 Hz: {cost.processor - nothing.processor:.1f} s of "
        f"processor time, largest process {cost.megabytes:.0f} MB, for 400 beats "
        f"{nothing.megabytes:.0f} MB"
    )


def beside_neurokit() -> Iterator[str]:
    """Yield what a hundred epochs of five minutes take here and by NeuroKit2's panel."""
    if importlib.util.find_spec("neurokit2") is None:
        yield "NeuroKit2 is not installed: the extra research"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neurokit2

        rr = series.intervals("24 h")
        beats = from_intervals(rr)
        label = labels(beats.rr, beats.segment)
        start, end = epochs(0.0, 300.0 * EPOCHS, 300.0)
        peaks = [
            series.peaks(rr[(beats.time > first) & (beats.time <= last)])
            for first, last in zip(start, end, strict=True)
        ]

        def ours() -> object:
            return panel.over(beats, label, start=start, end=end)

        def theirs() -> object:
            return [neurokit2.hrv(one, sampling_rate=1000) for one in peaks]

        use_machine_code()
        ours()
        neurokit2.hrv(peaks[0], sampling_rate=1000)
        mine, others = _processor(ours), _processor(theirs)
    yield (
        f"{EPOCHS} epochs of 5 min: {1000.0 * mine:.0f} ms here, {others:.1f} s by NeuroKit2, "
        f"{others / mine:.0f} x"
    )


def _processor(job: Callable[[], object]) -> float:
    begun = time.process_time()
    job()
    return time.process_time() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--days", type=float, default=1.0)
    asked = parser.parse_args()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"cores {os.cpu_count()}, load before {load}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for lines in (
            of_workers(folder, asked.files),
            of_lengths(folder),
            of_ecg(folder, asked.days),
            beside_neurokit(),
        ):
            for line in lines:
                print(line, flush=True)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(f"this process {largest:.0f} MB, load after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
