"""Kill -9 at each call that changes a disk, and disks of every size: run by test_disk_calls.py.

A process of its own, as it forks. Each child stops itself before it acts, strace takes hold of it
and kills it as it enters one of its calls, counted in a run before. Prints how many it tried.

    python disk_calls.py kill KIND STEP FOLDER       kill at every STEPth call of KIND
    python disk_calls.py sizes STEP FOLDER           creation, opening, migration: 4 to 400 kB
"""

import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from pipelines import store
from pipelines.programmes import Plan, written
from pipelines.session import Mark, Packet, Source, said_in
from pipelines.store import database, index, is_export, sealed
from pipelines.weeks import (
    Part,
    PlanKept,
    Share,
    Shared,
    Withdrawn,
    decoded,
    encoded,
    give_share,
    plan_kept,
    read_share,
    share_of,
    take_back,
    taken_back,
    withdraw_share,
    write_share,
)
from pipelines.words import day_at
from tests.pipelines.store.libraries import (
    FAST,
    count_packets,
    make_library,
    packet,
    recorded,
    sqlite_open,
)
from tests.pipelines.store.old_libraries import CRASHED, old_library, stored
from tests.pipelines.weeks.made import SECRET, START, a_log

PASSPHRASE = "x"
TRACE = (
    "trace=?open,?openat,?creat,?write,?writev,?pwrite64,?pwritev,?fsync,?fdatasync,?truncate,"
    "?ftruncate,?fallocate,?rename,?renameat,?renameat2,?unlink,?unlinkat,?mkdir,?mkdirat,?rmdir,"
    "?chmod,?fchmod,?fchmodat,?link,?linkat"
)
LINE = re.compile(r"^\d+ +(\w+)\((.*)$")
WRITES = ("O_WRONLY", "O_RDWR", "O_CREAT")
PATIENCE = 60.0


class Kind(NamedTuple):
    """What is killed: `prepare` makes a folder once, `begin` comes before the calls that count."""

    prepare: Callable[[Path], Any]
    begin: Callable[[Path], Any]
    act: Callable[[Any], None]
    check: Callable[[Path, Any, list[str]], None]


# What the child says before it dies: a recovery key, an acknowledged packet.
heard: int = -1


def tell(word: str) -> None:
    os.write(heard, word.encode() + b"\n")


# --- what is done, and what must hold whenever it is cut short


def nothing(folder: Path) -> Path:
    return folder


def create(folder: Path) -> None:
    store.create_library(folder / "library", PASSPHRASE, show=tell, cost=FAST)


def check_created(folder: Path, _: Any, words: list[str]) -> None:
    library = folder / "library"
    if store.library_exists(library):
        for secret in (PASSPHRASE, *words):
            assert store.open_library(library, secret).sessions() == []
        assert len(words) == 1, "its recovery key was shown"
    else:
        make_library(library)
    assert_records(store.open_library(library, PASSPHRASE))


def create_with_key_file(folder: Path) -> None:
    store.open_or_create_with_key_file(folder / "library")


def check_created_with_key_file(folder: Path, _: Any, words: list[str]) -> None:
    assert_records(store.open_or_create_with_key_file(folder / "library"))


def with_session(folder: Path) -> str:
    library, _ = make_library(folder / "library")
    return recorded(library)


def opened(folder: Path) -> store.Library:
    return store.open_library(folder / "library", PASSPHRASE)


def begin_session(library: store.Library) -> None:
    writer = library.new_session(1.0)
    store.write_contact(library.folder, writer.session, "here", b"key")
    for i in range(3):
        writer.append([packet(i)])
        tell(f"{writer.session} {i}")


