"""Names that strangers chose pass through every command, and nothing in them acts or hides.

The commands are those that click knows: a new one is tried here without a word about it.
"""

import csv
import json
import os
import subprocess
import sys
import zipfile

import click
import pytest
from click.testing import CliRunner

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState
from pipelines import store
from pipelines.command import main
from pipelines.command.program import Elsewhere
from pipelines.session import PhaseName
from pipelines.session.events import Link, Mark, Packet, Phase, Source, Strap, WallClock
from pipelines.toml import toml
from tests.end_to_end.program import COMMAND, PASSPHRASE, PATIENCE, ROOT, environment
from tests.pipelines.formats.test_formats_export import files, zipped
from tests.strangers import FILE, NAME, leaked


def leaves(group, path=()):
    """Each command that does something, by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command.loaded() if isinstance(command, Elsewhere) else command


COMMANDS = dict(leaves(main))
JSON = ("--json",)
CALLS = [
    (path, extra)
    for path, command in COMMANDS.items()
    for extra in ((), JSON)
    if not extra or any("--json" in parameter.opts for parameter in command.params)
]


CLIENT = f"Rowan{NAME}".replace("\0", "")


def log():
    yield WallClock(0.0, 1.7e9)
    for source, role in enumerate((f"client{NAME}", f"therapist{NAME}")):
        yield Source(0.0, source, role, f"strap{NAME}", NAME)
        yield Strap(0.1, source, NAME, NAME, 90)
        yield Link(0.2, source, LinkState.BEATS)
    yield Source(0.3, 2, "client", f"strap{NAME}", NAME)
    for second in range(1, 40):
        for source in (0, 1):
            data = encode(HeartRate(60, rr_ticks=(1000 + second % 7,)))
            yield Packet(float(second), source, "heart_rate", data)
    yield Mark(20.0, f"mark{NAME}")
    yield Phase(40.0, PhaseName.FINISHED)


class Planted:
    """A library and files full of such names, in a folder of such a name."""

    def __init__(self, folder):
        self.home = folder / FILE
        self.home.mkdir()
        self.store = self.home / "library"
        library = store.create_library(
            self.store, PASSPHRASE, show=lambda _: None, cost=store.Cost(n=2, r=1, p=1)
        )
        self.session = self._kept(library)
        self.file = zipped(self.home / f"{FILE}.zip", files(tuple(log()), session=NAME))
        self.values = {
            "session": self.session,
            "inputs": self.file,
            "paths": self.file,
            "replays": self.file,
            "store": self.store,
            "speed": "max",
            "folder": self.home / f"out{FILE}",
            "elan": self.home / f"tiers{FILE}.eaf",
            "table": self.home / f"tiers{FILE}.csv",
            "video": self.home / f"film{FILE}.mp4",
            "file": self._marks(),
            "path": self.home / f"report{FILE}.html",
            "role": f"client{NAME}".replace("\0", ""),
            "seconds": "0.2",
            "minutes": "0.5",
            "rate": "6",
            "ratio": "40:60",
            "new_passphrase_file": self._written(PASSPHRASE),
            "seal_file": self._written(PASSPHRASE),
            "client": CLIENT,
        }
        self.own = {
            ("sessions", "move"): {"client": NAME.replace("\0", "")},
            ("sessions", "merge"): {"into": f"Sorrel{CLIENT}"},
            ("sessions", "backup"): {"file": self.home / f"kept{FILE}"},
            ("sessions", "restore"): {"file": self._backed_up, "folder": self.home / f"anew{FILE}"},
            ("sessions", "withdraw"): {"role": "client"},
            ("sessions", "hand-over"): {"file": self.home / f"part{FILE}"},
            ("sessions", "import"): {"file": self.file, "seal_file": None},
            ("desktop",): {"install": ()},
            ("weeks", "want"): {"activity": f"walk{NAME}".replace("\0", "")},
            ("weeks", "rate"): {"activity": "5"},
            ("weeks", "note"): {"words": f"moved{NAME}".replace("\0", "")},
            ("weeks", "sum"): {"scale": "GAD-7", "value": "5"},
            ("weeks", "ask"): {"questionnaire": self._asked},
            ("weeks", "rest"): {"session": None, "off": ()},
            ("weeks", "let-go"): {"entry": self._noted},
            ("weeks", "import"): {"what": self._planned, "seal_file": None},
            ("weeks", "remind"): {"path": self.home / f"weeks{FILE}.ics"},
            ("plan", "new"): {"programme": "workshop", "path": self.home / f"new{FILE}.toml",
                              "who": CLIENT},
            ("plan", "show"): {"path": self._planned},
            ("plan", "phone"): {"path": self._planned, "goes": self.home / f"phone{FILE}.html"},
            ("plan", "share"): {"whom": CLIENT, "parts": "weeks", "until": "2999-01-01",
                                "file": self.home / f"share{FILE}"},
            ("plan", "open"): {"file": self._shared},
            ("plan", "take-back"): {"share_id": self._share, "file": self._shared},
            ("outcomes",): {"folder": self._shares},
        }  # fmt: skip

    def _planned(self):
        path = self.home / f"plan{FILE}.toml"
        self._done("plan", "new", "--programme", "workshop", "--out", path, "--for", CLIENT)
        return path

    def _asked(self):
        path = self.home / f"questions{FILE}.toml"
        words = {"items": [CLIENT, CLIENT], "answers": [CLIENT, CLIENT], "attribution": CLIENT}
        told = {"name": "x\x1b[2J", "asks": CLIENT, **words, "better": "lower"}
        path.write_text(toml({**told, "reliability": 0.5, "spread": 1.0}), "utf-8")
        return path

    def _noted(self):
        told = self._done("weeks", "note", CLIENT, "--json", "--store", self.store)
        return json.loads(told.stdout)["added"][0]

    def _shared(self):
        path = self.home / f"shares{FILE}" / f"share{FILE}"
        if not path.exists():
            path.parent.mkdir()
            self._done("weeks", "want", CLIENT, "--store", self.store)
            self._done("plan", "share", "--with", CLIENT, "--part", "weeks", "--until",
                       "2999-01-01", "--out", path, "--store", self.store,
                       "--seal-file", self._written(PASSPHRASE))  # fmt: skip
        return path

    def _share(self):
        self._shared()
        told = self._done("plan", "shares", "--json", "--store", self.store)
        return json.loads(told.stdout.splitlines()[0])["id"]

    def _shares(self):
        return self._shared().parent

    def _done(self, *arguments):
        done = called_here(self, *arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done

    def _backed_up(self):
        path = self.home / f"backup{FILE}"
        store.open_library(self.store, PASSPHRASE).back_up(path, now=1.8e9)
        return path

    def _written(self, words):
        path = self.home / f"new{FILE}"
        path.write_text(words)
        return path

    def _marks(self):
        path = self.home / f"marks{FILE}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("start_s", "text"), (12.0, f"seen{NAME}")])
        return path

    @staticmethod
    def _kept(library):
        for client in (f"Sorrel{CLIENT}", CLIENT):
            writer = library.new_session(1.7e9)
            writer.append(list(log()))
            writer.close(beats=78)
            library.name_client(writer.session, client)
        return writer.session

    def arguments(self, path):
        """What calls a command so that it does its work, as far as it can be known."""
        given, command = [], COMMANDS[path]
        keeps_its_own = "passphrase_file" not in {parameter.name for parameter in command.params}
        values = self.values | ({"store": self.home / f"demo{FILE}"} if keeps_its_own else {})
        values |= self.own.get(path, {})
        for parameter in command.params:
            value = values.get(parameter.name)
            value = value() if callable(value) else value
            if parameter.name in ("headless", "yes") or value == ():
                given.append(parameter.opts[0])
            elif value is not None and isinstance(parameter, click.Argument):
                given.append(os.fspath(value))
            elif value is not None:
                given += [parameter.opts[0], os.fspath(value)]
            elif parameter.name == "only":
                given += [parameter.opts[0], NAME.replace("\0", "")]
        return given


@pytest.fixture
def planted(tmp_path):
    return Planted(tmp_path)


def called(planted, *arguments, **more):
    done = subprocess.run(
        [COMMAND, *map(os.fspath, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * PATIENCE, check=False,
        env=environment(planted.home, PYTHONUTF8="1"), cwd=planted.home, **more,
    )  # fmt: skip
    return harmless(done)


def called_here(planted, *arguments):
    """Call the command in this process, which saves the start of one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            patch.delenv(name, raising=False)
        for name, value in environment(planted.home, PYTHONUTF8="1").items():
            patch.setenv(name, value)
        patch.chdir(planted.home)
        patch.setattr(sys, "argv", [COMMAND])
        done = CliRunner().invoke(main, [*map(os.fspath, arguments)], prog_name="interbeat")
    assert isinstance(done.exception, SystemExit | None), done.exception
    return harmless(
        subprocess.CompletedProcess(arguments, done.exit_code, done.stdout_bytes, done.stderr_bytes)
    )


