"""A session's annotations to a file and marks from one, on one axis with the video.

The axis of a file is the session's own, later by a shift: the place of a clap in the video less
that of the clap that was marked in the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pipelines.formats import annotation_table, elan
from pipelines.formats.annotations import (
    MARKS,
    Annotation,
    AnnotationFile,
    Tier,
    clap_among,
    is_row_of,
    tiers_of,
)
from pipelines.formats.refusal import FormatError
from pipelines.language import tr
from pipelines.reading import CannotRead, contents
from pipelines.session import AnyEvent, MarkView, elapsed, marks_of

ELAN: Final = ".eaf"
MOST: Final = 10_000
"""Marks that are taken from a file; a person makes fewer in an hour."""
ROUNDED: Final = 0.001
"""Seconds by which a file that counts milliseconds may reach beyond an hour."""


class Exchanged(NamedTuple):
    """A file, and how many annotations lie before its beginning and are not in it."""

    content: bytes
    lost: int


def shift_to_video(events: Sequence[AnyEvent], clap: float | None) -> float:
    """Return by how many s a video's times are later than the session's.

    `clap` is the place of the clap in the video, its beginning unless told; a session without a
    marked clap has it at its own beginning.
    """
    return (clap or 0.0) - (clap_in(events) or 0.0)


def clap_in(events: Sequence[AnyEvent]) -> float | None:
    """Return when a clap was marked in a session, in s, None without one."""
    return clap_among(Annotation(one.time, one.time, one.text) for one in marks_of(events))


def elan_file(
    events: Sequence[AnyEvent], *, started: float, shift: float = 0.0, video: str | None = None
) -> Exchanged:
    """Return a session as an annotation file of ELAN; see `elan.written`."""
    return Exchanged(*elan.written(tiers_of(events), shift=shift, started=started, video=video))


def annotation_csv(events: Sequence[AnyEvent], *, shift: float = 0.0) -> Exchanged:
    """Return the same as a table of comma-separated values."""
    return Exchanged(*annotation_table.written(tiers_of(events), shift=shift))


def marks_from(
    path: Path, events: Sequence[AnyEvent], *, tier: str | None = None, clap: float | None = None
) -> tuple[MarkView, ...]:
    """Return the marks that a file holds of a session, on its clock, in order.

    Parameters
    ----------
    path : Path
        An .eaf of ELAN, or a table of comma-separated values.
    events : sequence of events
        The session's log.
    tier : str, optional
        The name of the tier that holds them; "marks" unless told.
    clap : float, optional
        The place of the clap in the file, in s. Unless told, it is where the file says how far it
        is shifted, or where a clap stands in it as in the session.

    Raises
    ------
    FormatError
        If it is no such file, has no such tier, or a time outside the session.
    """
    try:
        data = contents(path)
    except CannotRead as error:
        raise FormatError(path, error.what, error.hint) from error
    reader = elan if path.suffix.lower() == ELAN else annotation_table
    found = reader.read(path, data)
    chosen = _chosen(path, found, tier)
    if len(chosen) > MOST:
        what = tr("it holds more than {most} marks", most=MOST)
        raise FormatError(path, what, tr("keep those of one session"))
    shift = _shift(found, events, clap)
    last = elapsed(events).time
    for one in chosen:
        if not -ROUNDED <= one.start - shift <= last + ROUNDED:
            raise FormatError(
                path,
                tr("a time in it lies outside the session"),
                tr("take the file of this session, or give the clap's place in it with --clap"),
            )
    marks = [MarkView(min(max(one.start - shift, 0.0), last), one.text) for one in chosen]
    return tuple(sorted(marks, key=lambda one: (one.time, one.text)))


def _chosen(path: Path, found: AnnotationFile, tier: str | None) -> tuple[Annotation, ...]:
    named = [one for one in found.tiers if is_row_of(one.name, tier or MARKS)]
    if not named:
        raise _no_tier(path, found.tiers, tier)
    return tuple(annotation for one in named for annotation in one.annotations)


def _no_tier(path: Path, tiers: Sequence[Tier], tier: str | None) -> FormatError:
    what = (
        tr("it has no tier of the name given with --tier")
        if tier
        else tr("none of its {count} tiers is called marks", count=len(tiers))
    )
    return FormatError(path, what, tr("name the tier that holds the marks with --tier"))


def _shift(found: AnnotationFile, events: Sequence[AnyEvent], clap: float | None) -> float:
    if clap is None and found.shift is not None:
        return found.shift
    if clap is None and clap_in(events) is not None:
        clap = clap_among(one for tier in found.tiers for one in tier.annotations)
    return 0.0 if clap is None else shift_to_video(events, clap)
