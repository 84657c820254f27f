"""Interbeat among the programs of a desktop: what is written there, and that it goes again."""

import shlex
import stat
import sys
from configparser import ConfigParser
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from pipelines import desktop
from pipelines.command import main
from pipelines.drawing import DARK, ICON, LIGHT

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="A desktop entry is for Linux."
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The person's own data folder, and a program called interbeat to be started."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    program = tmp_path / "my programs" / "interbeat"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "argv", [str(program), "desktop"])
    return tmp_path / "data"


def call(*options):
    return CliRunner().invoke(main, ["desktop", *options])


def entry(data):
    found = ConfigParser(interpolation=None, delimiters=("=",))
    found.optionxform = str
    found.read(data / "applications" / "interbeat.desktop", "utf-8")
    return found["Desktop Entry"]


def test_it_is_put_there_and_starts_the_program_that_was_called(data, english):
    done = call("--install")
    assert done.exit_code == 0, done.output
    assert str(data / "applications" / "interbeat.desktop") in done.stderr
    told = entry(data)
    assert shlex.split(told["Exec"].replace("%%", "%")) == [sys.argv[0]]
    assert (told["Type"], told["Name"], told["Terminal"]) == ("Application", "Interbeat", "false")
    assert told["Icon"] == told["StartupWMClass"] == "interbeat"
    assert told["Comment[de]"] != told["Comment"]
    icon = data / "icons" / "hicolor" / "scalable" / "apps" / "interbeat.svg"
    assert icon.read_bytes() == ICON.read_bytes()


def test_again_changes_nothing_and_leaves_nothing_half(data):
    call("--install")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    call("--install")
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    assert len(before) == 2


def test_it_goes_again_and_leaves_what_is_not_its_own(data, english):
    call("--install")
    other = data / "applications" / "other.desktop"
    other.write_text("[Desktop Entry]")
    done = call("--remove")
    assert (done.exit_code, done.stderr) == (0, "Interbeat is no longer among your programs.\n")
    assert [path for path in data.rglob("*") if path.is_file()] == [other]
    assert call("--remove").stderr == "Interbeat was not among your programs.\n"


@pytest.mark.parametrize("options", [(), ("--install", "--remove")])
def test_one_of_the_two_is_asked_for(data, options, english):
    done = call(*options)
    assert (done.exit_code, done.stderr) == (2, "Say what to do: --install or --remove.\n")
    assert not data.exists()


def test_elsewhere_it_says_what_to_do(data, monkeypatch, english):
    monkeypatch.setattr(sys, "platform", "darwin")
    done = call("--install")
    assert done.exit_code == 1
    assert "make a shortcut to interbeat" in done.stderr
    assert not data.exists()


def test_a_folder_that_takes_nothing_is_named(data, english):
    data.write_text("a file in the way")
    done = call("--install")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert str(data) in done.stderr


def test_without_a_program_there_is_nothing_to_start(data, monkeypatch, english):
    monkeypatch.setattr(sys, "argv", ["/nowhere/interbeat"])
    done = call("--install")
    assert done.exit_code == 1
    assert "install Interbeat first" in done.stderr
    assert not data.exists()


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("/usr/bin/interbeat", '"/usr/bin/interbeat"'),
        ("/my programs/i", '"/my programs/i"'),
        ("/100%/i", '"/100%%/i"'),
        ("/a$b`c", '"/a\\\\$b\\\\`c"'),
        ('/"', '"/\\\\""'),
        ("/\\", '"/\\\\\\\\"'),
        ("/a\nb", '"/a\\nb"'),
    ],
)
def test_arguments_are_written_as_the_specification_has_them(argument, written):
    assert desktop.quoted(argument) == written


def test_the_icon_is_a_picture_in_our_colours():
    drawn = ElementTree.fromstring(ICON.read_text("utf-8"))
    used = {
        part.get(name)
        for part in drawn.iter()
        for name in ("fill", "stroke")
        if part.get(name) not in (None, "none")
    }
    assert used == {LIGHT.lake, LIGHT.paper, DARK.clay}
