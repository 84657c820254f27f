"""All checks, by topic, and how one is tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pipelines.extras import how_to_install
from proof.validation.check import Check, Finding
from proof.validation.goals import (
    breathing,
    closed_forms,
    ecg_breathing,
    episodes,
    foreseen,
    labels,
    live,
    marks,
    neurokit,
    neurokit_departs,
    patterns,
    published,
    quality,
    r_peaks,
    resonance,
    rsa,
    spectra,
    straps,
    toolbox,
    uncertainty,
    weeks,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Checks that belong together, under a heading."""

    title: str
    checks: tuple[Check, ...]


TOPICS = (
    Topic("Measures against closed forms", closed_forms.CHECKS),
    Topic("Patterns, pace and regularity against plain definitions", patterns.CHECKS),
    Topic("Spectra against closed forms", spectra.CHECKS),
    Topic("Live equals offline", live.CHECKS),
    Topic("Straps, time, and the glance", straps.CHECKS),
    Topic("Marks among other moments", marks.CHECKS),
    Topic("Labels", labels.CHECKS),
    Topic("Quality", quality.CHECKS),
    Topic("Uncertainty", uncertainty.CHECKS),
    Topic("Episodes and recovery", episodes.CHECKS),
    Topic("Breathing from intervals", breathing.CHECKS),
    Topic("Breathing-linked swings", rsa.CHECKS),
    Topic("Resonance assessment", resonance.CHECKS),
    Topic("The heart's wave now", foreseen.CHECKS),
    Topic("Weeks of ratings", weeks.CHECKS),
    Topic("Beats from electrocardiograms", r_peaks.CHECKS),
    Topic("Breathing from electrocardiograms", ecg_breathing.CHECKS),
    Topic("Published: the PhysioNet toolbox", toolbox.CHECKS),
    Topic("Published: other programs, and values beside the recordings", published.CHECKS),
    Topic("Beside NeuroKit2, its arguments pinned", neurokit.CHECKS),
    Topic("Where NeuroKit2 departs from published definitions", neurokit_departs.CHECKS),
)
"""In the order in which they are tried and told."""


class UnknownCheckError(ValueError):
    """No check has such a key; the message is one sentence."""


def topics(only: Iterable[str] = ()) -> tuple[Topic, ...]:
    """Return all topics, or those with the checks whose keys are named.

    Raises
    ------
    UnknownCheckError
        If a key is named that no check has.
    """
    wanted = set(only)
    known = {check.key for topic in TOPICS for check in topic.checks}
    for key in sorted(wanted - known):
        raise UnknownCheckError(f'No check is called "{key}"; {_hint(key, known)}.')
    if not wanted:
        return TOPICS
    chosen = (Topic(one.title, tuple(c for c in one.checks if c.key in wanted)) for one in TOPICS)
    return tuple(topic for topic in chosen if topic.checks)


def tried(check: Check, recordings: Path | None) -> Finding:
    """Try a check; what it needs and is not on this machine is a reason, never a fault."""
    try:
        return check.find(recordings)
    except FileNotFoundError as error:
        return Finding("", None, f"{Path(str(error.filename)).name} is not here.")
    except ImportError as error:
        plain = f"{error.name or 'What it needs'} cannot be imported."
        return Finding("", None, how_to_install(error) or plain)


def _hint(key: str, known: Iterable[str]) -> str:
    close = get_close_matches(key, sorted(known), n=1)
    return f'perhaps "{close[0]}"' if close else "docs/validation.md names them all"
