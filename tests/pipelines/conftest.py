"""A library for each test that records."""

import pytest

from pipelines import store

FAST = store.Cost(n=2, r=1, p=1)


@pytest.fixture
def library(tmp_path):
    return store.create_library(tmp_path / "library", "x", cost=FAST)[0]
