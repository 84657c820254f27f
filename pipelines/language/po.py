"""Catalogues of translations, read as translators write them: .po files, without a compiler.

The standard library reads only compiled catalogues; what a file says is handed to it in that form,
so that plurals are chosen by its own rules.
"""

from __future__ import annotations

import re
import struct
from ast import literal_eval
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

_ENTRY: Final = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*(".*")\s*$')
_BEGINNINGS: Final = ("msgctxt", "msgid")
_CHARSET: Final = "Content-Type: text/plain; charset=UTF-8"
_SAID: Final = re.compile(r"^Content-Type:.*\n?", re.I | re.M)
_MAGIC: Final = 0x950412DE


def read_catalogue(path: Path) -> GNUTranslations:
    """Return the translations of a .po file; entries that are fuzzy or empty are left out.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or is no catalogue.
    """
    try:
        entries = dict(_translated(path.read_text("utf-8").splitlines()))
        # What is handed on is UTF-8, whatever the heading says, or does not.
        entries[""] = f"{_CHARSET}\n{_SAID.sub('', entries.get('', ''))}"
        return GNUTranslations(BytesIO(_compiled(entries)))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is no catalogue of translations") from error


def _translated(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each message and its translation, plural forms joined as compiled catalogues do."""
    for entry in _entries(lines):
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        if "msgid" in entry and forms and all(forms):
            plural = f"\0{entry['msgid_plural']}" if "msgid_plural" in entry else ""
            context = f"{entry['msgctxt']}\4" if "msgctxt" in entry else ""
            yield f"{context}{entry['msgid']}{plural}", "\0".join(forms)


def _entries(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the strings of each entry by their keywords; fuzzy entries are empty."""
    entry: dict[str, str] = {}
    key, fuzzy = "", False
    for line in (*lines, ""):
        found = _ENTRY.match(line.strip())
        if found:
            if found[1] in _BEGINNINGS and any(name.startswith("msgstr") for name in entry):
                yield entry
                entry = {}
            key = found[1] or key
            entry[key] = entry.get(key, "") + literal_eval(found[2])
        elif line.startswith("#,"):
            fuzzy = "fuzzy" in line
        elif not line.strip():
            yield {} if fuzzy else entry
            entry, key, fuzzy = {}, "", False


def _compiled(entries: dict[str, str]) -> bytes:
    """Return the entries in the form of a .mo file: a table of lengths and places, then texts."""
    texts = sorted((one.encode(), other.encode()) for one, other in entries.items())
    place = 28 + 16 * len(texts)
    tables: list[int] = []
    held = b""
    for column in (0, 1):
        for pair in texts:
            tables += [len(pair[column]), place + len(held)]
            held += pair[column] + b"\0"
    head = (_MAGIC, 0, len(texts), 28, 28 + 8 * len(texts), 0, place)
    return struct.pack(f"<{len(head) + len(tables)}I", *head, *tables) + held
