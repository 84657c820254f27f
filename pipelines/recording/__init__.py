"""Recording: who is recorded, the recorder, the pipe to its windows, the window itself."""

from pipelines.recording.desk import (
    AskDesk,
    Begin,
    ChosenStrap,
    Desk,
    Errand,
    HeardStrap,
    Leave,
    LibraryState,
    Listen,
    MakeLibrary,
    Run,
    Simulate,
    TakeBack,
    ThrowAway,
    Unlock,
    WrittenDown,
)
from pipelines.recording.pipe import (
    Answer,
    OfSession,
    RemoteSession,
    Request,
    Server,
    connect,
    connect_at,
)
from pipelines.recording.recorder import Plan, Recorder, Wearer
from pipelines.recording.share import Share
from pipelines.recording.sources import wearers
from pipelines.recording.window import Window, no_display, window_command

__all__ = [
    "Answer",
    "AskDesk",
    "Begin",
    "ChosenStrap",
    "Desk",
    "Errand",
    "HeardStrap",
    "Leave",
    "LibraryState",
    "Listen",
    "MakeLibrary",
    "OfSession",
    "Plan",
    "Recorder",
    "RemoteSession",
    "Request",
    "Run",
    "Server",
    "Share",
    "Simulate",
    "TakeBack",
    "ThrowAway",
    "Unlock",
    "Wearer",
    "Window",
    "WrittenDown",
    "connect",
    "connect_at",
    "no_display",
    "wearers",
    "window_command",
]
