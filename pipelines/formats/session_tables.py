"""What goes into an export beside the log: beats, marks and measures that any program can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from physio.labels import Label
from pipelines.analysis import encode_result, summary
from pipelines.formats.spreadsheet import cell, table
from pipelines.session import AnyEvent, SourceBeats, beats_of, marks_of


def exported(events: Sequence[AnyEvent]) -> dict[str, bytes]:
    """Return the files of an export by name, apart from its log and metadata."""
    found = beats_of(events)
    measures = "".join(encode_result(summary(one)) + "\n" for one in found)
    return {
        "beats.csv": table(
            ("source", "role", "time_s", "rr_ms", "segment", "label"),
            (row for one in found for row in _beats(one)),
        ),
        "marks.csv": table(("time_s", "text"), _marks(events)),
        "measures.jsonl": measures.encode(),
    }


def _beats(found: SourceBeats) -> Iterable[tuple[object, ...]]:
    beats = found.beats
    names = [] if found.labels is None else [Label(one).name.lower() for one in found.labels]
    role = cell(found.role)
    for row in zip(
        beats.time.tolist(), beats.rr.tolist(), beats.segment.tolist(), names, strict=True
    ):
        yield (found.source, role, *row)


def _marks(events: Sequence[AnyEvent]) -> Iterable[tuple[object, ...]]:
    return [(mark.time, cell(mark.text)) for mark in marks_of(events)]
