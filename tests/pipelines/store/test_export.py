"""What is exported is the whole log in the open, the same bytes each time, and reads back."""

import base64
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import store
from pipelines.session import PhaseName
from pipelines.session import events as ev
from tests.pipelines.store.libraries import make_library

LOG = [
    ev.WallClock(0.0, 1700000000.25),
    ev.Source(0.0, 0, "client", "Polar H10", "A0:9E"),
    ev.Consent(0.0, 'said yes\u2028 \r\n to "all" of it \u00e4\U0001f642'),
    ev.Packet(0.5, 0, "heart_rate", bytes(range(256))),
    ev.Pace(0.6, None, 0.4),
    ev.Mark(1.25, "hip", replaces=0.1 + 0.2),
    ev.Phase(2.0, PhaseName.FINISHED),
]


def make(folder: Path, events=LOG):
    library, _ = make_library(folder / "library")
    writer = library.new_session(1700000000.25)
    writer.append(events)
    writer.close(beats=3)
    return library, writer.session


@pytest.fixture
def made(tmp_path):
    return make(tmp_path)


def test_an_export_reads_back_zipped_and_unpacked(made, tmp_path):
    library, session = made
    path = store.export_session(library, session, tmp_path / "out", extras={"beats.csv": b"a\n"})
    assert path == tmp_path / "out" / f"{session}.zip"
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["beats.csv", "events.jsonl", "metadata.json"]
        assert archive.read("beats.csv") == b"a\n"
        archive.extractall(tmp_path / "unpacked")
    for source in (path, tmp_path / "unpacked"):
        assert store.is_export(source)
        export = store.read_export(source)
        assert list(export.events) == LOG == library.events(session)
        metadata = export.metadata
        assert (metadata.schema, metadata.program, metadata.session) == (2, "interbeat", session)
        assert (metadata.started, metadata.state) == (1700000000.25, "finished")
        assert metadata.sources == (store.SessionSource(0, "client", "Polar H10", "A0:9E"),)
        assert metadata.events == len(LOG)


def test_an_export_can_be_read_by_anything_that_reads_json(made, tmp_path):
    path = store.export_session(*made, tmp_path / "out")
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("events.jsonl").split(b"\n")
        assert json.loads(archive.read("metadata.json"))["events"] == len(LOG)
    events = [json.loads(line) for line in lines if line]
    assert len(events) == len(LOG)
    assert base64.b64decode(events[3]["data"]) == bytes(range(256))
    assert events[3]["type"] == "Packet"


def test_the_same_session_gives_the_same_bytes(made, tmp_path):
    extras = {"b.csv": b"2", "a.csv": b"1"}
    one = store.export_session(*made, tmp_path / "one", extras=extras).read_bytes()
    same = dict(sorted(extras.items()))
    path = store.export_session(*made, tmp_path / "two", extras=same)
    assert path.read_bytes() == one
    assert store.export_session(*made, tmp_path / "two", extras=extras).read_bytes() == one
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(ev.Mark, finite, st.text(), st.none() | finite, st.booleans())
        | st.builds(ev.Packet, finite, st.integers(0, 2**31), st.text(), st.binary())
        | st.builds(ev.Consent, finite, st.text()),
        max_size=8,
    )
)
def test_every_float_byte_and_letter_survives_the_export(events):
    with tempfile.TemporaryDirectory() as folder:
        library, session = make(Path(folder), events)
        path = store.export_session(library, session, Path(folder) / "out")
        assert list(store.read_export(path).events) == events


@pytest.mark.usefixtures("english")
def test_nothing_in_the_open_is_put_into_the_library(made, tmp_path):
    library, session = made
    (tmp_path / "link").symlink_to(library.folder)
    for folder in (library.folder, library.folder / "sessions", tmp_path / "link" / "x"):
        with pytest.raises(store.LibraryError, match="in the open"):
            store.export_session(library, session, folder)


def test_a_file_beside_the_library_is_private_and_replaces_none_unasked(made, tmp_path):
    library, path = made[0].folder, tmp_path / "report.html"
    (tmp_path / "report.html.new").write_text("somebody's own")
    store.write_beside(library, path, b"one", replace=False)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        store.write_beside(library, path, b"other", replace=False)
    assert path.read_bytes() == b"one"
    store.write_beside(library, path, b"other", replace=True)
    assert path.read_bytes() == b"other"
    assert (tmp_path / "report.html.new").read_text() == "somebody's own"
    with pytest.raises(store.LibraryError):
        store.write_beside(library, library / "report.html", b"", replace=True)
    with pytest.raises(OSError, match="nowhere"):
        store.write_beside(library, tmp_path / "nowhere" / "x.html", b"", replace=True)


def test_a_file_that_does_not_get_its_name_leaves_nothing_behind(made, tmp_path):
    (tmp_path / "taken.html").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match="taken"):
        store.write_beside(made[0].folder, tmp_path / "taken.html", b"x", replace=True)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["events.jsonl", "metadata.json", "../x", "a/b", "", ".", ".."])
def test_a_further_file_needs_a_plain_name_of_its_own(made, tmp_path, name):
    with pytest.raises(ValueError, match="cannot name"):
        store.export_session(*made, tmp_path / "out", extras={name: b""})
    assert not (tmp_path / "out").exists()