def check_sessions(folder: Path, known: str, words: list[str]) -> None:
    library = opened(folder)
    assert len(library.events(known)) == 15
    kept = collections.Counter(word.split()[0] for word in words)
    listed = {info.id: library.events(info.id) for info in library.sessions()}
    for session, packets in kept.items():
        assert listed[session][:packets] == [packet(i) for i in range(packets)]
    recovery = library.recover(count_beats=count_packets)
    assert recovery.troubles == ()
    assert {info.state for info in library.sessions()} <= {"finished", "recovered"}
    for orphan in library.orphans():
        assert orphan not in kept
        library.delete(orphan)
    assert {session: library.events(session) for session in listed} == listed
    assert_tidy(library)
    assert_records(library)


def begun(folder: Path) -> store.SessionWriter:
    writer = opened(folder).new_session(1.0)
    for i in range(3):
        writer.append([packet(i)])
        tell(f"{writer.session} {i}")
    return writer


def finish(writer: store.SessionWriter) -> None:
    assert writer.close(beats=3)


def with_two(folder: Path) -> tuple[str, str]:
    library, _ = make_library(folder / "library")
    return recorded(library), recorded(library)


def delete_second(folder: Path) -> Callable[[], None]:
    library = opened(folder)
    gone = max(library.sessions(), key=lambda info: info.id).id
    return lambda: library.delete(gone)


def check_deleted(folder: Path, both: tuple[str, str], words: list[str]) -> None:
    library = opened(folder)
    gone, kept = max(both), min(both)
    assert len(library.events(kept)) == 15
    if gone in {info.id for info in library.sessions()}:
        assert len(library.events(gone)) == 15
    else:
        for call in (library.session, library.events):
            assert_unknown(call, gone)
        library.recover(count_beats=count_packets)
        assert not any(gone in path.name for path in library.folder.rglob("*"))
        assert_unknown(library.delete, gone)
    assert library.orphans() == []
    assert_tidy(library)


JUNIPER, ROWAN = "Juniper", "rowan"


def with_clients(folder: Path) -> list[str]:
    library, _ = make_library(folder / "library")
    sessions = [recorded(library) for _ in range(3)]
    for session in sessions:
        library.name_client(session, JUNIPER)
    library.keep_client_labels(JUNIPER, ["hip", *[""] * 8])
    library.said()
    return sessions


def merge(library: store.Library) -> None:
    library.merge_clients(JUNIPER, ROWAN)


def move(folder: Path) -> Callable[[], None]:
    library = opened(folder)
    session = min(info.id for info in library.sessions())
    return lambda: library.name_client(session, ROWAN)


def check_moved(folder: Path, sessions: list[str], words: list[str]) -> None:
    library = opened(folder)
    whose = {one: library.session(one).client for one in sessions}
    assert whose.pop(min(sessions)) in (JUNIPER, ROWAN)
    assert set(whose.values()) == {JUNIPER}
    check_said(library)


def with_two_clients(folder: Path) -> list[str]:
    sessions = with_clients(folder)
    opened(folder).name_client(sessions[0], ROWAN)
    return sessions


def check_merged(folder: Path, sessions: list[str], words: list[str]) -> None:
    library = opened(folder)
    whose = [library.session(one).client for one in sessions]
    before = whose == [ROWAN, JUNIPER, JUNIPER]
    assert before or whose == [ROWAN] * 3
    assert set(library.client_labels()) == {JUNIPER if before else ROWAN}
    check_said(library)


def add_a_mark(folder: Path) -> Callable[[], None]:
    library = opened(folder)
    session = min(info.id for info in library.sessions())
    return lambda: library.add(session, [Mark(9.0, "added")])


def check_added(folder: Path, sessions: list[str], words: list[str]) -> None:
    library = opened(folder)
    assert len(library.events(min(sessions))) in (15, 16)
    check_said(library)


def check_said(library: store.Library) -> None:
    for session, lines in library.said().items():
        assert lines == said_in(library.events(session))
    assert_tidy(library)


def back_up(library: store.Library) -> None:
    library.back_up(library.folder.parent / "backup", now=1.0, replace=True)


