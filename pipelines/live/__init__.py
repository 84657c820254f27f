"""A running session: the engine that folds events as they arrive."""

from pipelines.live.commands import (
    Command,
    Finish,
    GoOn,
    MarkMoment,
    NoteMark,
    Pause,
    RunningSession,
    SetBaseline,
    SetPace,
    Talk,
    UndoMark,
)
from pipelines.live.engine import Engine

__all__ = [
    "Command",
    "Engine",
    "Finish",
    "GoOn",
    "MarkMoment",
    "NoteMark",
    "Pause",
    "RunningSession",
    "SetBaseline",
    "SetPace",
    "Talk",
    "UndoMark",
]
