"""A library for each test that records."""

import pytest

from pipelines import store

FAST = store.Cost(n=2, r=1, p=1)


@pytest.fixture
def library(tmp_path):
    return store.create_library(tmp_path / "library", "x", cost=FAST)[0]


@pytest.fixture(autouse=True, scope="session")
def state_folder(tmp_path_factory):
    """Rescue files of these tests lie where no person keeps theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