def check_backed_up(folder: Path, both: tuple[str, str], words: list[str]) -> None:
    library, path = opened(folder), folder / "backup"
    if path.exists():
        assert len(library.backups_with(both[0])) == 1
        assert set(store.restore(path, folder / "new", PASSPHRASE)[1].sessions) == set(both)
    back_up(library)
    assert_tidy(library)


def with_backup(folder: Path) -> tuple[str, str]:
    """A library that has one of two sessions no more, and a backup of both."""
    both = with_two(folder)
    library = opened(folder)
    back_up(library)
    with sqlite_open(library) as connection:
        connection.execute("DELETE FROM session WHERE id = ?", (max(both),))
    (library.folder / "sessions" / f"{max(both)}.db").unlink()
    return both


def restore(library: store.Library) -> None:
    library.restore(library.folder.parent / "backup")


def check_restored(folder: Path, both: tuple[str, str], words: list[str]) -> None:
    library = opened(folder)
    there = {info.id for info in library.sessions()}
    assert there in ({min(both)}, set(both))
    assert library.orphans() == []
    assert_tidy(library)
    assert (len(library.restore(folder / "backup").sessions) == 1) == (len(there) == 1)
    assert [len(library.events(session)) for session in both] == [15, 15]
    assert_tidy(library)


def restore_anew(folder: Path) -> None:
    store.restore(folder / "backup", folder / "new", PASSPHRASE)


def check_restored_anew(folder: Path, both: tuple[str, str], words: list[str]) -> None:
    if not store.library_exists(folder / "new"):
        restore_anew(folder)
    library = store.open_library(folder / "new", PASSPHRASE)
    assert [len(library.events(session)) for session in both] == [15, 15]
    assert_records(library)


def with_a_pair(folder: Path) -> tuple[str, list[Any]]:
    library, _ = make_library(folder / "library")
    writer = library.new_session(1.0, client=JUNIPER)
    writer.append([Source(0.0, 0, "client", "x"), Source(0.0, 1, "member 2", "y")])
    writer.append([Packet(float(i), i % 2, "heart_rate", b"%d" % i * 40) for i in range(20)])
    writer.close(beats=20)
    back_up(library)
    return writer.session, library.events(writer.session)


def withdraw(folder: Path) -> Callable[[], None]:
    library = opened(folder)
    (info,) = library.sessions()
    return lambda: tell(library.withdraw(info.id, "member 2", count_beats=count_packets).session)


def check_withdrawn(folder: Path, known: tuple[str, list[Any]], words: list[str]) -> None:
    library, (session, events) = opened(folder), known
    (info,) = library.sessions()
    assert library.orphans() == []
    left = library.events(info.id)
    assert_tidy(library)
    assert info.client == JUNIPER
    if info.id == session:
        assert left == events
    else:
        rest = [event for event in events if event.source == 0]
        assert (left, info.packets, info.beats) == (rest, 10, 10)
        assert library.restore(folder / "backup").forgotten == 1
        assert not any(session in path.name for path in library.folder.rglob("*"))


def with_theirs(folder: Path) -> tuple[str, str]:
    """A library and a sealed file with two sessions that it has not."""
    other, _ = make_library(folder / "theirs")
    both = recorded(other), recorded(other)
    exports = [store.export_session(other, one, folder / "out").read_bytes() for one in both]
    sealed.write_sealed(folder / "sealed", exports, PASSPHRASE, replace=False, cost=FAST)
    make_library(folder / "library")
    return both


def import_theirs(library: store.Library) -> None:
    path = library.folder.parent / "sealed"
    found = store.shared_in(path, PASSPHRASE)
    store.import_exports(library, found, path, count_beats=count_packets)


def check_imported(folder: Path, both: tuple[str, str], words: list[str]) -> None:
    library = opened(folder)
    assert {info.id for info in library.sessions()} in (set(), set(both))
    assert library.orphans() == []
    assert_tidy(library)
    import_theirs(library)
    assert [len(library.events(session)) for session in both] == [15, 15]


