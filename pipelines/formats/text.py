"""Text, lines and numbers of a file, each refusal with its line.

Lines become strings a block at a time: as a list of strings a text takes thirty times its size.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.refusal import MOST_INTERVALS, FormatError, too_long, too_many
from pipelines.language import tr

LONGEST_LINE: Final = 1 << 20
"""Bytes of a line."""

BLOCK: Final = 1 << 18
"""Bytes of a block, whose last line may reach beyond it."""

ONE_A_LINE = tr("give one interval a line, or a table whose header names a column rr_ms")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NO_LINE = frozenset(("", "#"))

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

LATEST_TIME: Final = 1e19
"""A larger number is no time, not even in ns since 1970 UTC."""

Lines: TypeAlias = tuple[list[str], list[int]]
"""Lines and their numbers from 1."""


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file: bytes whose lines end in a line feed, and how they are decoded."""

    path: Path
    data: bytes
    encoding: str

    def without(self, letter: str) -> Text:
        """Return the text without an ASCII letter."""
        return replace(self, data=self.data.replace(letter.encode("ascii"), b""))

    def blocks(self) -> Iterator[Lines]:
        """Yield the lines that are neither blank nor a comment, block by block.

        Raises
        ------
        FormatError
            If a line is longer than `LONGEST_LINE`.
        """
        for block, number in self._pieces():
            yield _filled_at_once(block.decode(self.encoding), number)

    def first(self, count: int) -> list[str]:
        """Return the first lines that are neither blank nor a comment, at most `count`."""
        return list(islice((line for lines, _ in self.blocks() for line in lines), count))

    def after(self, count: int) -> Iterator[Lines]:
        """Yield what `blocks` yields but for its first `count` lines."""
        for lines, numbers in self.blocks():
            yield (lines[count:], numbers[count:]) if count else (lines, numbers)
            count = max(0, count - len(lines))

    def _pieces(self) -> Iterator[tuple[bytes, int]]:
        """Yield blocks of whole lines and the number of their first; blank ones are left out."""
        begin, number = 0, 1
        while begin < len(self.data):
            end = self.data.find(b"\n", begin + BLOCK) + 1 or len(self.data)
            block = self.data[begin:end]
            following = number + block.count(b"\n")
            # Only the last line of a block can be longer than it was to be.
            if len(block) > LONGEST_LINE and _last_line(block) > LONGEST_LINE:
                line = following - block.endswith(b"\n")
                what = tr("line {line} is longer than a million letters", line=line)
                raise FormatError(self.path, what, ONE_A_LINE)
            if not block.isspace():
                yield block, number
            begin, number = end, following


def _last_line(block: bytes) -> int:
    return len(block) - 1 - block.rfind(b"\n", 0, len(block) - 1)


def text_of(path: Path, data: bytes) -> Text:
    """Return the text of a file's bytes (UTF-8, UTF-16 with its mark, else Latin-1).

    Raises
    ------
    FormatError
        If the file is empty or holds bytes that no text has.
    """
    data = _as_utf8(path, data).removeprefix(codecs.BOM_UTF8)
    if not data or data.isspace():
        raise FormatError(path, tr("the file is empty"), tr("choose a recording of RR intervals"))
    if _CONTROL.search(data):
        raise _no_text(path)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Text(path, data, "utf-8" if _is_utf8(data) else "latin-1")


def _as_utf8(path: Path, data: bytes) -> bytes:
    if not data.startswith(_UTF16):
        return data
    try:
        return data.decode("utf-16").encode()
    except UnicodeDecodeError:
        raise _no_text(path) from None


