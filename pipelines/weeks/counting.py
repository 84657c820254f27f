"""What a programme sees of the people who chose to share: how many, never who, never a rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from physio.weeks import FEWEST, GAD_7, PHQ_4, Scale, marks, reliable_mark, wilson
from pipelines.weeks.entries import Part, Question
from pipelines.weeks.folding import Person, person, weekly
from pipelines.weeks.sharing import Share

SCALES: Final = (GAD_7, PHQ_4)
ACTIVITY = "activity"


class Count(msgspec.Struct, frozen=True):
    """How many, and the share they are of those who could be told, with its 95 % interval."""

    count: int
    low: float | None
    high: float | None


class Outcome(msgspec.Struct, frozen=True):
    """How many people of one measure did how; `missing` are those too few answers tell of."""

    measure: str
    people: int
    better: Count
    same: Count
    worse: Count
    missing: int


class Outcomes(msgspec.Struct, frozen=True):
    """What a folder of shares comes to; `harmed` is of those who shared what was unwanted."""

    people: int
    measures: tuple[Outcome, ...]
    harmed: Count
    harm_missing: int


def outcomes(shares: Iterable[Share], *, scales: Sequence[Scale] = SCALES) -> Outcomes:
    """Return what shares come to, the newest of each person, by these questionnaires."""
    newest: dict[str, Share] = {}
    for share in sorted(shares, key=lambda one: one.made):
        newest[share.whose] = share
    people = [(one, person(one.told())) for one in newest.values()]
    measures = [_outcome(ACTIVITY, [_activity(one) for _, one in people])]
    for scale in scales:
        found = [_sums(one, scale.name) for _, one in people]
        if any(found):
            measures.append(_outcome(scale.name, [_told(sums, scale) for sums in found]))
    harm = [bool(one.unwanted) for share, one in people if Part.UNWANTED in share.parts]
    return Outcomes(
        people=len(people),
        measures=tuple(measures),
        harmed=_count(sum(harm), len(harm)),
        harm_missing=len(people) - len(harm),
    )


def _outcome(measure: str, told: Sequence[int | None]) -> Outcome:
    known = [one for one in told if one is not None]
    better, same, worse = (_count(known.count(which), len(known)) for which in (1, 0, -1))
    return Outcome(measure, len(told), better, same, worse, len(told) - len(known))


def _count(count: int, total: int) -> Count:
    low, high = wilson(count, total) if total else (None, None)
    return Count(count, low, high)


def _activity(one: Person) -> int | None:
    """Return whether the valued activity became easier (+1) or harder, None for too few answers."""
    answers = one.answers[Question.ACTIVITY]
    if len(answers) < FEWEST:
        return None
    values = weekly(answers, min(answers), max(answers))
    return int(marks(values)[-1])


def _told(sums: tuple[int, int] | None, scale: Scale) -> int | None:
    """Return whether a sum became reliably better (+1) or worse (-1), None where it is unknown."""
    if sums is None:
        return None
    risen = int(reliable_mark(*sums, scale))
    return -risen if scale.lower_is_better else risen


def _sums(one: Person, scale: str) -> tuple[int, int] | None:
    """Return the first and the last sum of a scale, None where there is no second."""
    sums = [each.value for each in one.sums if each.scale == scale]
    return (sums[0], sums[-1]) if len(sums) > 1 else None
