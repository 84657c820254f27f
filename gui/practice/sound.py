"""Two soft tones for closed eyes: one rises while breathing in, the other falls while out.

Both follow the same fullness as the circle, so eyes and ears are told the same. The samples are
made when they are needed; PortAudio is looked for only when sound is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray
from pipelines.language import tr

Breath: TypeAlias = Callable[[FloatArray], tuple[FloatArray, BoolArray]]
"""From moments in seconds on the guide's clock to fullness (0 to 1) and whether it breathes in."""

SAMPLE_RATE = 44100
LOWEST, HIGHEST = 165.0, 247.0
"""Hz, empty and full: a fifth apart."""
SECOND_VOICE = {True: 1.5, False: 0.5}
"""The softer voice that tells the two tones apart: a fifth above going in, an octave below out."""
LOUDEST = 0.12
"""Of full scale, both voices together."""
RAMP = 0.25
"""Seconds in which the sound comes and goes when it is switched."""
UNAVAILABLE = tr("Sound is not available on this computer. The circle goes on.")


def frequency(full: FloatArray) -> FloatArray:
    """Return the tone's frequency in Hz for each fullness: even steps to the ear."""
    return LOWEST * (HIGHEST / LOWEST) ** full


def loudness(full: FloatArray) -> FloatArray:
    """Return how loud the tone is, 0 to 1: silent at both turns, fullest between them."""
    return np.sqrt(np.clip(4.0 * full * (1.0 - full), 0.0, 1.0))


def tone(
    full: FloatArray, rising: BoolArray, gain: FloatArray, cycles: float
) -> tuple[NDArray[np.float32], float]:
    """Return the samples of one block, and the cycles completed at its end.

    Parameters
    ----------
    full, rising, gain : (n,) arrays
        Fullness, whether breathing in, and gain from 0 to 1, for each sample.
    cycles : float
        Cycles of the tone completed before the block; its waveform goes on from there.
    """
    turns = cycles + np.cumsum(frequency(full)) / SAMPLE_RATE
    second = np.where(rising, SECOND_VOICE[True], SECOND_VOICE[False]) * turns
    voices = 0.75 * np.sin(2.0 * np.pi * turns) + 0.25 * np.sin(2.0 * np.pi * second)
    # Whole even numbers of cycles may be dropped: both voices repeat after two.
    return (LOUDEST * gain * loudness(full) * voices).astype(np.float32), float(turns[-1] % 2.0)


class Sound:
    """The tones of a guide, on or off; where there is no sound it says so and stays silent.

    Parameters
    ----------
    breath : callable
        What the guide does at given moments; called from the sound's own thread.
    clock : callable
        The guide's clock in seconds.
    """

    def __init__(self, breath: Breath, clock: Callable[[], float]) -> None:
        self._breath = breath
        self._clock = clock
        self._stream: Any = None
        self._cycles = 0.0
        self._gain = 0.0
        self._wanted = 0.0

    @property
    def on(self) -> bool:
        """Whether the tones are to be heard."""
        return self._wanted > 0.0

    def start(self) -> str | None:
        """Let the tones be heard; return None, or one sentence where this computer has no sound."""
        if self._stream is None:
            self._stream = _open(self._fill)
        if self._stream is None:
            return UNAVAILABLE
        self._wanted = 1.0
        return None

    def stop(self) -> None:
        """Let the tones fade out within a quarter of a second."""
        self._wanted = 0.0

    def close(self) -> None:
        """Fall silent and give the sound device back."""
        self._wanted = 0.0
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def block(self, frames: int, delay: float) -> NDArray[np.float32]:
        """Return the next `frames` samples, heard `delay` seconds from now."""
        if self._gain == self._wanted == 0.0:
            return np.zeros(frames, dtype=np.float32)
        moments = self._clock() + delay + np.arange(frames) / SAMPLE_RATE
        full, rising = self._breath_between(moments)
        gain = self._ramp(frames)
        samples, self._cycles = tone(full, rising, gain, self._cycles)
        return samples

    def _breath_between(self, moments: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return fullness and direction for each moment, asked for only every few milliseconds."""
        knots = np.append(moments[::256], moments[-1])
        full, rising = self._breath(knots)
        return np.interp(moments, knots, full), np.repeat(rising[:-1], 256)[: len(moments)]

    def _ramp(self, frames: int) -> FloatArray:
        step = 1.0 / (RAMP * SAMPLE_RATE)
        away = np.sign(self._wanted - self._gain) * step * np.arange(1, frames + 1)
        low, high = sorted((self._gain, self._wanted))
        gain: FloatArray = np.clip(self._gain + away, low, high)
        self._gain = float(gain[-1])
        return gain

    def _fill(self, out: NDArray[np.float32], frames: int, timing: Any, _status: Any) -> None:
        delay = max(float(timing.outputBufferDacTime - timing.currentTime), 0.0)
        out[:, 0] = self.block(frames, delay)


def _open(fill: Callable[..., None]) -> Any:
    """Return a running output stream, None where there is no PortAudio or no device."""
    library = _portaudio()
    if library is None:
        return None
    try:
        stream = library.OutputStream(
            samplerate=SAMPLE_RATE, channels=1, dtype="float32", callback=fill
        )
        stream.start()
    except library.PortAudioError:
        return None
    return stream


def _portaudio() -> ModuleType | None:
    try:
        import sounddevice
    except (ImportError, OSError):
        return None
    module: ModuleType = sounddevice
    return module
