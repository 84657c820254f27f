"""The report of a session: one frozen model in words, and what writes it."""

from pipelines.report.building import NoReport, report_of, wearer_among
from pipelines.report.content import (
    Audience,
    Hour,
    Level,
    Report,
    Section,
    Table,
    Trusted,
)
from pipelines.report.page import as_html
from pipelines.report.picture import WIDTH, hour_picture

__all__ = [
    "WIDTH",
    "Audience",
    "Hour",
    "Level",
    "NoReport",
    "Report",
    "Section",
    "Table",
    "Trusted",
    "as_html",
    "hour_picture",
    "report_of",
    "wearer_among",
]
