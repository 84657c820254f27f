"""Text, lines and numbers of a file, each refusal with its line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import FormatError

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ONE_A_LINE = "give one interval a line, or a table whose header names a column rr_ms"


def text_of(path: Path, data: bytes) -> str:
    """Return the text of a file's bytes (UTF-8, UTF-16 with its mark, else Latin-1).

    Raises
    ------
    FormatError
        If the file is empty or holds bytes that no text has.
    """
    text = decoded(data)
    if not text.strip():
        raise FormatError(path, "the file is empty", "choose a recording of RR intervals")
    if _CONTROL.search(text):
        hint = "export RR intervals as text or csv from the program that wrote it"
        raise FormatError(path, "this is no text and no other format that can be read", hint)
    return text


def decoded(data: bytes) -> str:
    """Return bytes as text, whatever they are."""
    if data.startswith(_UTF16):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, whichever way they end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def filled(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the lines that are neither blank nor a comment, and their numbers from 1."""
    numbers = [
        number
        for number, line in enumerate(lines, start=1)
        if line and not line.isspace() and not line.lstrip().startswith("#")
    ]
    return [lines[number - 1] for number in numbers], numbers


def numbers_of(path: Path, cells: Sequence[str], lines: Sequence[int]) -> FloatArray:
    """Return cells as numbers (n,); `lines` are their line numbers.

    Raises
    ------
    FormatError
        If a cell holds no number; the sentence names its line.
    """
    try:
        return np.array(list(map(float, cells)), dtype=np.float64)
    except ValueError:
        bad = next(line for cell, line in zip(cells, lines, strict=True) if not is_number(cell))
        raise FormatError(path, f"line {bad} holds no number", ONE_A_LINE) from None


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
