"""Presets: the conventions under which a panel is computed, named so that a result can say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType

from physio.hrv.detrend import REGULARIZATION
from physio.hrv.fluctuation import LONG, SHORT, Boxes
from physio.hrv.spectrum import SHORTEST, WELCH_WINDOW

SMALLEST_BOX = 3
"""Beats; less than three lie on a line."""

STIFFEST = 1e6
"""Lambda above which rounding shows in what is left; its trend takes 20 min to turn."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Conventions where programs differ.

    Attributes
    ----------
    name : str
        As results tell it.
    regularization : float or None
        Lambda of the smoothness priors that take the slow trend off before a spectrum; None leaves
        the trend in.
    welch_window : float
        Length of a Welch window in s.
    time_domain_detrended : bool
        Whether the trend is taken off before the time domain too, sample entropy and DFA.
    short_boxes, long_boxes : tuple of int
        Beats in a box, rising, for DFA alpha 1 and alpha 2.

    Raises
    ------
    ValueError
        If the regularization is not above 0 and at most `STIFFEST`, a Welch window is shorter
        than one cycle of LF's lower edge, or boxes do not rise; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> physio.PRESETS["task-force"].regularization is None
    True
    >>> stiff = physio.Preset("mine", regularization=1000)
    """

    name: str
    regularization: float | None = REGULARIZATION
    welch_window: float = WELCH_WINDOW
    time_domain_detrended: bool = False
    short_boxes: Boxes = SHORT
    long_boxes: Boxes = LONG

    def __post_init__(self) -> None:
        if self.regularization is not None and not 0 < self.regularization <= STIFFEST:
            raise ValueError(
                f"A detrend lambda of {self.regularization:g} is none; "
                f"give a number above 0, at most {STIFFEST:g}"
            )
        if not SHORTEST <= self.welch_window < inf:
            raise ValueError(
                f"A Welch window of {self.welch_window:g} s holds no cycle of LF; "
                f"give at least {SHORTEST:g} s"
            )
        for boxes in (self.short_boxes, self.long_boxes):
            if len(boxes) < 2 or not SMALLEST_BOX <= boxes[0] < boxes[-1]:
                raise ValueError(
                    f"DFA boxes of {boxes} beats give no slope; "
                    f"give rising sizes, at least two, from {SMALLEST_BOX} on"
                )


INTERBEAT = Preset("interbeat")
TASK_FORCE = Preset("task-force", regularization=None)
"""No detrend, as the Task Force (1996), doi 10.1161/01.CIR.93.5.1043, describes the measures."""
KUBIOS_LIKE = Preset(
    "kubios-like",
    time_domain_detrended=True,
    short_boxes=tuple(range(4, 13)),
    long_boxes=tuple(range(13, 65)),
)
"""Reproduces reports whose SDNN, sample entropy and DFA are computed after the detrend, with these
boxes; not made or checked by Kubios."""

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {preset.name: preset for preset in (INTERBEAT, TASK_FORCE, KUBIOS_LIKE)}
)


def preset_of(
    name: str, *, detrend_lambda: float | None = None, welch_window: float | None = None
) -> Preset:
    """Return the preset of this name, with those of its numbers that are given.

    Raises
    ------
    ValueError
        If there is none of this name, it takes no trend off and a lambda is given, or a number is
        none that a preset can have; the message is one sentence.

    Examples
    --------
    >>> from physio.presets import preset_of
    >>> preset_of("interbeat", welch_window=120).welch_window
    120
    """
    if name not in PRESETS:
        raise ValueError(f"There is no preset {name!r}; give one of {', '.join(PRESETS)}")
    preset = PRESETS[name]
    if detrend_lambda is not None and preset.regularization is None:
        raise ValueError(f"The preset {name} takes no trend off; leave the detrend lambda out")
    return replace(
        preset,
        regularization=preset.regularization if detrend_lambda is None else detrend_lambda,
        welch_window=preset.welch_window if welch_window is None else welch_window,
    )
