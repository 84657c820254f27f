"""What enters a person's own file, and what leaves it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from physio.weeks import GAD_7, PHQ_4
from pipelines.analysis import analyse
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.programmes import PhoneLog, Practised, read_plan, written
from pipelines.session import Pace
from pipelines.store import Library, LibraryError, OwnFile
from pipelines.weeks.entries import (
    AnyEntry,
    Gone,
    Happening,
    PlanKept,
    Practice,
    Resting,
    decoded,
    encoded,
    id_of,
    new_id,
)
from pipelines.weeks.folding import person
from pipelines.weeks.gathering import gathered
from pipelines.words import day_at


def brought_up_to_date(library: Library, own: OwnFile, now: float) -> list[AnyEntry]:
    """Return the entries of an own file, after what the library has practised meanwhile is added.

    Raises
    ------
    LibraryError
        If either cannot be read, or the disk takes no more.
    """
    bodies = own.bodies()
    new = gathered(library, _ids(bodies), now)
    if new:
        own.add([encoded(one) for one in new])
    return [*decoded(bodies), *new]


def let_go(own: OwnFile, entry: str, now: float) -> None:
    """Destroy an entry of any kind, with its key where it has one; only its id is remembered.

    Raises
    ------
    LibraryError
        If the disk takes no more.
    """
    gone = Gone(id=entry, day=day_at(now), at=now)
    own.keep_only(lambda body: id_of(body) != entry, [encoded(gone)])


def not_there_yet(theirs: Sequence[bytes], ours: Sequence[bytes]) -> list[bytes]:
    """Return the entries of another own file that are new to ours; what was let go stays gone."""
    there = set(ours)
    gone = {one.id for one in decoded(ours) if isinstance(one, Gone)}
    return [one for one in theirs if one not in there and id_of(one) not in gone]


def plan_kept(path: Path, entries: Iterable[AnyEntry], now: float) -> list[bytes]:
    """Return a plan in a file as an entry, nothing where it is the one that is kept.

    Raises
    ------
    BadPlan
        If it is none.
    """
    text = written(read_plan(path))
    if text == person(entries).plan:
        return []
    return [encoded(PlanKept(id=new_id(), day=day_at(now), at=now, text=text))]


def phone_kept(log: PhoneLog, ours: Sequence[bytes], now: float) -> list[bytes]:
    """Return the practices of a phone's log that are new to ours, each with its note beside it.

    The same log may come twice, and a longer one after it.
    """
    known = _ids(ours)
    new = [entry for one in log.practices for entry in _of_phone(log.plan, one, now)]
    return [encoded(one) for one in new if one.id not in known]


def _of_phone(plan: str, one: Practised, now: float) -> Iterator[AnyEntry]:
    own, day = f"{plan or 'phone'}-{one.started.timestamp():.0f}", one.started.date()
    yield Practice(
        id=own,
        day=day,
        at=now,
        seconds=float(one.breathed_s),
        hour=one.started.hour,
        before=one.tension_before,
        after=one.tension_after,
    )
    if words := harmless(one.note).strip():
        yield Happening(id=f"{own}-note", day=day, at=now, words=words)


def refuse_sum(scale: str, value: int) -> None:
    """Refuse a sum that a questionnaire cannot come to.

    Raises
    ------
    LibraryError
        In one sentence.
    """
    highest = {one.name: one.highest for one in (GAD_7, PHQ_4)}.get(scale)
    if highest is not None and value > highest:
        raise LibraryError(
            tr("A sum of {scale} lies from 0 to {highest}.", scale=scale, highest=highest)
        )


def resting_of(
    library: Library, session: str, posture: str, entries: Iterable[AnyEntry]
) -> Resting:
    """Return the resting measure of a recording in a posture, of the posture used before.

    Raises
    ------
    LibraryError
        If a guide breathed in it, the posture is another than before, or it cannot be measured.
    """
    before = {one.posture for one in person(entries).resting}
    if before and posture not in before:
        raise LibraryError(
            tr("Resting measures compare in one posture; yours was another until now.")
        )
    events = library.events(session)
    if any(isinstance(one, Pace) and one.breathes for one in events):
        raise LibraryError(
            tr("A practice is no rest, as a guide breathed in it; name a quiet recording.")
        )
    results = analyse(events)
    value = results[0].measures["ln_rmssd"].value if results else None
    if value is None:
        raise LibraryError(tr("This recording is too short or too unclear for a resting measure."))
    info = library.session(session)
    return Resting(
        id=new_id(), day=day_at(info.started), at=info.started, ln_rmssd=value, posture=posture
    )


def _ids(bodies: Iterable[bytes]) -> Collection[str]:
    return {found for body in bodies if (found := id_of(body)) is not None}
