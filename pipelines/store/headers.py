"""The first line of a file of ours: JSON that says in the open what the rest is, and its schema."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from pipelines.language import tr
from pipelines.store.errors import LibraryError, NewerSchema

H = TypeVar("H")


class _Version(msgspec.Struct):
    schema: int


def header_of(
    path: Path, line: bytes, kind: type[H], *, newest: int, unreadable: LibraryError
) -> H:
    """Return the header that a file's first line holds.

    Parameters
    ----------
    path : Path
        The file, which an error names.
    line : bytes
        Its first line.
    kind : type
        What a header of this kind is.
    newest : int
        The newest schema that is read.
    unreadable : LibraryError
        What is raised where it holds none.

    Raises
    ------
    NewerSchema
        If a newer program wrote it.
    """
    try:
        version = msgspec.json.decode(line, type=_Version).schema
        if version <= newest:
            return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable from error
    raise NewerSchema(
        tr(
            "{path} was written by a newer Interbeat (schema {version}, this one reads {schema}); "
            "install the newer Interbeat to open it.",
            path=path,
            version=version,
            schema=newest,
        )
    )
