"""Why a recording is not read: one sentence, and the bounds of what any recording holds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.language import tr

LONGEST_GAP: Final = 3_600_000.0
"""Milliseconds; a longer value is no interval of any recording, and its time is not known."""

LONGEST_RECORDING: Final = 30 * 86_400.0
"""Seconds; times further apart than this are not those of one recording."""

MOST_INTERVALS: Final = 6_000_000
"""More than a heart beats in `LONGEST_RECORDING`: 30 days at 139 beats a minute."""


class FormatError(ValueError):
    """A recording that cannot be read, in one sentence: what, where, what to do.

    Parameters
    ----------
    path : Path
        The file; its path as given begins the sentence.
    what : str
        What was found, with the line where it is known; never the data themselves.
    hint : str
        What the person can do.
    """

    def __init__(self, path: Path, what: str, hint: str) -> None:
        super().__init__(f"{_short(str(path))}: {what}; {hint}")
        self.path = path
        self.what = what
        self.hint = hint


_LONGEST_PATH = 255


def _short(path: str) -> str:
    """Return a path as it was given, of a very long one its two ends."""
    return path if len(path) <= _LONGEST_PATH else f"{path[:80]}...{path[-80:]}"


def no_intervals(path: Path) -> FormatError:
    """Return the refusal of a file in which no interval stands."""
    return FormatError(path, tr("it holds no intervals"), tr("choose a recording of RR intervals"))


def no_recording(path: Path) -> FormatError:
    """Return the refusal of JSON, which describes recordings and holds none that can be read."""
    what = tr("it is JSON, which holds no recording that can be read")
    return FormatError(path, what, tr("choose the recording that it describes"))


def no_signals(path: Path) -> FormatError:
    """Return the refusal of a channel where a file has none."""
    what = tr("it holds intervals, not channels of signals")
    return FormatError(path, what, tr("leave --channel and --breathing out"))


def too_many(path: Path) -> FormatError:
    """Return the refusal of more intervals than a recording has."""
    what = tr(
        "it holds more than {most_intervals} intervals, which is more than 30 days",
        most_intervals=MOST_INTERVALS,
    )
    return FormatError(path, what, tr("cut the recording"))


def too_long(path: Path) -> FormatError:
    """Return the refusal of times that are not those of one recording."""
    what = tr("its times reach over more than 30 days")
    return FormatError(path, what, tr("check the unit of the times, or cut the recording"))
