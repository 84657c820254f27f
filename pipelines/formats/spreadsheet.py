"""Tables that a spreadsheet opens without computing anything in them, and their text read again.

A spreadsheet computes a cell that begins with =, +, - or @. Text that begins so, or goes on so
after a semicolon, at which some spreadsheets cut, has a ' put before it, by which they know text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.harmless import harmless

_FORMULA: Final = r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]"
_BARE: Final = re.compile(rf"(^|;)({_FORMULA})")
_QUOTED: Final = re.compile(rf"(^|;)'({_FORMULA})")


def cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, and nothing of which acts or hides.

    Examples
    --------
    >>> cell("=1"), cell("'=1"), cell("a=1")
    ("'=1", "''=1", 'a=1')
    """
    return _BARE.sub(r"\1'\2", harmless(text, most=None))


def text_of_cell(written: str) -> str:
    """Return the text of which `cell` made this."""
    return _QUOTED.sub(r"\1\2", written)


def table(head: Sequence[str], rows: Iterable[tuple[object, ...]]) -> bytes:
    """Return a table of comma-separated values."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()
