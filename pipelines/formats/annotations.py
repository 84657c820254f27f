"""A session as tiers of annotations, to be laid beside its video, and such tiers read again.

A tier is a row of stretches that do not overlap; what would overlap stands in a further row, "marks
2". Names of tiers are codes, the same in every language. What the therapist's own strap tells is no
part of it: such a file is mostly handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from physio.beats import Gap, GapCause
from pipelines.analysis import rises_of
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.session import (
    THERAPIST,
    AnyEvent,
    EpisodeView,
    LeftOut,
    PartView,
    Phase,
    PhaseName,
    PostureName,
    SourceBeats,
    TalkingView,
    beats_of,
    elapsed,
    hour_of,
    marks_of,
    speech_in,
    standing,
    talking_views,
)
from pipelines.words import (
    cause_text,
    consent_text,
    height_text,
    left_out_text,
    part_text,
    phase_text,
    posture_text,
    talking_text,
)

MARKS: Final = "marks"
"""The tier of what people marked."""
SHORTEST: Final = 1
"""Milliseconds of an annotation at least: ELAN shows none that is shorter."""
CLAPS: Final = frozenset({"clap", "start clap", "clapperboard", "sync clap"})
"""Words of a mark that say when hands or a clapperboard were clapped before the camera."""


T = TypeVar("T")


class Annotation(NamedTuple):
    """A stretch from `start` to `end` (s), and what is written on it; a mark has no length."""

    start: float
    end: float
    text: str


class Tier(NamedTuple):
    """A row of annotations."""

    name: str
    annotations: tuple[Annotation, ...]


class AnnotationFile(NamedTuple):
    """What a file of annotations holds, times in s on its own axis.

    `shift` is by how much that is later than the session's, None where the file does not say.
    """

    tiers: tuple[Tier, ...]
    shift: float | None = None


class Laid(NamedTuple):
    """An annotation as a file holds it, from `start` to `end` in whole milliseconds."""

    start: int
    end: int
    text: str


def tiers_of(events: Sequence[AnyEvent]) -> tuple[Tier, ...]:
    """Return what a log tells as tiers, their times in s on the session clock.

    Marks come first and are always there; of the others those that hold anything.
    """
    log = standing(events)
    end = elapsed(log).time
    marks = [Annotation(one.time, one.time, harmless(one.text, most=None)) for one in marks_of(log)]
    rows = [
        ("phases", _phases(log, end)),
        ("parts", [_part(one, end) for one in hour_of(log).parts]),
        ("talking", [_talk(one, end) for one in _spoken(log)]),
        *_of_wearers(log, end),
    ]
    return (Tier(MARKS, tuple(marks)), *(Tier(name, tuple(row)) for name, row in rows if row))


def laid(annotations: Iterable[Annotation], shift: float) -> tuple[list[list[Laid]], int]:
    """Return annotations `shift` s later, in rows in which none overlaps another.

    And how many lie wholly before the beginning of that time, where no file holds anything.
    """
    found = [_in_milliseconds(one, shift) for one in annotations]
    rows: list[list[Laid]] = []
    for one in sorted(one for one in found if one is not None):
        free = next((row for row in rows if row[-1].end <= one.start), None)
        if free is None:
            rows.append([one])
        else:
            free.append(one)
    return rows, found.count(None)


def named_rows(tier: Tier, shift: float) -> tuple[list[tuple[str, list[Laid]]], int]:
    """Return the rows of a tier, each by its name, and how many annotations are before time 0.

    Examples
    --------
    >>> named_rows(Tier("marks", (Annotation(1.0, 1.0, "a"), Annotation(1.0002, 1.0002, "b"))), 0.5)
    ([('marks', [Laid(1500, 1501, 'a')]), ('marks 2', [Laid(1500, 1501, 'b')])], 0)
    """
    rows, lost = laid(tier.annotations, shift)
    names = [tier.name, *(f"{tier.name} {number}" for number in range(2, len(rows) + 1))]
    return list(zip(names, rows or [[]], strict=True)), lost


def is_row_of(name: str, tier: str) -> bool:
    """Return whether a row of this name is one of this tier."""
    return name == tier or (name.startswith(f"{tier} ") and name[len(tier) + 1 :].isdecimal())


def is_clap(text: str) -> bool:
    """Return whether a mark of these words is the clap that session and video share.

    Examples
    --------
    >>> is_clap("Start-Clap"), is_clap("clapped")
    (True, False)
    """
    words = " ".join(text.casefold().replace("-", " ").split())
    return words in CLAPS or words == tr("clap").casefold()


def clap_among(annotations: Iterable[Annotation]) -> float | None:
    """Return when the first clap was, in s, None without one."""
    return min((one.start for one in annotations if is_clap(one.text)), default=None)


def _in_milliseconds(one: Annotation, shift: float) -> Laid | None:
    start, end = round((one.start + shift) * 1000.0), round((one.end + shift) * 1000.0)
    last = max(end, start + SHORTEST)
    return None if last <= 0 or (one.start == one.end and start < 0) else Laid(
        max(start, 0), last, one.text
    )  # fmt: skip


def _of_wearers(log: Sequence[AnyEvent], end: float) -> Iterator[tuple[str, list[Annotation]]]:
    """Yield the rows of everybody but the therapist, named by their roles from the second on."""
    told = [one for one in beats_of(log) if one.role != THERAPIST]
    for place, found in enumerate(told):
        left_out = [one for one in log if isinstance(one, LeftOut) and one.source == found.source]
        suffix = f" ({harmless(found.role)})" if place else ""
        yield from _of_wearer(found, suffix, left_out, end)


def _of_wearer(
    found: SourceBeats, suffix: str, left_out: Sequence[LeftOut], end: float
) -> Iterator[tuple[str, list[Annotation]]]:
    yield f"episodes{suffix}", [_rise(one) for one in rises_of(found)]
    yield f"postures{suffix}", _postures(found, end)
    yield f"left out{suffix}", [_left_out(one, end) for one in left_out if one.start < end]
    yield f"gaps{suffix}", [_gap(one) for one in found.gaps if one.cause is not GapCause.LEFT_OUT]


def _phases(log: Sequence[AnyEvent], end: float) -> list[Annotation]:
    begun = [(one.time, one.name) for one in log if isinstance(one, Phase)]
    return [
        Annotation(start, until, phase_text(name))
        for start, until, name in _lasting(begun, end)
        if name not in (PhaseName.NONE, PhaseName.FINISHED)
    ]


def _part(one: PartView, end: float) -> Annotation:
    told = [part_text(one.name)]
    if one.consent is not None:
        told.append(consent_text(one.consent))
    if one.before:
        told.append(tr("before: {words}", words=harmless(one.before, most=None)))
    if one.after:
        told.append(tr("after: {words}", words=harmless(one.after, most=None)))
    return Annotation(one.start, end if one.end is None else one.end, ", ".join(told))


def _rise(one: EpisodeView) -> Annotation:
    settled = one.until_s if one.recovery_s is None else one.onset_s + one.recovery_s
    return Annotation(one.onset_s, max(settled, one.peak_s), height_text(one))


def _postures(found: SourceBeats, end: float) -> list[Annotation]:
    return [
        Annotation(max(start, 0.0), until, posture_text(name))
        for start, until, name in _lasting(found.around.postures, end)
        if name is not PostureName.NONE
    ]


def _lasting(begun: Sequence[tuple[float, T]], end: float) -> Iterator[tuple[float, float, T]]:
    """Yield from when to when each lasted of what ended when the next began."""
    for place, (start, one) in enumerate(begun):
        until = begun[place + 1][0] if place + 1 < len(begun) else end
        yield start, max(start, until), one


def _gap(one: Gap) -> Annotation:
    return Annotation(max(one.start, 0.0), one.until, cause_text(one.cause))


def _left_out(one: LeftOut, end: float) -> Annotation:
    return Annotation(max(one.start, 0.0), min(one.end, end), left_out_text(one.reason))


def _spoken(log: Sequence[AnyEvent]) -> tuple[TalkingView, ...]:
    speech = speech_in(log)
    return talking_views(speech.told, speech.likely)


def _talk(one: TalkingView, end: float) -> Annotation:
    until = max(one.start, end) if one.end is None else one.end
    return Annotation(one.start, until, talking_text(likely=one.likely))
