"""Passphrase, recovery key and key file: what opens a library, and that nothing else does."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.store import keys
from tests.pipelines.store.libraries import FAST, make_library, one_sentence, recorded

PASSPHRASE = "seven quiet lamps"


@pytest.mark.usefixtures("english")
def test_passphrase_and_recovery_key_open_it_and_nothing_else(made):
    library, recovery = made
    session = recorded(library)
    for secret in (PASSPHRASE, recovery, recovery.lower().replace("-", " "), f" {recovery} "):
        assert store.open_library(library.folder, secret).events(session)
    other = make_library(library.folder.parent / "other", PASSPHRASE)[1]
    for secret in ("", " ", PASSPHRASE + " ", PASSPHRASE.upper(), other, "é" * 40):
        with pytest.raises(store.WrongPassphrase) as caught:
            store.open_library(library.folder, secret)
        assert one_sentence(caught.value, library.folder)
        assert not secret.strip() or secret not in str(caught.value)


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_recovery_key_survives_how_people_write_it(random):
    recovery = keys.new_recovery_key()
    assert keys.read_recovery_key(recovery) == recovery
    assert len(recovery.replace("-", "")) == 32
    misread = recovery.replace("0", random.choice("0oO")).replace("1", random.choice("1iIlL"))
    misread = "".join(random.choice((c.lower(), c)) for c in misread)
    assert keys.read_recovery_key(misread.replace("-", random.choice(("", " ", "-")))) == recovery


@pytest.mark.parametrize("text", ["", "a passphrase", "U" * 32, "A" * 31, "A" * 33, "Ä" * 32])
def test_other_texts_are_no_recovery_key(text):
    assert keys.read_recovery_key(text) is None


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1), st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_only_the_secret_that_sealed_unseals(one, other, key):
    import unicodedata

    sealed = keys.seal(key, one, FAST)
    assert keys.unseal(sealed, one) == key
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert keys.unseal(sealed, other) == (key if same else None)
    assert key not in sealed.box


def test_composed_and_decomposed_letters_are_one_passphrase(tmp_path):
    make_library(tmp_path / "a", "caf\u00e9 au lait")
    assert store.open_library(tmp_path / "a", "cafe\u0301 au lait")


def test_two_seals_of_one_key_share_nothing():
    key = keys.random_key()
    one, other = keys.seal(key, "x", FAST), keys.seal(key, "x", FAST)
    assert len({one.salt, other.salt}) == len({one.nonce, other.nonce}) == 2
    assert one.box != other.box


def test_the_default_cost_is_strong(tmp_path):
    folder = tmp_path / "library"
    store.create_library(folder, PASSPHRASE, show=lambda _: None)
    cost = json.loads((folder / "library.json").read_bytes())["passphrase"]["cost"]
    assert cost["n"] * cost["r"] * 128 >= 2**26
    assert store.open_library(folder, PASSPHRASE)


@pytest.mark.parametrize(
    "values", [{"n": 2**40}, {"n": 3}, {"n": 0}, {"n": 1}, {"r": 0}, {"r": 99}, {"p": 10**6}]
)
def test_a_cost_that_would_take_all_memory_is_refused(made, values):
    folder = made[0].folder
    with pytest.raises(ValueError, match=r"lie|power"):
        store.Cost(**values)
    content = json.loads((folder / "library.json").read_bytes())
    content["passphrase"]["cost"] |= values
    (folder / "library.json").write_text(json.dumps(content))
    with pytest.raises(store.Unreadable):
        store.open_library(folder, PASSPHRASE)


def test_the_passphrase_changes_and_the_recovery_key_stays(made):
    library, recovery = made
    session = recorded(library)
    library.change_passphrase("another one", cost=FAST)
    with pytest.raises(store.WrongPassphrase):
        store.open_library(library.folder, PASSPHRASE)
    assert store.open_library(library.folder, "another one").events(session)
    assert store.open_library(library.folder, recovery).events(session)
    for empty in ("", "  "):
        with pytest.raises(store.NoPassphrase):
            library.change_passphrase(empty, cost=FAST)
    assert store.open_library(library.folder, "another one")


@pytest.mark.usefixtures("english")
def test_a_library_with_a_key_file_opens_unasked(tmp_path):
    folder = tmp_path / "demo"
    library = store.open_or_create_with_key_file(folder)
    session = recorded(library)
    assert store.has_key_file(folder)
    assert store.open_or_create_with_key_file(folder).events(session)
    assert store.open_library(folder).events(session)
    with pytest.raises(store.LibraryError, match="key file"):
        library.change_passphrase("x")
    (folder / "library.key").unlink()
    with pytest.raises(store.NoPassphrase):
        store.open_library(folder)


@pytest.mark.usefixtures("english")
def test_a_library_with_a_passphrase_is_not_opened_unasked(made):
    folder = made[0].folder
    assert not store.has_key_file(folder)
    for call in (store.open_library, store.open_or_create_with_key_file):
        with pytest.raises(store.NoPassphrase) as caught:
            call(folder)
        assert one_sentence(caught.value, folder)


@pytest.mark.usefixtures("english")
def test_a_full_or_used_folder_is_not_taken_over(tmp_path, made):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    mode = (tmp_path / "notes").stat().st_mode
    for name in ("notes", "file"):
        for call in (make_library, store.open_or_create_with_key_file):
            with pytest.raises(store.NoLibrary) as caught:
                call(tmp_path / name)
            assert one_sentence(caught.value, tmp_path / name)
    with pytest.raises(store.LibraryError, match="already"):
        make_library(made[0].folder, "x")
    assert (tmp_path / "notes").stat().st_mode == mode
    assert store.open_library(made[0].folder, PASSPHRASE)


def test_an_empty_passphrase_makes_no_library(tmp_path):
    with pytest.raises(store.NoPassphrase):
        make_library(tmp_path / "a", " ")
    assert not (tmp_path / "a").exists()


@pytest.mark.usefixtures("english")
def test_no_library_is_a_sentence(tmp_path):
    with pytest.raises(store.NoLibrary) as caught:
        store.open_library(tmp_path / "none", "x")
    assert one_sentence(caught.value, tmp_path / "none")
    assert not store.library_exists(tmp_path / "none")
    assert not (tmp_path / "none").exists()
