"""Each test gets the command with a library of its own."""

import pytest

from pipelines.analysis import ready
from tests.end_to_end.program import Program


@pytest.fixture(scope="session", autouse=True)
def _prepared():
    """What hurried sessions wait for is prepared once, not while one of them is timed out."""
    ready.wait_until_prepared(ready.start_preparing())


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)
