"""Recording: who is recorded, the recorder, the pipe to its windows, the window itself."""

from pipelines.recording.pipe import Server, connect
from pipelines.recording.recorder import Plan, Recorder, Wearer
from pipelines.recording.sources import wearers
from pipelines.recording.window import Window, no_display, window_command

__all__ = [
    "Plan",
    "Recorder",
    "Server",
    "Wearer",
    "Window",
    "connect",
    "no_display",
    "wearers",
    "window_command",
]
