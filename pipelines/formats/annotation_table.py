"""The tiers of a session as one table of comma-separated values, for any other program.

`start_s` and `end_s` are in s; what a person marked has no length. Read again are columns of these
names, or `time_s`, and `text`; a column `tier` is asked for only where there are several.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import Final

from pipelines.formats.annotations import MARKS, Annotation, AnnotationFile, Tier
from pipelines.formats.elan import LONGEST_TEXT, MOST_ANNOTATIONS, MOST_BYTES
from pipelines.formats.refusal import FormatError
from pipelines.formats.spreadsheet import cell, table, text_of_cell
from pipelines.language import tr

HEAD: Final = ("tier", "start_s", "end_s", "text")
_NAME_THEM: Final = tr("give it a first line with start_s and text")


def written(tiers: Sequence[Tier], *, shift: float = 0.0) -> tuple[bytes, int]:
    """Return the table, and how many annotations lie before time 0 of it.

    Its times are `shift` s later than the session's.
    """
    rows = [(cell(tier.name), one) for tier in tiers for one in tier.annotations]
    kept = [(name, one) for name, one in rows if one.start + shift >= 0.0]
    told = (
        (name, _seconds(one.start + shift), _seconds(one.end + shift), cell(one.text))
        for name, one in kept
    )
    return table(HEAD, told), len(rows) - len(kept)


def read(path: Path, data: bytes) -> AnnotationFile:
    """Return the annotations of a table, by tiers.

    Raises
    ------
    FormatError
        If it is no such table, or larger than any session's.
    """
    if len(data) > MOST_BYTES:
        raise FormatError(path, tr("it is too large for annotations"), _NAME_THEM)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(path, tr("it is no text in UTF-8"), tr("save it as UTF-8")) from error
    try:
        return AnnotationFile(_tiers(path, text))
    except csv.Error as error:
        raise FormatError(path, tr("it is no table of text"), _NAME_THEM) from error


def _tiers(path: Path, text: str) -> tuple[Tier, ...]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    head = [name.strip().casefold() for name in next(rows, [])]
    begin = next((name for name in ("start_s", "time_s") if name in head), None)
    if begin is None or "text" not in head:
        raise FormatError(path, tr("it names no column start_s, or none of text"), _NAME_THEM)
    found: dict[str, list[Annotation]] = {MARKS: []}
    for count, row in enumerate(_filled(rows), 1):
        if count > MOST_ANNOTATIONS or any(len(one) > LONGEST_TEXT for one in row):
            what = tr("it holds more than the marks of one session")
            raise FormatError(path, what, tr("keep only their lines"))
        told = dict(zip(head, row, strict=False))
        start = _time(path, told.get(begin, ""), rows.line_num)
        end = _time(path, told.get("end_s") or told.get(begin, ""), rows.line_num)
        tier = text_of_cell(told.get("tier", MARKS))
        words = text_of_cell(told.get("text", ""))
        found.setdefault(tier, []).append(Annotation(start, end, words))
    return tuple(Tier(name, tuple(one)) for name, one in found.items())


def _filled(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    return (row for row in rows if any(one.strip() for one in row))


def _time(path: Path, told: str, line: int) -> float:
    try:
        time = float(told.replace(",", "."))
    except ValueError:
        time = float("nan")
    if not isfinite(time):
        what = tr("line {line} names no time in seconds", line=line)
        raise FormatError(path, what, tr("write one such as 754.2, or take the line out"))
    return time


def _seconds(time: float) -> str:
    return f"{time:.3f}"
