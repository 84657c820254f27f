"""Each test gets a library of its own."""

import pytest

from pipelines import store
from tests.pipelines.store.libraries import FAST


@pytest.fixture
def made(tmp_path, request):
    """A library and its recovery key, behind the PASSPHRASE that the test's file names, or x."""
    passphrase = getattr(request.module, "PASSPHRASE", "x")
    return store.create_library(tmp_path / "library", passphrase, cost=FAST)


@pytest.fixture
def library(made):
    return made[0]
