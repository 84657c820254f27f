"""What goes into an export beside the log: beats, marks and measures that any program can read.

A spreadsheet computes a cell that begins with =, +, - or @. Text in a table that begins so, or goes
on so after a semicolon, at which some spreadsheets cut, has a ' put before it, by which they know
text. The log keeps the words as they are, and it alone is read again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from physio.labels import Label
from pipelines.analysis import encode_result, summary
from pipelines.harmless import harmless
from pipelines.session import AnyEvent, SourceBeats, beats_of, marks_of

_FORMULA = re.compile(r"(^|;)(\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def exported(events: Sequence[AnyEvent]) -> dict[str, bytes]:
    """Return the files of an export by name, apart from its log and metadata."""
    found = beats_of(events)
    measures = "".join(encode_result(summary(one)) + "\n" for one in found)
    return {
        "beats.csv": _table(
            ("source", "role", "time_s", "rr_ms", "segment", "label"),
            (row for one in found for row in _beats(one)),
        ),
        "marks.csv": _table(("time_s", "text"), _marks(events)),
        "measures.jsonl": measures.encode(),
    }


def _beats(found: SourceBeats) -> Iterable[tuple[object, ...]]:
    beats = found.beats
    names = [] if found.labels is None else [Label(one).name.lower() for one in found.labels]
    role = _cell(found.role)
    for row in zip(
        beats.time.tolist(), beats.rr.tolist(), beats.segment.tolist(), names, strict=True
    ):
        yield (found.source, role, *row)


def _marks(events: Sequence[AnyEvent]) -> Iterable[tuple[object, ...]]:
    return [(mark.time, _cell(mark.text)) for mark in marks_of(events)]


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, and nothing of which acts or hides."""
    return _FORMULA.sub(r"\1'\2", harmless(text, most=None))


def _table(head: Sequence[str], rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()
