"""Why a value is withheld, weakened or doubtful: a code with its figures, without any words.

What is compared and stored is the code; `pipelines.words` makes a sentence of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum, auto

Figure = float | str


class ReasonCode(StrEnum):
    """What may be wrong; the figures that go with it stand behind it.

    Examples
    --------
    >>> import physio
    >>> physio.ReasonCode("too_few_blocks").name
    'TOO_FEW_BLOCKS'
    """

    NO_BEATS = auto()
    NO_BEATS_YET = auto()
    NO_INTERVALS = auto()
    NO_BEATS_FOR = auto()
    """`seconds`."""
    LITTLE_COVERED = auto()
    """`percent` of the window that beats cover."""
    MUCH_MISSING = auto()
    """`percent` of the time."""
    LABELLED = auto()
    """`percent` of the beats."""
    COARSE = auto()
    """`step` of the intervals in ms, and `percent` by which it moves RMSSD."""
    REPEATED = auto()
    """`percent` of the intervals that are equal to the one before."""
    TOO_IRREGULAR = auto()
    IN_STEP = auto()
    FEW_IN_RECORDING = auto()
    """`have` beats in all."""
    GAP_INSIDE = auto()
    TOO_FEW_BEATS = auto()
    """`needed` beats."""
    TOO_SHORT = auto()
    """`needed` seconds of a window."""
    NO_UNBROKEN_STRETCH = auto()
    """`needed` seconds."""
    TOO_FEW_BLOCKS = auto()
    OUTSIDE_BLOCKS = auto()
    LITTLE_READABLE = auto()
    """`percent` of the recording."""
    FEW_USABLE = auto()
    """`percent` of the beats."""
    MAY_BE_SLOW_WAVE = auto()
    NOT_FINITE = auto()
    WHILE_TALKING = auto()
    WHILE_TALKING_LIKELY = auto()
    LEFT_OUT = auto()

    NO_VARIATION = auto()
    FEW_NORMAL = auto()
    FEW_NORMAL_IN_A_ROW = auto()
    FEW_OR_UNSTEADY = auto()
    FEW_OR_UNCHANGING = auto()
    FEW_FOR_BOX = auto()
    FEW_ANCHORS = auto()
    NOTHING_ALIKE = auto()
    NO_POWER_IN_BAND = auto()
    NO_FAST_POWER = auto()
    NO_LONG_TREND = auto()
    NO_BREATHING_RHYTHM = auto()
    NO_BREATHING_SIGNAL = auto()
    NO_FAST_BREATHING = auto()

    LAST_BEAT_AGO = auto()
    """`seconds`."""
    FIRST_BEATS = auto()
    CORRECTED = auto()
    """`percent` of the beats."""
    LITTLE_OF_MINUTE = auto()
    """`percent` of the last minute that beats cover."""
    IRREGULAR = auto()
    TALKING = auto()
    TALKING_LIKELY = auto()
    MORE_THAN_TIME = auto()
    """`times` the time that passed."""
    LIKE_MILLISECONDS = auto()
    WHICH_SIDE = auto()

    NO_BASELINE_YET = auto()
    NO_BASELINE_CHOSEN = auto()
    NO_BASELINE_OF_ROLE = auto()
    """`role` that the baseline's recording lacks."""
    BASELINE_TOO_SHORT = auto()
    """`needed`, `have` and `better` seconds with beats."""
    NO_BASELINE_OF_POSTURE = auto()
    NO_BASELINE_OF_TALKING = auto()
    POSTURE_CHANGED = auto()
    SEVERAL_POSTURES = auto()
    MOVING = auto()
    NO_HEART_RATE = auto()
    ALONE_PACED = auto()
    ALONE_IN_BASELINE = auto()
    ALONE_NOW = auto()
    ALONE_OTHERWISE = auto()

    NO_MINUTE_BEFORE = auto()
    NO_MINUTE_AFTER = auto()
    LITTLE_BESIDE = auto()
    """`percent` of a minute beside a mark that beats cover."""
    FEW_OTHER_MINUTES = auto()
    """`have` and `needed` minutes of other moments."""
    FEW_MARKS = auto()

    ECG_NO_SIGNAL = auto()
    ECG_NO_HEARTBEATS = auto()
    ECG_UNLIKE = auto()


class Reason:
    """A code and its figures: frozen, equal to another of the same code and figures, hashable.

    No dataclass: a line of JSON holds it as a sentence and the pipe as a code, and msgspec leaves
    to its hooks what it does not know.

    Parameters
    ----------
    code : ReasonCode
        What is wrong.
    **figures : float or str
        What the sentence tells beside it.

    Examples
    --------
    >>> import physio
    >>> reason = physio.Reason(physio.ReasonCode.TOO_FEW_BEATS, needed=30)
    >>> reason.code.value, reason.figures
    ('too_few_beats', {'needed': 30})
    """

    __slots__ = ("_code", "_figures")

    def __init__(self, code: ReasonCode, **figures: Figure) -> None:
        self._code = code
        self._figures = tuple(figures.items())

    @property
    def code(self) -> ReasonCode:
        """What is wrong."""
        return self._code

    @property
    def figures(self) -> dict[str, Figure]:
        """What the sentence tells beside it, by name."""
        return dict(self._figures)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reason):
            return NotImplemented
        return self._code is other._code and self._figures == other._figures

    def __hash__(self) -> int:
        # An enumeration's own hash is written in Python, and a live panel asks at every beat.
        return hash((str.__hash__(self._code), self._figures))

    def __repr__(self) -> str:
        figures = "".join(f", {name}={value!r}" for name, value in self._figures)
        return f"Reason({self._code.name}{figures})"


class ReasonTable:
    """Reasons by number, so that arrays of thousands of windows hold small integers; 0 is none."""

    def __init__(self, reasons: Iterable[Reason | None] = ()) -> None:
        self._number: dict[Reason | None, int] = {None: 0}
        for reason in reasons:
            self.number(reason)

    def number(self, reason: Reason | None) -> int:
        """Return the number of a reason, a new one at its first mention."""
        return self._number.setdefault(reason, len(self._number))

    @property
    def reasons(self) -> tuple[Reason | None, ...]:
        """All of them; each stands at its number."""
        return tuple(self._number)
