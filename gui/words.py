"""What the screen says: a snapshot put into a few plain words, without Qt and without opinion."""

from __future__ import annotations

from dataclasses import dataclass

from physio.estimate import Estimate
from pipelines.harmless import harmless
from pipelines.session import BaselineBand, Glance, Snapshot, SourceView

FRESH = 5.0
STALE = 15.0
"""Seconds since the last beat: fresh until the first, no reading after the second."""
SEARCH_LONG = 30.0
"""Seconds of searching after which the screen says that no strap was found."""

_CAUSES = {"strap off the skin": "strap off the skin", "signal lost, reconnecting": "link lost"}
_POSITIONS = {
    "below": "Below baseline",
    "a little below": "A little below baseline",
    "near": "Near baseline",
    "a little above": "A little above baseline",
    "above": "Above baseline",
}
_TRUST = {"clear": "Clear reading", "limited": "Limited reading", "none": "No reading"}
_DOTS = {"clear": "full", "limited": "half", "none": "none"}
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six")
_PEOPLE = {"client": "Client", "therapist": "You"}


@dataclass(frozen=True, slots=True)
class Words:
    """One wearer's glance in words, and the shapes that go with them.

    `dot` is "full", "half" or "none"; `arrow` a direction or "" for no arrow; `level` the distance
    from the baseline in spreads, None for no dot on the level; `lines` two lines beside the trust
    words.
    """

    state: str
    position: str
    direction: str
    arrow: str
    trust: str
    lines: tuple[str, str]
    dot: str
    level: float | None = None
    compared: bool = False
    stale: bool = False

    def sentence(self) -> str:
        """Return everything in one line, for a screen reader."""
        parts = (self.position, self.direction, self.trust, *self.lines)
        return ", ".join(part for part in parts if part)


def clock_text(seconds: float) -> str:
    """Return mm:ss since the start; minutes go on counting past the hour."""
    whole = max(int(seconds), 0)
    return f"{whole // 60}:{whole % 60:02d}"


def duration_text(seconds: float) -> str:
    """Return a length of time in plain words."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{max(int(seconds), 0)} seconds"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def rounded(value: float, step: float) -> str:
    """Return `value` rounded to a multiple of `step`, with a true minus sign."""
    nearest = round(round(value / step) * step, 3)
    return f"{nearest + 0.0:g}".replace("-", "−")


def signed(value: float, step: float = 1.0) -> str:
    """Return `value` rounded, with its sign."""
    words = rounded(value, step)
    return words if words.startswith("−") or float(words) == 0 else f"+{words}"


def spread_text(low: float | None, high: float | None, step: float) -> str:
    """Return "± 2" for the interval from low to high, "± ?" where it is not known."""
    if low is None or high is None or low != low or high != high:
        return "± ?"
    return f"± {rounded(max((high - low) / 2, step), step)}"


def value_text(estimate: Estimate | None, step: float) -> tuple[str, str]:
    """Return a value and its uncertainty as two texts, or "no estimate" and nothing."""
    if estimate is None or estimate.value is None:
        return "no estimate", ""
    return rounded(estimate.value, step), spread_text(estimate.low, estimate.high, step)


def band_text(band: BaselineBand | None) -> str:
    """Return the range of the baseline, in bpm."""
    return "none yet" if band is None else f"{rounded(band.low, 1)} to {rounded(band.high, 1)}"


def person(view: SourceView) -> str:
    """Return what a wearer is called on the screen."""
    role = harmless(view.role)
    return _PEOPLE.get(role, role[:1].upper() + role[1:])


def title(snapshot: Snapshot | None) -> str:
    """Return the words at the top left."""
    return "Simulated session" if snapshot is not None and snapshot.simulated else "Session"


def where_kept(snapshot: Snapshot | None, *, reachable: bool) -> str:
    """Return how many straps there are and what becomes of what they send."""
    if snapshot is None or not reachable:
        return "The recorder is not answering"
    straps = _straps(len(snapshot.sources), simulated=snapshot.simulated)
    if snapshot.phase == "paused":
        return f"{straps}, paused: nothing is recorded"
    kept = "saved" if snapshot.phase == "finished" else "recording"
    return f"{straps}, {kept} on this computer only"


def _straps(count: int, *, simulated: bool) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    kind = "simulated strap" if simulated else "strap"
    return f"{number} {kind}" if count == 1 else f"{number} {kind}s"


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
    """
    if snapshot is None or not reachable:
        return _unreachable(known=snapshot is not None)
    compared = view is not None and view.baseline is not None
    if snapshot.phase == "finished":
        return _finished(snapshot, compared=compared)
    if snapshot.trouble is not None and not snapshot.rescued:
        return _quiet(
            "stopped", "Recording stopped", "the reason is above", "Not recording",
            "what came before is kept", compared=compared,
        )  # fmt: skip
    if snapshot.phase == "paused":
        since = f"since {clock_text(snapshot.phase_since)}, P goes on"
        return _quiet(
            "paused", "Paused", since, "No reading", "nothing is recorded", compared=compared
        )
    if view is None or view.last_beat is None:
        return _before_beats(view, now)
    return _with_beats(view, now, last_rate)


