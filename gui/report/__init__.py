"""The report as PDF: pages of paper, drawn by the painter of the views."""

from gui.report.document import PAPER, document, pages, paint

__all__ = ["PAPER", "document", "pages", "paint"]
