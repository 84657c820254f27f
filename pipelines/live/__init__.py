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
from pipelines.live.wearer import BEFORE

__all__ = [
    "BEFORE",
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
