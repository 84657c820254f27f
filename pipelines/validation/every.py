"""All checks, by topic, and how one is tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from pipelines.validation.check import Check, Finding

TOPICS = (
    ("closed_forms", "Measures against closed forms"),
    ("patterns", "Patterns, pace and regularity against plain definitions"),
    ("spectra", "Spectra against closed forms"),
    ("live", "Live equals offline"),
    ("labels", "Labels"),
    ("quality", "Quality"),
    ("uncertainty", "Uncertainty"),
    ("breathing", "Breathing from intervals"),
    ("rsa", "Breathing-linked swings"),
    ("r_peaks", "Beats from electrocardiograms"),
    ("ecg_breathing", "Breathing from electrocardiograms"),
    ("toolbox", "Published: the PhysioNet toolbox"),
    ("published", "Published: other programs, and values beside the recordings"),
    ("neurokit", "Beside NeuroKit2, its arguments pinned"),
    ("neurokit_departs", "Where NeuroKit2 departs from published definitions"),
)
"""Module and heading of each topic, in the order in which they are tried and told."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Checks that belong together, under a heading."""

    title: str
    checks: tuple[Check, ...]


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
    every = tuple(Topic(title, _checks(module)) for module, title in TOPICS)
    known = {check.key for topic in every for check in topic.checks}
    for key in sorted(wanted - known):
        raise UnknownCheckError(f'No check is called "{key}"; {_hint(key, known)}.')
    if not wanted:
        return every
    chosen = (Topic(one.title, tuple(c for c in one.checks if c.key in wanted)) for one in every)
    return tuple(topic for topic in chosen if topic.checks)


def tried(check: Check, recordings: Path | None) -> Finding:
    """Try a check; what it needs and is not on this machine is a reason, never a fault."""
    try:
        return check.find(recordings)
    except FileNotFoundError as error:
        return Finding("", None, f"{Path(str(error.filename)).name} is not here.")
    except ImportError as error:
        return Finding("", None, f"{error.name or 'What it needs'} cannot be imported.")


def _checks(module: str) -> tuple[Check, ...]:
    # Imported when used: the command that lists them need not wait for all of them.
    found: tuple[Check, ...] = import_module(f"pipelines.validation.goals.{module}").CHECKS
    return found


def _hint(key: str, known: Iterable[str]) -> str:
    close = get_close_matches(key, sorted(known), n=1)
    return f'perhaps "{close[0]}"' if close else "docs/validation.md names them all"
