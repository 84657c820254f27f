"""The library's page: nothing is cut or overlaps, whatever is in it and however large it is."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from gui.library import Browsing, Said, Side, Stock, library_page, note_place, search_place
from gui.library.course import Since
from gui.library.small_hour import HIGH, LOW, small_hour
from gui.library.words import (
    backup_text,
    found_text,
    hour_text,
    note_text,
    outcomes_text,
    retention_text,
)
from gui.shared import Box, Path, theme
from gui.shared.drawing import SURFACE, Drawing, Paper
from pipelines.analysis import Outline, outline_of
from pipelines.drawing import LIGHT
from pipelines.recording import Done, FoundLine, FoundWords, Kept, Outcome
from pipelines.session import Note
from pipelines.store import KnownBackup
from tests.gui.review.hours import an_hour

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]
NOW = 1.8e9
DAY = 86400.0
SIZES = [(1280.0, 800.0), (1422.0, 800.0), (948.0, 592.0), (853.0, 533.0)]
LONG = "A pseudonym that nobody would choose, but somebody did, for many years"


def outline(session: str, **changes: object) -> Outline:
    told, points = an_hour()
    found = outline_of(msgspec.structs.replace(told, session=session), points, [])
    return msgspec.structs.replace(found, **changes)


def stock(count: int, clients: int = 4, *, name: str = "Client") -> Stock:
    rows = tuple(
        Kept(
            f"K{n}", NOW - 3.0 * DAY * n, 3120.0, f"{name} {n % clients}" if n % 7 else None, n != 3
        )
        for n in range(count)
    )
    notes = (Note(9e3, "Ada", "She asked to go slower. " * 9, NOW - DAY),) * 3
    outlines = {
        row.session: outline(
            row.session,
            medicines="a" if place % 9 < 5 else "b",
            notes=notes if place % 2 else (),
            **({"spread": None, "curve": ()} if place % 5 == 2 else {}),
        )
        for place, row in enumerate(rows[:60])
        if place % 4
    }
    return Stock(rows, None if count % 2 else NOW - DAY, NOW, outlines)


def drawn(size: tuple[float, float], of: Stock, browsing: Browsing, said: Said) -> Drawing:
    return library_page(Paper(*size, LIGHT), of, browsing, said)


def check(drawing: Drawing, size: tuple[float, float]) -> None:
    """Nothing reaches over the right edge or into the keys, and no two words overlap."""
    right, bottom = size[0] - theme.MARGIN, size[1] - 44.0
    boxes = []
    for text in drawing.texts:
        if not text.words:
            continue
        wide = theme.text_width(text.words, text.size, text.weight)
        x = text.x - {"left": 0.0, "centre": wide / 2, "right": wide}[text.align]
        assert x >= theme.MARGIN - 1.0, text.words
        assert x + wide <= right + 1.0, text.words
        assert text.y <= bottom, text.words
        boxes.append((x, text.y - 0.75 * text.size, x + wide, text.y + 0.2 * text.size, text.words))
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (one, other)
    for spot in drawing.spots:
        assert spot.y + spot.height <= bottom + 16.0, spot


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 1, 40, 2000])
@pytest.mark.parametrize("name", ["Client", LONG])
def test_nothing_is_cut_and_nothing_overlaps(
    size: tuple[float, float], count: int, name: str
) -> None:
    here = stock(count, 200 if count > 100 else 4, name=name)
    for browsing in (
        Browsing(),
        Browsing(side=Side.CLIENTS, client=f"{name} 1"),
        Browsing(client=f"{name} 2", session="K22", since=Since.YEAR),
    ):
        check(drawn(size, here, browsing, Said(minutes=10, years=1, unread=3)), size)
    message = outcomes_text((Outcome(Done.SEALED, LONG, f"/home/{LONG}/x", 5, left_out=2),))
    check(drawn(size, here, Browsing(), Said(message=message)), size)
    lines = tuple(FoundLine(row.session, 3, 75.0, LONG) for row in here.rows)
    found = replace(here, found=FoundWords("some", (), lines))
    check(drawn(size, found, Browsing(words="some words " * 9), Said()), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [0, 9, 39])
def test_what_is_chosen_is_in_view_in_both_lists(size: tuple[float, float], place: int) -> None:
    rows = tuple(Kept(f"K{n}", NOW - DAY * n, 60.0, "Juniper") for n in range(40))
    drawing = drawn(size, Stock(rows, at=NOW), Browsing(session=f"K{place}"), Said())
    (spot,) = [one for one in drawing.spots if one.action == "open"]
    assert spot.y + spot.height <= size[1] - 60.0
    people = tuple(Kept(f"K{n}", NOW - DAY * n, 60.0, f"C{n}") for n in range(40))
    there = Browsing(side=Side.CLIENTS, client=f"C{place}")
    drawing = drawn(size, Stock(people, at=NOW), there, Said())
    assert f"client {place}" in {one.action for one in drawing.spots}


@pytest.mark.parametrize("size", SIZES)
def test_what_is_chosen_is_in_view_however_many_lines_stand_between(
    size: tuple[float, float],
) -> None:
    rows = tuple(Kept(f"K{n}", NOW - DAY * n, 60.0, "Juniper") for n in range(30))
    outlines = {f"K{n}": outline(f"K{n}", medicines="ab"[n % 2]) for n in range(30)}
    here = Stock(rows, at=NOW, outlines=outlines)
    for place in range(30):
        drawing = drawn(size, here, Browsing(session=f"K{place}"), Said())
        (spot,) = [one for one in drawing.spots if one.action == "open"]
        assert spot.y + spot.height <= size[1] - 60.0
        check(drawing, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("years", [1, 20])
def test_days_are_told_in_one_form_and_what_is_looked_for_is_asked_whole(
    size: tuple[float, float], years: int
) -> None:
    last_of_the_year = 1.798e9
    rows = tuple(
        Kept(f"K{n}", last_of_the_year - 33.0 * DAY * n, 60.0, "Juniper") for n in range(30)
    )
    texts = drawn(size, Stock(rows, at=NOW), Browsing(), Said(years=years)).texts
    bold = [text.words for text in texts if (text.size, text.weight) == (16, 600)]
    days = [words for words in bold if any(sign.isdigit() for sign in words)]
    assert len(days) > 3
    assert len({words[:4].isdigit() for words in days}) == 1
    # A pseudo-translation, of twice the length, may be cut.
    cut = [text.words for text in texts if "…" in text.words and "⟦" not in text.words]
    assert cut == []


def test_everything_that_can_be_clicked_has_a_name() -> None:
    drawing = drawn(SIZES[0], stock(40), Browsing(), Said(minutes=10))
    spots = [one.action for one in drawing.spots if one.action != SURFACE]
    assert [place.action for place in drawing.places()] == spots
    assert {"search", "kind", "since", "back up", "restore", "lock", "open"} <= set(spots)


def test_what_is_written_has_its_own_place() -> None:
    for size in SIZES:
        paper = Paper(*size, LIGHT)
        for x, y, width, height in (search_place(paper), note_place(paper)):
            assert x + width <= paper.right + 1.0
            assert y + height <= paper.height - 48.0
    noting = drawn(SIZES[0], stock(40), Browsing(), Said(asks="note", years=1))
    foot = note_place(Paper(*SIZES[0], LIGHT))[1]
    assert not [one for one in noting.texts if foot < one.y < foot + 44.0 and one.x > 400.0]


def test_the_curve_stays_in_its_box_and_is_interrupted_where_nothing_is_known() -> None:
    box = Box(100.0, 50.0, 224.0, 40.0)
    one = outline("K", curve=(0.0, 0.0, None, 99.0, None, -99.0, 1.0), spread=2.0)
    drawing = small_hour(one, box, LIGHT)
    runs = [shape.points for shape in drawing.shapes if isinstance(shape, Path)]
    assert [len(run) for run in runs] == [2, 2, 2]
    assert {y for run in runs for _, y in run} <= {
        y for y in [box.y, box.bottom, *(y for run in runs for _, y in run)] if 50.0 <= y <= 90.0
    }
    zero = box.bottom + LOW / (HIGH - LOW) * box.height
    assert runs[0][0][1] == pytest.approx(zero)
    assert runs[1][0][1] == box.y
    assert not [s for s in small_hour(outline("K", spread=None), box, LIGHT).texts if not s.words]


@pytest.mark.usefixtures("english")
def test_a_medicines_change_is_a_line_where_it_was_noted() -> None:
    rows = tuple(Kept(f"K{n}", NOW - 7.0 * DAY * n, 60.0, "Juniper") for n in range(4))
    meds = ("b", "", "a", "a")
    outlines = {f"K{n}": outline(f"K{n}", medicines=one) for n, one in enumerate(meds)}
    drawing = drawn(SIZES[0], Stock(rows, at=NOW, outlines=outlines), Browsing(), Said())
    lines = [text for text in drawing.texts if text.words.startswith("Other medicines")]
    assert len(lines) == 1  # above K2: K1 notes none, K0 others than K2
    tops = {one.action: one.y for one in drawing.spots}
    assert tops["pick 1"] < lines[0].y < tops["pick 2"]
    del outlines["K1"]  # what it notes is not known yet
    drawing = drawn(SIZES[0], Stock(rows, at=NOW, outlines=outlines), Browsing(), Said())
    assert not [text for text in drawing.texts if text.words.startswith("Other medicines")]


@pytest.mark.usefixtures("english")
def test_sentences() -> None:
    assert hour_text(outline("K")) == "2 rises, all settled."
    assert hour_text(outline("K", rises=1, settled=0)) == "One rise; its settling was not seen."
    assert hour_text(outline("K", rises=3, settled=1)) == "3 rises, 1 seen to settle."
    assert hour_text(outline("K", rises=0, settled=0)) == "No rise stood out."
    assert found_text(FoundLine("K", 1, 75.0, "hip")) == "1:15 “hip”"
    assert found_text(FoundLine("K", 3, 75.0, "hip")) == "1:15 “hip”, 2 more"
    rows = tuple(Kept(f"K{n}", NOW - 300.0 * DAY * n, 60.0, None) for n in range(4))
    here = Stock(rows, NOW, NOW)
    assert retention_text(here, None) == ""
    assert retention_text(here, 10).endswith("None is older.")
    assert retention_text(here, 1).endswith("2 are older; nothing is deleted by itself.")
    assert backup_text(replace(here, backup=None)) == "It was never backed up."
    held = (KnownBackup("ab12", NOW),)
    assert "ab12 (15 January 2027)" in outcomes_text((Outcome(Done.DELETED, backups=held),))
    assert "restored; 2 were there already, 1 stay deleted" in outcomes_text(
        (Outcome(Done.RESTORED, count=3, there=2, gone=1),)
    )
    assert note_text(Note(1.0, "", "words", NOW)).endswith(", nobody named: words")
