"""Whether somebody talks in the room, heard by a microphone: on and off, and never a sound kept."""

from devices.voice.speech import FRAME, RATE, SILENCE, Ear, hear
from devices.voice.telling import NO_MICROPHONE, OFF, ON, READY, telling, webrtc

__all__ = [
    "FRAME",
    "NO_MICROPHONE",
    "OFF",
    "ON",
    "RATE",
    "READY",
    "SILENCE",
    "Ear",
    "hear",
    "telling",
    "webrtc",
]
