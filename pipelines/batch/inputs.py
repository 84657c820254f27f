"""Which recordings lie under the paths that a person named, whatever else lies there too."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.formats import is_companion
from pipelines.harmless import harmless
from pipelines.store import is_export

_PICTURES: Final = frozenset(
    "bmp gif heic ico jpeg jpg pdf png svg tif tiff webp".split()  # noqa: SIM905 - reads better
)
_DOCUMENTS: Final = ("readme", "license", "licence", "copying", "changelog", "citation")
_SYSTEM: Final = frozenset(("thumbs.db", "desktop.ini"))


@dataclass(frozen=True, slots=True, order=True)
class Input:
    """One recording to measure.

    Attributes
    ----------
    name : str
        What the tables call it: its path from the folder that all inputs have in common, with
        slashes, whatever the machine.
    path : Path
        Where it lies.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """What lies under the paths.

    Attributes
    ----------
    recordings : tuple of Input
        In the order of their names.
    passed_over : tuple of str
        Names of pictures, licences, readmes and hidden files, which are no recordings, and of files
        that belong to a recording, such as the signals beside a header.
    """

    recordings: tuple[Input, ...]
    passed_over: tuple[str, ...] = ()


def inputs_under(paths: Sequence[Path], *, except_for: Path | None = None) -> Inputs:
    """Return the recordings that lie under files and folders.

    A file that is named is one, whatever its name; of a folder, and of the folders in it, pictures,
    documents and hidden files are passed over, and so is the folder `except_for`. The folder of an
    unpacked export is one recording. A folder is entered once, whatever links lead to it.
    """
    roots = sorted({Path(os.path.abspath(path)) for path in paths})  # noqa: PTH100 - keeps links
    home = _home(roots)
    found: dict[str, Path] = {}
    passed: set[str] = set()
    walk = _Walk(None if except_for is None else _identity(except_for))
    for root in roots:
        named = not root.is_dir() or is_export(root)
        for path in (root,) if named else walk.files(root):
            name = _name(path, home)
            if not named and (is_no_recording(path.name) or is_companion(path)):
                passed.add(name)
            else:
                found[name] = path
    recordings = tuple(Input(name, path) for name, path in sorted(found.items()))
    return Inputs(recordings, tuple(sorted(passed)))


def is_no_recording(name: str) -> bool:
    """Return whether a file in a folder is a picture, a document or the system's own."""
    lower = name.casefold()
    stem, _, ending = lower.rpartition(".")
    document = any(
        lower == word or lower.startswith((f"{word}.", f"{word}_", f"{word}-"))
        for word in _DOCUMENTS
    )
    return (
        lower.startswith(".")
        or lower in _SYSTEM
        or document
        or bool(stem and (ending in _PICTURES or ending == "md"))
    )


def _home(roots: Sequence[Path]) -> Path:
    """Return the folder from which recordings are named."""
    folders = [str(root if root.is_dir() and not is_export(root) else root.parent)
               for root in roots]  # fmt: skip
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # drives of Windows have nothing in common
        return Path()


def _name(path: Path, home: Path) -> str:
    relative = path.relative_to(home) if path.is_relative_to(home) else path
    # A name need not be UTF-8, and may hold what moves a terminal's cursor.
    text = os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")
    return harmless(text, most=None)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


class _Walk:
    """Goes through folders in the order of their names, into each once."""

    def __init__(self, closed: tuple[int, int] | None) -> None:
        self._entered = set() if closed is None else {closed}

    def files(self, folder: Path) -> Iterator[Path]:
        identity = _identity(folder)
        if identity is None or identity in self._entered:
            return
        self._entered.add(identity)
        if is_export(folder):
            yield folder
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            # What cannot be listed is read, which says why not.
            yield folder
            return
        for entry in entries:
            path = Path(entry.path)
            if not _is_folder(entry):
                yield path
            elif not entry.name.startswith("."):
                yield from self.files(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
