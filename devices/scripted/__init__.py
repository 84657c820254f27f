"""Straps that follow a script behind bleak's own backend seam: simulated or replayed."""

from devices.scripted.backend import AirClient, AirScanner
from devices.scripted.radio import Air
from devices.scripted.replayed import Arrival, Loss, replay_script
from devices.scripted.script import Script
from devices.scripted.simulated import ScriptedBaseline, ScriptedMark, Truth, simulate

__all__ = [
    "Air",
    "AirClient",
    "AirScanner",
    "Arrival",
    "Loss",
    "Script",
    "ScriptedBaseline",
    "ScriptedMark",
    "Truth",
    "replay_script",
    "simulate",
]
