"""A report on paper: all its words on its pages, nothing cut, fonts embedded, nothing too small."""

import subprocess

import msgspec
import pytest
from PySide6.QtGui import QFontInfo, QImage, QPainter

from gui.report import document, pages
from gui.report.document import HEIGHT, Page, _lay
from gui.report.pieces import CELL, NAME, PICTURE_WIDTH, POINT, WIDTH, Piece, dot
from gui.shared.theme import colour
from pipelines.drawing import LIGHT
from pipelines.processes import program, surroundings
from pipelines.report import Audience, Level
from tests.gui.report.pdf_text import Document
from tests.pipelines.report.hours import known, words_of

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]

EVERY = ("therapy", "with_gaps", "hostile", "two_people", "without_beats", "with_parts")


@pytest.mark.sampled
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("audience", list(Audience))
def test_no_piece_reaches_past_its_page_or_into_another(name, audience):
    for page in pages(known(name, audience)):
        below = 0.0
        for y, piece in page.pieces:
            assert y >= below - 1e-6
            below = y + piece.height
        assert below <= HEIGHT + 1e-6


@pytest.mark.sampled
@pytest.mark.parametrize("name", ["therapy", "with_gaps", "without_beats"])
def test_everything_the_report_says_is_text_of_the_pdf(name):
    made = known(name)
    read = Document(document(made))
    assert len(read.pages) == len(pages(made))
    told = squeezed("".join(read.text(n) for n in range(len(read.pages))))
    model = msgspec.structs.replace(made, hour=None)
    missing = [one for one in words_of(model).split("\n") if squeezed(one) not in told]
    # The levels of the trust tile are dots.
    assert set(missing) <= {"full", "half", "none"}
    for number in range(len(read.pages)):
        foot = squeezed(f"Page {number + 1} of {len(read.pages)}")
        assert foot in squeezed(read.text(number))


def test_the_disclaimer_stands_on_the_first_page():
    made = known("hostile")
    first = squeezed(Document(document(made)).text(0))
    assert all(squeezed(words) in first for words in made.disclaimer)


def test_fonts_are_embedded_and_tables_are_9_points_or_more():
    read = Document(document(known("with_gaps")))
    assert read.fonts == read.embedded > 0
    # The picture, which has a scale of its own, is written in its own units.
    sizes = {one.size for one in read.written}
    in_the_picture = {size for size in sizes if size < 20.0}
    assert min(sizes - in_the_picture) / POINT >= 9.0
    assert max(in_the_picture) * WIDTH / PICTURE_WIDTH / POINT >= 9.0
    assert QFontInfo(CELL.font()).pixelSize() == QFontInfo(NAME.font()).pixelSize() == 90


def test_a_table_that_goes_on_repeats_its_head():
    made = known("hostile")
    read = Document(document(made))
    heads = [n for n in range(len(read.pages)) if "Amongotherminutes" in squeezed(read.text(n))]
    assert len(heads) > 1
    assert heads == list(range(heads[0], heads[-1] + 1))


def test_what_is_tied_turns_the_page_with_what_follows_and_in_its_order():
    plain, one, two, last = (
        Piece(height, lambda *_: None, tied=tied)
        for height, tied in ((60.0, False), (10.0, True), (20.0, True), (30.0, False))
    )
    laid = [Page(100.0)]
    for piece in (plain, one, two, last):
        _lay(laid, piece)
    assert [page.pieces for page in laid] == [
        [(0.0, plain)], [(0.0, one), (10.0, two), (30.0, last)],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "inked"), [(Level.FULL, (1, 1)), (Level.HALF, (0, 1)), (Level.NONE, (0, 0))]
)
def test_a_dot_is_full_or_its_lower_half_or_its_edge(level, inked):
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(colour(LIGHT.paper))
    painter = QPainter(image)
    dot(painter, 50.0, 50.0, level)
    painter.end()
    lake = colour(LIGHT.lake).rgb()
    assert tuple(int(image.pixel(50, y) == lake) for y in (30, 70)) == inked


def test_a_process_of_its_own_draws_the_same():
    made = known("therapy")
    drawn = subprocess.run(
        program("gui.report"),
        input=msgspec.json.encode(made),
        capture_output=True,
        env=surroundings() | {"QT_QPA_PLATFORM": "offscreen"},
        timeout=100,
        check=True,
    )
    assert len(Document(drawn.stdout).pages) == len(pages(made))


def squeezed(words):
    """Return words without spaces, which a line's end may take the place of."""
    return "".join(words.split())
