"""What a glance at one wearer says: a snapshot in a few plain words, without Qt or opinion."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from devices.link import LinkState
from physio.arousal.glance import Direction, TrustLevel
from physio.beats import GapCause
from physio.reasons import Reason, ReasonCode
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.session import CLIENT, THERAPIST, Fate, Glance, PhaseName, Snapshot, SourceView
from pipelines.words.codes import (
    baseline_text,
    cause_text,
    direction_text,
    position_text,
    reason_text,
    trust_text,
)
from pipelines.words.numbers import clock_text, duration_text, rounded, signed

FRESH = 5.0
STALE = 15.0
"""Seconds since the last beat: fresh until the first, no reading after the second."""
LARGE_WORDS_HOLD = 10.0
"""Seconds for which a large word stays at least: no counter ticks in large type."""
SEARCH_LONG = 30.0
"""Seconds of searching after which the screen says that no strap was found."""

_CAUSES = {LinkState.OFF_SKIN: GapCause.STRAP_OFF, LinkState.LOST: GapCause.LINK_LOST}
_DOTS = {TrustLevel.CLEAR: "full", TrustLevel.LIMITED: "half", TrustLevel.NONE: "none"}
_NUMBERS = (
    translatable("No"),
    translatable("One"),
    translatable("Two"),
    translatable("Three"),
    translatable("Four"),
    translatable("Five"),
    translatable("Six"),
)
_FINISHED = translatable("Finished")
_NOT_KEPT = {
    Fate.EMPTY: (_FINISHED, translatable("nothing was recorded"), translatable("no beat arrived")),
    Fate.UNREACHED: (
        translatable("No strap can be reached"),
        translatable("the reason is above"),
        translatable("nothing was recorded"),
    ),
    Fate.THROWN: (_FINISHED, translatable("thrown away"), translatable("nothing of it is kept")),
}
_UNCOMPARED = {
    ReasonCode.POSTURE_CHANGED: translatable("Posture changed"),
    ReasonCode.NO_BASELINE_OF_POSTURE: translatable("No comparison"),
    ReasonCode.NO_BASELINE_OF_TALKING: translatable("No comparison"),
    ReasonCode.MOVING: translatable("Moving"),
}
_INSTEAD = {
    ReasonCode.POSTURE_CHANGED: translatable("no comparison for two minutes"),
    ReasonCode.NO_BASELINE_OF_POSTURE: translatable("no baseline in this posture, B takes it"),
    ReasonCode.NO_BASELINE_OF_TALKING: translatable("no baseline of talking, B takes it"),
    ReasonCode.MOVING: translatable("no comparison while moving"),
}
_MEMBER: Final = re.compile(r"member (\d+)")
_PEOPLE = {CLIENT: translatable("Client"), THERAPIST: translatable("You")}


@dataclass(frozen=True, slots=True)
class Words:
    """One wearer's glance in words, and the shapes that go with them.

    `dot` is "full", "half" or "none"; `arrow` a direction, None for no arrow; `level` the distance
    from the baseline in spreads, None for no dot on the level; `lines` two lines beside the trust
    words, of which `aside` is what makes a reading less than clear; `learnt` the share that has
    been gathered of a baseline, None unless one is being gathered.
    """

    state: str
    position: str
    direction: str
    arrow: Direction | None
    trust: str
    lines: tuple[str, str]
    dot: str
    aside: str = ""
    level: float | None = None
    compared: bool = False
    stale: bool = False
    learnt: float | None = None

    def sentence(self) -> str:
        """Return everything in one line, for a screen reader."""
        parts = (self.position, self.direction, self.trust, *self.lines)
        return ", ".join(part for part in parts if part)


def person(view: SourceView) -> str:
    """Return what a wearer is called on the screen."""
    role = harmless(view.role)
    if role in _PEOPLE:
        return tr(_PEOPLE[role])
    member = _MEMBER.fullmatch(role)
    return _capital(role) if member is None else tr("Member {number}", number=member[1])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def title(snapshot: Snapshot | None) -> str:
    """Return the words at the top left."""
    if snapshot is not None and snapshot.replayed:
        return tr("Replay of a recording")
    simulated = snapshot is not None and snapshot.simulated
    return tr("Simulated session") if simulated else tr("Session")


def where_kept(snapshot: Snapshot | None, *, reachable: bool) -> str:
    """Return how many straps there are and what becomes of what they send."""
    if snapshot is None or not reachable:
        return tr("The recorder is not answering")
    straps = _straps(snapshot)
    if snapshot.phase is PhaseName.PAUSED:
        return tr("{straps}, paused: nothing is recorded", straps=straps)
    if snapshot.fate is not Fate.KEPT:
        return tr("{straps}, nothing is kept", straps=straps)
    if snapshot.phase is PhaseName.FINISHED:
        return tr("{straps}, saved on this computer only", straps=straps)
    if snapshot.hour.listening and snapshot.hour.guessing:
        return tr("{straps}, recording here only, microphone on, guessing", straps=straps)
    if snapshot.hour.listening:
        return tr("{straps}, recording here only, microphone on", straps=straps)
    if snapshot.hour.guessing:
        return tr("{straps}, recording here only, guessing", straps=straps)
    return tr("{straps}, recording on this computer only", straps=straps)


def _straps(snapshot: Snapshot) -> str:
    count = len(snapshot.sources)
    number = tr(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)
    if snapshot.replayed:
        return trn("{number} recorded strap", "{number} recorded straps", count, number=number)
    if snapshot.simulated:
        return trn("{number} simulated strap", "{number} simulated straps", count, number=number)
    return trn("{number} strap", "{number} straps", count, number=number)


def age(view: SourceView, now: float) -> float | None:
    """Return the seconds since the last beat arrived, None before the first."""
    return None if view.last_beat is None else max(now - view.last_beat, 0.0)


def read(
    snapshot: Snapshot | None,
    view: SourceView | None,
    *,
    now: float,
    last_rate: float | None,
    reachable: bool,
    caught_up: bool = True,
) -> Words:
    """Return what to say of one wearer.

    Parameters
    ----------
    snapshot, view : Snapshot or None, SourceView or None
        The newest state, and the wearer in it; None before either is known.
    now : float
        Session time in seconds.
    last_rate : float or None
        The newest heart rate drawn, in bpm.
    reachable : bool
        Whether the recorder answered within the last seconds.
    caught_up : bool
        Whether all that happened before is at hand; nothing is claimed from a part of it.
    """
    if snapshot is None and reachable and not caught_up:
        return _catching_up()
    if snapshot is None or not reachable:
        return _unreachable(known=snapshot is not None)
    compared = view is not None and view.has_baseline
    if snapshot.phase is PhaseName.FINISHED:
        return _finished(snapshot, view, compared=compared)
    if snapshot.trouble is not None and not snapshot.rescued:
        return _quiet(
            "stopped",
            tr("Recording stopped"),
            tr("the reason is above"),
            tr("Not recording"),
            tr("what came before is kept"),
            compared=compared,
        )
    if snapshot.phase is PhaseName.PAUSED:
        since = tr("since {time}, P goes on", time=clock_text(snapshot.phase_since))
        no_reading = trust_text(TrustLevel.NONE)
        nothing = tr("nothing is recorded")
        return _quiet("paused", tr("Paused"), since, no_reading, nothing, compared=compared)
    if not caught_up:
        return _catching_up()
    if view is None or view.last_beat is None:
        return _before_beats(view, now)
    return _with_beats(view, now, last_rate)


def _quiet(
    state: str, position: str, direction: str, trust: str, line: str, *, compared: bool = False
) -> Words:
    return Words(
        state, position, direction, None, trust, (line, ""), "none", line, compared=compared
    )


def _finished(snapshot: Snapshot, view: SourceView | None, *, compared: bool) -> Words:
    lines = _readable(view)
    if snapshot.rescued:
        told = (tr("the reason is above"), None, tr("Not in its library"))
        return Words("finished", tr("Finished"), *told, lines, "none", compared=compared)
    if snapshot.fate is not Fate.KEPT:
        return _not_kept(snapshot.fate, compared=compared)
    kept = tr("{duration} kept", duration=duration_text(snapshot.phase_since))
    told = (kept, None, tr("Saved"))
    return Words("finished", tr("Finished"), *told, lines, "full", compared=compared)


def _readable(view: SourceView | None) -> tuple[str, str]:
    """Return how much of a session could be read."""
    if view is None:
        return "", ""
    covered = tr("{percent:.0f} % of it could be read", percent=view.quality.coverage_percent)
    return covered, _used(view)


def _not_kept(fate: Fate, *, compared: bool) -> Words:
    position, direction, line = map(tr, _NOT_KEPT[fate])
    told = (position, direction, None, tr("Not kept"))
    return Words("finished", *told, (line, ""), "none", compared=compared)


def _unreachable(*, known: bool) -> Words:
    waiting = tr("its recording may be going on") if known else tr("looking for the session")
    line = tr("this window keeps looking for it")
    no_reading = trust_text(TrustLevel.NONE)
    return _quiet("unreachable", tr("Waiting for the recorder"), waiting, no_reading, line)


def _catching_up() -> Words:
    line = tr("the recording goes on meanwhile")
    no_reading = tr("No reading yet")
    return _quiet("catching up", tr("Catching up"), tr("fetching the session"), no_reading, line)


def _before_beats(view: SourceView | None, now: float) -> Words:
    ready = ("no strap", tr("Ready when you are"), tr("wear the strap"), tr("No strap found"))
    if view is None:
        return _quiet(*ready, tr("a strap joins by itself"))
    searching = view.link in (None, LinkState.SEARCHING)
    if searching and now - view.link_since > SEARCH_LONG:
        return _quiet(*ready, tr("still looking for it"))
    if searching or view.link is LinkState.LOST:
        return _connecting(tr("Finding the strap"), tr("usually under 20 seconds"), "")
    if view.link is LinkState.OFF_SKIN:
        on_skin = tr("not on the skin yet")
        return _connecting(tr("Strap found"), on_skin, tr("moist contacts help"))
    if view.lacks_intervals:
        return _no_intervals(view)
    return _connecting(tr("Strap found"), tr("waiting for beats"), "")


def _no_intervals(view: SourceView) -> Words:
    heart_rate_alone = tr("it tells heart rate alone")
    no_reading = trust_text(TrustLevel.NONE)
    return _quiet("no intervals", tr("Device found"), heart_rate_alone, no_reading, _aside(view))


def _connecting(position: str, direction: str, line: str) -> Words:
    return _quiet("connecting", position, direction, tr("No reading yet"), line)


def _with_beats(view: SourceView, now: float, last_rate: float | None) -> Words:
    waited = age(view, now) or 0.0
    if view.link in _CAUSES or waited > STALE:
        return _gap(view, waited, last_rate)
    if view.uncompared is not None:
        return _uncompared(view, view.uncompared, waited)
    if not view.glance.position and view.baseline is None:
        return _warming_up(view, waited)
    return _compared(view, waited)


def _uncompared(view: SourceView, reason: Reason, waited: float) -> Words:
    """Return what is said while there is a baseline, and nothing to compare with it now."""
    words = _compared(view, waited)
    aside = _aside(view) or reason_text(reason)
    return replace(
        words,
        state="limited",
        position=tr(_UNCOMPARED[reason.code]),
        lines=(tr(_INSTEAD[reason.code]), words.lines[1]),
        aside=aside,
        level=None,
        compared=view.baseline is not None,
    )


def _compared(view: SourceView, waited: float) -> Words:
    glance = view.glance
    direction, arrow = _direction(glance)
    return Words(
        "live" if glance.trust is TrustLevel.CLEAR else "limited",
        _capital(position_text(glance.position)) or _nowhere(waited),
        direction,
        arrow,
        trust_text(glance.trust),
        _lines(view, waited),
        _DOTS[glance.trust],
        _aside(view),
        None if glance.trust is TrustLevel.NONE else glance.level,
        compared=True,
        stale=waited > FRESH,
    )


def _nowhere(waited: float) -> str:
    return tr("Waiting for beats") if waited > FRESH else tr("Not clear just now")


def _warming_up(view: SourceView, waited: float) -> Words:
    first, second = _learning(view)
    trust, dot = trust_text(view.glance.trust), _DOTS[view.glance.trust]
    gathering = view.baseline_progress is not None and waited <= FRESH and not _aside(view)
    line = _left(view) if gathering else _lines(view, waited)[1]
    return Words(
        "warming up",
        first,
        second,
        None,
        trust,
        (tr("no comparison yet"), line),
        dot,
        _aside(view),
        stale=waited > FRESH,
        learnt=_learnt(view),
    )


def _gap(view: SourceView, waited: float, last_rate: float | None) -> Words:
    return _quiet(
        "gap",
        tr("Waiting for the strap"),
        _last_known(last_rate, _lasting(_in_steps(waited))),
        trust_text(TrustLevel.NONE),
        _silence(view.link, _lasting(waited)),
        compared=view.has_baseline,
    )


def _in_steps(seconds: float) -> float:
    """Return seconds in whole steps of ten, which large words hold before they change."""
    return max(seconds // LARGE_WORDS_HOLD, 1.0) * LARGE_WORDS_HOLD


def _lasting(seconds: float) -> str:
    return tr("{seconds:.0f} s", seconds=seconds) if seconds < 100 else duration_text(seconds)


def _last_known(last_rate: float | None, lasting: str) -> str:
    if last_rate is None:
        return tr("last beat {lasting} ago", lasting=lasting)
    return tr("{rate} bpm was {lasting} ago", rate=rounded(last_rate, 1), lasting=lasting)


def _silence(link: LinkState | None, lasting: str) -> str:
    if link not in _CAUSES:
        return tr("no beats for {lasting}", lasting=lasting)
    return tr("{cause} for {lasting}", cause=cause_text(_CAUSES[link]), lasting=lasting)


def _learning(view: SourceView) -> tuple[str, str]:
    if view.baseline_progress is None:
        return tr("No baseline yet"), tr("B takes 3 minutes")
    return tr("Learning the baseline"), tr("sitting quietly")


def _learnt(view: SourceView) -> float | None:
    """Return the share of the baseline that has been gathered, None where none is."""
    if view.baseline_progress is None:
        return None
    return min(view.baseline_progress / view.baseline_goal, 1.0)


def _left(view: SourceView) -> str:
    minutes = math.ceil((view.baseline_goal - (view.baseline_progress or 0.0)) / 60.0)
    if minutes <= 1:
        return tr("less than a minute left")
    return tr("about {minutes} minutes left", minutes=minutes)


def _direction(glance: Glance) -> tuple[str, Direction | None]:
    arrow = None if glance.direction is Direction.UNCLEAR else glance.direction
    return direction_text(glance.direction), arrow


def _lines(view: SourceView, waited: float) -> tuple[str, str]:
    ago = tr("last beat {seconds:.0f} s ago", seconds=waited)
    aside = _aside(view)
    second = f"{aside}, {ago}" if aside else f"{ago}, {_used(view)}"
    return _difference(view), second


def _aside(view: SourceView) -> str:
    """Return what makes the reading less than clear, "" where it is clear."""
    if view.glance.trust is TrustLevel.CLEAR:
        return ""
    return _used(view) if view.glance.reason is None else reason_text(view.glance.reason)


def _used(view: SourceView) -> str:
    return tr("{percent:.0f} % of beats used", percent=100 - view.quality.corrected_percent)


def _difference(view: SourceView) -> str:
    glance = view.glance
    if glance.level is None:
        return tr("no comparison now")
    if glance.difference_bpm is None or glance.difference_error_bpm is None:
        return tr("too unsteady for a number")
    around = f"± {rounded(max(glance.difference_error_bpm, 1), 1)}"
    difference = signed(glance.difference_bpm)
    return tr(
        "{difference} {error} bpm from {baseline}",
        difference=difference,
        error=around,
        baseline=baseline_text(view.condition),
    )
