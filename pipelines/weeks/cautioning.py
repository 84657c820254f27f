"""What follows a report of harm, or tension that rose by 2: what is offered, as a code.

After one such practice something gentler is offered; after two of the last three, a pause and a
word with the clinician.
"""

from __future__ import annotations

from enum import StrEnum

from pipelines.weeks.folding import Person

RISE = 2
"""Points by which tension rises, from before a practice to after it, that are too many."""
LAST = 3
TWICE = 2


class Caution(StrEnum):
    """What is offered."""

    NOTHING = "nothing"
    GENTLER = "gentler"
    PAUSE = "pause"


def caution(person: Person) -> Caution:
    """Return what is to be offered before the next practice.

    The last three practices count whose tension was told, and what was told to be unwanted: that
    belongs to the last practice on its day, or stands for one of its own.
    """
    last = _occasions(person)[-LAST:]
    if sum(last) >= TWICE:
        return Caution.PAUSE
    return Caution.GENTLER if last[-1:] == [True] else Caution.NOTHING


def _occasions(person: Person) -> list[bool]:
    """Return of each practice of which something was told whether it was too much, in order."""
    harmed = {one.day for one in person.unwanted}
    of_day: dict[object, list[bool]] = {}
    for one in person.practices:
        told = one.before is not None and one.after is not None
        if told or one.day in harmed:
            rose = (one.after or 0) - (one.before or 0) >= RISE if told else False
            of_day.setdefault(one.day, []).append(rose)
    for day in harmed:
        of_day[day] = [*of_day.get(day, [False])[:-1], True]
    return [rose for day in sorted(of_day, key=str) for rose in of_day[day]]
