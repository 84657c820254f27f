"""A library for each test that records."""

import pytest

from tests.pipelines.store.libraries import make_library


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "library")[0]
