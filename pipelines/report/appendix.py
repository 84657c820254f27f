"""What stands behind the first page: how it was measured, every rise, every measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from physio.measures import MEASURES
from pipelines.analysis import MeasureLine, Result
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.report.content import Section, Table
from pipelines.report.sentences import quoted_list
from pipelines.session import (
    AnyEvent,
    Consent,
    EpisodeView,
    PooledMarks,
    SourceBeats,
)
from pipelines.words import (
    ONE_MOMENT,
    change_text,
    clock_text,
    decimals_of,
    half_settled_text,
    height_text,
    length_text,
    mark_text,
    measure_text,
    reason_text,
    settled_text,
    times_text,
    together_text,
    unit_text,
)

NOTHING = "–"


def appendix_of(
    result: Result,
    found: SourceBeats,
    pooled: Sequence[PooledMarks],
    log: Iterable[AnyEvent],
) -> Section:
    """Return methods, rises, labels together and measures of a session."""
    tables = (_rises(result.episodes), _pooled(pooled), _measures(result))
    return Section(
        tr("Appendix: how this was measured"),
        tuple(filter(None, (_methods(result, found), _asked(log)))),
        tuple(table for table in tables if table is not None),
    )


def _methods(result: Result, found: SourceBeats) -> str:
    """Return the methods in a paragraph."""
    told = [
        tr(
            "All values come from the {beats} intervals between heartbeats as they were sent; "
            "{percent:.1f} % of them bear a label (early, late, extra or missed) and are left out "
            "of what they would falsify.",
            beats=result.quality.beats,
            percent=result.quality.corrected_percent,
        ),
        tr(
            "A rise begins where heart rate leaves where it had been, and has settled where it is "
            "back. Nothing is followed through talking or gaps, nor for some minutes after them: a "
            "rise there may be missed. Times of settling count from its beginning."
        ),
        tr(
            "The change at a moment is the heart rate of the minute after it less that of the "
            "minute before, the delay of the strap ({delay:.1f} s) taken off; its percentile is "
            "told among the other moments of this session, the minutes around marks and the rises "
            "on them left out.",
            delay=found.delay,
        ),
        tr(
            "Low and high are the ends of 95 % intervals, from the parts of the session; a value "
            "that cannot be trusted is withheld, with the reason. The page on science names the "
            "sources."
        ),
    ]
    if result.preset is not None:
        told.append(tr("Preset: {name}.", name=result.preset.name))
    return " ".join(told)


def _asked(log: Iterable[AnyEvent]) -> str:
    asked = next((event.text for event in log if isinstance(event, Consent)), "")
    return tr("Noted beforehand: {text}.", text=harmless(asked)) if asked else ""


def _rises(rises: Sequence[EpisodeView]) -> Table | None:
    if not rises:
        return None
    return Table(
        heading=tr("Rises of heart rate"),
        head=(
            tr("From"),
            tr("Highest at"),
            tr("Height"),
            tr("Half settled after"),
            tr("Settled after"),
            tr("Moments in it"),
        ),
        widths=(8, 13, 15, 20, 20, 24),
        rows=tuple(
            (
                clock_text(one.onset_s),
                clock_text(one.peak_s),
                height_text(one),
                half_settled_text(one),
                settled_text(one),
                quoted_list(mark.text for mark in one.marks) or NOTHING,
            )
            for one in rises
        ),
    )


def _pooled(pooled: Sequence[PooledMarks]) -> Table | None:
    """Return what the marks of each label say together, of those that stand at several."""
    rows = tuple(
        (
            mark_text(one.text),
            times_text(one),
            change_text(one.change_bpm, one.low, one.high),
            together_text(one),
        )
        for one in pooled
        if one.marks > 1
    )
    if not rows:
        return None
    return Table(
        heading=tr("Moments of one label together"),
        head=(tr("Label"), tr("Read"), tr("Mean change"), tr("Together")),
        widths=(30, 22, 18, 30),
        rows=rows,
        notes=(ONE_MOMENT,),
    )


def _measures(result: Result) -> Table:
    return Table(
        heading=tr("All measures of the session"),
        head=(
            tr("Measure"),
            tr("Value"),
            tr("Low"),
            tr("High"),
            tr("Unit"),
            tr("Rests on"),
            tr("Remark"),
        ),
        widths=(29, 8, 8, 8, 11, 9, 27),
        rows=tuple(_measure(name, one) for name, one in result.measures.items()),
        notes=(
            tr(
                "“Rests on”: the share of the session, {lasting}, that a value was read from.",
                lasting=length_text(result.quality.duration_s),
            ),
        ),
    )


def _measure(name: str, one: MeasureLine) -> tuple[str, ...]:
    decimals = decimals_of(one.unit)
    numbers = (
        NOTHING if number is None else f"{number:.{decimals}f}".replace("-", "−")
        for number in (one.value, one.low, one.high)
    )
    remark = one.reason or one.doubt
    share = NOTHING
    if one.value is not None and one.share_percent is not None:
        share = tr("{percent} %", percent=floor(one.share_percent))
    return (
        measure_text(name) if name in MEASURES else name,
        *numbers,
        unit_text(one.unit),
        share,
        "" if remark is None else reason_text(remark),
    )