def test_an_existing_folder_keeps_its_mode(made, tmp_path):
    (tmp_path / "out").mkdir(mode=0o755)
    (tmp_path / "out").chmod(0o755)
    store.export_session(*made, tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


def test_a_file_in_place_of_the_folder_is_a_sentence(made, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(store.LibraryError):
        store.export_session(*made, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


# Malformed exports


@pytest.fixture
def unpacked(made, tmp_path):
    path = store.export_session(*made, tmp_path / "out")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def assert_sentence(path: Path, *words: str, kind: type[Exception] = store.Unreadable) -> None:
    with pytest.raises(kind) as caught:
        store.read_export(path)
    text = str(caught.value)
    for word in (str(path), *words):
        assert word in text
    rest = text.replace(str(path), "").replace("metadata.json", "").replace("events.jsonl", "")
    assert rest.count(".") == 1
    assert "\n" not in text


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b'{"type":"Tick","time":1.0}',
        b'{"type":"Mark","time":"1","text":""}',
        b'{"type":"Other"}',
        b'{"type":"Carried","time":1.0,"kind":"Mark","schema":2,"body":"AAEC"}',
        b'{"type":"Packet","time":1.0,"source":0,"kind":"x","data":"***"}',
        b"\xff\xfe",
    ],
)
def test_a_line_that_is_no_event_is_named(unpacked, line):
    lines = (unpacked / "events.jsonl").read_bytes().splitlines()
    lines[2] = line
    (unpacked / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    assert_sentence(unpacked, "Line 3")


@pytest.mark.usefixtures("english")
def test_a_cut_log_is_noticed(unpacked):
    lines = (unpacked / "events.jsonl").read_bytes().splitlines(keepends=True)
    (unpacked / "events.jsonl").write_bytes(b"".join(lines[:-1]))
    assert_sentence(unpacked, "holds 6 events and should hold 7")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"schema":1}', b'{"schema":"x"}', b"\xff"])
def test_other_metadata_is_a_sentence(unpacked, content):
    (unpacked / "metadata.json").write_bytes(content)
    assert_sentence(unpacked, "metadata.json")


def test_a_newer_export_is_refused_in_words(unpacked):
    (unpacked / "metadata.json").write_text('{"schema": 99, "new": true}')
    assert_sentence(unpacked, "newer", "99", kind=store.NewerSchema)


def test_later_versions_may_add_to_the_metadata(unpacked):
    metadata = json.loads((unpacked / "metadata.json").read_text()) | {"further": 1}
    (unpacked / "metadata.json").write_text(json.dumps(metadata))
    assert list(store.read_export(unpacked).events) == LOG


@pytest.mark.parametrize("missing", ["events.jsonl", "metadata.json"])
def test_a_missing_part_is_named(unpacked, missing):
    (unpacked / missing).unlink()
    assert not store.is_export(unpacked)
    assert_sentence(unpacked, missing)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"812\n820\n", bytes(100)])
def test_other_files_are_no_export(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    assert not store.is_export(tmp_path / "a.zip")
    assert_sentence(tmp_path / "a.zip")
    assert not store.is_export(tmp_path / "none.zip")
    assert_sentence(tmp_path / "none.zip")


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_damaged_zip_reads_as_it_was_or_is_a_sentence(exported, data):
    content, folder = exported
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    damaged = folder / "damaged.zip"
    damaged.write_bytes(changed)
    assert read_or_sentence(damaged) in (LOG, "a sentence")


def read_or_sentence(path: Path) -> list[ev.AnyEvent] | str:
    try:
        return list(store.read_export(path).events)
    except store.LibraryError as error:
        return "a sentence" if str(path) in error.sentence else error.sentence


@pytest.fixture(scope="module")
def exported():
    with tempfile.TemporaryDirectory() as name:
        path = store.export_session(*make(Path(name)), Path(name) / "out")
        yield path.read_bytes(), Path(name)


@pytest.mark.usefixtures("english")
def test_a_zip_that_would_unpack_to_too_much_is_refused(unpacked, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(unpacked / "metadata.json", "metadata.json")
        archive.writestr("events.jsonl", bytes(10_000))
    with pytest.raises(store.LibraryError, match=r"events\.jsonl holds more than 0 MB"):
        store.read_export(tmp_path / "bomb.zip", most=5000)


def test_half_exports_are_none_and_the_next_export_clears_them(made, tmp_path):
    library, session = made
    whole = store.export_session(library, session, tmp_path / "elsewhere")
    out = tmp_path / "out"
    out.mkdir()
    for name in (f"{session}.zip.new", "abcdefgh.zip.new", "letters.of.mine.zip.new"):
        (out / name).write_bytes(whole.read_bytes())
        assert not store.is_export(out / name)
    path = store.export_session(library, session, out)
    assert {found.name for found in out.iterdir()} == {path.name, "letters.of.mine.zip.new"}


def test_exports_to_one_folder_wait_for_each_other(made, tmp_path):
    import threading

    library, session = made
    failed = []

    def export():
        try:
            for _ in range(5):
                store.export_session(library, session, tmp_path / "out")
        except store.LibraryError as error:
            failed.append(error)

    threads = [threading.Thread(target=export) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{session}.zip"]
    assert store.read_export(tmp_path / "out" / f"{session}.zip").metadata.session == session
