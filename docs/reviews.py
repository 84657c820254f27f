"""A simulated hour of therapy, kept and looked back at: what the pictures of a review show."""

from __future__ import annotations

from functools import cache

from PySide6.QtWidgets import QWidget

from devices.scripted import simulate
from devices.scripted.script import Notify
from gui.review import Looking, Opened, review_page
from gui.shared import theme
from gui.start.keys import left_and_right
from gui.start.life import Life, State
from gui.start.sheet import Sheet
from pipelines.analysis import reviewed
from pipelines.drawing import Palette
from pipelines.recording import Desk, LibraryState
from pipelines.session import Baseline, Mark, Packet, Phase, PhaseName, Source, Talking

HOUR = 3120.0
MOMENTS = (
    (312.0, "long silence"),
    (745.0, "touched hip"),
    (1460.0, "breathing together"),
    (1522.0, "touched hip"),
    (2166.0, "spoke of father"),
)
REVIEWS = {"hour": Looking(), "two minutes": Looking(0, (252.0, 372.0))}


@cache
def hour() -> Opened:
    packets = [
        Packet(step.time, 0, "heart_rate", step.data)
        for step in simulate("therapy", seconds=HOUR).script.steps
        if isinstance(step, Notify)
    ]
    marks = [Mark(time, text) for time, text in MOMENTS]
    talking = [Talking(2100.0, on=True), Talking(2300.0, on=False)]
    log = [Source(0.0, 0, "client", "x", simulated=True), Baseline(200.0, 0, 10.0, 190.0)]
    log = sorted([*log, *packets, *marks, *talking], key=lambda one: one.time)
    log.append(Phase(HOUR + 1.0, PhaseName.FINISHED))
    return Opened(*reviewed(log, session="", started=1.7631e9, client="Juniper"))


def review_view(state: str, size: tuple[int, int], palette: Palette) -> QWidget:
    """Return a review's page with its keys."""
    looking = REVIEWS[state]
    life = Life(State.REVIEW, Desk(LibraryState.OPEN), opened=hour(), looking=looking)
    parent = QWidget()
    parent.resize(*size)
    sheet = Sheet(palette, parent)
    sheet.setGeometry(parent.rect())
    sheet.look(palette, theme.scale(*size))
    sheet.show_page(
        lambda paper: review_page(paper, hour(), looking, refusal=None), left_and_right(life)
    )
    parent.show()
    return parent
