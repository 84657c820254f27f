"""A stored hour reviewed by keys in a real window, and decisions cut short by kill -9."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import store
from pipelines.drawing import LIGHT
from pipelines.session import (
    Baseline,
    LeftOut,
    LeftOutReason,
    Mark,
    Phase,
    PhaseName,
    TakenBack,
    beats_of,
)
from pipelines.store import Library
from tests.end_to_end.program import FAST, PASSPHRASE, ROOT, Program, environment, eventually
from tests.end_to_end.screens import Screen, screen
from tests.end_to_end.test_window import Opened
from tests.pipelines.logs import session

needs_screen = pytest.mark.skipif(
    sys.platform != "linux", reason="it reads /proc and needs an X server"
)


def log(seconds: float = 420.0) -> list:
    marks = [Mark(at, text) for at, text in ((200.0, "hip"), (300.0, "tears"))]
    found = [*session("rest", seconds), Baseline(190.0, 0, 10.0, 190.0), *marks]
    return [*sorted(found, key=lambda one: one.time), Phase(seconds, PhaseName.FINISHED)]


def kept(library: Library) -> str:
    writer = library.new_session(time.time() - 3600.0)
    writer.append(log())
    writer.close(beats=beats_of(log())[0].received)
    return writer.session


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as one:
        yield one


@pytest.mark.long
@pytest.mark.view
@needs_screen
def test_a_stretch_is_left_out_and_taken_back_by_keys_alone(
    tmp_path: Path, display: Screen
) -> None:
    folder = tmp_path / ".local" / "share" / "interbeat" / "library"
    library = store.create_library(folder, PASSPHRASE, show=lambda _: None, cost=FAST)
    name, before = kept(library), len(log())

    def added() -> list[type]:
        return [type(one) for one in library.events(name)[before:]]

    person = Opened(tmp_path, display, INTERBEAT_PASSPHRASE=PASSPHRASE)
    try:
        assert person.shows()
        person.turn("3")
        person.hit("Return")
        # The chosen moment's edge: the hour is there.
        assert eventually(lambda: display.colour(26, 455) == LIGHT.lake.upper())
        person.turn("Return", "s")
        person.hit(*["Right"] * 6)
        person.hit("o", "1")
        assert eventually(lambda: added() == [LeftOut])
        one = library.events(name)[-1]
        assert (one.start, one.reason) == (200.0, LeftOutReason.MOVING)
        assert one.end == pytest.approx(272.0)
        person.hits_until("BackSpace", lambda: added() == [LeftOut, TakenBack])
        person.turn("Escape", "Escape", "Escape")  # the hour, the recordings, the beginning
        person.end()
    finally:
        person.end_at_once()


@pytest.mark.long
@pytest.mark.view
@needs_screen
def test_the_clients_report_is_edited_and_written_by_keys_alone(
    tmp_path: Path, display: Screen
) -> None:
    folder = tmp_path / ".local" / "share" / "interbeat" / "library"
    library = store.create_library(folder, PASSPHRASE, show=lambda _: None, cost=FAST)
    kept(library)
    path = tmp_path / "for them.html"
    person = Opened(tmp_path, display, INTERBEAT_PASSPHRASE=PASSPHRASE)
    try:
        assert person.shows()
        person.turn("3")
        person.hit("Return")
        assert eventually(lambda: display.colour(26, 455) == LIGHT.lake.upper())
        person.turn("r", "Return")
        person.hit("ctrl+a")
        display.write("It beat as it does.")
        person.turn("Return")
        person.turn("w")
        person.hit("ctrl+a")
        display.write(str(path))
        person.hit("Return")
        assert eventually(path.exists)
        page = path.read_text("utf-8")
        assert "It beat as it does." in page
        assert "1 sentence put in other words" in page
        person.turn("Escape", "Escape", "Escape")  # the hour, the recordings, the beginning
        person.end()
    finally:
        person.end_at_once()


EDITING = """
import sys
from pathlib import Path
from pipelines import store
from pipelines.session import Baseline, LeftOut, LeftOutReason, TakenBack
library = store.open_library(Path(sys.argv[1]), sys.argv[2])
name = library.sessions()[0].id
time = 4000.0
print("begun", flush=True)
while True:
    for event in (
        LeftOut(time, 0, 200.0, 230.0, LeftOutReason.MOVING),
        Baseline(time, 0, 20.0, 120.0),
        TakenBack(time),
        TakenBack(time),
    ):
        library.add(name, [event])
        print("kept", flush=True)
        time += 1.0
"""


def killed(program: Program, after: float) -> int:
    """Edit until it is killed, so many seconds after it began; return what was told as kept."""
    process = subprocess.Popen(
        [sys.executable, "-c", EDITING, str(program.store), PASSPHRASE],
        cwd=ROOT, env=environment(program.folder), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(after)
    process.kill()
    told, _ = process.communicate()
    return told.count("kept\n")


def survive(program: Program, kills: int, seed: int) -> None:
    """Whenever editing is killed, the log holds each decision that was told, whole, and no half."""
    draw, name = random.Random(seed), kept(program.library)
    held = len(program.library.events(name))
    for _ in range(kills):
        told = killed(program, draw.uniform(0.0, 0.4))
        events = program.library.events(name)
        assert told <= len(events) - held <= told + 1
        assert events[: len(log())] == log()
        for one in events[held:]:
            assert isinstance(one, LeftOut | Baseline | TakenBack)
        held = len(events)
    beats_of(program.library.events(name))


def test_a_decision_is_kept_or_not_whenever_it_is_killed(tmp_path: Path) -> None:
    survive(Program(tmp_path), kills=2, seed=1)


@pytest.mark.long
def test_a_decision_is_kept_or_not_at_thirty_moments(tmp_path: Path) -> None:
    survive(Program(tmp_path), kills=30, seed=2)
