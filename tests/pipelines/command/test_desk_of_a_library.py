"""The desk of `interbeat` alone does its errands on the library that is open."""

import pytest

from pipelines import store
from pipelines.command.keeper import Keeper
from pipelines.command.opening import Clerk
from pipelines.recording import KeepLabels, KeepPedal, LibraryState, connect_at
from tests.pipelines.store.libraries import make_library

LABELS = ("her hip", *[""] * 8)


@pytest.fixture
def keeper():
    with Keeper(LibraryState.OPEN) as made:
        yield made


def stands(keeper):
    remote = connect_at(keeper.server.address, keeper.server.key)
    try:
        return remote.desk()
    finally:
        remote.close()


def test_what_the_keys_mark_is_kept_and_found_at_the_next_start(keeper, tmp_path):
    library, _ = make_library(tmp_path / "library")
    Clerk(keeper, library.folder, library).do(KeepLabels(LABELS))
    assert stands(keeper).labels == LABELS
    assert store.open_library(library.folder, "x").labels() == LABELS
    with Keeper(LibraryState.OPEN) as again:
        Clerk(again, library.folder, library)
        assert stands(again).labels == LABELS


def test_a_pedal_is_kept(keeper, tmp_path):
    library, _ = make_library(tmp_path / "library")
    Clerk(keeper, library.folder, library).do(KeepPedal(7))
    assert (stands(keeper).pedal, library.pedal()) == (7, 7)


def test_without_an_open_library_nothing_is_kept(keeper, tmp_path):
    library, _ = make_library(tmp_path / "library")
    Clerk(keeper, library.folder, None).do(KeepLabels(LABELS))
    assert stands(keeper).labels is None
    assert library.labels() is None
