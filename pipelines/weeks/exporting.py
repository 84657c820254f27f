"""All that stands in a person's own file, to be read without this program: CSV and JSON.

Both hold the same entries in the order in which they were written; pages that the person wrote are
opened in them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from pipelines.weeks.entries import AnyEntry, Gone, Writing
from pipelines.weeks.own_pages import text_of

COLUMNS = (
    *("kind", "id", "day", "at", "activity", "question", "value", "scale", "seconds", "hour"),
    *("before", "after", "days", "words", "ln_rmssd", "posture", "name", "on", "text", "whom"),
    *("parts", "until"),
)
"""Those of the table; a cell is empty where a kind of entry has no such field."""


def rows(entries: Iterable[AnyEntry]) -> list[dict[str, Any]]:
    """Return entries as plain values; of what was let go there is nothing."""
    listed = list(entries)
    gone = {one.id for one in listed if isinstance(one, Gone)}
    return [_row(one) for one in listed if one.id not in gone]


def as_json(entries: Iterable[AnyEntry]) -> bytes:
    """Return all entries as JSON."""
    content = {"schema": 1, "entries": rows(entries)}
    return msgspec.json.format(msgspec.json.encode(content)) + b"\n"


def as_csv(entries: Iterable[AnyEntry]) -> bytes:
    """Return all entries as a table in UTF-8, RFC 4180."""
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows(entries))
    return sheet.getvalue().encode()


def _row(one: AnyEntry) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(one)
    if isinstance(one, Writing):
        plain = {key: plain[key] for key in ("kind", "id", "day", "at")} | {"text": text_of(one)}
    return plain


def _cell(value: object) -> object:
    """Return a value as a cell; no program of tables may take words for a formula."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value