def _no_text(path: Path) -> FormatError:
    hint = tr("export RR intervals as text or csv from the program that wrote it")
    return FormatError(path, tr("this is no text and no other format that can be read"), hint)


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for begin in range(0, len(data), LONGEST_LINE):
            decoder.decode(data[begin : begin + LONGEST_LINE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def decoded(data: bytes) -> str:
    """Return the beginning of a file as text, whatever it is."""
    if data.startswith(_UTF16):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def lines_of(text: str) -> list[str]:
    """Return the lines of a short text, whichever way they end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def filled(lines: Sequence[str], *, start: int = 1) -> Lines:
    """Return the lines that are neither blank nor a comment, and their numbers from `start`."""
    places = [place for place, line in enumerate(lines) if line.lstrip()[:1] not in _NO_LINE]
    return [lines[place] for place in places], [start + place for place in places]


def _filled_at_once(block: str, start: int) -> Lines:
    """Return what `filled` does of a block; mostly all its lines are."""
    lines = block.removesuffix("\n").split("\n")
    if "#" not in block and all(map(str.strip, lines)):
        return lines, list(range(start, start + len(lines)))
    return filled(lines, start=start)


def column_of(lines: Sequence[str], column: int, delimiter: str | None) -> list[str]:
    """Return the cells of a column, empty where a line is too short."""
    # Lists of whole rows, were they kept, would take the garbage collector longer than the rest.
    return [_cell(line.split(delimiter, column + 1), column) for line in lines]


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def numbers_at(
    lines: Sequence[str], columns: Sequence[int] | None, delimiter: str | None
) -> FloatArray | None:
    """Return columns of lines as numbers (k, n), None unless each of these cells holds one.

    Where no `columns` are named it is all of them, and each line must hold as many.
    It reads what `numbers_of` reads, ten times as fast, but cannot say which cell holds no number.
    """
    if not lines:
        return None
    try:
        read = np.loadtxt(lines, delimiter=delimiter, usecols=columns, comments=None, ndmin=2)
    except ValueError:
        return None
    return read.T


def numbers_of(path: Path, cells: Sequence[str], lines: Sequence[int]) -> FloatArray:
    """Return cells as numbers (n,); `lines` are their line numbers.

    Raises
    ------
    FormatError
        If a cell holds no number; the sentence names its line.
    """
    try:
        if _plain("".join(cells)):
            return np.array(list(map(float, cells)), dtype=np.float64)
        return np.array(list(map(number_of, cells)), dtype=np.float64)
    except ValueError:
        bad = next(line for cell, line in zip(cells, lines, strict=True) if not is_number(cell))
        raise FormatError(path, tr("line {bad} holds no number", bad=bad), ONE_A_LINE) from None


def times_of(path: Path, cells: Sequence[str], lines: Sequence[int]) -> FloatArray:
    """Return cells as times (n,), in the unit in which they are written; see `numbers_of`.

    Raises
    ------
    FormatError
        If a cell holds no number, or one that is no time in any unit.
    """
    times = numbers_of(path, cells, lines)
    refuse_no_times(path, times, lines)
    return times


def refuse_no_times(path: Path, times: FloatArray, lines: Sequence[int]) -> None:
    """Raise `FormatError` where one of the times (..., n) of these lines is none in any unit."""
    finite = np.isfinite(times)
    if not finite.all():
        what = tr("line {lines} holds no time", lines=lines[int(np.argmin(finite))])
        raise FormatError(path, what, tr("correct or delete that line"))
    if np.any(np.abs(times) > LATEST_TIME):
        raise too_long(path)


def number_of(cell: str) -> float:
    """Return the number that a cell holds, written as other programs write it.

    Raises
    ------
    ValueError
        If it holds none. Python would also take `1_000` and the digits of other scripts.
    """
    digits = cell.strip()
    if not _plain(digits):
        raise ValueError("no number")
    return float(digits)


def _plain(digits: str) -> bool:
    return digits.isascii() and "_" not in digits


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number."""
    try:
        number_of(cell)
    except ValueError:
        return False
    return True


def joined(path: Path, pieces: Iterable[FloatArray], columns: int) -> FloatArray:
    """Return `columns` (k, n) that come piece by piece as one array.

    Raises
    ------
    FormatError
        If there are more than `MOST_INTERVALS`, as soon as that is known.
    """
    kept: list[FloatArray] = []
    count = 0
    for piece in pieces:
        count += piece.shape[-1]
        if count > MOST_INTERVALS:
            raise too_many(path)
        kept.append(piece)
    return np.concatenate(kept, axis=-1) if kept else np.empty((columns, 0))
