"""Lines of JSON, read again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from physio.reasons import Reason
from pipelines.analysis.result import Result
from pipelines.words import reason_in_english


def read_line(line: str | bytes, original: Result) -> Result:
    """Return what a line of JSON says, its sentences as the reasons that `original` has."""
    reasons = {reason_in_english(reason): reason for reason in _reasons(original)}
    return msgspec.json.decode(line, type=Result, dec_hook=partial(_reason, reasons))


def _reason(reasons: dict[str, Reason], _: type, sentence: Any) -> object:
    return reasons[sentence]


def _reasons(value: object) -> Iterator[Reason]:
    if isinstance(value, Reason):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _reasons(getattr(value, name))
    elif isinstance(value, dict):
        yield from _reasons(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _reasons(one)
