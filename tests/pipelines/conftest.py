"""A library for each test that records."""

import pytest

from tests.pipelines.store.libraries import make_library


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "library")[0]


@pytest.fixture(autouse=True, scope="session")
def state_folder(tmp_path_factory):
    """Rescue files of these tests lie where no person keeps theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
