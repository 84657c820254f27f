"""Where a passphrase comes from: a file, the environment, the system keyring, or a person.

It is never an argument, and never appears in a message. A person puts it in the keyring under the
service "interbeat" and the library's full path: `keyring set interbeat FOLDER`.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.reading import CannotRead, first_line
from pipelines.store.errors import NoPassphrase

VARIABLE = "INTERBEAT_PASSPHRASE"
SERVICE = "interbeat"
PATIENCE = 60.0
"""Seconds that a pipe is waited for: a password manager may ask a person first."""

_LONGEST = 4096

Ask = Callable[[str], str]


def find_passphrase(
    folder: Path,
    *,
    file: Path | None = None,
    creating: bool = False,
    environment: Mapping[str, str] = os.environ,
    ask: Ask | None = None,
) -> str:
    """Return the passphrase for the library in `folder` from the first source that has one.

    Parameters
    ----------
    folder
        The library, or where it will be.
    file
        A file whose first line is the passphrase (option `--passphrase-file`).
    creating
        Whether the library is new: a person is then asked twice.
    environment
        Where `INTERBEAT_PASSPHRASE` is looked up.
    ask
        Asks a person one question and returns the answer, unseen; by default the terminal, if
        there is one.

    Raises
    ------
    NoPassphrase
        In one sentence, if no source has one, the file cannot be read, or two answers differ.
    """
    if file is not None:
        return _from_file(file)
    if value := environment.get(VARIABLE):
        # Under a locale without UTF-8, its letters arrive as undecoded bytes.
        return os.fsencode(value).decode(errors="surrogateescape")
    if value := _from_keyring(folder):
        return value
    return _from_person(folder, ask or _terminal(folder), creating=creating)


def _from_file(file: Path) -> str:
    try:
        first = first_line(file, most=_LONGEST, patience=PATIENCE).decode("utf-8-sig")
    except CannotRead as error:
        raise NoPassphrase(
            tr("The passphrase file {file} cannot be read: {error}.", file=file, error=error)
        ) from error
    except UnicodeDecodeError as error:
        raise NoPassphrase(
            tr(
                "The passphrase file {file} cannot be read: its first line is no text in "
                "UTF-8; write the passphrase again.",
                file=file,
            )
        ) from error
    if not first.strip():
        raise NoPassphrase(
            tr("The passphrase file {file} is empty; write one line into it.", file=file)
        )
    return first.removesuffix("\r")


def _from_keyring(folder: Path) -> str | None:
    # A headless machine has no keyring, and backends raise and warn as they please: each of these
    # means only that the next source is asked.
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keyring

        return keyring.get_password(SERVICE, str(folder.resolve()))
    return None


def _terminal(folder: Path) -> Ask:
    if sys.stdin is None or not sys.stdin.isatty():
        raise NoPassphrase(
            tr(
                "The library in {folder} needs a passphrase and there is no terminal to ask "
                "at; give --passphrase-file or set {variable}.",
                folder=folder,
                variable=VARIABLE,
            )
        )
    return getpass.getpass


def _from_person(folder: Path, ask: Ask, *, creating: bool) -> str:
    old = tr("Passphrase for the library in {folder}: ", folder=harmless(folder))
    new = tr("Passphrase for the new library in {folder}: ", folder=harmless(folder))
    answer = ask(new if creating else old)
    if not answer.strip():
        raise NoPassphrase(tr("The passphrase is empty; type it again."))
    if creating and ask(tr("The same passphrase again: ")) != answer:
        raise NoPassphrase(tr("The two passphrases differ; type the same one twice."))
    return answer