def export(folder: Path) -> Callable[[], None]:
    library = opened(folder)
    (info,) = library.sessions()
    return lambda: tell(str(store.export_session(library, info.id, folder / "out")))


def check_exported(folder: Path, session: str, words: list[str]) -> None:
    out, library = folder / "out", opened(folder)
    path = out / f"{session}.zip"
    looks_so = {found for found in out.glob("*") if is_export(found)}
    assert looks_so <= {path}
    if looks_so:
        assert len(store.read_export(path).events) == 15
    store.export_session(library, session, out)
    assert set(out.iterdir()) == {path}
    assert_tidy(library)


def change_passphrase(library: store.Library) -> None:
    library.change_passphrase("other", cost=FAST)


def with_recovery_key(folder: Path) -> str:
    library, recovery = make_library(folder / "library")
    recorded(library)
    return recovery


def opens(folder: Path, secret: str) -> bool:
    try:
        (info,) = store.open_library(folder / "library", secret).sessions()
    except store.WrongPassphrase:
        return False
    return info.state == "finished"


def check_passphrase(folder: Path, recovery: str, words: list[str]) -> None:
    assert opens(folder, recovery)
    assert opens(folder, PASSPHRASE) != opens(folder, "other")
    library = store.open_library(folder / "library", recovery)
    library.change_passphrase(PASSPHRASE, cost=FAST)
    assert opens(folder, PASSPHRASE)
    assert_tidy(library)


def change_recovery_key(library: store.Library) -> None:
    library.change_recovery_key(tell)


def check_recovery_key(folder: Path, recovery: str, words: list[str]) -> None:
    assert opens(folder, PASSPHRASE)
    assert [secret for secret in (recovery, *words) if opens(folder, secret)] in (
        [recovery],
        words,
    )
    assert_tidy(opened(folder))


def with_old(folder: Path) -> list[Any]:
    return old_library(folder / "library").events(CRASHED)


def recover_old(library: store.Library) -> None:
    library.recover(count_beats=count_packets)


def check_migrated(folder: Path, events: list[Any], words: list[str]) -> None:
    library = opened(folder)
    schema, bodies = stored(library, CRASHED)
    assert schema in (1, 2)
    assert library.events(CRASHED) == events
    assert library.recover(count_beats=count_packets).troubles == ()
    assert stored(library, CRASHED) == (2, bodies)
    assert_records(library)


def with_index_to_migrate(folder: Path) -> str:
    """From here on this process knows a later index, of two more steps."""
    steps = ("ALTER TABLE session ADD COLUMN words TEXT", "UPDATE session SET words = state")
    known = with_session(folder)
    later = (*index.TABLES.migrations, steps, ("CREATE TABLE more (x)",))
    index.TABLES = index.TABLES._replace(migrations=later)
    return known


def check_index(folder: Path, known: str, words: list[str]) -> None:
    library = opened(folder)
    with sqlite_open(library) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
        made, later = len(index.TABLES.statements), index.TABLES.schema
        found = (database.schema_of(connection), tables.fetchone()[0])
        assert found in ((later - 2, made), (later, made + 1))
    check_sessions(folder, known, words)


def assert_records(library: store.Library) -> None:
    writer = library.new_session(2.0)
    writer.append([packet(1)])
    assert writer.close(beats=1)
    assert library.events(writer.session) == [packet(1)]
    assert_tidy(library)


def assert_unknown(call: Callable[[str], Any], session: str) -> None:
    with suppress(store.UnknownSession):
        call(session)
        raise AssertionError(f"{call.__name__} knows session {session}")


def assert_tidy(library: store.Library) -> None:
    """Nothing is left but whole files, once `recover` has swept."""
    library.recover(count_beats=count_packets)
    names = {path.name for path in library.folder.rglob("*") if path.is_file()}
    wanted = {"library.json", "library.key", "index.db"}
    wanted |= {f"{info.id}.db" for info in library.sessions()}
    assert names <= wanted, names - wanted


