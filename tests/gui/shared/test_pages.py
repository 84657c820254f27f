"""The calm screen and the page of keys: everything readable, whatever the window and the font."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtWidgets import QWidget

from gui.live import keys as live
from gui.practice import keys as practice
from gui.shared import CalmPage, HelpPage, theme
from gui.shared.pages import BACK, CALM, FINISH, FOOT, MARK, Page, foot_of, row_places
from pipelines.drawing import LIGHT
from pipelines.words import DISCLAIMER

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]
ROWS = {
    "live": (live.HELP, live.HELP_BAR),
    "practice": (practice.help_rows(session=True, offer=True), practice.HELP_BAR),
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, QRectF]]:
    """Every text on one line, with the box that it takes in the window's pixels."""
    texts: list[tuple[str, QRectF]] = []
    draw = theme.draw_text

    def noting(painter, x, baseline, words, **how):  # type: ignore[no-untyped-def]
        box = draw(painter, x, baseline, words, **how)
        texts.append((words, painter.deviceTransform().mapRect(box)))
        return box

    monkeypatch.setattr(theme, "draw_text", noting)
    return texts


def shown(page: Page, size: tuple[int, int]) -> Page:
    window = page.parentWidget()
    assert window is not None
    window.resize(*size)
    page.setGeometry(window.rect())
    page.look(LIGHT)
    page.show()
    page.grab()
    return page


@pytest.fixture(params=[1.0, 1.25, 1.5])
def text(request):
    theme.prefer(text=request.param, still=False)
    yield request.param
    theme.prefer(text=1.0, still=False)


@pytest.mark.parametrize("view", ROWS)
def test_on_the_smallest_screen_every_key_is_told_whole_on_two_lines_at_most(
    written, letters, view, text
):  # type: ignore[no-untyped-def]
    rows, bar = ROWS[view]
    window = QWidget()
    shown(HelpPage(LIGHT, window, rows, bar), theme.SMALLEST)
    said = " ".join(words for words, _ in written)
    assert all(hint.words in said for hint in rows)
    for (a, one), (b, other) in itertools.combinations(written, 2):
        assert not one.adjusted(1, 1, -1, -1).intersects(other), (a, b)


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (1152, 720), (1024, 600)])
@pytest.mark.parametrize("view", ROWS)
def test_every_key_is_told_whole_and_apart(written, letters, view, size):  # type: ignore[no-untyped-def]
    rows, bar = ROWS[view]
    window = QWidget()
    page = shown(HelpPage(LIGHT, window, rows, bar), size)
    assert {hint.words for hint in rows} <= {words for words, _ in written}
    for words, box in written:
        assert QRectF(page.rect()).contains(box), words
    for (a, one), (b, other) in itertools.combinations(written, 2):
        assert not one.adjusted(0, 2, 0, -2).intersects(other.adjusted(0, 2, 0, -2)), (a, b)
    window.deleteLater()


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600)])
def test_the_words_that_always_belong_have_room(letters, size, text):  # type: ignore[no-untyped-def]
    scale = theme.scale(*size)
    room = QRectF(0.0, 0.0, size[0] / scale - 2 * theme.MARGIN, 1000.0)
    flags = 0x1000  # Qt.TextFlag.TextWordWrap
    needed = theme.metrics(14).boundingRect(room, flags, " ".join(DISCLAIMER))
    assert needed.height() <= foot_of(size[1] / scale) - 48


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (8, 4), (9, 5)])
def test_keys_are_listed_downwards_in_two_columns(count, rows):  # type: ignore[no-untyped-def]
    places = row_places(count, 1280.0, 800.0)
    assert len(places) == count
    assert len({x for x, _ in places}) == (2 if count > 1 else 1)
    assert places == sorted(places)
    assert len({y for _, y in places}) == rows
    low = row_places(count, 1024.0, 300.0)
    assert max(y for _, y in low) < 300.0 - FOOT


def test_the_calm_screen_says_what_goes_on_and_what_acts(written):  # type: ignore[no-untyped-def]
    window = QWidget()
    page = CalmPage(LIGHT, window)
    for recording in (True, False):
        written.clear()
        page.tell("The recording goes on quietly.", recording=recording)
        shown(page, (1280, 800))
        texts = [words for words, _ in written]
        assert CALM in texts
        assert (MARK.words in texts) is recording
        assert {BACK.cap, BACK.words, FINISH.cap, FINISH.words} <= set(texts)
        assert page.accessibleName() == f"{CALM} The recording goes on quietly."
    window.deleteLater()


def test_calm_words_are_read_in_short_lines_in_the_middle():
    window = QWidget()
    page = CalmPage(LIGHT, window)
    page.tell("Look around you. " * 12, recording=False)
    page.setGeometry(0, 0, 1280, 800)
    seen = page.grab(QRect(0, 410, 1280, 250)).toImage()
    paper = seen.pixel(0, 0)
    inked = [x for x in range(1280) if any(seen.pixel(x, y) != paper for y in range(0, 250, 2))]
    assert 640 - 380 <= inked[0] < 640 - 300
    assert 640 + 300 < inked[-1] <= 640 + 380
    window.deleteLater()


def test_a_key_that_is_clicked_tells_its_action():
    window = QWidget()
    page, done = CalmPage(LIGHT, window), []
    page.tell("", recording=True)
    page.chosen.connect(done.append)
    for button in page.bar._buttons[0]:
        button.click()
    assert done == ["calm", "finish"]
    window.deleteLater()
