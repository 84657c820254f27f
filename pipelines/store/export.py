"""An exported recording: a plain zip that its owner may share, and how it is read again.

It holds `events.jsonl` (the log, one event a line, bytes in base64), `metadata.json`, and what the
caller adds (tables of beats, marks and measures). The same session gives the same bytes.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import msgspec

from pipelines.language import tr
from pipelines.reading import LARGEST, CannotRead, contents, too_large
from pipelines.session import (
    EVENT_SCHEMA,
    AnyEvent,
    NewerEvent,
    Source,
    Tick,
    decode_event_line,
    encode_event_line,
    newer_note,
)
from pipelines.store import locks
from pipelines.store.errors import LibraryError, NewerSchema, SessionInUse, Unreadable
from pipelines.store.files import make_private_folder, replace_private_file, write_open_file
from pipelines.store.folder import is_session_id
from pipelines.store.library import Library
from pipelines.store.session import SessionSource
from pipelines.store.trouble import Place, sentences
from pipelines.version import PROGRAM, version

EVENTS = "events.jsonl"
METADATA = "metadata.json"
_LISTED = b"PK\x01\x02"
_MOST_FILES = 1000
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONGEST_LINE = 2**20
_HALF = ".zip.new"
_PATIENCE = 30.0
_NOT_AN_EXPORT = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
_NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_EPOCH = (1980, 1, 1, 0, 0, 0)


_Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class ExportMetadata(msgspec.Struct, frozen=True):
    """What an export says of itself; `started` is in seconds since 1970 UTC.

    `reader` is the least schema that a reader must know, `event_schema` that of its events.
    """

    schema: _Count
    reader: _Count
    event_schema: _Count
    program: str
    version: str
    session: str
    started: float
    state: str
    sources: tuple[SessionSource, ...]
    events: _Count


class Export(msgspec.Struct, frozen=True):
    """An export read back; `note` says what of it is carried along unread, if anything is."""

    metadata: ExportMetadata
    events: tuple[AnyEvent, ...]
    note: str | None


class _Version(msgspec.Struct):
    schema: _Count
    reader: _Count = 0


def _with_schemas(metadata: dict[str, Any]) -> dict[str, Any]:
    """Say what version 0.1.0 left unsaid."""
    return {**metadata, "schema": 2, "reader": 2, "event_schema": 1}


MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (_with_schemas,)
"""What brings metadata.json from schema 1 to 2, from 2 to 3, and so on, when it is read."""

SCHEMA = 1 + len(MIGRATIONS)
_READER = 2


def export_session(
    library: Library,
    session: str,
    folder: Path,
    *,
    extras: Mapping[str, bytes] | None = None,
    part: Sequence[AnyEvent] | None = None,
    name: str | None = None,
) -> Path:
    """Write a session as a plain zip, mode 0600, to `folder`; return its path.

    `extras` are further files by name. `part` are those of its events that go, all unless it is
    given, and `name` is what the file is called, before its end, in place of the session's id. A
    file of that name there is replaced at once.

    Raises
    ------
    LibraryError
        If the session cannot be read, the disk takes no more, or `folder` lies in the library.
    ValueError
        If a name in `extras` is taken or is no plain file name.
    """
    refuse_inside(library.folder, folder)
    events = library.events(session) if part is None else part
    content = zipped(library, session, events, extras or {})
    path = folder / f"{name or session}.zip"
    with sentences(Place(tr("The export of session {session}", session=session), folder)):
        if not folder.exists():
            make_private_folder(folder, parents=True)
        with _alone(folder):
            _remove_half_exports(folder)
            replace_private_file(path, content)
    return path


def zipped(
    library: Library, session: str, events: Sequence[AnyEvent], extras: Mapping[str, bytes]
) -> bytes:
    """Return these events of a session as the content of a zip; `extras` are further files."""
    files = {
        EVENTS: b"".join(encode_event_line(event) + b"\n" for event in events),
        METADATA: msgspec.json.format(msgspec.json.encode(_metadata(library, session, events))),
    }
    return _zip(_with_extras(files, extras))


def write_beside(library: Path, path: Path, content: bytes, *, replace: bool) -> None:
    """Write what its owner may share to `path`, mode 0600, whole or not at all.

    Raises
    ------
    FileExistsError
        If there is a file already and `replace` does not say so.
    OSError
        If the folder takes no file.
    LibraryError
        If it would lie in the `library`.
    """
    refuse_inside(library, path.parent)
    write_open_file(path, content, replace=replace)


def is_export(path: Path) -> bool:
    """Return whether `path` looks like an export: a zip or folder with its two files."""
    if path.name.endswith(_HALF):
        return False
    if path.is_dir():
        return (path / EVENTS).is_file() and (path / METADATA).is_file()
    try:
        with _archive(contents(path)) as archive:
            return {EVENTS, METADATA} <= set(archive.namelist())
    except (*_NOT_AN_EXPORT, CannotRead):
        return False


def read_export(path: Path, data: bytes | None = None, *, most: int = LARGEST) -> Export:
    """Read an export, zipped or unpacked.

    Parameters
    ----------
    path
        The zip, or the folder.
    data
        What the zip holds, where it has been read already.
    most
        Bytes that the zip, and each file in it, may hold.

    Raises
    ------
    LibraryError
        In one sentence, if it is none, larger, newer, or was changed into something else.
    """
    if path.name.endswith(_HALF):
        raise Unreadable(
            tr("{path} is half an export that a crash left; export the session again.", path=path)
        )
    if data is None and not path.is_dir():
        data = _contents(path, path, most)
    metadata = _read_metadata(path, _read(path, data, METADATA, most))
    lines = _read(path, data, EVENTS, most)
    count = lines.count(b"\n") + (lines[-1:] not in (b"", b"\n"))
    if count != metadata.events:
        raise Unreadable(
            tr(
                "{path} holds {count} events and should hold {events}; export the session again.",
                path=path,
                count=count,
                events=metadata.events,
            )
        )
    events = tuple(
        _event(path, number, line, metadata.event_schema)
        for number, line in enumerate(BytesIO(lines), 1)
    )
    return Export(metadata=metadata, events=events, note=newer_note(events))


def _metadata(library: Library, session: str, events: Sequence[AnyEvent]) -> ExportMetadata:
    info = library.session(session)
    told = {event.source for event in events if isinstance(event, Source)}
    return ExportMetadata(
        schema=SCHEMA,
        reader=_READER,
        event_schema=EVENT_SCHEMA,
        program=PROGRAM,
        version=version(),
        session=session,
        started=info.started,
        state=info.state,
        sources=tuple(one for one in info.sources if one.source in told),
        events=len(events),
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Export to `folder` while nobody else does, so that half an export there is a dead one's."""
    lock = locks.acquire(folder / ".interbeat-export.lock", patience=_PATIENCE)
    if lock is None:
        raise SessionInUse(
            tr("Another program exports to {folder}; try again in a moment.", folder=folder)
        )
    try:
        yield
    finally:
        lock.release()


