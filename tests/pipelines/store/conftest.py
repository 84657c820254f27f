"""Each test gets a library of its own."""

import pytest

from tests.pipelines.store.libraries import make_library


@pytest.fixture
def made(tmp_path, request):
    """A library and its recovery key, behind the PASSPHRASE that the test's file names, or x."""
    passphrase = getattr(request.module, "PASSPHRASE", "x")
    return make_library(tmp_path / "library", passphrase)


@pytest.fixture
def library(made):
    return made[0]