def harmless(done):
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert not leaked(done.stdout)
    assert not leaked(done.stderr)
    return done


NO_SOURCE_HERE = {("scan",), ("bench",), ("validate",), ("weeks", "write"), ("weeks", "ask")}
"""Commands without a bus, a page or answers to read, or given a task that there is none of."""


@pytest.mark.parametrize("call", [called_here, pytest.param(called, marks=pytest.mark.long)])
@pytest.mark.parametrize(("path", "extra"), CALLS, ids=" ".join)
@pytest.mark.sampled
def test_no_command_lets_a_name_act(planted, path, extra, call):
    done = call(planted, *path, *planted.arguments(path), *extra)
    if path not in NO_SOURCE_HERE:
        assert done.returncode == 0, done.stderr.decode()
    if extra == JSON:
        assert done.stdout.isascii()
        assert all(isinstance(json.loads(line), dict) for line in done.stdout.splitlines())


@pytest.mark.long
def test_no_table_of_a_folder_holds_what_acts(planted):
    out = planted.home / "tables"
    called(planted, "batch", planted.home / f"{FILE}.zip", "--out", out)
    written = [path for path in out.rglob("*") if path.suffix in (".csv", ".json", ".md", ".html")]
    assert len(written) >= 8
    for path in written:
        assert not leaked(path.read_bytes()), path.name