def _quiet(
    state: str, position: str, direction: str, trust: str, line: str, *, compared: bool = False
) -> Words:
    return Words(state, position, direction, "", trust, (line, ""), "none", compared=compared)


def _finished(snapshot: Snapshot, *, compared: bool) -> Words:
    lines = ("Enter closes this window", "")
    if snapshot.rescued:
        told = ("the reason is above", "", "Not in its library")
        return Words("finished", "Finished", *told, lines, "none", compared=compared)
    told = (f"{duration_text(snapshot.phase_since)} kept", "", "Saved")
    return Words("finished", "Finished", *told, lines, "full", compared=compared)


def _unreachable(*, known: bool) -> Words:
    waiting = "its recording may be going on" if known else "looking for the session"
    line = "this window keeps looking for it"
    return _quiet("unreachable", "Waiting for the recorder", waiting, "No reading", line)


def _before_beats(view: SourceView | None, now: float) -> Words:
    ready = ("no strap", "Ready when you are", "wear the strap", "No strap found")
    if view is None:
        return _quiet(*ready, "a strap joins by itself")
    searching = view.link in ("", "searching")
    if searching and now - view.link_since > SEARCH_LONG:
        return _quiet(*ready, "still looking for it")
    if searching or view.link == "signal lost, reconnecting":
        return _connecting("Finding the strap", "usually under 20 seconds", "")
    if view.link == "strap off the skin":
        return _connecting("Strap found", "not on the skin yet", "moist contacts help")
    return _connecting("Strap found", "waiting for beats", "")


def _connecting(position: str, direction: str, line: str) -> Words:
    return _quiet("connecting", position, direction, "No reading yet", line)


def _with_beats(view: SourceView, now: float, last_rate: float | None) -> Words:
    waited = age(view, now) or 0.0
    if view.link in _CAUSES or waited > STALE:
        return _gap(view, waited, last_rate)
    if not view.glance.position and view.baseline is None:
        return _warming_up(view, waited)
    return _compared(view, waited)


def _compared(view: SourceView, waited: float) -> Words:
    glance = view.glance
    direction, arrow = _direction(glance)
    return Words(
        "live" if glance.trust == "clear" else "limited",
        _POSITIONS.get(glance.position, "Waiting for beats"),
        direction,
        arrow,
        _TRUST[glance.trust],
        _lines(view, waited),
        _DOTS[glance.trust],
        None if glance.trust == "none" else glance.level,
        compared=True,
        stale=waited > FRESH,
    )


def _warming_up(view: SourceView, waited: float) -> Words:
    first, second = _learning(view)
    trust, dot = _TRUST[view.glance.trust], _DOTS[view.glance.trust]
    lines = ("no comparison yet", _lines(view, waited)[1])
    return Words("warming up", first, second, "", trust, lines, dot, stale=waited > FRESH)


def _gap(view: SourceView, waited: float, last_rate: float | None) -> Words:
    lasting = f"{waited:.0f} s" if waited < 100 else duration_text(waited)
    what = "last beat" if last_rate is None else f"{rounded(last_rate, 1)} bpm was"
    cause = _CAUSES.get(view.link, "no beats")
    return _quiet(
        "gap",
        "Waiting for the strap",
        f"{what} {lasting} ago",
        "No reading",
        f"{cause} for {lasting}",
        compared=view.baseline is not None,
    )


def _learning(view: SourceView) -> tuple[str, str]:
    if view.baseline_progress is None:
        return "No baseline yet", "B takes the last 3 minutes"
    gathered = min(view.baseline_progress, view.baseline_goal)
    progress = f"{clock_text(gathered)} of {clock_text(view.baseline_goal)}"
    return "Learning the baseline", f"{progress}, sitting quietly"


def _direction(glance: Glance) -> tuple[str, str]:
    if glance.direction == "not clear yet":
        return "direction not clear yet", ""
    return glance.direction, glance.direction


def _lines(view: SourceView, waited: float) -> tuple[str, str]:
    ago = f"last beat {waited:.0f} s ago"
    glance = view.glance
    used = f"{100 - view.quality.corrected_percent:.0f} % of beats used"
    second = f"{ago}, {used}" if glance.trust == "clear" else f"{glance.reason or used}, {ago}"
    return _difference(glance), second


def _difference(glance: Glance) -> str:
    if glance.difference_bpm is None:
        return "no comparison now"
    error = glance.difference_error_bpm
    around = "± ?" if error is None else f"± {rounded(max(error, 1), 1)}"
    return f"{signed(glance.difference_bpm)} {around} bpm from baseline"


DISCLAIMER = (
    "Research and education software, not a medical device: it does not diagnose, monitor or "
    "treat.",
    "Numbers can be wrong through movement, talking, irregular beats, medicines or a loose strap. "
    "Stop if you feel unwell.",
)
"""Two lines that About, first start and every report show."""
