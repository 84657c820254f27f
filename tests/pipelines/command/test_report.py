"""Drawing a PDF is another process's work: what becomes of it is told in one sentence."""

import sys

import pytest

from pipelines import processes, store
from pipelines.command import report as command
from pipelines.command.output import Problem
from pipelines.command.report import RENDERERS
from pipelines.session import Mark
from tests.pipelines.report.hours import known, two_people

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import os; os.abort()"])
def test_a_process_that_draws_nothing_is_a_sentence(monkeypatch, code):
    monkeypatch.setattr(processes, "program", lambda _: [sys.executable, "-c", code])
    monkeypatch.setattr(command, "need", lambda _: None)
    with pytest.raises(Problem, match="cannot draw a PDF"):
        RENDERERS[".pdf"](known("without_beats"))


def test_one_that_hangs_is_ended(monkeypatch):
    hangs = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(processes, "program", lambda _: hangs)
    monkeypatch.setattr(command, "need", lambda _: None)
    monkeypatch.setattr(command, "WRITTEN_WITHIN", 0.2)
    with pytest.raises(Problem, match="cannot draw a PDF"):
        RENDERERS[".pdf"](known("without_beats"))


def test_without_the_app_it_is_said_what_is_lacking(monkeypatch):
    def lacks(module):
        raise ModuleNotFoundError(name=module)

    monkeypatch.setattr(command, "need", lacks)
    with pytest.raises(ModuleNotFoundError) as raised:
        RENDERERS[".pdf"](known("without_beats"))
    assert raised.value.name == "PySide6"


def begun(library, number, client="Juniper"):
    """Begin a session of two people that the client's mark tells from others."""
    writer = library.new_session(1.7e9 + 100.0 * number)
    writer.append([*two_people(), Mark(300.0, f"session {number}")])
    library.name_client(writer.session, client)
    return writer


def others(library, session, most=None):
    found = command.others_of(library, library.session(session), None, most=most)
    return [beats for _, beats in found]


def test_the_newest_other_sessions_of_the_same_person_that_ended_are_told_with_it(tmp_path):
    cost = store.Cost(n=2, r=1, p=1)
    library = store.create_library(tmp_path / "own", "seven quiet lamps", show=str, cost=cost)
    writers = [begun(library, number) for number in range(5)]
    writers.append(begun(library, 5, "somebody else"))
    for writer in (*writers[:4], writers[5]):
        writer.close(beats=1)
    try:
        told = others(library, writers[1].session, most=2)
        assert [one.marks[-1].text for one in others(library, writers[1].session)] == [
            "session 0", "session 2", "session 3",
        ]  # fmt: skip
    finally:
        writers[4].close(beats=1)
    assert [one.role for one in told] == ["client", "client"]
    assert [one.marks[-1].text for one in told] == ["session 2", "session 3"]
    nobody = library.session(writers[1].session)
    library.name_client(nobody.id, None)
    assert others(library, nobody.id) == []
