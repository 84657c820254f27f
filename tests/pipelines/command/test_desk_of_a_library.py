"""The desk of `interbeat` alone does its errands on the library that is open."""

import pytest

from pipelines import store
from pipelines.command.keeper import Keeper
from pipelines.command.opening import Clerk
from pipelines.command.recording import show_names_and_keys
from pipelines.recording import (
    Begin,
    KeepLabels,
    KeepPedal,
    LibraryState,
    OwnLabels,
    connect_at,
)
from tests.pipelines.store.libraries import make_library, recorded

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


def test_a_clients_labels_are_kept_and_found_at_the_next_start(keeper, tmp_path):
    library, _ = make_library(tmp_path / "library")
    library.keep_labels(LABELS[::-1])
    library.name_client(recorded(library), "Juniper")
    clerk = Clerk(keeper, library.folder, library)
    assert (stands(keeper).clients, stands(keeper).own) == (("Juniper",), ())
    clerk.do(KeepLabels(LABELS, "Juniper"))
    with Keeper(LibraryState.OPEN) as again:
        Clerk(again, library.folder, library)
        for told in (stands(keeper), stands(again)):
            assert told.own == (OwnLabels("Juniper", LABELS),)
            assert (told.labels, told.clients) == (LABELS[::-1], ("Juniper",))
    clerk.do(KeepLabels(("",) * 9, "Juniper"))
    assert (stands(keeper).own, library.client_labels()) == ((), {})


@pytest.mark.parametrize(
    ("client", "marked"), [(None, LABELS[::-1]), ("Juniper", LABELS), ("Rowan", LABELS[::-1])]
)
def test_the_keys_of_a_session_mark_the_clients_own_words_or_everyones(
    keeper, tmp_path, client, marked
):
    library, _ = make_library(tmp_path / "library")
    library.keep_labels(LABELS[::-1])
    library.keep_client_labels("Juniper", LABELS)
    library.name_client(recorded(library), "Rowan")
    clerk = Clerk(keeper, library.folder, library)
    show_names_and_keys(keeper, library, client)
    told = stands(keeper)
    assert (told.client, told.clients) == (client, ("Juniper", "Rowan"))
    assert (told.labels, told.own) == (marked, ())
    keeper.leave_session()
    clerk._show_last()
    told = stands(keeper)
    assert (told.client, told.labels) == (None, LABELS[::-1])
    assert told.own == (OwnLabels("Juniper", LABELS),)


def test_the_demos_session_is_nobodys_and_tells_no_names(keeper, tmp_path):
    library, _ = make_library(tmp_path / "library")
    library.keep_client_labels("Juniper", LABELS)
    Clerk(keeper, library.folder, library)
    demo = store.open_or_create_with_key_file(tmp_path / "demo")
    show_names_and_keys(keeper, demo, None)
    told = stands(keeper)
    assert (told.client, told.clients, told.labels, told.own) == (None, None, None, ())


def test_a_library_without_a_passphrase_tells_no_names(keeper, tmp_path):
    library = store.open_or_create_with_key_file(tmp_path / "library")
    clerk = Clerk(keeper, library.folder, library)
    assert stands(keeper).clients is None
    clerk.do(KeepLabels(LABELS, "Juniper"))
    told = stands(keeper)
    assert (told.own, told.clients) == ((), None)
    assert "Juniper" not in told.refusal


def test_no_name_and_no_label_stands_in_what_is_printed_of_an_errand():
    for errand in (KeepLabels(LABELS, "Juniper"), Begin((), client="Juniper")):
        assert not [one for one in ("Juniper", LABELS[0]) if one in f"{errand!r} {errand}"]


def test_without_an_open_library_nothing_is_kept(keeper, tmp_path):
    library, _ = make_library(tmp_path / "library")
    Clerk(keeper, library.folder, None).do(KeepLabels(LABELS))
    assert stands(keeper).labels is None
    assert library.labels() is None
