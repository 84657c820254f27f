"""Earlier hours of the same person beside this one: each one's own baseline, and no trend drawn.

A change is told by the rule of `physio.arousal.across` alone; else nothing is said of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from physio.arousal.across import HOURS, LEAST, across
from physio.arousal.baseline import Baseline, NoBaseline
from physio.reasons import Reason, ReasonCode
from pipelines.analysis import baseline_of
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.report.content import Section, Table, joined
from pipelines.session import ContextLine, PostureName, SourceBeats, without_left_out
from pipelines.words import day_text, posture_text, reason_text, rounded

LISTED = 20
"""Hours that are listed at most: the first four, and the last ones."""
NOTHING = "–"
NO_BASELINE = Reason(ReasonCode.NO_BASELINE_CHOSEN)


@dataclass(frozen=True, slots=True)
class SetBeside:
    """An hour of a person beside others: when it began, its silent baseline, or `why` it has none.

    `medicines` are as the card of that day says.
    """

    started: datetime
    own: Baseline | None
    why: str
    posture: PostureName
    medicines: str


def set_beside(started: datetime, found: SourceBeats) -> SetBeside:
    """Return what an hour of a person holds that can be laid beside others."""
    kept = without_left_out(found)
    posture = PostureName.NONE if kept.baseline is None else kept.around.posture(kept.baseline[1])
    own, why = _own(kept)
    medicines = harmless(kept.hour.context.get(ContextLine.MEDICINES, ""))
    return SetBeside(started, own, why, posture, medicines)


def _own(found: SourceBeats) -> tuple[Baseline | None, str]:
    """Return the silent baseline of an hour, or why it has none that others compare with."""
    if found.baseline is None:
        return None, reason_text(NO_BASELINE)
    if found.paced:
        return None, tr("breathing was paced")
    try:
        return baseline_of(found, found.baseline), ""
    except NoBaseline as error:
        return None, reason_text(error.reason)


def earlier_hours(hours: Sequence[SetBeside]) -> Section:
    """Return what the hours of a person say together, in order, the one reported the last."""
    told = (_change(hours), _medicines(hours))
    return Section(tr("Earlier hours"), tuple(filter(None, told)), (_table(hours),))


def _change(hours: Sequence[SetBeside]) -> str:
    """Return the change of the baseline where the rule tells one, else nothing."""
    now = hours[-1]
    alike = [one.own.level for one in hours if one.own and one.posture is now.posture]
    found = None if now.own is None else across(alike)
    if found is None or not found.told:
        return ""
    figures = {
        "change": rounded(abs(float(found.change)), 1),
        "last": rounded(float(found.last), 1),
        "first": rounded(float(found.first), 1),
        "spread": rounded(float(found.spread), 1),
    }
    if found.change > 0.0:
        return tr(
            "In the last four hours the baseline was {change} bpm higher than in the first four: "
            "{last} against {first} bpm, which had a spread of {spread}.",
            **figures,
        )
    return tr(
        "In the last four hours the baseline was {change} bpm lower than in the first four: "
        "{last} against {first} bpm, which had a spread of {spread}.",
        **figures,
    )


def _medicines(hours: Sequence[SetBeside]) -> str:
    """Return when other medicines were noted than in the hour before that noted any."""
    noted = [one for one in hours if one.medicines]
    days = [_day(now) for before, now in pairwise(noted) if now.medicines != before.medicines]
    if not days:
        return ""
    return tr(
        "Other medicines were noted on {days} than the time before; baselines may differ by that "
        "alone.",
        days=joined(tuple(dict.fromkeys(days))),
    )


def _day(hour: SetBeside) -> str:
    return day_text(hour.started.date())


def _table(hours: Sequence[SetBeside]) -> Table:
    hidden = max(len(hours) - LISTED, 0)
    shown = (*hours[:HOURS], *hours[HOURS + hidden :])
    return Table(
        heading=tr("The baseline of each hour"),
        head=(
            tr("When"),
            tr("Posture"),
            tr("Baseline, bpm"),
            tr("Low"),
            tr("High"),
            tr("Medicines, as noted then"),
        ),
        widths=(29, 11, 17, 6, 7, 30),
        rows=tuple(map(_row, shown)),
        notes=tuple(_notes(hidden)),
    )


def _row(hour: SetBeside) -> tuple[str, ...]:
    when = tr("{day}, {time:%H:%M}", day=_day(hour), time=hour.started)
    own, told = hour.own, (hour.why, NOTHING, NOTHING)
    if own is not None:
        levels = own.level, own.level - own.spread, own.level + own.spread
        told = rounded(levels[0], 1), rounded(levels[1], 1), rounded(levels[2], 1)
    return (when, posture_text(hour.posture), *told, hour.medicines or NOTHING)


def _notes(hidden: int) -> Iterator[str]:
    if hidden:
        yield trn(
            "{count} hour after the first four is not listed.",
            "{count} hours after the first four are not listed.",
            hidden,
        )
    yield tr(
        "Low and high: one spread of that baseline below and above it. Hours of the same posture "
        "are compared, by one rule: the last four against the first four, from the eighth on; a "
        "change is told from {least} bpm and two spreads of the first four on. Else nothing is "
        "said of one, and single hours side by side say nothing.",
        least=rounded(LEAST, 1),
    )
    yield tr(
        "Who is first seen at an unusual time comes closer to their usual afterwards by itself "
        "(regression to the mean): a change does not say why it came."
    )
