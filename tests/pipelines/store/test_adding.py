"""What is said of a session after its end is added to its log: all of it or nothing."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from pipelines import store
from pipelines.session import Mark, Phase, PhaseName, marks_of
from pipelines.store import database, rescue
from tests.pipelines.store.libraries import (
    ROOT,
    all_bytes,
    count_packets,
    fill,
    make_library,
    one_sentence,
    recorded,
)
from tests.pipelines.store.old_libraries import CRASHED, FINISHED, old_library, stored

EDITS = [Mark(900.0, "other words", replaces=0.0), Mark(901.0, "", replaces=1.0, removed=True)]


def ended(library):
    writer = library.new_session(0.0)
    fill(writer)
    writer.append([Phase(3.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    return writer.session


def test_the_log_grows_and_nothing_in_it_is_changed(library):
    session = ended(library)
    (_, before), info = stored(library, session), library.session(session)
    library.add(session, EDITS)
    _, after = stored(library, session)
    assert after[: len(before)] == before
    assert library.events(session)[len(before) :] == EDITS
    assert [mark.text for mark in marks_of(library.events(session))][:1] == ["other words"]
    assert library.session(session) == info
    summary = store.summarise(library.events(session), store.Summary())
    assert summary.duration_s == info.duration_s
    names = {path.name for path in library.folder.rglob("*") if path.is_file()}
    assert not {name for name in names if "-" in name or ".lock" in name}


def test_nothing_of_it_is_written_in_plain(library):
    session = ended(library)
    library.add(session, EDITS)
    written = all_bytes(library.folder)
    assert not [name for name, held in written.items() if b"other words" in held]


def test_a_session_that_is_recorded_takes_nothing_from_others(library):
    writer = library.new_session(0.0)
    with pytest.raises(store.SessionInUse):
        library.add(writer.session, EDITS)
    writer.close(beats=0)
    library.add(writer.session, EDITS)


def test_a_session_whose_end_waits_elsewhere_is_left_alone(library, monkeypatch):
    session = ended(library)
    before = library.events(session)
    monkeypatch.setattr(rescue, "exists", lambda _: True)
    with pytest.raises(store.SessionInUse) as caught:
        library.add(session, EDITS)
    assert one_sentence(caught.value, library.folder)
    monkeypatch.undo()
    assert library.events(session) == before


def test_one_that_cannot_be_stored_keeps_the_others_out(library):
    session = ended(library)
    before = library.events(session)
    with pytest.raises(ValueError, match="finite"):
        library.add(session, [*EDITS, Mark(float("nan"), "")])
    assert library.events(session) == before


def test_a_session_that_is_gone_or_unknown_is_said(library):
    session = recorded(library)
    library.delete(session)
    with pytest.raises(store.UnknownSession):
        library.add(session, EDITS)


def test_a_session_of_an_older_version_takes_it_too(tmp_path):
    library = old_library(tmp_path / "old")
    before = stored(library, FINISHED)
    library.add(FINISHED, EDITS)
    schema, after = stored(library, FINISHED)
    assert (before[0], schema) == (1, 2)
    assert after[: len(before[1])] == before[1]
    assert library.events(FINISHED)[-2:] == EDITS
    library.add(CRASHED, EDITS)
    assert library.recover(CRASHED, count_beats=count_packets).recovered == (CRASHED,)
    assert library.events(CRASHED)[-2:] == EDITS


@pytest.mark.parametrize("call", ["transaction", "migrate"])
def test_an_error_leaves_what_was(library, monkeypatch, call):
    session = ended(library)
    before = library.events(session)

    def fail(*_):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(database, call, fail)
        with pytest.raises(store.DiskFull):
            library.add(session, EDITS)
    assert library.events(session) == before
    library.add(session, EDITS)


ADD = """
import sys
from pathlib import Path
from pipelines import store
from tests.pipelines.store.test_adding import EDITS
library = store.open_library(Path(sys.argv[1]), "x")
print("ready", flush=True)
sys.stdin.readline()
library.add(sys.argv[2], EDITS)
print("added", flush=True)
"""


def adding(folder, session):
    process = subprocess.Popen(
        [sys.executable, "-c", ADD, str(folder), session],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.parametrize("kills", [4, pytest.param(40, marks=pytest.mark.long)])
def test_a_kill_at_any_moment_leaves_all_of_it_or_nothing(tmp_path, kills):
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("a kill -9 is one of POSIX")
    library, _ = make_library(tmp_path / "library")
    longest, moments = 0.0, random.Random(3)
    for number in range(kills):
        session = ended(library)
        before = library.events(session)
        with adding(library.folder, session) as process:
            start = time.monotonic()
            process.stdin.write(b"\n")
            process.stdin.flush()
            if number:
                time.sleep(moments.uniform(0.0, longest))
            else:
                assert process.stdout.readline() == b"added\n"
                longest = time.monotonic() - start
            process.kill()
        again = store.open_library(library.folder, "x")
        assert again.events(session) in (before, [*before, *EDITS])
        again.add(session, EDITS)
        assert again.events(session)[-2:] == EDITS