FIRST, LET_GO = (b"the first that was written",), b"a letter that is not to be sent"


def with_own_file(folder: Path) -> None:
    library, _ = make_library(folder / "library")
    library.own_file().add((*FIRST, LET_GO))


def add_to_own_file(folder: Path) -> Callable[[], None]:
    own = opened(folder).own_file()

    def add() -> None:
        for number in range(3):
            own.add([b"added %d" % number, b"with %d" % number])
            tell(str(number))

    return add


def check_added_to_own(folder: Path, _: Any, words: list[str]) -> None:
    bodies = opened(folder).own_file().bodies()
    added = [text % number for number in range(3) for text in (b"added %d", b"with %d")]
    kept = bodies[2:]
    assert bodies[:2] == [*FIRST, LET_GO]
    assert kept == added[: len(kept)]
    assert len(kept) in (2 * len(words), 2 * len(words) + 2)
    check_own_goes_on(folder)


def let_go(folder: Path) -> Callable[[], None]:
    own = opened(folder).own_file()

    def go() -> None:
        own.keep_only(lambda body: body != LET_GO, [b"gone"])
        tell("gone")

    return go


def check_let_go(folder: Path, _: Any, words: list[str]) -> None:
    bodies = opened(folder).own_file().bodies()
    assert bodies in ([*FIRST, LET_GO], [*FIRST, b"gone"])
    if words:
        assert bodies == [*FIRST, b"gone"]
    check_own_goes_on(folder)


def check_own_goes_on(folder: Path) -> None:
    library = opened(folder)
    before = library.own_file().bodies()
    library.own_file().add([b"afterwards"])
    assert library.own_file().bodies() == [*before, b"afterwards"]
    names = {path.name for path in library.folder.iterdir() if path.is_file()}
    assert names == {"library.json", "index.db", "own.interbeat"}


# --- a person's weeks: shared, taken back, planned

SHARED_FILE, PLAN_FILE, THEIRS = "shared.interbeat", "plan.toml", "theirs"
PLANS = tuple(written(Plan(start=START, title=title)) for title in ("first", "second", "third"))
UNTIL, LATER = START + timedelta(days=400), 1.79e9


def with_weeks(folder: Path) -> list[bytes]:
    """A library with weeks and a private page in its own file."""
    library, _ = make_library(folder / "library")
    bodies = [encoded(one) for one in a_log()]
    library.own_file().add(bodies)
    return bodies


def a_share(own: store.OwnFile) -> tuple[Shared, Share]:
    parts = (Part.WEEKS, Part.PLAN)
    noted = Shared(id="a-share", day=START, at=9.0, whom="Anna", parts=parts, until=UNTIL)
    made = share_of(
        decoded(own.bodies()),
        parts,
        share="a-share",
        whose=own.whose,
        whom="Anna",
        made=START,
        until=UNTIL,
    )
    return noted, made


def share_weeks(folder: Path) -> Callable[[], None]:
    own = opened(folder).own_file()
    _, made = a_share(own)

    def share() -> None:
        give_share(own, folder / SHARED_FILE, made, THEIRS, 9.0, cost=FAST)
        tell("shared")

    return share


def check_shared(folder: Path, before: list[bytes], words: list[str]) -> None:
    own, path = opened(folder).own_file(), folder / SHARED_FILE
    noted, made = a_share(own)
    assert own.bodies() in (before, [*before, encoded(noted)])
    if words:
        assert path.exists(), "what was said to be shared is shared"
    if path.exists():
        assert read_share(path, THEIRS, START) == made
        assert own.bodies() == [*before, encoded(noted)], "what is out is known of"
    for left in folder.iterdir():
        if left.is_file():
            assert SECRET.encode() not in left.read_bytes()
            assert b"lake" not in left.read_bytes(), f"{left.name} can be read by anybody"
    write_share(path, made, THEIRS, replace=True, cost=FAST)
    assert read_share(path, THEIRS, START) == made
    assert_nothing_beside(folder, SHARED_FILE)
    check_own_goes_on(folder)


