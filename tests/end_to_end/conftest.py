"""Each test gets the command with a library of its own."""

import pytest

from pipelines.analysis.ready import get_ready
from tests.end_to_end.program import Program


@pytest.fixture(scope="session", autouse=True)
def compiled():
    """What the commands measure with is compiled once, not while one of them is timed out."""
    get_ready(lambda why: None)


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)
