"""Breathing with one's own heart: the circle follows the heart's wave, and no guide leads.

Breathing in quickens the heart and breathing out slows it, so who breathes in as it quickens makes
the wave wider. The circle is as full as the heart is quick within its own swing. It can show the
heart as it is now only where the strap's delay is known and the wave comes as it was foreseen; else
it rests, and the words say why.
"""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray
from pipelines.language import tr
from pipelines.session import WaveState, WaveView

SMOOTH = 0.15
"""Seconds in which the circle comes to where the newest wave has it; it looks as far ahead."""
TO_REST = 1.0
"""Seconds in which it sinks where there is no wave to follow."""
QUICKEST = 1.5
"""Of the way from empty to full that the circle goes in a second at most: no breath is quicker."""
CHANGES_IN = 1.0
"""Seconds in which the circle goes over from the guide to the heart, and back."""

WITH_HEART = tr("Breathe in as the circle grows with your heart, and out as it shrinks.")
WAITING = tr("Breathe as you like. The circle waits until it can follow your heart.")
OTHERWISE = tr("Your heart goes its own way just now, so the circle rests. Breathe as you like.")
UNKNOWN = tr("How late this strap is, nobody knows, so the circle rests. Breathe as you like.")
GUIDED = tr("The guide leads again.")


def state_words(wave: WaveView | None) -> str:
    """Return what is said while the heart leads."""
    said = {
        WaveState.PREDICTED: WITH_HEART,
        WaveState.OFF: OTHERWISE,
        WaveState.UNKNOWN_DELAY: UNKNOWN,
    }
    return WAITING if wave is None else said.get(wave.state, WAITING)


def follows(wave: WaveView | None, now: float) -> bool:
    """Return whether there is a wave to follow at the session's `now` (s)."""
    if wave is None or wave.state is not WaveState.PREDICTED or wave.half <= 0.0:
        return False
    begins = wave.start - wave.late
    return begins <= now <= begins + wave.step * (len(wave.rates) - 1)


def heart_fullness(wave: WaveView, time: FloatArray) -> FloatArray:
    """Return how full the circle is at session times (s): 0 where the heart is slowest, 1 quickest.

    Of the shape of `time`; before and after what is foreseen, as at its ends.
    """
    known = wave.start - wave.late + wave.step * np.arange(len(wave.rates))
    rate = np.interp(time, known, wave.rates)
    return np.asarray(np.clip(0.5 + 0.5 * (rate - wave.level) / wave.half, 0.0, 1.0))


def quickening(wave: WaveView, time: FloatArray) -> BoolArray:
    """Return whether the heart quickens at session times (s), of the shape of `time`."""
    after = heart_fullness(wave, time + wave.step)
    return np.asarray(after > heart_fullness(wave, time))


class Leading:
    """How full the circle is that follows a heart; it never jumps, though each wave is told anew.

    Nor does it jump where the heart begins to lead, or the guide leads again: both are mixed for a
    second.
    """

    def __init__(self) -> None:
        self.rising = False
        self.resting = True
        self._full = 0.0
        self._share = 0.0
        """Of what is shown, how much is the heart's."""
        self._at: float | None = None

    def go_on(self, wave: WaveView | None, session_now: float, now: float, *, leads: bool) -> None:
        """Come to what the wave says, at the session's and at the view's clock's `now` (s)."""
        passed = 0.0 if self._at is None else max(now - self._at, 0.0)
        self._at = now
        step = passed / CHANGES_IN
        self._share = min(max(self._share + (step if leads else -step), 0.0), 1.0)
        if leads:
            self._follow(wave, session_now, passed)

    def mixed(self, guide: float) -> float:
        """Return how full the circle is, where the guide's would be so full."""
        share = self._share * self._share * (3.0 - 2.0 * self._share)
        return guide + share * (self._full - guide)

    def _follow(self, wave: WaveView | None, session_now: float, passed: float) -> None:
        ahead = session_now + SMOOTH
        self.resting = wave is None or not follows(wave, ahead)
        wanted, within = 0.0, TO_REST
        if wave is not None and not self.resting:
            wanted, within = float(heart_fullness(wave, np.array([ahead]))[0]), SMOOTH
            self.rising = bool(quickening(wave, np.array([session_now]))[0])
        step = (wanted - self._full) * (1.0 - float(np.exp(-passed / within)))
        self._full += min(max(step, -QUICKEST * passed), QUICKEST * passed)