def _remove_half_exports(folder: Path) -> None:
    for path in folder.glob(f"*{_HALF}"):
        if is_session_id(path.name.removesuffix(_HALF)):
            path.unlink()


def refuse_inside(library: Path, folder: Path) -> None:
    """Raise a `LibraryError` where a folder lies in the library."""
    if folder.resolve().is_relative_to(library.resolve()):
        raise LibraryError(
            tr(
                "{folder} lies in the library, where nothing is kept in the open; name another "
                "folder.",
                folder=folder,
            )
        )


def _with_extras(files: dict[str, bytes], extras: Mapping[str, bytes]) -> dict[str, bytes]:
    for name in extras:
        if name in files or name in {"", ".."} or Path(name).name != name:
            raise ValueError(f"{name!r} cannot name a further file of an export")
    return files | dict(extras)


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(_entry(name), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    # Time, system and mode are fixed, so that the same session gives the same bytes.
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry


def _contents(path: Path, file: Path, most: int) -> bytes:
    try:
        return contents(file, most=most)
    except CannotRead as error:
        where = path if file == path else f"{file.name} in {path}"
        raise Unreadable(
            tr("{where} cannot be read: {error}.", where=where, error=error)
        ) from error


def _read(path: Path, data: bytes | None, name: str, most: int) -> bytes:
    """Return a file of an export whose zip is `data`, or whose folder is `path`."""
    if data is None and os.path.lexists(path / name):
        return _contents(path, path / name, most)
    try:
        return _unzip(path, data or b"", name, most)
    except _NOT_AN_EXPORT as error:
        raise Unreadable(
            tr(
                "{path} is no export of Interbeat, as it has no readable {name}; name a zip "
                "made by `interbeat sessions export`.",
                path=path,
                name=name,
            )
        ) from error


def _unzip(path: Path, data: bytes, name: str, most: int) -> bytes:
    with _archive(data) as archive:
        entry = archive.getinfo(name)
        if archive.namelist().count(name) > 1 or entry.compress_type not in _COMPRESSIONS:
            raise ValueError("no zip that Interbeat makes")
        with archive.open(entry) as file:
            content = file.read(most + 1)
    if len(content) > most:
        # What a zip says of the size of its files need not be so: what came out counts.
        raise Unreadable(
            tr(
                "{path} cannot be read: {too_large}.",
                path=path,
                too_large=too_large(tr("its {name} holds", name=name), most),
            )
        )
    return content


def _archive(data: bytes) -> zipfile.ZipFile:
    """Open a zip, unless its list of files alone would fill the memory."""
    if data.count(_LISTED) > _MOST_FILES:
        raise ValueError("more files than an export has")
    return zipfile.ZipFile(BytesIO(data))


def _read_metadata(path: Path, content: bytes) -> ExportMetadata:
    try:
        version = msgspec.json.decode(content, type=_Version)
        if version.schema > SCHEMA and not 1 <= version.reader <= SCHEMA:
            raise NewerSchema(
                tr(
                    "{path} was exported by a newer Interbeat (schema {version}, this one reads "
                    "{schema}); install the newer Interbeat to read it.",
                    path=path,
                    version=version.schema,
                    schema=SCHEMA,
                )
            )
        return _migrated(content, version.schema)
    except _NO_JSON as error:
        raise Unreadable(
            tr(
                "{metadata} in {path} is not as Interbeat writes it; export the session again.",
                metadata=METADATA,
                path=path,
            )
        ) from error


def _migrated(content: bytes, schema: int) -> ExportMetadata:
    for step in MIGRATIONS[max(schema, 1) - 1 :]:
        content = msgspec.json.encode(step(msgspec.json.decode(content, type=dict[str, Any])))
    return msgspec.json.decode(content, type=ExportMetadata)


def _event(path: Path, number: int, line: bytes, schema: int) -> AnyEvent:
    try:
        event = decode_event_line(line if len(line) <= _LONGEST_LINE else b"", schema)
    except NewerEvent as error:
        raise NewerSchema(
            tr(
                "{path} holds events of a newer Interbeat that must not be left out; install the "
                "newer Interbeat to read it.",
                path=path,
            )
        ) from error
    except _NO_JSON as error:
        raise _bad_line(path, number) from error
    if isinstance(event, Tick):
        raise _bad_line(path, number)
    return event


def _bad_line(path: Path, number: int) -> Unreadable:
    return Unreadable(
        tr(
            "Line {number} of {events} in {path} is no event of Interbeat; export the "
            "session again.",
            number=number,
            events=EVENTS,
            path=path,
        )
    )
