"""The report as PDF: pages of paper, drawn by the painter of the views."""

from gui.report.document import document, pages

__all__ = ["document", "pages"]
