"""A computer that was suspended, or whose clock was set, while the real command records."""

import json
import signal
import subprocess
import sys

import pytest

from tests.end_to_end.program import PATIENCE, ROOT, environment, eventually

JUMPING = """
import os, time
true = time.time
time.time = lambda: true() + ({jump} if os.path.exists({moved!r}) else 0.0)
from pipelines.command import main
main()
"""
"""The command, on a computer whose wall clock moves by `jump` seconds once a file is there."""


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]


@pytest.mark.parametrize(
    ("jump", "cause"),
    [
        (600.0, "computer suspended"),
        pytest.param(-600.0, "clock changed", marks=pytest.mark.long),
    ],
)
def test_it_is_one_gap_between_two_beats_live_and_offline(program, tmp_path, jump, cause):
    path, moved = tmp_path / "printed.jsonl", tmp_path / "moved"
    arguments = ["live", "--simulate", "rest", "--headless", "--json", "--store", program.store]
    with path.open("w") as printed:
        code = JUMPING.format(jump=jump, moved=str(moved))
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=printed, stderr=subprocess.PIPE, cwd=ROOT, env=environment(tmp_path), text=True,
        )  # fmt: skip
        try:
            assert eventually(lambda: lines(path) and lines(path)[-1]["quality"]["beats"] >= 3)
            moved.touch()
            assert eventually(lambda: any(line["quality"]["gaps"] for line in lines(path)))
            before = lines(path)[-1]["quality"]["beats"]
            assert eventually(lambda: lines(path)[-1]["quality"]["beats"] >= before + 3)
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    final = lines(path)[-1]
    assert final["final"] is True
    (gap,) = final["quality"]["gaps"]
    assert gap["cause"] == cause
    assert 0.0 <= gap["end_s"] - gap["start_s"] < 5.0
    (offline,) = program.objects("analyse", final["session"])
    assert offline["quality"]["gaps"] == final["quality"]["gaps"]
