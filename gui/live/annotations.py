"""Everything in the plots that is not a line: gaps, hatches, caps, corrected beats, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gui.live.lane import Lane
from gui.shared import scene
from gui.shared.scene import Cap, Stretch
from physio.arousal.glance import TrustLevel
from pipelines.session import MarkView, PhaseName, Points, Snapshot, SourceView


@dataclass(frozen=True, slots=True)
class Annotations:
    """What lies over the lines, in session time.

    `hatches` hold one list for each lane; `ends` say how far the glance trusts each line, None
    where it has ended in a gap.
    """

    brackets: tuple[Stretch, ...]
    hatches: tuple[tuple[Stretch, ...], ...]
    caps: tuple[Cap, ...]
    corrected: tuple[tuple[tuple[float, ...], str], ...]
    marks: tuple[MarkView, ...]
    ends: tuple[TrustLevel | None, ...]


def annotate(
    snapshot: Snapshot,
    people: Sequence[tuple[SourceView, Points]],
    lanes: Sequence[Lane],
    names: Sequence[str],
) -> Annotations:
    """Return what lies over the lines of these lanes, the first of which is the heart rate's."""
    talking, paused = scene.talking_stretches(snapshot.talking), snapshot.phase is PhaseName.PAUSED
    moving = scene.moving_stretches(snapshot.hour.parts)
    told: list[Stretch] = []
    brackets, caps = list(talking), []
    gaps: list[Stretch] = []
    for (view, points), name, line in zip(people, names, lanes[0].lines, strict=False):
        own = scene.gap_stretches(view.quality.gaps, snapshot.time, name=name)
        if paused:
            own += scene.pause(points, own, snapshot.phase_since, snapshot.time, name=name)
        elif snapshot.phase is not PhaseName.FINISHED:
            own += scene.silence(points, own, snapshot.time, name=name, last_beat=view.last_beat)
        gaps += own
        caps += scene.caps(points, line.values, own)
        told += scene.settling_stretches(view)
        brackets += _named(name, scene.posture_stretches(view))
        brackets += own + _named(name, scene.limited_stretches(points, talking + own))
        if len(lanes[0].lines) > 1:  # with two lines there is no room for hatches
            held = scene.withheld_stretches(points, line.values, own, [])
            brackets += _named(name, held)
    corrected = scene.corrected_groups(*(points for _, points in people))
    return Annotations(
        tuple(sorted(brackets, key=lambda b: b.start)),
        tuple(_hatches(lane, gaps, talking, (*moving, *told)) for lane in lanes),
        tuple(caps),
        tuple((tuple(times), words) for times, words in corrected),
        snapshot.marks,
        tuple(view.glance.trust if not paused and _goes_on(view) else None for view, _ in people),
    )


def _goes_on(view: SourceView) -> bool:
    return all(gap.end is not None for gap in view.quality.gaps)


def _named(name: str, found: Sequence[Stretch]) -> list[Stretch]:
    return [Stretch(s.start, s.end, f"{name}{s.words}") for s in found]


def _hatches(
    lane: Lane,
    gaps: Sequence[Stretch],
    talking: Sequence[Stretch],
    told: Sequence[Stretch],
) -> tuple[Stretch, ...]:
    if len(lane.lines) != 1:  # with two lines, one may be missing where the other is drawn
        return ()
    line = lane.lines[0]
    return tuple(scene.withheld_stretches(line.points, line.values, gaps, talking, told))
