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
from pipelines.language import agrees, tr
from pipelines.reading import CannotRead, first_line
from pipelines.store import strength
from pipelines.store.errors import NoPassphrase

VARIABLE = "INTERBEAT_PASSPHRASE"
SERVICE = "interbeat"
PATIENCE = 60.0
"""Seconds that a pipe is waited for: a password manager may ask a person first."""

_LONGEST = 4096

Ask = Callable[[str], str]
Tell = Callable[[str], object]


def find_passphrase(
    folder: Path,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    ask: Ask | None = None,
) -> str:
    """Return the passphrase of the library in `folder` from the first source that has one.

    Parameters
    ----------
    folder
        The library.
    file
        A file whose first line is the passphrase (option `--passphrase-file`).
    environment
        Where `INTERBEAT_PASSPHRASE` is looked up.
    ask
        Asks a person one question and returns the answer, unseen; by default the terminal, if
        there is one.

    Raises
    ------
    NoPassphrase
        In one sentence, if no source has one or the file cannot be read.
    """
    kept = _kept(folder, file, environment)
    if kept is not None:
        return kept
    ask = ask or _terminal(folder, "--passphrase-file", tr(" or set {variable}", variable=VARIABLE))
    return _spoken(ask(tr("Passphrase for the library in {folder}: ", folder=harmless(folder))))


def new_passphrase(
    folder: Path,
    *,
    tell: Tell,
    file: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    ask: Ask | None = None,
) -> str:
    """Return the passphrase of a library that is to be made in `folder`.

    From the same sources as `find_passphrase`; a person is asked twice. A short one is questioned
    once: a person says whether to keep it, otherwise `tell` is called with what speaks against it.

    Raises
    ------
    NoPassphrase
        As `find_passphrase`, and if two answers differ or a person keeps none.
    """
    kept = _kept(folder, file, environment)
    if kept is None:
        ask = ask or _terminal(
            folder, "--passphrase-file", tr(" or set {variable}", variable=VARIABLE)
        )
        return _chosen(
            ask, tr("Passphrase for the new library in {folder}: ", folder=harmless(folder))
        )
    return _told(kept, tell)


def other_passphrase(
    folder: Path, *, tell: Tell, file: Path | None = None, ask: Ask | None = None
) -> str:
    """Return the passphrase that the library in `folder` is to have from now on.

    From `file` (option `--new-passphrase-file`) or a person, as `new_passphrase`.
    """
    if file is None:
        ask = ask or _terminal(folder, "--new-passphrase-file")
        return _chosen(
            ask, tr("New passphrase for the library in {folder}: ", folder=harmless(folder))
        )
    return _told(_from_file(file), tell)


def seal_passphrase(
    path: Path, *, tell: Tell, file: Path | None = None, ask: Ask | None = None
) -> str:
    """Return what will open a sealed file for somebody else: from `file`, or a person, twice.

    Raises
    ------
    NoPassphrase
        As `new_passphrase`.
    """
    if file is None:
        ask = ask or _terminal_for(path)
        question = tr("Passphrase that will open {path} for them: ", path=harmless(path))
        return _chosen(ask, question)
    given = _from_file(file)
    if doubt := strength.doubt(given):
        tell(tr("{doubt}; a longer one keeps better what leaves your hands.", doubt=doubt))
    return given


def passphrase_of_seal(path: Path, *, file: Path | None = None, ask: Ask | None = None) -> str:
    """Return what opens a sealed file: from `file`, or a person.

    Raises
    ------
    NoPassphrase
        As `find_passphrase`.
    """
    if file is not None:
        return _from_file(file)
    ask = ask or _terminal_for(path)
    return _spoken(ask(tr("Passphrase of {path}: ", path=harmless(path))))


def _kept(folder: Path, file: Path | None, environment: Mapping[str, str]) -> str | None:
    if file is not None:
        return _from_file(file)
    if value := environment.get(VARIABLE):
        # Under a locale without UTF-8, its letters arrive as undecoded bytes.
        return os.fsencode(value).decode(errors="surrogateescape")
    return _from_keyring(folder)


def _chosen(ask: Ask, question: str) -> str:
    while True:
        answer = _spoken(ask(question))
        if ask(tr("The same passphrase again: ")) != answer:
            raise NoPassphrase(tr("The two passphrases differ; type the same one twice."))
        doubt = strength.doubt(answer)
        if doubt is None or agrees(
            ask(tr("{doubt}. Keep it all the same? (yes or no): ", doubt=doubt))
        ):
            return answer


def _told(passphrase: str, tell: Tell) -> str:
    if doubt := strength.doubt(passphrase):
        tell(
            tr(
                "{doubt}; `interbeat sessions passphrase` gives the library a longer one.",
                doubt=doubt,
            )
        )
    return passphrase


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


def _terminal(folder: Path, option: str, otherwise: str = "") -> Ask:
    if sys.stdin is None or not sys.stdin.isatty():
        raise NoPassphrase(
            tr(
                "The library in {folder} needs a passphrase and there is no terminal to ask at; "
                "give {option}{otherwise}.",
                folder=folder,
                option=option,
                otherwise=otherwise,
            )
        )
    return getpass.getpass


def _terminal_for(path: Path) -> Ask:
    if sys.stdin is None or not sys.stdin.isatty():
        raise NoPassphrase(
            tr(
                "{path} needs a passphrase and there is no terminal to ask at; give --seal-file.",
                path=path,
            )
        )
    return getpass.getpass


def _spoken(answer: str) -> str:
    if not answer.strip():
        raise NoPassphrase(tr("The passphrase is empty; type it again."))
    return answer
