"""Text from strangers, made harmless where it leaves: terminals, windows, tables, lines of JSON.

A strap chooses its name, a shared recording its roles and marks, a folder its file names. None of
them may move the cursor of a terminal, turn a sentence round, or hide a part of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category

LONGEST: Final = 100
"""Characters of a name, a mark or a note; what is longer loses its middle."""
MOST_MARKS: Final = 4
"""Combining marks on one letter; scripts in use need no more."""

_SEQUENCES: Final = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    r"|\x1b[ -/]*+[0-~]"
)
"""Escape sequences of ECMA-48, strings up to their end."""
_BREAKS: Final = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls, bidirectional overrides, isolates and marks, zero-width, tag and filler characters."""
_UNREADABLE: Final = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
"""Halves of characters, as in a file name that is no UTF-8, and what is no character at all."""
_JOINERS: Final = re.compile(
    r"((?<=[\u0600-\u109f])[\u200c\u200d](?=[\u0600-\u109f])"
    r"|(?<=[\u203c-\u32ff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff]))"
    r"|[\u200c\u200d]"
)
"""Joiners; in the group those that spelling from Arabic to Burmese needs, and those of emoji."""


def harmless(text: object, *, most: int | None = LONGEST) -> str:
    """Return text on one line, without anything that acts or hides, at most so long.

    Letters, marks and emoji of every script stay as they are. Escape sequences and invisible
    characters go, line ends become spaces, and what is no character becomes "�". A text that is
    longer than `most` characters keeps its beginning and its end.
    """
    words = str(text)
    if words.isascii() and words.isprintable():
        return _cut(words, most)
    return _JOINERS.sub(r"\1", _cut("".join(_unstacked(_visible(words))), most))


def _visible(text: str) -> str:
    words = _UNSEEN.sub("", _BREAKS.sub(" ", _SEQUENCES.sub("", text)))
    return _UNREADABLE.sub("\ufffd", words)


def _cut(text: str, most: int | None) -> str:
    if most is None or len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 1]}…{text[len(text) - end :]}"


def _unstacked(text: str) -> Iterator[str]:
    # A mark at the beginning would sit on a letter that is not the stranger's.
    height = MOST_MARKS
    for letter in text:
        kind = category(letter)
        if kind != "Cf":
            height = height + 1 if kind in ("Mn", "Me") else 0
        if height <= MOST_MARKS:
            yield letter
