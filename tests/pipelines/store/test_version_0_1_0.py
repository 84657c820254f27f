"""What version 0.1.0 wrote opens, is migrated when it is written, and gives the same numbers."""

import json
import shutil

import pytest

from devices.link import LinkState
from pipelines import formats, store
from pipelines.analysis import analyse, encode_result
from pipelines.session import Mark, encode_event, migrations, serialization
from pipelines.session.events import Link
from pipelines.store import database, session, trouble
from tests.pipelines.store.libraries import all_bytes, count_packets, only_read, recorded
from tests.pipelines.store.old_libraries import (
    CRASHED,
    FINISHED,
    WRITTEN,
    old_library,
    old_numbers,
    path_of,
    stored,
)
from tests.recordings import DATA

OTHER = DATA.parent / "library-0.1.0"
MEASURES = ("sdnn", "rmssd")
"""Of all intervals as they were written: later versions pool what is fit to be shown."""


@pytest.fixture
def old(tmp_path):
    return old_library(tmp_path / "old")


def numbers(events):
    """What may not change, by role."""
    said = [json.loads(encode_result(found)) for found in analyse(events, labels=False)]
    return {one["source"]: lasting(bare(one)) for one in said}


def bare(said):
    """A result with the values of its measures alone, those as written where they are told."""
    told = {name: one.get("as_written", one["value"]) for name, one in said["measures"].items()}
    return said | {"measures": told}


def lasting(said):
    quality, measures = said["quality"], said["measures"]
    edges = [edge for gap in quality["gaps"] for edge in (gap["start_s"], gap["end_s"])]
    return [quality["beats"], quality["duration_s"], *edges, *(measures[m] for m in MEASURES)]


def assert_same(found, said):
    assert found.keys() == said.keys()
    for role, values in found.items():
        # What a later version withholds it says nothing of.
        pairs = zip(values, lasting(said[role]), strict=True)
        told = [pair for pair in pairs if pair[0] is not None]
        assert len(told) >= 2
        values, before = zip(*told, strict=True)
        assert values == pytest.approx(before, rel=1e-9, abs=1e-9)


def of(session_id, said):
    return {role: one for (name, role), one in said.items() if name == session_id}


@pytest.mark.parametrize("name", [FINISHED, CRASHED])
def test_sessions_give_the_same_numbers(old, name):
    assert_same(numbers(old.events(name)), of(name, old_numbers()))


def test_an_export_gives_the_same_numbers_and_events(old):
    export = formats.read(WRITTEN / "export.zip")
    assert list(export.events) == old.events(FINISHED)
    assert export.notes == ()
    assert_same(numbers(export.events), of(FINISHED, old_numbers()))


def test_another_library_of_it_gives_the_same_numbers(tmp_path):
    if not OTHER.is_dir():
        pytest.skip("the library of 0.1.0 (../shared/library-0.1.0) is not beside this clone")
    shutil.copytree(OTHER / "library", tmp_path / "copy")
    for path in (tmp_path / "copy", *(tmp_path / "copy").rglob("*")):
        path.chmod(path.stat().st_mode | 0o700)
    library = store.open_library(tmp_path / "copy", "bars")
    lines = map(json.loads, (OTHER / "analyse-labels-off.jsonl").read_text().splitlines())
    said = {(one["session"], one["source"]): bare(one) for one in lines}
    for info in library.sessions():
        events = library.events(info.id)
        assert_same(numbers(events), of(info.id, said))
        export = store.read_export(OTHER / "exports" / f"{info.id}.zip")
        assert list(export.events) == events


def test_opening_and_reading_change_nothing(old, tmp_path):
    kept = all_bytes(old.folder)
    assert old.newer is None
    for info in old.sessions():
        assert old.events(info.id)
        store.export_session(old, info.id, tmp_path / "out")
    assert all_bytes(old.folder) == kept


def test_a_library_that_may_only_be_read_is_read_as_it_is(old):
    kept, events = all_bytes(old.folder), old.events(CRASHED)
    with only_read(old.folder) as view:
        library = store.open_library(view, "x")
        assert library.events(CRASHED) == events
    assert all_bytes(old.folder) == kept


def test_a_crashed_session_is_migrated_when_it_is_made_whole(old):
    events, (schema, bodies) = old.events(CRASHED), stored(old, CRASHED)
    assert schema == 1
    assert old.recover(count_beats=count_packets).recovered == (CRASHED,)
    assert stored(old, CRASHED) == (2, bodies), "no event was rewritten"
    assert old.events(CRASHED) == events
    assert stored(old, FINISHED)[0] == 1, "it was not to be written"
    names = {path.name for path in old.folder.rglob("*.db*")}
    assert names == {"index.db", f"{FINISHED}.db", f"{CRASHED}.db"}


def test_it_can_be_recorded_into_deleted_from_and_given_another_passphrase(old):
    new = recorded(old)
    assert stored(old, new)[0] == 2
    old.delete(CRASHED)
    old.change_passphrase("other", cost=store.Cost(n=2, r=1, p=1))
    again = store.open_library(old.folder, "other")
    assert {info.id for info in again.sessions()} == {FINISHED, new}
    assert len(again.events(new)) == 15


def test_states_of_links_are_read_in_todays_words_and_stay_as_they_were_written(
    old, tmp_path, monkeypatch
):
    words = migrations._LINK_STATES | {"signal lost, reconnecting": LinkState.STOPPED.value}
    monkeypatch.setattr(migrations, "_LINK_STATES", words)
    bodies = stored(old, FINISHED)[1]
    for events in (old.events(FINISHED), store.read_export(WRITTEN / "export.zip").events):
        states = [event.state for event in events if isinstance(event, Link)]
        assert states.count(LinkState.STOPPED) == 1
        assert LinkState.LOST not in states
    assert b"signal lost, reconnecting" in b"".join(bodies)
    assert stored(old, FINISHED) == (1, bodies)
    exported = store.read_export(store.export_session(old, FINISHED, tmp_path / "out"))
    assert list(exported.events) == old.events(FINISHED)


def test_one_file_holds_events_in_the_words_of_several_versions(old, monkeypatch):
    old.recover(count_beats=count_packets)
    place = trouble.Place("It", old.folder)
    row = (91.0, None, "Mark", encode_event(Mark(91.0, "in new words")), 4)
    path, key = path_of(old, CRASHED), old._index.key(CRASHED)
    with database.opened(path, key, session.TABLES, place) as connection:
        connection.execute(session._INSERT, row)

    def louder(event):
        return event | {"text": event["text"] + "!"} if event["type"] == "Mark" else event

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, louder, louder))
    monkeypatch.setattr(serialization, "EVENT_SCHEMA", 4)
    assert marks(old.events(CRASHED)) == ["a mark!!", "in new words"]
    assert marks(old.events(FINISHED)) == ["a mark!!", "another mark!!"]


def marks(events):
    return [event.text for event in events if isinstance(event, Mark)]


def test_what_is_missing_of_it_is_still_said(old):
    path_of(old, FINISHED).unlink()
    with pytest.raises(store.Unreadable, match="put it back from a copy"):
        old.events(FINISHED)
