"""The report of a session: one frozen model in words, and what writes it."""

from pipelines.report.building import NoReport, report_of, wearer_among
from pipelines.report.content import (
    Audience,
    Hour,
    Level,
    Passage,
    Place,
    Report,
    Section,
    Table,
    Trusted,
)
from pipelines.report.draft import BadDraft, as_draft, read_draft, reworded
from pipelines.report.page import as_html, html_page, html_text
from pipelines.report.picture import WIDTH, hour_picture

__all__ = [
    "WIDTH",
    "Audience",
    "BadDraft",
    "Hour",
    "Level",
    "NoReport",
    "Passage",
    "Place",
    "Report",
    "Section",
    "Table",
    "Trusted",
    "as_draft",
    "as_html",
    "hour_picture",
    "html_page",
    "html_text",
    "read_draft",
    "report_of",
    "reworded",
    "wearer_among",
]
