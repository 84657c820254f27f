"""The breathing guide of a session as its log tells it: when it breathed, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

from physio.breathing.pacer import Pacer, Piece, Ratio
from pipelines.session.events import Pace


@dataclass(frozen=True, slots=True)
class Guided:
    """A stretch in seconds on the session clock in which a guide breathed without a rest."""

    pacer: Pacer
    start: float
    end: float


def guides_of(paces: Iterable[Pace], until: float) -> tuple[Guided, ...]:
    """Return the guide of each stretch between rests, the last one `until` (s) at the latest.

    A guide begins with a breath; where its rate is told anew, the breath goes on at that rate. An
    easing guide is told every tenth of a breath/min, so its phase is right to a hundredth of a
    breath or so.
    """
    found: list[Guided] = []
    pacer: Pacer | None = None
    for pace in paces:
        if pace.rate is not None:
            pacer = _going_on(pacer, pace.time, pace.rate, pace.inhale)
        elif pacer is not None:
            found.append(Guided(pacer, pacer.pieces[0].time, pace.time))
            pacer = None
    if pacer is not None:
        found.append(Guided(pacer, pacer.pieces[0].time, until))
    return tuple(guided for guided in found if guided.end > guided.start)


def _going_on(pacer: Pacer | None, time: float, rate: float, inhale: float) -> Pacer:
    """Return the guide breathing at another rate from `time` (s) on, or beginning there."""
    phase = 0.0 if pacer is None else float(pacer.phase(time))
    piece, share = Piece(time, phase, rate, 0.0), Ratio(phase, inhale)
    if pacer is None:
        return Pacer((piece,), (replace(share, cycle=-inf),))
    return Pacer((*pacer.pieces, piece), (*pacer.ratios, share))
