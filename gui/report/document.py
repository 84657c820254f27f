"""A report on A4: its pieces one below the other, and a foot on every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from gui.report.pieces import (
    LEAD,
    POINT,
    SECOND,
    TITLE,
    WIDTH,
    Piece,
    Style,
    Text,
    heading,
    paragraph,
    picture,
    rule,
    space,
    table,
    tile,
)
from gui.shared.theme import colour
from pipelines.drawing import LIGHT
from pipelines.language import tr
from pipelines.report import Report, Section, Table

PAPER = QRectF(0.0, 0.0, 595.0 * POINT, 842.0 * POINT)
MARGIN = 46.0 * POINT
FOOT = 24.0 * POINT
"""Height of the line at the foot of each page."""
TOGETHER = 2
"""Rows of a table that stand with its head."""
HEIGHT = PAPER.height() - 2.0 * MARGIN - FOOT
"""For pieces."""


@dataclass
class Page:
    """Pieces with their upper edges, and where the next one goes."""

    height: float = HEIGHT
    pieces: list[tuple[float, Piece]] = field(default_factory=list)
    y: float = 0.0

    def has_room(self, height: float) -> bool:
        """Return whether a piece of this height fits; an empty page takes whatever comes."""
        return not self.pieces or self.y + height <= self.height

    def add(self, piece: Piece) -> None:
        """Put a piece below the others."""
        self.pieces.append((self.y, piece))
        self.y += piece.height


def document(report: Report) -> bytes:
    """Return a report as PDF, its fonts embedded; needs a `QGuiApplication`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF()
        )
    )
    writer.setResolution(round(72 * POINT))
    writer.setTitle(report.title)
    writer.setCreator("Interbeat")
    drawn = pages(report)
    painter = QPainter(writer)
    for number, page in enumerate(drawn, 1):
        if number > 1:
            writer.newPage()
        paint(painter, page, report.written, tr("Page {n} of {m}", n=number, m=len(drawn)))
    painter.end()
    return bytes(buffer.data().data())


def paint(painter: QPainter, page: Page, left: str, right: str) -> None:
    """Draw one page: its pieces, and what stands to the left and right at its foot."""
    painter.save()
    painter.fillRect(PAPER, colour(LIGHT.paper))
    painter.translate(MARGIN, MARGIN)
    for y, piece in page.pieces:
        piece.draw(painter, y)
    written, number = (Text(words, SECOND, WIDTH / 2.0) for words in (left, right))
    foot = HEIGHT + FOOT - SECOND.line
    written.draw(painter, 0.0, foot)
    number.draw(painter, WIDTH - number.width, foot)
    painter.restore()


def pages(report: Report) -> list[Page]:
    """Return the pages of a report.

    The disclaimer stands on the first, where every reader begins; earlier hours and the appendix
    begin pages of their own.
    """
    end = _end(report)
    laid = [Page(HEIGHT - sum(piece.height for piece in end))]
    for piece_or_table in _first(report):
        _lay(laid, piece_or_table)
    for section in (report.earlier, report.appendix):
        if section is not None:
            laid.append(Page())
            for piece_or_table in _section(section):
                _lay(laid, piece_or_table)
    first = laid[0]
    first.y = first.height
    for piece in end:
        first.add(piece)
    return laid


def _first(report: Report) -> Iterator[Piece | Table]:
    yield from paragraph(report.title, Style(TITLE, 600))
    yield from paragraph(report.about, SECOND)
    yield from (space(8), rule(), space(10))
    yield from paragraph(report.lead_heading, Style(10.5, 600, LIGHT.ink2), tied=True)
    yield space(4)
    if report.lead:
        yield from paragraph(report.lead, Style(LEAD, 600))
    for words in report.paragraphs:
        yield space(4)
        yield from paragraph(words)
    yield from (space(12), tile(report.trust_heading, report.trust))
    if report.hour is not None:
        yield from heading(report.hour.title, report.hour.unit)
        yield picture(report.hour)
        yield from paragraph(report.hour.caption, SECOND)
    yield from heading(report.moments.heading)
    yield report.moments
    if report.parts is not None:
        yield from heading(report.parts.heading)
        yield report.parts
    yield space(6)
    for words in report.limits:
        yield from paragraph(words, SECOND)


def _section(section: Section) -> Iterator[Piece | Table]:
    yield from paragraph(section.heading, Style(LEAD, 600), tied=True)
    for words in section.paragraphs:
        yield space(6)
        yield from paragraph(words)
    for content in section.tables:
        yield from heading(content.heading)
        yield content


def _end(report: Report) -> list[Piece]:
    words = [line for told in report.disclaimer for line in paragraph(told, SECOND)]
    return [space(10), rule(), space(6), *words]


def _lay(laid: list[Page], content: Piece | Table) -> None:
    """Put a piece, or a table row by row, on the last page or on a new one."""
    if isinstance(content, Piece):
        _lay_together(laid, [content])
        return
    if content.rows:
        head, rows = table(content)
        _lay_together(laid, [head, *rows[:TOGETHER]])
        for row in rows[TOGETHER:]:
            if not laid[-1].has_room(row.height):
                _turn(laid, row.height)
                if not _has(laid[-1], head):
                    laid[-1].add(head)
            laid[-1].add(row)
    for note in content.notes:
        for line in paragraph(note, SECOND):
            _lay_together(laid, [line])


def _has(page: Page, piece: Piece) -> bool:
    return any(one is piece for _, one in page.pieces)


def _lay_together(laid: list[Page], pieces: list[Piece]) -> None:
    height = sum(piece.height for piece in pieces)
    if not laid[-1].has_room(height):
        _turn(laid, height)
    for piece in pieces:
        laid[-1].add(piece)


def _turn(laid: list[Page], height: float) -> None:
    """Begin a page, and take along what is tied to what comes next, if that has room there."""
    page, taken = laid[-1], list[Piece]()
    while page.pieces and page.pieces[-1][1].tied:
        page.y, piece = page.pieces.pop()
        taken.insert(0, piece)
    if not page.pieces or sum(one.height for one in taken) + height > HEIGHT:
        for piece in taken:
            page.add(piece)
        taken = []
    laid.append(Page())
    for piece in taken:
        laid[-1].add(piece)
