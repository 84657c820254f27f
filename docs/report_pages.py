"""The first page of a report of a simulated hour, as its PDF draws it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QImage, QPainter

from devices.link import LinkState
from devices.scripted.script import Notify
from devices.scripted.simulated import simulate
from gui.report import PAPER, pages, paint
from pipelines.language import tr
from pipelines.report import Audience, Report, report_of
from pipelines.session import AnyEvent, Baseline, Link, Mark, Packet, Source, Talking

LASTS = 3120.0
LOST = ((1000.0, 1014.0), (2900.0, 2948.0))
TALKED = ((480.0, 560.0), (1700.0, 1760.0), (2040.0, 2200.0))
MARKS = (
    (702.0, "long silence"),
    (1400.0, "breathing together"),
    (1502.0, "touched hip"),
    (2100.0, "spoke of father"),
)


def simulated_hour() -> list[AnyEvent]:
    """Return the log of 52 minutes with rises, talking, marks and a link that is lost twice."""
    log: list[AnyEvent] = [
        Source(0.0, 0, "client", "Simulated strap (therapy)", simulated=True),
        Baseline(180.0, 0, 0.0, 180.0),
        *(Mark(time, text) for time, text in MARKS),
    ]
    for step in simulate("therapy", seconds=LASTS).script.steps:
        lost = any(start <= step.time < end for start, end in LOST)
        if isinstance(step, Notify) and not lost:
            log.append(Packet(step.time, 0, "heart_rate", step.data))
    for start, end in LOST:
        log += [Link(start + 2.0, 0, LinkState.LOST), Link(end, 0, LinkState.BEATS)]
    for start, end in TALKED:
        log += [Talking(start, on=True), Talking(end, on=False)]
    return sorted(log, key=lambda event: event.time)


def simulated_report(audience: Audience = Audience.CLINICIAN) -> Report:
    return report_of(
        simulated_hour(),
        started=datetime(2026, 11, 14, 9, 30).astimezone(),
        written=datetime(2026, 11, 16, 18, 0).astimezone(),
        client="Juniper",
        audience=audience,
    )


def first_page(report: Report, *, width: int) -> QImage:
    """Return the first page so many pixels wide."""
    drawn = pages(report)
    scale = width / PAPER.width()
    image = QImage(width, round(PAPER.height() * scale), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paint(painter, drawn[0], report.written, tr("Page {n} of {m}", n=1, m=len(drawn)))
    painter.end()
    return image
