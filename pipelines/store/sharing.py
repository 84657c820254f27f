"""A client's sessions, handed over sealed; and sessions that somebody else shared, taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from pipelines.language import tr
from pipelines.reading import LARGEST
from pipelines.session import CLIENT, AnyEvent, clients_part, places_without, wearers
from pipelines.store.copies import CountBeats
from pipelines.store.errors import LibraryError, UnknownClient, Unreadable
from pipelines.store.export import Export, read_export, refuse_inside, zipped
from pipelines.store.files import refuse_a_file
from pipelines.store.folder import is_session_id, new_id
from pipelines.store.index import SessionInfo
from pipelines.store.intake import Arrival
from pipelines.store.keys import Cost
from pipelines.store.library import Library
from pipelines.store.sealed import read_sealed, write_sealed
from pipelines.store.session import Summary, rows_of, summarise
from pipelines.store.trouble import Place, sentences

_LAST_DAY = 32503680000.0
"""The year 3000, in seconds since 1970 UTC: a session begins before."""
_MOST_SOURCES = 2**31

Extras = Callable[[Sequence[AnyEvent]], Mapping[str, bytes]]


class HandedOver(msgspec.Struct, frozen=True):
    """The sessions in a file that is handed over, and those left out.

    In these the client wears no strap, or they did not come to an end yet.
    """

    sessions: tuple[str, ...]
    left_out: tuple[str, ...]


class Imported(msgspec.Struct, frozen=True):
    """The sessions that were taken in; how many were there before, or were deleted here."""

    sessions: tuple[str, ...]
    there: int
    forgotten: int


def hand_over(
    library: Library,
    client: str,
    path: Path,
    passphrase: str,
    *,
    extras: Extras,
    replace: bool = False,
    cost: Cost | None = None,
) -> HandedOver:
    """Write a client's part of all their sessions to one file, sealed for a passphrase of theirs.

    Nothing in it is the therapist's own (see `clients_part`) or of others in a group, and the
    made-up name is not in it.

    Parameters
    ----------
    library, client
        Whose sessions, by the name given.
    path, passphrase
        The file, and what will open it.
    extras
        Makes further files of an export from its events.
    replace
        Write over a file that is there.
    cost
        What a guess of the passphrase costs.

    Raises
    ------
    FileExistsError
        If there is a file already and `replace` does not say so.
    UnknownClient
        If there is none of that name.
    LibraryError
        If nothing is theirs, a session cannot be read, or the file would lie in the library.
    """
    refuse_inside(library.folder, path.parent)
    if not replace:
        refuse_a_file(path)
    known = [info for info in library.sessions() if info.client == client]
    if not known:
        raise UnknownClient(
            tr(
                "The library in {folder} has no client of that name; `interbeat sessions clients` "
                "shows those there are.",
                folder=library.folder,
            )
        )
    exports = {}
    for info in known:
        part = _theirs(library.events(info.id)) if info.state != "recording" else []
        if CLIENT in wearers(part):
            exports[info.id] = zipped(library, info.id, part, extras(part))
    if not exports:
        raise LibraryError(
            tr("Nothing in the library in {folder} is theirs to take along.", folder=library.folder)
        )
    with sentences(Place(tr("The sealed file"), path.parent)):
        write_sealed(path, list(exports.values()), passphrase, replace=replace, cost=cost or Cost())
    left_out = tuple(info.id for info in known if info.id not in exports)
    return HandedOver(tuple(exports), left_out)


def shared_in(path: Path, passphrase: str | None, *, most: int = LARGEST) -> list[Export]:
    """Return the exports in a sealed file, or the one that `path` is where there is no passphrase.

    Raises
    ------
    LibraryError
        In one sentence, as `read_sealed` and `read_export`.
    """
    if passphrase is None:
        return [read_export(path, most=most)]
    found = read_sealed(path, passphrase, most=most)
    return [read_export(path, content, most=most) for content in found]


def import_exports(
    library: Library,
    exports: Sequence[Export],
    path: Path,
    *,
    count_beats: CountBeats,
    client: str | None = None,
) -> Imported:
    """Take in sessions that somebody shared in `path`: all of them, or none.

    They keep their ids, so that the same file may come twice; what was deleted here, or where
    somebody withdrew, stays out.

    Raises
    ------
    LibraryError
        If one cannot be a session, a client is named where no secret keeps others from reading, or
        the disk takes no more.
    """
    arrivals = [_arrival(one, path, count_beats, client) for one in exports]
    return Imported(*library.take_in(arrivals))


def _theirs(log: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Return what of a session is the client's alone."""
    part = clients_part(log)
    for role in wearers(part):
        if role != CLIENT:
            part = [part[place] for place in places_without(part, role)]
    return part


def _arrival(export: Export, path: Path, count_beats: CountBeats, client: str | None) -> Arrival:
    told, events = export.metadata, export.events
    sources = (getattr(event, "source", None) or 0 for event in events)
    if not 0.0 <= told.started < _LAST_DAY or any(abs(one) >= _MOST_SOURCES for one in sources):
        raise Unreadable(tr("{path} holds what cannot be a session; ask for it again.", path=path))
    summary = summarise(events, Summary())
    info = SessionInfo(
        id=told.session if is_session_id(told.session) else new_id(),
        started=told.started,
        duration_s=summary.duration_s,
        packets=summary.packets,
        beats=count_beats(events),
        state="recovered" if told.state == "recovered" else "finished",
        sources=summary.sources,
        client=client,
    )
    return Arrival(info, rows_of(events))
