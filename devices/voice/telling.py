"""A process that listens and tells whether somebody talks, a word a line: "on", "off".

It ends, and lets go of the microphone, when its standard input does: whoever started it may have
died. Sound is in its memory alone, a frame at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from devices.voice.speech import FRAME, RATE, SILENCE, HasVoice, Sound, hear

ON, OFF, READY, NO_MICROPHONE = "on", "off", "ready", "no microphone"
MODE: Final = 2


def telling(frames: Iterable[Sound], has_voice: HasVoice) -> Iterator[bool]:
    """Yield whether somebody talks, whenever that changes."""
    ear = SILENCE
    for frame in frames:
        before, ear = ear, hear(ear, frame, has_voice)
        if ear.talking is not before.talking:
            yield ear.talking


def webrtc() -> HasVoice:
    """Return WebRTC's judge of frames; the extra `voice` brings it."""
    import webrtcvad

    detector = webrtcvad.Vad(MODE)
    return lambda frame: bool(detector.is_speech(frame, RATE))


def main() -> None:
    """Listen to this computer's microphone until nobody wants to know."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        import sounddevice

        judge = webrtc()
        stream = sounddevice.RawInputStream(
            samplerate=RATE, channels=1, dtype="int16", blocksize=FRAME
        )
        stream.start()
    except Exception:  # noqa: BLE001 - whatever a sound system comes to grief on, none is heard
        _tell(NO_MICROPHONE)
        return
    try:
        _tell(READY)
        for on in telling(_frames(stream), judge):
            _tell(ON if on else OFF)
    except Exception:  # noqa: BLE001 - as a microphone that is pulled out
        _tell(NO_MICROPHONE)


def _frames(stream: object) -> Iterator[Sound]:
    while True:
        data, _ = stream.read(FRAME)  # type: ignore[attr-defined]
        yield np.frombuffer(bytes(data), np.int16)


def _end_with_input() -> None:
    while os.read(0, 1024):  # not by sys.stdin, which a thread must not hold at the end
        pass
    os._exit(0)  # a microphone that hangs ends so, too


def _tell(word: str) -> None:
    print(word, flush=True)
