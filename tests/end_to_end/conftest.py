"""Each test gets the command with a library of its own."""

import pytest

from tests.end_to_end.program import Program


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)
