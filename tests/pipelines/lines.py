"""Lines of JSON, read again."""

from __future__ import annotations

from typing import Any

import msgspec

from pipelines.analysis.result import Result
from pipelines.words import reason_read


def read_line(line: str | bytes) -> Result:
    """Return what a line of JSON says, its sentences as the reasons that they were."""
    return msgspec.json.decode(line, type=Result, dec_hook=_reason)


def _reason(_: type, sentence: Any) -> object:
    return reason_read(sentence)
