"""Where machine code is kept: a folder for each version, in the person's own cache folder."""

import os

import pytest

from physio import code_cache
from physio.compiled import compiled, machine_code_here


@pytest.fixture(autouse=True)
def _own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    code_cache._version.cache_clear()
    yield
    code_cache._version.cache_clear()


def test_it_lies_in_the_cache_folder_of_the_person(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    assert "interbeat" in code_cache.folder().parts
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert code_cache.folder().is_relative_to(tmp_path / "own" / "interbeat")


@pytest.mark.parametrize("changed", ["sources", "numba", "numpy"])
def test_another_version_has_another_folder(changed, monkeypatch):
    before = code_cache.folder()
    if changed == "sources":
        monkeypatch.setattr(code_cache, "_sources", lambda: [b"beats.py", b"x = 1"])
    elif changed == "numba":
        monkeypatch.setattr(code_cache, "version", lambda name: "99.0")
    else:
        monkeypatch.setattr(code_cache.np, "__version__", "99.0")
    code_cache._version.cache_clear()
    assert code_cache.folder() != before
    assert code_cache.folder().parent == before.parent


def test_what_is_complete_for_one_processor_is_not_for_another(monkeypatch):
    code_cache.folder().mkdir(parents=True)
    assert not code_cache.is_complete()
    code_cache.set_complete()
    assert code_cache.is_complete()
    monkeypatch.setattr(code_cache, "_processor", lambda: "another")
    assert not code_cache.is_complete()


def test_code_is_stored_there_and_nowhere_else(tmp_path):
    @compiled
    def halved_here(x):
        return x / 2

    with machine_code_here():
        assert halved_here(3.0) == 1.5
    stored = [path.name for path in code_cache.folder().glob("*halved_here*")]
    assert sorted(name.rpartition(".")[2] for name in stored) == ["nbc", "nbi"]
    assert code_cache.folder().stat().st_mode & 0o077 == 0 or os.name != "posix"


def test_where_nothing_can_be_stored_it_runs_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))

    @compiled
    def doubled_here(x):
        return 2 * x

    assert not code_cache.is_complete()
    with machine_code_here():
        assert doubled_here(3.0) == 6.0
