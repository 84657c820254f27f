"""What an hour tells besides its measures, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from msgspec import UnsetType

from pipelines.analysis import PartLine, Result
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.words import (
    clock_text,
    consent_text,
    context_text,
    measure_text,
    own_band_text,
    part_text,
    rate_text,
)


def hour_lines(result: Result, *, every: bool) -> Iterator[str]:
    """Yield the card, the parts, the personal band, and for how long what could be read.

    The last is told of sessions, in which people talk, and of files where `every` thing is.
    """
    for line, words in result.context.items():
        yield f"{context_text(line)}: {harmless(words)}"
    for part in result.phases:
        yield _part(part)
    if result.band is not None:
        yield own_band_text(result.band)
    if every or not isinstance(result.session, UnsetType):
        yield from _readable(result)


def _readable(result: Result) -> Iterator[str]:
    """Yield for how many percent of the time each measure could be read, the most first."""
    alike: dict[int, list[str]] = {}
    for name in result.measures:
        if name in result.readable_percent:
            alike.setdefault(round(result.readable_percent[name]), []).append(measure_text(name))
    for percent, names in sorted(alike.items(), reverse=True):
        told = tr(
            "Could be read {percent} % of the time: {measures}.",
            percent=percent,
            measures=", ".join(names),
        )
        yield fill(told, 100, subsequent_indent="  ")


def _part(part: PartLine) -> str:
    times = f"{clock_text(part.start_s)}-{clock_text(part.end_s)}"
    told = [part_text(part.name)]
    if part.consent is not None:
        told.append(consent_text(part.consent))
    for rate in part.measures.values():
        told += filter(None, [rate_text(rate.value, rate.reason)])
    if part.before:
        told.append(tr("before: {words}", words=harmless(part.before)))
    if part.after:
        told.append(tr("after: {words}", words=harmless(part.after)))
    return f"  {times}  {', '.join(told)}"
