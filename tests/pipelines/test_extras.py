"""A base installation: what runs in it, and what is said where it lacks a library."""

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipelines.extras import EXTRAS, how_to_install
from pipelines.session import Packet, Source
from pipelines.store import export_session, open_or_create_with_key_file

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LACKING = f"""
import sys
class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {sorted(one for names in EXTRAS.values() for one in names)}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Lacking())
"""
"""A beginning of a program, which then finds none of the libraries that extras bring."""

MODULES = {"PySide6-Essentials": "PySide6", "pympi-ling": "pympi", "webrtcvad-wheels": "webrtcvad"}
"""What is imported by another name than it is installed by."""

WITHOUT_APP = (
    ["scan"],
    ["demo", "--headless", "--seconds", "1"],
    ["live", "--simulate", "rest", "--headless"],
    ["breathe"],
    ["sessions", "list", "--store", "library"],
    ["analyse", "abcd", "--store", "library"],
    ["report", "abcd", "--out", "hour.html", "--store", "library"],
)


def in_base(code, folder):
    """Run a program in a base installation."""
    return subprocess.run(
        [sys.executable, "-c", LACKING + code],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.defpath, "PYTHONPATH": str(ROOT)},
    )


def command(*arguments, folder):
    code = f"from pipelines.command import main\nmain({list(arguments)}, prog_name='interbeat')"
    return in_base(code, folder)


@pytest.fixture
def folder(tmp_path):
    """A folder with a file of intervals, and a library that needs no passphrase."""
    rr = [800 + 30 * (place % 5) for place in range(400)]
    (tmp_path / "rr.txt").write_text("\n".join(map(str, rr)))
    open_or_create_with_key_file(tmp_path / "library")
    return tmp_path


@pytest.mark.sampled
@pytest.mark.parametrize("arguments", WITHOUT_APP, ids=" ".join)
def test_a_command_that_lacks_a_library_says_in_one_sentence_what_installs_it(arguments, folder):
    done = command(*arguments, folder=folder)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(
        r'This needs \w+, which is not installed; run pip install "interbeat\[app\]"\.\n',
        done.stderr,
    )


def test_tiers_of_elan_need_an_extra_of_their_own(folder):
    done = command("sessions", "export", "abcd", "--elan", "a.eaf", folder=folder)
    said = 'This needs pympi, which is not installed; run pip install "interbeat[elan]".\n'
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_help_and_files_need_no_extra(folder):
    assert "analyse" in command("--help", folder=folder).stdout
    done = command("analyse", "rr.txt", "abcd", "--store", "library", "--json", folder=folder)
    assert '"rmssd"' in done.stdout
    assert done.returncode == 1  # the session, not the file


def test_an_export_is_read_without_an_extra(folder):
    library = open_or_create_with_key_file(folder / "library")
    writer = library.new_session(0.0)
    beats = [Packet(float(i), 0, "heart_rate", b"\x10\x3c\x00\x04") for i in range(1, 4)]
    writer.append([Source(0.0, 0, "client", "strap"), *beats])
    writer.close(beats=3)
    path = export_session(library, writer.session, folder)
    done = command("analyse", str(path), "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    assert '"beats":3,' in done.stdout


def test_a_place_that_nobody_may_read_is_told_without_an_extra(folder):
    code = (
        "from pathlib import Path\nfrom pipelines.store.trouble import Place, sentences\n"
        "with sentences(Place('The library', Path('here'))): raise PermissionError(13, 'no')"
    )
    assert "CannotWrite: The library" in in_base(code, folder).stderr


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_modules_of_an_extra_are_those_of_the_project(extra):
    wanted = {re.split(r"[><!=]", one)[0] for one in PROJECT["optional-dependencies"][extra]}
    assert {MODULES.get(one, one) for one in wanted} == set(EXTRAS[extra])


def test_all_is_what_people_use():
    assert PROJECT["optional-dependencies"]["all"] == [f"interbeat[{','.join(EXTRAS)}]"]


def test_the_base_is_the_library_and_its_command_line():
    names = {re.split(r"[><!=]", one)[0] for one in PROJECT["dependencies"]}
    assert names == {"numpy", "scipy", "numba", "msgspec", "click", "rich", "platformdirs"}


def test_what_no_extra_brings_is_no_matter_of_installing():
    with pytest.raises(ModuleNotFoundError) as raised:
        importlib.import_module("nobodys_module")
    assert how_to_install(raised.value) is None


def test_codes_of_sqlite_are_those_it_states():
    from sqlcipher3 import dbapi2

    from pipelines.store import sqlite

    names = ("ERROR", "BUSY", "LOCKED", "READONLY", "IOERR", "CORRUPT", "FULL", "CANTOPEN")
    for name in (*names, "NOTADB"):
        assert getattr(sqlite, name) == getattr(dbapi2, f"SQLITE_{name}")
