"""A running session: the engine that folds events as they arrive."""

from pipelines.live.commands import (
    Command,
    Edit,
    Finish,
    GoOn,
    MarkAgain,
    MarkMoment,
    NoteMark,
    Pause,
    RemoveMark,
    RunningSession,
    SetBaseline,
    SetPace,
    Talk,
    UndoMark,
    edited,
)
from pipelines.live.engine import Engine

__all__ = [
    "Command",
    "Edit",
    "Engine",
    "Finish",
    "GoOn",
    "MarkAgain",
    "MarkMoment",
    "NoteMark",
    "Pause",
    "RemoveMark",
    "RunningSession",
    "SetBaseline",
    "SetPace",
    "Talk",
    "UndoMark",
    "edited",
]