def assert_nothing_beside(folder: Path, name: str) -> None:
    """There is the file, at most one draft of it (hidden, the owner's alone), and the library."""
    left = [path for path in folder.iterdir() if path.name not in ("library", name)]
    assert len(left) <= 1
    assert all(path.name.startswith(f".{name}.") for path in left)
    assert all(path.stat().st_mode & 0o77 == 0 for path in left)


def with_a_share(folder: Path) -> list[bytes]:
    with_weeks(folder)
    globals()["heard"] = os.open(os.devnull, os.O_WRONLY)
    share_weeks(folder)()
    os.close(heard)
    return opened(folder).own_file().bodies()


def take_share_back(folder: Path) -> Callable[[], None]:
    own = opened(folder).own_file()

    def back() -> None:
        withdraw_share(own, folder / SHARED_FILE, "a-share", LATER)
        tell("taken back")

    return back


def check_taken_back(folder: Path, before: list[bytes], words: list[str]) -> None:
    bodies, path = opened(folder).own_file().bodies(), folder / SHARED_FILE
    knows = bodies == [*before, encoded(Withdrawn(id="a-share", day=day_at(LATER), at=LATER))]
    assert knows or bodies == before
    assert knows or not words
    gone = taken_back(path) == "a-share"
    assert knows or not gone
    assert gone or not words, "what was said to be taken back opens no more"
    if not gone:
        assert read_share(path, THEIRS, START).share == "a-share"
    take_back(path, "a-share")
    assert taken_back(path) == "a-share"
    assert_nothing_beside(folder, SHARED_FILE)
    check_own_goes_on(folder)


def with_weeks_backed_up(folder: Path) -> list[bytes]:
    """A library whose own file is lost, and a backup that has it."""
    bodies = with_weeks(folder)
    library = opened(folder)
    back_up(library)
    library.own_file().path.unlink()
    return bodies


def check_weeks_restored(folder: Path, before: list[bytes], words: list[str]) -> None:
    library = opened(folder)
    assert library.own_file().bodies() in ([], before)
    restore(library)
    assert library.own_file().bodies() == before
    check_own_goes_on(folder)


def with_a_plan(folder: Path) -> list[bytes]:
    bodies = with_weeks(folder)
    store.write_open_file(folder / PLAN_FILE, PLANS[0].encode(), replace=False)
    return bodies


def write_plans(folder: Path) -> Callable[[], None]:
    own, path = opened(folder).own_file(), folder / PLAN_FILE

    def write() -> None:
        for number, text in enumerate(PLANS[1:], start=1):
            store.write_open_file(path, text.encode(), replace=True)
            tell(f"written {number}")
            own.add(plan_kept(path, decoded(own.bodies()), 10.0 + number))
            tell(f"kept {number}")

    return write


def check_planned(folder: Path, before: list[bytes], words: list[str]) -> None:
    own, path = opened(folder).own_file(), folder / PLAN_FILE
    bodies = own.bodies()
    assert bodies[: len(before)] == before
    kept = [one.text for one in decoded(bodies[len(before) :]) if isinstance(one, PlanKept)]
    assert kept == list(PLANS[1 : 1 + len(kept)])
    assert len(kept) == len(bodies) - len(before)
    assert len(kept) in (told := words.count("kept 1") + words.count("kept 2"), told + 1)
    stands = PLANS.index(path.read_text())
    count = sum(word.startswith("written") for word in words)
    assert stands in (count, count + 1), "it is the old plan or the new one, never half of it"
    assert stands >= len(kept)
    store.write_open_file(path, PLANS[0].encode(), replace=True)
    assert_nothing_beside(folder, PLAN_FILE)
    check_own_goes_on(folder)


