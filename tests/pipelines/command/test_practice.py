"""A practice's library by command: clients, what is said, whose a session is."""

import json

import pytest
from click.testing import CliRunner

from pipelines.command import main
from pipelines.session import Mark, Phase, PhaseName, Source
from tests.pipelines.store.libraries import make_library, packet

pytestmark = pytest.mark.usefixtures("english")

PASSPHRASE = "seven quiet lamps"
JUNIPER, ROWAN = "Juniper", "rowan"


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "lib", PASSPHRASE)[0]


def hour(library, *said, client=None):
    writer = library.new_session(1.7e9, client=client)
    writer.append([Source(0.0, 0, "client", "strap"), packet(1), *said])
    writer.append([Phase(600.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    return writer.session


def call(*arguments, code=0, store="lib"):
    """Call a command of sessions, and return what it wrote."""
    done = CliRunner().invoke(main, ["sessions", *map(str, arguments), "--store", store])
    assert done.exit_code == code, done.output
    return done


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def sentence(done):
    (said,) = done.stderr.splitlines()
    assert said.endswith(".")
    assert done.stdout == ""
    return said


def test_clients_are_listed_and_words_are_found(library):
    one = hour(library, Mark(125.0, "touched the hip"), client=JUNIPER)
    hour(library)
    assert lines(call("clients", "--json")) == [
        {"client": JUNIPER, "sessions": 1, "last": lines(call("list", "--json"))[0]["started"],
         "found": []},
        {"client": None, "sessions": 1, "last": lines(call("list", "--json"))[0]["started"],
         "found": []}]  # fmt: skip
    (found,) = lines(call("clients", "--find", "HIP", "--json"))
    assert found["client"] == JUNIPER
    assert found["found"] == [{"session": one, "time_s": 125.0, "text": "touched the hip"}]
    told = call("clients", "--find", "hip").stdout.splitlines()
    assert told[0].startswith(f"{JUNIPER}  1 session  last 2023-")
    assert told[1] == f"  {one}    2:05  touched the hip"
    assert "(nobody's)  1 session" in call("clients").stdout
    assert call("clients", "--find", "elbow").stdout == "These words are nowhere.\n"
    assert call("clients", "--find", "elbow", "--json").stdout == ""
    assert "a word" in sentence(call("clients", "--find", " ", code=2))


def test_a_session_filed_wrongly_is_moved(library):
    one = hour(library, client=JUNIPER)
    assert "rowan's now" in sentence(call("move", one, "--to", " rowan\x1b[2J "))
    assert library.session(one).client == ROWAN
    assert lines(call("move", one, "--to", "", "--json")) == [
        {"session": one, "client": None, "before": ROWAN}]  # fmt: skip
    assert library.session(one).client is None
    assert "no session nosuch" in sentence(call("move", "nosuch", "--to", ROWAN, code=2))


def test_two_names_of_one_person_become_one(library):
    one, _ = hour(library, client=JUNIPER), hour(library, client=ROWAN)
    assert lines(call("merge", JUNIPER, ROWAN, "--json")) == [
        {"client": ROWAN, "before": JUNIPER, "sessions": [one]}]  # fmt: skip
    assert library.clients() == [ROWAN]
    said = sentence(call("merge", JUNIPER, ROWAN, code=2))
    assert "sessions clients" in said
    assert JUNIPER not in said
