"""Commands on what a newer program wrote: read, said once, never changed."""

import pytest
from click.testing import CliRunner

from pipelines.command import main
from tests.pipelines.store import old_libraries
from tests.pipelines.store.libraries import all_bytes, recorded
from tests.pipelines.store.newer_libraries import AIRFLOW, MARK, WEIGHT, from_the_future, insert
from tests.pipelines.store.old_libraries import FINISHED, old_library

NOT_SHOWN = (
    "was written by a newer version, 2 kinds of events are not shown and 1 kind of events is shown "
    "in part.\n"
)
ONLY_READ = "was written by a newer Interbeat and can only be read by this one; install the newer"


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", old_libraries.PASSPHRASE)
    monkeypatch.setenv("HOME", str(tmp_path))
    return old_library(tmp_path / "library")


def call(library, *arguments):
    words = [*map(str, arguments), "--store", str(library.folder)]
    return CliRunner().invoke(main, words, prog_name="interbeat")


def test_what_is_not_shown_of_a_session_is_said_once(library, tmp_path):
    name = recorded(library)
    insert(library, name, AIRFLOW, WEIGHT, MARK)
    for command in (
        ("sessions", "show", name),
        ("sessions", "export", name, "--out", tmp_path / "out"),
        ("analyse", name, "--json"),
    ):
        done = call(library, *command)
        assert done.exit_code == 0, done.output
        assert done.stderr.count(f"Session {name} {NOT_SHOWN}") == 1
        assert "newer" not in done.stdout
    done = call(library, "sessions", "show", FINISHED)
    assert "newer" not in done.output


def test_a_newer_library_is_listed_and_what_would_change_it_is_refused_once(library):
    library.remember_ticks({})  # a newer index has every column that this version knows
    from_the_future(library, FINISHED, "index.db", 1)
    kept = all_bytes(library.folder)
    for code, command in (
        (0, ("sessions", "list")),
        (0, ("sessions", "show", FINISHED)),
        (1, ("live", "--simulate", "rest", "--headless", "--speed", "max")),
        (1, ("sessions", "delete", FINISHED, "--yes")),
        (1, ("sessions", "recovery-key")),
        (1, ("sessions", "passphrase")),
    ):
        done = call(library, *command)
        assert done.exit_code == code, done.output
        assert done.stderr.count(ONLY_READ) == 1
    assert all_bytes(library.folder) == kept
