"""Lines of JSON: a contract in English whatever the language, and harmless anywhere."""

from __future__ import annotations

import json
import re
from typing import Final

import msgspec

from physio.reasons import Reason
from pipelines.words.codes import reason_in_english

_NOT_PRINTABLE_ASCII: Final = re.compile(r"[^ -~]+")


def json_line(value: object) -> str:
    """Return `value` as a line of JSON in printable ASCII: lossless, and harmless anywhere."""
    try:
        line = _encoder.encode(value).decode()
    except UnicodeEncodeError:
        # The name of a file need not be UTF-8, and msgspec takes nothing else.
        line = json.dumps(msgspec.to_builtins(value, enc_hook=_written), separators=(",", ":"))
    return _NOT_PRINTABLE_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], line)


def _written(value: object) -> object:
    """Return what JSON holds of a reason, which msgspec does not know."""
    if isinstance(value, Reason):
        return reason_in_english(value)
    raise NotImplementedError(f"a line of JSON holds no {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_written)