def call(action: Callable[[], None]) -> None:
    action()


KINDS = {
    "creation": Kind(nothing, nothing, create, check_created),
    "key file": Kind(nothing, nothing, create_with_key_file, check_created_with_key_file),
    "opening": Kind(with_session, opened, begin_session, check_sessions),
    "finishing": Kind(with_session, begun, finish, check_sessions),
    "deletion": Kind(with_two, delete_second, call, check_deleted),
    "moving": Kind(with_clients, move, call, check_moved),
    "merging": Kind(with_two_clients, opened, merge, check_merged),
    "adding": Kind(with_clients, add_a_mark, call, check_added),
    "backup": Kind(with_two, opened, back_up, check_backed_up),
    "restore": Kind(with_backup, opened, restore, check_restored),
    "restore anew": Kind(with_backup, nothing, restore_anew, check_restored_anew),
    "withdrawal": Kind(with_a_pair, withdraw, call, check_withdrawn),
    "import": Kind(with_theirs, opened, import_theirs, check_imported),
    "export": Kind(with_session, export, call, check_exported),
    "passphrase": Kind(with_recovery_key, opened, change_passphrase, check_passphrase),
    "recovery key": Kind(with_recovery_key, opened, change_recovery_key, check_recovery_key),
    "migration": Kind(with_old, opened, recover_old, check_migrated),
    "own file": Kind(with_own_file, add_to_own_file, call, check_added_to_own),
    "letting go": Kind(with_own_file, let_go, call, check_let_go),
    "sharing": Kind(with_weeks, share_weeks, call, check_shared),
    "taking back": Kind(with_a_share, take_share_back, call, check_taken_back),
    "own file restored": Kind(with_weeks_backed_up, opened, restore, check_weeks_restored),
    "planning": Kind(with_a_plan, write_plans, call, check_planned),
    "index migration": Kind(with_index_to_migrate, opened, begin_session, check_index),
}


# --- kill -9 at each call

CANNOT = 77
"""Exit code where this machine does not let us try; stderr says why."""


