"""The breathing guide of a session as its log tells it: when it breathed, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import floor, inf

from physio.breathing.pacer import Pacer, Piece, Ratio
from pipelines.session.events import Pace

KNOWN = 240.0
"""Seconds: longer than anything looks back from what a guide does now."""


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
    pieces: list[Piece] = []
    ratios: list[Ratio] = []
    for pace in paces:
        if (rate := _rate(pace)) is not None:
            piece, ratio = _going_on(pieces[-1] if pieces else None, pace, rate)
            pieces.append(piece)
            ratios.append(ratio)
        elif pieces:
            found.append(Guided(Pacer(tuple(pieces), tuple(ratios)), pieces[0].time, pace.time))
            pieces, ratios = [], []
    if pieces:
        found.append(Guided(Pacer(tuple(pieces), tuple(ratios)), pieces[0].time, until))
    return tuple(guided for guided in found if guided.end > guided.start)


def guide_after(pacer: Pacer | None, pace: Pace) -> Pacer | None:
    """Return the guide that is on after it was told so, None for a rest.

    It knows of no more than the last `KNOWN` seconds: what is asked of it lies there, and a guide
    may be told anew for hours.
    """
    if (rate := _rate(pace)) is None:
        return None
    piece, ratio = _going_on(pacer.pieces[-1] if pacer else None, pace, rate)
    if pacer is None:
        return Pacer((piece,), (ratio,))
    pieces, ratios = (*pacer.pieces, piece), (*pacer.ratios, ratio)
    since = pace.time - KNOWN
    first = next(at for at, one in enumerate(pieces) if one is piece or pieces[at + 1].time > since)
    begun = floor(_phase(pieces[first], since))  # a breath keeps the ratio that it began with
    kept = max(at for at, one in enumerate(ratios) if one.cycle <= begun or not at)
    return Pacer(pieces[first:], (replace(ratios[kept], cycle=-inf), *ratios[kept + 1 :]))


def _rate(pace: Pace) -> float | None:
    return pace.rate if pace.breathes else None


def _going_on(before: Piece | None, pace: Pace, rate: float) -> tuple[Piece, Ratio]:
    """Return how a guide breathes from `pace` on, in the middle of a breath or beginning one."""
    if before is None:
        return Piece(pace.time, 0.0, rate, 0.0), Ratio(-inf, pace.inhale)
    phase = _phase(before, pace.time)
    return Piece(pace.time, phase, rate, 0.0), Ratio(phase, pace.inhale)


def _phase(piece: Piece, time: float) -> float:
    return piece.phase + (time - piece.time) / 60.0 * piece.rate
