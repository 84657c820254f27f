"""One recording measured: the function that every worker calls, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from physio.estimate import Estimate, Estimates
from pipelines.analysis import (
    Result,
    measure_line,
    over_windows,
    summary,
    windows_of,
)
from pipelines.batch.inputs import Input
from pipelines.batch.plan import WHOLE, Epoch, Plan
from pipelines.batch.rows import (
    Column,
    MeasureRow,
    Part,
    QualityRow,
    Tachogram,
    row_of,
    sentence,
)
from pipelines.batch.stretches import stretches_of
from pipelines.checksum import sha256
from pipelines.formats import FormatError, Recording, read
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.session import SourceBeats, beats_of

if TYPE_CHECKING:
    from physio.beats import FloatArray

COLUMNS: Final = 600
"""Columns of a tachogram."""
BASELINE, TASK, RECOVERY = "baseline", "task", "recovery"
"""Conditions between which reactivity and recovery lie."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The measures of one source over windows, as columns."""

    source: str
    start: FloatArray
    end: FloatArray
    estimates: Mapping[str, Estimates]


@dataclass(frozen=True, slots=True)
class Measured:
    """A recording that was measured: its part, and what goes into tables of its own."""

    part: Part
    windows: tuple[Windows, ...] = ()
    beats: tuple[SourceBeats, ...] = ()


def measured(one: Input, plan: Plan) -> Measured:
    """Return what the plan makes of one recording, or why it makes nothing of it.

    Nothing is raised for what a file holds.
    """
    digest = None
    try:
        recording = read(
            one.path,
            large=plan.large,
            peaks=plan.peaks,
            channel=plan.channel,
            breathing=plan.breathing,
            rate=plan.rate,
        )
        digest = sha256(one.path)
        return measured_recording(one.name, plan, recording, digest)
    except FormatError as error:
        return _failed(one, plan, digest, f"{error.what}; {error.hint}")
    except ValueError as error:
        return _failed(one, plan, digest, str(error).rstrip("."))
    except OSError as error:
        why = tr("it cannot be read ({strerror}); try again", strerror=error.strerror)
        return _failed(one, plan, digest, why)
    except MemoryError:
        why = tr("the memory has no room to measure it; cut the recording")
        return _failed(one, plan, digest, why)


def _failed(one: Input, plan: Plan, digest: str | None, why: str) -> Measured:
    digest = digest or _digest(one.path)
    failure = harmless(why, most=None)
    part = Part(recording=one.name, plan=plan.digest, sha256=digest, failure=failure)
    return Measured(part)


def _digest(path: Path) -> str | None:
    """Return the checksum of a file that could not be read as a recording, where it is a file."""
    try:
        return sha256(path) if path.is_file() else None
    except (OSError, ValueError):
        return None


def measured_recording(name: str, plan: Plan, recording: Recording, digest: str | None) -> Measured:
    """Return what the plan makes of a recording that was read.

    Raises
    ------
    ValueError
        If it asks for more windows than are allowed; the message is one sentence.
    """
    sources = beats_of(recording.events, labels=plan.labels)
    results = [summary(source, preset=plan.conventions) for source in sources]
    told = list(zip(sources, results, strict=True))
    part = Part(
        recording=name,
        plan=plan.digest,
        sha256=digest,
        measures=tuple(
            row
            for source, result in told
            for row in (
                *_of_whole(source, result, plan),
                *_of_epochs(source, stretches_of(source, plan, name), plan),
            )
        ),
        quality=tuple(_quality(source, result, recording) for source, result in told),
        tachograms=tuple(tachogram(source) for source in sources),
    )
    return Measured(part, tuple(_windows(sources, plan)), tuple(sources))


def _of_whole(found: SourceBeats, result: Result, plan: Plan) -> Iterator[MeasureRow]:
    start, end = found.span
    for name in plan.measures:
        line = result.measures[name]
        yield row_of(found.role, WHOLE, start, end, name, line)


