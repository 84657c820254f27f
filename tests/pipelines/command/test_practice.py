"""A practice's library by command: clients, what is said, whose a session is."""

import json
import time

import pytest
from click.testing import CliRunner

from pipelines.command import main
from pipelines.session import Mark, Phase, PhaseName, Source
from tests.pipelines.store.libraries import FAST, make_library, packet

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


def pair(library):
    writer = library.new_session(1.7e9, client=JUNIPER)
    writer.append([Source(0.0, 0, "client", "x"), Source(0.0, 1, "member 2", "y"), packet(1)])
    writer.append([Mark(5.0, "a sigh"), Phase(600.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    return writer.session


def test_a_library_is_backed_up_restored_and_deletion_names_the_backups(library, tmp_path):
    one, other = hour(library, client=JUNIPER), pair(library)
    (made,) = lines(call("backup", "--out", "kept", "--json"))
    assert (made["file"], made["sessions"]) == ("kept", 2)
    assert "--replace" in sentence(call("backup", "--out", "kept", code=2))
    named = {"backup": made["backup"], "made": made["made"]}
    done = call("delete", one, "--yes", "--json")
    assert lines(done) == [{"deleted": one, "backups": [named]}]
    assert made["backup"] in done.stderr.splitlines()[-1]
    (back,) = lines(call("restore", "kept", "--json"))
    told = {"restored": [], "there": 1, "forgotten": 1, "own_file": "none"}
    assert back == {**named, **told, "list_is_complete": True}
    done = call("restore", "kept", "--json", store="other")
    assert set(lines(done)[0]["restored"]) == {one, other}
    assert lines(done)[0]["list_is_complete"] is False
    assert "it cannot know of that" in done.stderr
    assert call("list", store="other").stdout.count(JUNIPER) == 2


def test_a_persons_weeks_go_along_and_what_became_of_them_is_said(library):
    library.own_file().add([b"{}"])
    done = call("backup", "--out", "kept", "--json")
    assert lines(done)[0]["own_file"] is True
    assert "Your own weeks are in it, too." in call("backup", "--out", "again").stderr
    done = call("restore", "kept")
    assert "Your own weeks stay as they are here." in done.stderr
    done = call("restore", "kept", store="other")
    assert "Your own weeks are back, too" in done.stderr
    own = library.own_file().path
    own.write_bytes(b"x" + own.read_bytes())
    done = call("backup", "--out", "third", code=1)
    assert "Your own weeks are not in it: " in done.stderr
    library.own_file().path.unlink()
    (back,) = lines(call("restore", "kept", "--json"))
    assert back["own_file"] == "restored"


def test_what_is_no_backup_is_refused(library, tmp_path):
    (tmp_path / "letter").write_text("Dear all")
    (tmp_path / "library.json").write_bytes((tmp_path / "lib" / "library.json").read_bytes())
    for name in ("letter", "library.json"):
        assert "no backup" in sentence(call("restore", name, code=1))
    assert "does not exist" in call("restore", "gone", code=2).stderr
    assert "lies in the library" in sentence(call("backup", "--out", "lib/kept", code=1))
    assert "cannot be read" in sentence(damaged(library))


def damaged(library):
    call("backup", "--out", "kept")
    path = library.folder.parent / "kept"
    path.write_bytes(path.read_bytes()[:-1])
    return call("restore", "kept", code=1)


def test_a_backup_names_what_is_not_in_it(library):
    bad = hour(library)
    (library.folder / "sessions" / f"{bad}.db").write_bytes(b"x" * 8192)
    done = call("backup", "--out", "kept", "--json", code=1)
    assert lines(done)[0]["sessions"] == 0
    assert f"Session {bad} is not in it" in done.stderr


def test_one_of_two_withdraws(library):
    session = pair(library)
    assert "--yes" in sentence(call("withdraw", session, "--role", "member 2", code=2))
    assert "has that role" in sentence(call("withdraw", session, "--role", "x", "--yes", code=1))
    done = call("withdraw", session, "--role", "member 2", "--yes", "--json")
    (told,) = lines(done)
    assert told == {"withdrawn": session, "session": told["session"], "backups": []}
    (info,) = lines(call("list", "--json"))
    assert (info["id"], [one["role"] for one in info["sources"]]) == (told["session"], ["client"])
    assert info["client"] == JUNIPER
    assert "no session" in sentence(call("withdraw", session, "--role", "x", "--yes", code=2))


@pytest.mark.long
def test_a_clients_sessions_leave_sealed_and_come_in_elsewhere(library, tmp_path):
    one = hour(library, Mark(5.0, "hip"), client=JUNIPER)
    (tmp_path / "seal").write_text("five slow rivers run\n")
    seal = ("--seal-file", "seal")
    done = call("hand-over", JUNIPER, "--out", "theirs", "--json", *seal)
    assert lines(done) == [{"file": "theirs", "sessions": [one], "left_out": []}]
    assert "--replace" in sentence(call("hand-over", JUNIPER, "--out", "theirs", *seal, code=2))
    assert "no client" in sentence(call("hand-over", "x", "--out", "other", *seal, code=2))
    assert "--seal-file" in sentence(call("hand-over", JUNIPER, "--out", "other", code=2))
    done = call("import", "theirs", "--client", "me", "--json", *seal, store="theirs-own")
    assert lines(done) == [{"imported": [one], "there": 0, "forgotten": 0}]
    assert "hip" in call("clients", "--find", "hip", store="theirs-own").stdout
    assert "1 were there already" in call("import", "theirs", *seal, store="theirs-own").stderr
    (tmp_path / "wrong").write_text("another\n")
    wrong = call("import", "theirs", "--seal-file", "wrong", code=2)
    assert "whoever sealed it" in sentence(wrong)
    assert "--seal-file" in sentence(call("import", "theirs", code=2))
    (tmp_path / "letter").write_text("Dear all")
    assert "no export" in sentence(call("import", "letter", code=1))


def test_what_is_kept_for_longer_than_agreed_is_listed(library):
    old = hour(library, client=JUNIPER)
    writer = library.new_session(time.time())
    writer.close(beats=0)
    assert [row["id"] for row in lines(call("list", "--older-than", 365, "--json"))] == [old]
    assert len(lines(call("list", "--older-than", 0, "--json"))) == 2
    assert call("list", "--older-than", 36500).stdout == "No recording is that old.\n"
    assert "--older-than" in call("list", "--older-than", -1, code=2).stderr


def test_a_changed_passphrase_is_told_as_json(library, tmp_path, monkeypatch):
    (tmp_path / "new").write_text("five slow rivers run\n")
    monkeypatch.setattr("pipelines.store.settings.Cost", lambda: FAST)
    done = call("passphrase", "--new-passphrase-file", "new", "--json")
    assert lines(done) == [{"changed": "passphrase"}]
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", "five slow rivers run")
    assert call("list", "--json").stdout == ""


def test_what_a_full_disk_left_half_deleted_is_deleted_by_a_second_call(library):
    one = hour(library, client=JUNIPER)
    mark = library.folder / "sessions" / f"{one}.deleted"
    mark.touch()
    assert lines(call("delete", one, "--yes", "--json")) == [{"deleted": one, "backups": []}]
    assert not mark.exists()


@pytest.mark.parametrize("verb", [["delete"], ["withdraw", "--role", "member 2"]])
def test_nothing_goes_where_nobody_can_agree(library, verb):
    one = pair(library)
    assert "without --yes" in sentence(call(*verb, one, code=2))
    assert library.session(one).client == JUNIPER
