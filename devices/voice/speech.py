"""From frames of sound to "talking" and "silent": a fold that holds levels and no sound.

Each frame is brought to one level by the quietest frame of the last seconds, which is the noise of
the room, so that a loud fan is no voice and a soft voice is one; WebRTC's voice activity detector
(Google, 2011; mode 2 of 0 to 3) judges it; and a few of its judgements together turn talking on or
off. Breath close to a microphone reads as a voice, too: talking is likely, never sure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples of sound a second, one channel of 16 bits."""
FRAME: Final = 320
"""Samples of a frame: 20 ms."""
BEGINS: Final = (3, 5)
"""Frames with a voice, of so many, with which talking begins: within 60 to 100 ms."""
ENDS: Final = 6
"""Frames in a row without one with which it ends: 120 ms."""

_FLOOR: Final = 30.0
"""Level of the room's noise, in steps of 16 bits, to which all is brought."""
_LOUDER: Final = (0.02, 16.0)
"""By which factors at least and at most."""
_LOOKS_BACK: Final = 10 * RATE // FRAME
"""Frames among which the quietest tells the noise: 10 s."""

Sound: TypeAlias = NDArray[np.int16]
HasVoice: TypeAlias = Callable[[bytes], bool]
"""Whether a frame, as bytes, holds a voice."""


@dataclass(frozen=True, slots=True)
class Ear:
    """What is remembered of the frames heard: their levels and judgements, none of their sound."""

    talking: bool = False
    levels: tuple[float, ...] = ()
    voices: tuple[bool, ...] = ()


SILENCE: Final = Ear()


def hear(ear: Ear, frame: Sound, has_voice: HasVoice) -> Ear:
    """Return what is remembered after one more frame.

    Parameters
    ----------
    ear : Ear
        What was remembered before.
    frame : (FRAME,) int16
        20 ms of sound.
    has_voice : callable
        Judges a frame brought to level.

    Examples
    --------
    >>> import numpy as np
    >>> ear = SILENCE
    >>> for loud in [False, True, True, True]:
    ...     ear = hear(ear, np.full(FRAME, 9000 if loud else 9, np.int16), lambda frame: loud)
    >>> ear.talking
    True
    """
    level = float(np.sqrt(np.mean(np.square(frame, dtype=np.float64))))
    levels = (*ear.levels, level)[-_LOOKS_BACK:]
    voices = (*ear.voices, has_voice(_levelled(frame, min(levels)).tobytes()))[-ENDS:]
    enough, among = BEGINS
    talking = any(voices) if ear.talking else sum(voices[-among:]) >= enough
    return replace(ear, talking=talking, levels=levels, voices=voices)


def _levelled(frame: Sound, noise: float) -> Sound:
    gain = np.clip(_FLOOR / max(noise, 1e-3), *_LOUDER)
    levelled: Sound = np.clip(np.rint(frame * gain), -32768, 32767).astype(np.int16)
    return levelled