def test_the_log_goes_on_holding_what_a_stranger_wrote(planted):
    told = called(planted, "sessions", "list", "--json", "--store", planted.store).stdout
    lines = {line["id"]: line for line in map(json.loads, told.splitlines())}
    assert lines[planted.session]["sources"][0]["role"] == f"client{NAME}"
    called(
        planted,
        "sessions",
        "export",
        planted.session,
        "--out",
        planted.home,
        "--store",
        planted.store,
    )
    with zipfile.ZipFile(planted.home / f"{planted.session}.zip") as archive:
        tables = archive.read("marks.csv") + archive.read("beats.csv")
        lines = archive.read("events.jsonl").splitlines()
        assert not leaked(tables)
        assert not leaked(archive.read("measures.jsonl"))
    marks = [event for event in map(json.loads, lines) if event["type"] == "Mark"]
    assert [mark["text"] for mark in marks] == [f"mark{NAME}"]


def crashed(folder):
    """Leave a session behind as a crash does: in a process that ends without a word."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from pipelines import store\n"
        "from tests.end_to_end.test_hostile_names import PASSPHRASE, log\n"
        "writer = store.open_library(Path(sys.argv[1]), PASSPHRASE).new_session(1.7e9)\n"
        "writer.append(list(log()))\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, folder], check=True, cwd=ROOT, timeout=PATIENCE)


def test_what_a_crash_left_is_recovered_without_a_name_acting(planted):
    crashed(planted.store)
    done = called(planted, "sessions", "recover", "--store", planted.store)
    assert done.returncode == 0, done.stderr
    assert b"78 beats  recovered" in done.stdout


def test_no_session_has_an_id_that_is_no_text(planted):
    for command in ("show", "export", "delete", "recover"):
        more = ("--out", planted.home) if command == "export" else ()
        done = called(planted, "sessions", command, FILE, "--store", planted.store, *more)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


def wrong_calls():
    """Each command with such a value for each of its parameters, and with what it does not have."""
    value = FILE.replace("\udcff", "")
    yield [f"--{value}"]
    yield [value]
    for path, command in COMMANDS.items():
        yield [*path, f"--{value}"]
        yield [*path, *[value] * 3]
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.is_flag:
                yield [*path, parameter.opts[0], value]
                yield [*path, f"{parameter.opts[0]}={value}\udcff", value]


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """A person without a display, a library or a bus."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    monkeypatch.chdir(tmp_path)


@pytest.mark.long
def test_no_wrong_call_gives_its_words_back_as_they_are(nobody, monkeypatch):
    # What a page or a demo would take minutes for is not what is asked here.
    for name in ("demo", "bench", "validate"):
        monkeypatch.setattr(COMMANDS[(name,)], "callback", lambda **_: None)
    for arguments in wrong_calls():
        done = CliRunner().invoke(main, arguments, prog_name="interbeat")
        assert isinstance(done.exception, SystemExit | None), (arguments, done.exception)
        assert not leaked(done.output), arguments
        assert len(done.stderr) < 4000, arguments


@pytest.mark.parametrize("call", [called_here, pytest.param(called, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", ["a\udcff.txt", "\udcff", "\x1b[31m.txt"], ids=ascii)
def test_a_file_whose_name_is_no_text_is_read_all_the_same(planted, name, call):
    path = planted.home / name
    path.write_text("\n".join(["800", "810", "790"] * 20))
    done = call(planted, "analyse", path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file"] == str(path)
    assert call(planted, "analyse", path).returncode == 0
    path.unlink()
    missing = call(planted, "analyse", path)
    assert missing.returncode == 1
    assert len(missing.stderr.splitlines()) == 1
