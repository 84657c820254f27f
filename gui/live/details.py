"""The quieter words of the header: when the session began, and a battery that runs low."""

from __future__ import annotations

from datetime import datetime

from pipelines.language import tr
from pipelines.session import THERAPIST, Snapshot, SourceView
from pipelines.words import (
    LOW_BATTERY,
    clock_text,
    consent_text,
    part_text,
    person,
    posture_text,
)


def details(snapshot: Snapshot | None) -> tuple[str, ...]:
    """Return what is worth knowing of a session beside where it is kept."""
    if snapshot is None:
        return ()
    several = len(snapshot.sources) > 1
    batteries = (battery_text(view, several=several) for view in snapshot.sources)
    return tuple(filter(None, (began_text(snapshot.started_wall), *batteries)))


def now_words(snapshot: Snapshot | None) -> tuple[str, ...]:
    """Return what goes on as it was named: the posture, and the part of the session."""
    if snapshot is None:
        return ()
    return tuple(filter(None, (posture_words(snapshot), part_words(snapshot))))


def posture_words(snapshot: Snapshot) -> str:
    """Return the posture that was named, "" where none was."""
    held = (view.condition.posture for view in snapshot.sources if view.role != THERAPIST)
    return ", ".join(posture_text(one) for one in dict.fromkeys(held) if one)


def part_words(snapshot: Snapshot) -> str:
    """Return the part that goes on, and of touch what is known of consent."""
    part = snapshot.hour.going_on()
    if part is None:
        return ""
    since = tr("{part} since {time}", part=part_text(part.name), time=clock_text(part.start))
    return since if part.consent is None else f"{since}, {consent_text(part.consent)}"


def began_text(started: float | None) -> str:
    """Return the time of day at which it began, from seconds since 1970 UTC."""
    if started is None:
        return ""
    return tr("begun at {time:%H:%M}", time=datetime.fromtimestamp(started))


def battery_text(view: SourceView, *, several: bool) -> str:
    """Return how much is left in a strap's battery where it is little, and what to do."""
    left = view.battery_percent
    if left is None or left > LOW_BATTERY:
        return ""
    if several:
        return tr(
            "{person}: battery {percent} %, change it soon", person=person(view), percent=left
        )
    return tr("battery {percent} %, change it soon", percent=left)
