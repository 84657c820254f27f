"""Drawing a PDF is another process's work: what becomes of it is told in one sentence."""

import sys

import pytest

from pipelines import processes
from pipelines.command import report as command
from pipelines.command.output import Problem
from pipelines.command.report import RENDERERS
from tests.pipelines.report.hours import known

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
