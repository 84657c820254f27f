"""What a person may edit, written as TOML: the tables, lists and values that `tomllib` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from math import isfinite
from typing import Any

import msgspec

WIDTH = 80
"""Characters up to which a list stands on one line."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML.

    Texts of several lines, lists of long texts and tables in lists are written so that they can be
    read and changed by hand. What is None is left out.
    """
    return "\n".join(_lines(table, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    told = {name: value for name, value in table.items() if value is not None}
    inner = {name: value for name, value in told.items() if _has_tables(value)}
    for name, value in told.items():
        if name not in inner:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in inner.items():
        place = f"{path}{_key(name)}"
        listed = isinstance(value, (list, tuple))
        for one in value if listed else (value,):
            yield from ("", f"[[{place}]]" if listed else f"[{place}]")
            yield from _lines(one, f"{place}.")


def _has_tables(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(one, Mapping) for one in value)
    return isinstance(value, Mapping)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, (list, tuple)):
        return _list([_value(one) for one in value])
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return msgspec.json.encode(value).decode()


def _list(values: list[str]) -> str:
    on_one_line = f"[{', '.join(values)}]"
    if len(on_one_line) <= WIDTH:
        return on_one_line
    return "\n".join(("[", *(f"  {one}," for one in values), "]"))


def _text(text: str) -> str:
    lines = [_escaped(line) for line in text.split("\n")]
    if len(lines) == 1:
        return f'"{lines[0]}"'
    return '"""\n' + "\n".join(lines) + '"""'


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{_escaped(name)}"'


def _escaped(text: str) -> str:
    # As in JSON, but for the one control character that JSON leaves as it is.
    return msgspec.json.encode(text).decode()[1:-1].replace("\x7f", "\\u007f")
