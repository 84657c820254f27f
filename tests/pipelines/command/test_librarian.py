"""What the library does for a window: the same as the commands do, and nothing behind its back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import store
from pipelines.command import keeper as desks
from pipelines.command.holdings import ROWS, holdings_of
from pipelines.command.keeper import Keeper
from pipelines.command.librarian import Librarian
from pipelines.command.opening import Clerk, keep_practice
from pipelines.command.reviewing import Reviewer
from pipelines.command.small import Small
from pipelines.recording import (
    AskDesk,
    AskFound,
    AskOutlines,
    AskReview,
    AskShelf,
    BackUp,
    Browse,
    Delete,
    Done,
    Errand,
    KeepPractice,
    LibraryState,
    Listen,
    Lock,
    Merge,
    Move,
    Restore,
    Run,
    Seal,
    ShowOutlines,
    TakeBack,
    Undoable,
    Unlock,
    WriteNote,
    connect_at,
)
from pipelines.session import Mark, Note
from pipelines.store import Library
from tests.pipelines.command.test_reviewing import kept, log

PASSPHRASE = "seven quiet lamps"
CHEAP = store.Cost(n=2, r=1, p=1)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return store.create_library(tmp_path / "own", PASSPHRASE, show=str, cost=CHEAP)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with Keeper(LibraryState.OPEN) as one:
        one._window = type("Open", (), {"is_open": True, "close": lambda _: None})()
        yield one


def ask(keeper: Keeper, *errands: Errand) -> None:
    for errand in errands:
        keeper._answer(Run(errand))


def librarian(keeper: Keeper, library: Library) -> Librarian:
    return Librarian(keeper, library, Small(library), lambda: None)


def done(keeper: Keeper, library: Library, *errands: Errand) -> None:
    """Let these errands be done, all else be read, and the library be left."""
    ask(keeper, *errands, Listen())
    librarian(keeper, library).run()
    assert keeper.next(within=0.0) == Listen()


def listed(keeper: Keeper) -> dict[str, str | None]:
    return {row.session: row.client for row in keeper._answer(AskShelf(0)).rows}


def short(*more: Mark) -> list:
    return sorted([*log(60.0), *more], key=lambda one: one.time)


def test_recordings_are_listed_the_newest_first_in_bounded_parts(
    keeper: Keeper, library: Library
) -> None:
    names = [kept(library, short(), 1.7e9 + 100.0 * n) for n in range(3)]
    writer = library.new_session(1.7e9 + 1000.0)  # which is no recording yet
    done(keeper, library, Browse())
    shelf = keeper._answer(AskShelf(0))
    assert [row.session for row in shelf.rows] == names[::-1]
    assert all(row.strap for row in shelf.rows)
    assert (shelf.total, keeper._answer(AskShelf(-1)).first, shelf.backup) == (3, 0, None)
    assert keeper._answer(AskShelf(99)).rows == ()
    many = holdings_of(library, {})
    assert len(type(many)(many.infos * 100).part(0).rows) == ROWS
    writer.close(beats=0)
    practice = keep_practice(library, KeepPractice(60.0, ((0.0, 6.0), (60.0, None)), 0.4))
    done(keeper, library, Browse())
    first = keeper._answer(AskShelf(0)).rows[0]
    assert (first.session, first.strap) == (practice, False)


@pytest.mark.usefixtures("english")
def test_a_session_is_moved_and_two_clients_are_made_one(keeper: Keeper, library: Library) -> None:
    one, other = (kept(library, short(), 1.7e9 + n) for n in range(2))
    done(keeper, library, Move(one, "Juniper"), Move(other, " Rowan \n"))
    assert listed(keeper) == {one: "Juniper", other: "Rowan"}
    done(keeper, library, Merge("Rowan", "Juniper"))
    assert library.clients() == ["Juniper"]
    (outcome,) = keeper._answer(AskDesk()).outcomes
    assert (outcome.done, outcome.client, outcome.count) == (Done.MERGED, "Juniper", 1)
    done(keeper, library, Move(one, None))
    assert listed(keeper)[one] is None
    done(keeper, library, Merge("Nobody", "Juniper"))
    assert "no client of that name" in str(keeper._answer(AskDesk()).refusal)


def test_words_are_found_in_names_marks_and_notes(keeper: Keeper, library: Library) -> None:
    one, other = kept(library, short(), 1.7e9), kept(library, short(Mark(9.0, "jaw")), 1.8e9)
    library.name_client(one, "Juniper")
    here = librarian(keeper, library)
    here._recall()
    assert keeper._answer(AskDesk()).unread == 2
    while here._can_read():
        here._read()
    assert keeper._answer(AskDesk()).unread == 0
    found = keeper._answer(AskFound("JAW"))
    assert [(line.session, line.count, line.time) for line in found.lines] == [(other, 1, 9.0)]
    assert found.named == ()
    assert here._does(WriteNote(one, "Ada", "a slower start, jaw"))
    found = keeper._answer(AskFound("jaw"))
    assert {line.session for line in found.lines} == {one, other}
    assert keeper._answer(AskFound("juniper")).named == ("Juniper",)
    (note,) = [event for event in library.events(one) if isinstance(event, Note)]
    assert (note.author, note.text) == ("Ada", "a slower start, jaw")
    assert abs(note.wall - time.time()) < 3600.0


def test_a_session_is_told_in_small_as_its_review_tells_it_and_opened_without_reading_it_again(
    keeper: Keeper, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    small = Small(library)
    here = Librarian(keeper, library, small, lambda: None)
    assert here._does(ShowOutlines((name, "unknown0")))
    while here._can_read():
        here._read()
    (outline,) = keeper._answer(AskOutlines(0)).outlines
    assert keeper._answer(AskDesk()).outlines == 1
    monkeypatch.setattr("pipelines.command.reviewing.reviewed", None)
    events = len(library.events(name))
    Reviewer(keeper, library, name, lambda count: small.review(name, count))
    told = keeper._answer(AskReview())
    assert (outline.session, outline.moments) == (name, told.moments_total)
    assert (outline.readable_s, outline.duration_s) == (told.readable_s, told.duration_s)
    assert outline.spread == told.held[0].own.spread
    assert small.review(name, events + 1) is None
    library.add(name, [Mark(9e3, "more")])
    small.look_again(name)
    assert not small.knows(name)


def test_a_deletion_waits_for_its_undo_and_names_the_backups_that_still_hold_it(
    keeper: Keeper, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (kept(library, short(), 1.7e9 + n) for n in range(2))
    path = tmp_path / "backup.interbeat"
    here = librarian(keeper, library)
    assert here._does(BackUp(str(path)))
    assert here._does(Delete(one))
    assert listed(keeper) == {other: None}
    assert keeper._answer(AskDesk()).undoes is Undoable.THROWN
    assert {info.id for info in library.sessions()} == {one, other}  # it is still there
    assert here._does(TakeBack())
    assert set(listed(keeper)) == {one, other}
    assert keeper._answer(AskDesk()).undoes is None
    assert here._does(Delete(one))
    monkeypatch.setattr(desks, "UNDO", 0.0)
    done(keeper, library, Browse())
    assert here._does(TakeBack())  # too late to be taken back
    here._destroy()
    assert {info.id for info in library.sessions()} == {other}
    (outcome,) = keeper._answer(AskDesk()).outcomes
    (backup,) = library.backups()
    assert (outcome.done, outcome.backups) == (Done.DELETED, (backup,))


def test_whoever_goes_on_has_decided_a_deletion(keeper: Keeper, library: Library) -> None:
    one, other = (kept(library, short(), 1.7e9 + n) for n in range(2))
    done(keeper, library, Delete(one), WriteNote(other, "Ada", "words"))
    assert [info.id for info in library.sessions()] == [other]
    kinds = [outcome.done for outcome in keeper._answer(AskDesk()).outcomes]
    assert kinds == [Done.DELETED, Done.NOTED]
    done(keeper, library, Delete(other))
    assert library.sessions() == []


@pytest.mark.usefixtures("english")
def test_a_backup_brings_back_what_is_lost_but_nobody_who_was_deleted(
    keeper: Keeper, library: Library, tmp_path: Path
) -> None:
    one, other = (kept(library, short(), 1.7e9 + n) for n in range(2))
    path = tmp_path / "backup.interbeat"
    done(keeper, library, BackUp(str(path)), Delete(one))
    assert keeper._answer(AskShelf(0)).backup == pytest.approx(time.time(), abs=3600.0)
    done(keeper, library, Restore(str(path)))
    (outcome,) = keeper._answer(AskDesk()).outcomes
    assert (outcome.count, outcome.there, outcome.gone) == (0, 1, 1)
    assert set(listed(keeper)) == {other}
    for wrong in (Restore(str(tmp_path / "none")), BackUp("here"), Restore(str(library.folder))):
        done(keeper, library, wrong)
        assert keeper._answer(AskDesk()).refusal
    done(keeper, library, BackUp(str(library.folder / "inside")))
    assert "lies in the library" in str(keeper._answer(AskDesk()).refusal)


def test_what_is_handed_over_opens_with_their_passphrase_and_holds_no_note(
    keeper: Keeper, library: Library, tmp_path: Path
) -> None:
    name = kept(library, short(), 1.7e9)
    path = tmp_path / "theirs.interbeat"
    errands = (
        Move(name, "Juniper"), WriteNote(name, "Ada", "for us alone"),
        Seal("Juniper", str(path), "their own words"),
    )  # fmt: skip
    done(keeper, library, *errands)
    (outcome,) = keeper._answer(AskDesk()).outcomes
    assert (outcome.done, outcome.count, outcome.left_out) == (Done.SEALED, 1, 0)
    (export,) = store.shared_in(path, "their own words")
    assert not [event for event in export.events if isinstance(event, Note)]
    assert [event.text for event in export.events if isinstance(event, Mark)]


def test_locked_the_desk_tells_nothing_of_the_library(keeper: Keeper, library: Library) -> None:
    name = kept(library, short(), 1.7e9)
    library.name_client(name, "Juniper")
    library.keep_labels(("hip",) * 9)
    clerk = Clerk(keeper, library.folder, library)
    ask(keeper, ShowOutlines((name,)), Lock())
    clerk.do(Browse())
    before = keeper._answer(AskDesk())
    assert before.library is LibraryState.LOCKED  # at once, whatever is being done
    clerk.do(keeper.next(within=0.0))
    desk = keeper._answer(AskDesk())
    assert (desk.library, desk.kept, desk.clients, desk.labels) == (
        LibraryState.LOCKED, None, None, None)  # fmt: skip
    assert (desk.outlines, desk.last, desk.lockable) == (0, None, False)
    assert keeper._answer(AskShelf(0)).rows == ()
    assert keeper._answer(AskOutlines(0)).outlines == ()
    assert keeper._answer(AskFound("juniper")).named == ()
    clerk.do(Browse())
    assert keeper._answer(AskShelf(0)).rows == ()
    clerk.do(Unlock("another"))
    assert keeper._answer(AskDesk()).wrong_secret
    clerk.do(Unlock(PASSPHRASE))
    assert keeper._answer(AskDesk()).lockable
    assert listed(keeper) == {name: "Juniper"}


def test_a_library_that_opens_without_a_passphrase_is_not_locked(
    keeper: Keeper, tmp_path: Path
) -> None:
    library = store.open_or_create_with_key_file(tmp_path / "keyless")
    name = kept(library, short(), 1.7e9)
    clerk = Clerk(keeper, library.folder, library)
    ask(keeper, Lock())
    clerk.do(keeper.next(within=0.0))
    assert keeper._answer(AskDesk()).library is LibraryState.OPEN
    assert listed(keeper) == {name: None}


def test_over_the_pipe_it_is_the_same(keeper: Keeper, library: Library) -> None:
    name = kept(library, short(), 1.7e9)
    here = librarian(keeper, library)
    here._recall()
    assert here._does(ShowOutlines((name,)))
    while here._can_read():
        here._read()
    remote = connect_at(keeper.server.address, keeper.server.key)
    try:
        assert remote.shelf(0) == keeper._answer(AskShelf(0))
        assert remote.found("hip") == keeper._answer(AskFound("hip"))
        assert remote.outlines(0) == keeper._answer(AskOutlines(0))
        assert remote.outlines(5).outlines == ()
        assert remote.run(Move(name, "Juniper"))
        assert keeper.next(within=60.0) == Move(name, "Juniper")
    finally:
        remote.close()


@pytest.mark.parametrize(
    "secret",
    [Move("s", "Juniper"), Merge("Juniper", "Juniper"), WriteNote("s", "Ada", "Juniper"),
     Seal("Juniper", "p", "Juniper"), AskFound("Juniper")],
)  # fmt: skip
def test_no_traceback_can_tell_of_anybody(secret: object) -> None:
    assert "Juniper" not in repr(secret)