def cannot(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(CANNOT)


class Held(NamedTuple):
    """A child that has stopped itself before it acts, and the end of what it says."""

    pid: int
    words: int


def held(kind: Kind, folder: Path) -> Held:
    """Fork a child that stops itself between `begin` and `act`."""
    global heard
    reading, heard = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            state = kind.begin(folder)
            os.kill(os.getpid(), signal.SIGSTOP)
            kind.act(state)
            status = 0
        finally:
            os._exit(status)
    os.close(heard)
    os.waitpid(pid, os.WUNTRACED)
    return Held(pid, reading)


def under_strace(child: Held, *options: str) -> tuple[int, list[str]]:
    """Let a held child go on under strace; return its status and what it said."""
    command = ["strace", "-qq", "-f", "-p", str(child.pid), *options]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + PATIENCE
    while f"TracerPid:\t{tracer.pid}\n" not in Path(f"/proc/{child.pid}/status").read_text():
        if tracer.poll() is not None or time.monotonic() > end:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            cannot(f"strace may not take hold of a process: {tracer.communicate()[1].strip()}")
        time.sleep(0.001)
    os.kill(child.pid, signal.SIGCONT)
    _, status = os.waitpid(child.pid, 0)
    tracer.communicate()
    with os.fdopen(child.words) as said:
        return status, [line.removesuffix("\n") for line in said if line.endswith("\n")]


def counted(kind: Kind, folder: Path) -> list[tuple[str, int]]:
    """Return each call of a whole run that may change the disk: its name, and its number."""
    log = folder.with_name("calls")
    status, _ = under_strace(held(kind, folder), "-o", str(log), "-e", TRACE)
    assert status == 0, "it runs to its end when nobody kills it"
    seen: collections.Counter[str] = collections.Counter()
    calls = []
    for line in log.read_text().splitlines():
        if found := LINE.match(line):
            name, arguments = found.groups()
            seen[name] += 1
            if name not in ("open", "openat") or any(flag in arguments for flag in WRITES):
                calls.append((name, seen[name]))
    return calls


def kill_at_each_call(kind: Kind, step: int, folder: Path) -> int:
    made, used = folder / "made", folder / "used"
    made.mkdir()
    known = kind.prepare(made)
    shutil.copytree(made, used)
    with Path(os.devnull).open("wb") as nobody:
        # Once, so that what is imported when it is used is there already in every child.
        globals()["heard"] = nobody.fileno()
        kind.act(kind.begin(used))
    shutil.rmtree(used)
    shutil.copytree(made, used)
    calls = counted(kind, used)[::step]
    for name, number in calls:
        shutil.rmtree(used)
        shutil.copytree(made, used)
        inject = f"inject={name}:signal=KILL:when={number}"
        status, words = under_strace(
            held(kind, used), "-o", os.devnull, "-e", f"trace={name}", "-e", inject
        )
        assert os.WIFSIGNALED(status), f"{name} {number} was not reached"
        try:
            kind.check(used, known, words)
        except (AssertionError, store.LibraryError) as error:
            raise SystemExit(f"killed at {name} {number}: {error!r}") from error
    return len(calls)


# --- disks of every size


@contextmanager
def disk(folder: Path, size: str):
    folder.mkdir(exist_ok=True)
    option = f"size={size},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        cannot("a small tmpfs may not be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def create_on(place: Path, kilobytes: int) -> None:
    shown: list[str] = []
    library = place / "library"
    with suppress(store.DiskFull):
        store.create_library(library, PASSPHRASE, show=shown.append, cost=FAST)
    subprocess.run(["mount", "-o", "remount,size=4m", str(place)], check=True)
    check_created(place, None, shown)


def open_on(place: Path, kilobytes: int) -> None:
    known = with_session(place)
    library = opened(place)
    filler = fill(place, kilobytes)
    words: list[str] = []
    with suppress(store.DiskFull):
        writer = library.new_session(1.0)
        try:
            for i in range(3):
                writer.append([packet(i)])
                words.append(f"{writer.session} {i}")
        finally:
            writer.close(beats=3)
    assert len(library.events(known)) == 15, "it can be read on a full disk"
    filler.unlink()
    check_sessions(place, known, words)


def migrate_on(place: Path, kilobytes: int) -> None:
    events = with_old(place)
    library = opened(place)
    filler = fill(place, kilobytes)
    library.recover(count_beats=count_packets)
    assert library.events(CRASHED) == events, "it can be read on a full disk"
    filler.unlink()
    check_migrated(place, events, [])


def fill(place: Path, kilobytes: int) -> Path:
    """Leave a disk this much room."""
    filler = place / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
        os.posix_fallocate(file.fileno(), 0, max(1, free - kilobytes * 1024))
    return filler


def try_each_size(step: int, folder: Path) -> int:
    sizes = range(4, 404, 4 * step)
    for kilobytes in sizes:
        for action, size in (
            (create_on, f"{kilobytes}k"),
            (open_on, "4m"),
            (migrate_on, "4m"),
        ):
            with disk(folder / "disk", size) as place:
                try:
                    action(place, kilobytes)
                except (AssertionError, store.LibraryError) as error:
                    what = f"{action.__name__} {kilobytes} kB"
                    raise SystemExit(f"{what}: {error!r}") from error
    return 3 * len(sizes)


def main(what: str, *rest: str) -> None:
    if sys.platform != "linux" or not shutil.which("strace") or not shutil.which("mount"):
        cannot("this needs Linux with strace and mount")
    if what == "kill":
        name, step, folder = rest
        print(kill_at_each_call(KINDS[name], int(step), Path(folder)))
    else:
        step, folder = rest
        print(try_each_size(int(step), Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