def _of_epochs(found: SourceBeats, epochs: Sequence[Epoch], plan: Plan) -> Iterator[MeasureRow]:
    if not epochs:
        return
    start = np.array([one.start_s for one in epochs])
    end = np.array([one.end_s for one in epochs])
    over = over_windows(found, start, end, plan.conventions, names=plan.measures)
    for place, one in enumerate(epochs):
        before = _compared_with(epochs, place)
        for name in plan.measures:
            now = over[name][place]
            line = measure_line(now)
            row = row_of(found.role, one.condition, one.start_s, one.end_s, name, line)
            yield row if before is None else _changed(row, over[name][before], now)


_COMPARED: Final[Mapping[str, str]] = {TASK: BASELINE, RECOVERY: TASK}
"""With which condition each is compared."""


def _compared_with(epochs: Sequence[Epoch], place: int) -> int | None:
    """Return the place of the epoch before, in time, that this one is compared with."""
    with_what = _COMPARED.get(epochs[place].condition.casefold())
    earlier = [
        (other.end_s, at)
        for at, other in enumerate(epochs)
        if other.condition.casefold() == with_what and other.end_s <= epochs[place].start_s
    ]
    return max(earlier)[1] if earlier else None


def _changed(row: MeasureRow, before: Estimate, now: Estimate) -> MeasureRow:
    """Return a row with what changed since an earlier epoch."""
    change = difference(before, now)
    kind = "reactivity" if row.epoch.casefold() == TASK else "recovery"
    told = dict(zip((kind, f"{kind}_low", f"{kind}_high"), change, strict=True))
    return msgspec.structs.replace(row, **told)


def difference(before: Estimate, now: Estimate) -> tuple[float | None, float | None, float | None]:
    """Return a change between two stretches, and its low and high.

    The stretches share no beat: their errors add in quadrature, each side of the one with the other
    side of the other (Newcombe and Altman's square-and-add, MOVER: Zou and Donner 2008, doi
    10.1002/sim.3095).
    """
    if before.value is None or now.value is None:
        return None, None, None
    change = now.value - before.value
    if before.low is None or before.high is None or now.low is None or now.high is None:
        return change, None, None
    down = hypot(now.value - now.low, before.high - before.value)
    up = hypot(now.high - now.value, before.value - before.low)
    return change, change - down, change + up


def _quality(found: SourceBeats, result: Result, recording: Recording) -> QualityRow:
    quality = result.quality
    return QualityRow(
        source=harmless(found.role),
        device=harmless(found.device),
        format=recording.format,
        started=recording.started,
        beats=quality.beats,
        duration_s=quality.duration_s,
        coverage_percent=quality.coverage_percent,
        corrected_percent=quality.corrected_percent,
        gaps=quality.gaps_total,
        duplicates=quality.duplicates,
        malformed=quality.malformed,
        verdict=quality.verdict.value,
        reason=sentence(quality.reason),
        breathing_in_hf_band=result.breathing_in_hf_band,
        breathing_from=result.breathing_from,
        notes="; ".join(harmless(note, most=None) for note in recording.notes),
    )


def _windows(sources: Sequence[SourceBeats], plan: Plan) -> Iterator[Windows]:
    for found in sources:
        spans = windows_of(found.span, plan.window, plan.sliding)
        if spans:
            start, end = (np.array(edges) for edges in zip(*spans, strict=True))
            over = over_windows(found, start, end, plan.conventions, names=plan.measures)
            yield Windows(harmless(found.role), start, end, over)


def tachogram(found: SourceBeats) -> Tachogram:
    """Return one source's intervals in `COLUMNS` columns."""
    start, end = found.span
    beats = found.beats
    if len(beats) == 0:
        return Tachogram(harmless(found.role), start, end, ())
    bad = ~found.usable
    place = ((beats.time - start) / max(end - start, 1e-9) * COLUMNS).astype(np.int64)
    place = np.clip(place, 0, COLUMNS - 1)
    low, high = np.full(COLUMNS, np.inf), np.full(COLUMNS, -np.inf)
    np.minimum.at(low, place[~bad], beats.rr[~bad])
    np.maximum.at(high, place[~bad], beats.rr[~bad])
    labelled = np.bincount(place[bad], minlength=COLUMNS)
    columns = tuple(
        Column(round(least) if known else None, round(most) if known else None, count)
        for least, most, known, count in zip(
            low.tolist(), high.tolist(), np.isfinite(low).tolist(), labelled.tolist(), strict=True
        )
    )
    return Tachogram(harmless(found.role), start, end, columns)
