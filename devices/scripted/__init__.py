"""Straps that follow a script behind bleak's own choice of backends: simulated or replayed."""

from devices.scripted.adapter import scripted_adapter
from devices.scripted.model import NO_WAVES, Waves, waves
from devices.scripted.replayed import REPLAY, Arrival, Loss, is_sent, replay_script
from devices.scripted.script import Notify, Script
from devices.scripted.simulated import ScriptedBaseline, ScriptedMark, Truth, simulate

__all__ = [
    "NO_WAVES",
    "REPLAY",
    "Arrival",
    "Loss",
    "Notify",
    "Script",
    "ScriptedBaseline",
    "ScriptedMark",
    "Truth",
    "Waves",
    "is_sent",
    "replay_script",
    "scripted_adapter",
    "simulate",
    "waves",
]
