"""Every page at every size: no words over others, none beyond the page, none that judge."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec
import pytest

from devices.link import StrapTrouble
from docs import moments
from gui.shared import theme
from gui.shared.drawing import Drawing, Paper, Text
from gui.start import pages
from gui.start.finished_page import finished_page, words_place
from gui.start.life import Asks, Life, State, rows
from gui.start.settings_page import settings_page
from gui.start.straps_page import straps_page
from gui.start.whose_page import whose_page
from pipelines.drawing import DARK, LIGHT
from pipelines.recording import Desk, HeldStrap, LibraryState, OwnLabels, Skin, Undoable
from pipelines.session import Fate, MarkView
from pipelines.settings import CHOICES, WRITTEN, Settings
from pipelines.words import DISCLAIMER, LOW_BATTERY, strap_text
from tests.gui.start.world import LAST, STRAPS, World

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]

SIZES = {
    "1280x800": (1280.0, 800.0),
    "853x533": (853 / 0.9, 533 / 0.9),
    "large text": (853.0, 533.0),
    "1422x800": (1422.0, 800.0),
}
NEVER = re.compile("abnormal|poor|failed|stress|dysregulat|danger|tight|--[a-z]|!", re.I)


def desk(**changes: object) -> Desk:
    world = World(LibraryState.OPEN)
    world.change(**changes)
    return world.desk


def ended(fate: Fate = Fate.KEPT, **changes: object) -> Life:
    world = World(LibraryState.OPEN)
    world.begin()
    world.finish()
    world.set_session(fate=fate)
    world.change(**changes)
    return Life(State.FINISHED, world.desk, world.moment.state, row=1)


def straps(count: int, **changes: object) -> Life:
    found = desk(straps=STRAPS[:count], listening=True, **changes)
    worn = ((STRAPS[0].address, "client"), (STRAPS[1].address, "therapist")) if count > 1 else ()
    return Life(State.STRAPS, found, row=max(count - 1, 0), worn=worn)


def held(*stands: HeldStrap, **changes: object) -> Life:
    """The first straps, chosen, that stand so."""
    changes.setdefault("bluetooth", None)
    named = tuple(
        msgspec.structs.replace(one, name=strap.name, address=strap.address)
        for one, strap in zip(stands, STRAPS, strict=False)
    )
    return straps(4, held=named, **changes)


def on(**changes: object) -> HeldStrap:
    return HeldStrap("", "", connected=True, **changes)


FULL = on(beats=True, asked=True, battery_percent=80, skin=Skin.ON)
LOW = on(asked=True, battery_percent=LOW_BATTERY, skin=Skin.OFF)
SILENT = on(asked=True, skin=Skin.NOT_TOLD, trouble=StrapTrouble.NO_INTERVALS)
NEW, REFUSED = HeldStrap("", ""), HeldStrap("", "", trouble=StrapTrouble.REFUSED)
CLIENTS = ("Juniper", "Rowan " * 20, "Sorrel")
OWN = tuple(OwnLabels(name, ("words " * 40,) * 9) for name in CLIENTS[1:])
MARKS = Life(State.LABELS, desk(clients=CLIENTS, own=OWN), row=2, asks=Asks.WHOSE,
             client=CLIENTS[1], pick=1)  # fmt: skip
START = Life(State.START, desk())
AGAIN = Life(State.START, desk(last=LAST, refusal="The disk is full."))
WRONG = Life(State.LOCKED, desk(wrong_secret=True))
labels = lambda paper, life: pages.labels_page(paper, life, "")  # noqa: E731
LIVES: dict[str, tuple[Callable[[Paper, Life], Drawing], Life]] = {
    "start": (pages.start_page, START),
    "start again": (pages.start_page, AGAIN),
    "first": (lambda p, x: pages.first_page(p, x, "it is strong " * 4, "The two differ."), START),
    "locked": (lambda p, x: pages.locked_page(p, x, ""), WRONG),
    "recovery": (pages.recovery_page, Life(State.RECOVERY, desk(recovery="-".join(["ABCD"] * 8)))),
    "no strap": (straps_page, straps(0)),
    "straps": (straps_page, straps(4, last=LAST)),
    "many straps": (straps_page, straps(12)),
    "connected": (straps_page, held(FULL, LOW)),
    "connecting": (straps_page, held(NEW, on())),
    "not reached": (straps_page, held(REFUSED, SILENT)),
    "not reached, many": (straps_page, replace(
        held(REFUSED, REFUSED), desk=desk(straps=STRAPS, held=held(REFUSED, REFUSED).desk.held,
                                          listening=True))),
    "trouble": (straps_page, straps(3, bluetooth="denied", details="x")),
    "labels": (labels, Life(State.LABELS, desk(labels=("words " * 40,) * 9), row=3)),
    "first labels": (labels, Life(State.LABELS, desk(), row=8, asks=Asks.LABEL)),
    "pedal": (labels, Life(State.LABELS, desk(pedal=0x01000017), row=9)),
    "pedal asked": (labels, Life(State.LABELS, desk(), row=9, asks=Asks.PEDAL)),
    "whose straps": (straps_page, held(FULL, LOW, clients=CLIENTS)),
    "nobody's straps": (straps_page, straps(4, clients=())),
    "Rowan's straps": (straps_page, replace(held(FULL, LOW, clients=CLIENTS), client=CLIENTS[1])),
    "whose": (whose_page, replace(straps(4, clients=CLIENTS * 9, own=OWN), asks=Asks.WHOSE,
                                  pick=14)),
    "whose marks": (whose_page, MARKS),
    "somebody new": (whose_page, replace(MARKS, asks=Asks.NEW)),
    "everyone's marks": (labels, replace(MARKS, client=None, asks=None)),
    "their marks": (labels, replace(MARKS, asks=None)),
    "none of their own": (labels, replace(MARKS, asks=Asks.LABEL, client=CLIENTS[0])),
    "opening": (pages.opening_page, START),
    "kept": (finished_page, ended()),
    "thrown": (finished_page, ended(Fate.THROWN, undo=4.0, undoes=Undoable.THROWN)),
    "removed": (finished_page, ended(undo=4.0, undoes=Undoable.REMOVED)),
    "named": (finished_page, ended(clients=CLIENTS, client=CLIENTS[0])),
    "nobody's": (finished_page, ended(clients=())),
    "names": (finished_page, replace(ended(clients=CLIENTS * 9), asks=Asks.CLIENT, pick=11)),
    "a new name": (finished_page, replace(ended(clients=()), asks=Asks.CLIENT)),
    "named and thrown": (
        finished_page,
        ended(Fate.THROWN, undo=4.0, undoes=Undoable.THROWN, clients=CLIENTS, client=CLIENTS[0]),
    ),
    "just finished": (finished_page, ended(undo=4.0, undoes=Undoable.FINISHED)),
    "words": (finished_page, replace(ended(), asks=Asks.WORDS)),
    "empty": (finished_page, ended(Fate.EMPTY)),
}  # fmt: skip
LIVES |= {
    f"settings, row {row}": (
        lambda paper, life: settings_page(paper, life, "This cannot be kept (no room)."),
        Life(State.SETTINGS, desk(), row=row, settings=Settings(contact="Ada, 030 901820")),
    )
    for row in range(len(CHOICES) + len(WRITTEN))
}
TWICE = {"640x400": (640.0, 400.0), "711x400": (711.0, 400.0), "640x480": (640.0, 480.0)}
"""Logical sizes of windows with text twice as large, for pages that grow as far."""
WHOLE = [
    name
    for name, (page, life) in LIVES.items()
    if page is pages.start_page or life.state is State.SETTINGS
]
EACH = [*itertools.product(LIVES, SIZES), *itertools.product(WHOLE, TWICE)]


def drawn(name: str, size: str) -> tuple[Paper, Drawing]:
    page, life = LIVES[name]
    width, height = (SIZES | TWICE)[size]
    if life.state is State.FINISHED:
        height -= 240.0 + (158.0 if height > 700.0 else 56.0)
    paper = Paper(width, height, LIGHT)
    return paper, page(paper, life)


def box(text: Text) -> tuple[float, float, float, float]:
    width = theme.text_width(text.words, text.size, text.weight)
    left = text.x - {"left": 0.0, "centre": width / 2, "right": width}[text.align]
    rise, fall = 0.74 * text.size, 0.22 * text.size  # what letters take, without leading
    return left, text.y - rise, left + width, text.y + fall


@pytest.mark.parametrize(("name", "size"), EACH)
def test_no_words_lie_over_others_or_beyond_the_page(name: str, size: str) -> None:
    paper, drawing = drawn(name, size)
    texts = [text for text in drawing.texts if text.words]
    assert texts
    boxes = [(text.words, box(text)) for text in texts]
    for words, (left, top, right, bottom) in boxes:
        assert left >= 0.0, words
        assert right <= paper.width, words
        assert top >= 0.0, words
        assert bottom <= paper.height, words
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, other)


@pytest.mark.parametrize(("name", "size"), EACH)
def test_every_click_acts_inside_the_page_and_in_one_place(name: str, size: str) -> None:
    paper, drawing = drawn(name, size)
    for spot in drawing.spots:
        assert spot.x >= 0.0
        assert spot.x + spot.width <= paper.width
        assert spot.y + spot.height <= paper.height
    for one, other in itertools.combinations(drawing.spots, 2):
        assert not one.holds(other.x + other.width / 2, other.y + other.height / 2)


@pytest.mark.parametrize("name", LIVES)
def test_no_word_judges_or_names_an_option_of_a_terminal(name: str) -> None:
    assert not NEVER.search(drawn(name, "1280x800")[1].sentence())


def test_colours_are_the_palettes_own() -> None:
    tokens = {getattr(DARK, token) for token in ("ink", "ink2", "paper")}
    for name in LIVES:
        page, life = LIVES[name]
        found = page(Paper(1280.0, 800.0, DARK), life)
        assert {text.token for text in found.texts} <= tokens


def bare(sentence: str) -> str:
    """Words alone: a line's end is told as a full stop."""
    return " ".join(sentence.replace(".", " ").split())


def test_the_disclaimer_stands_where_a_person_begins() -> None:
    for name in ("start", "first", "locked"):
        told = bare(drawn(name, "853x533")[1].sentence())
        assert all(bare(sentence) in told for sentence in DISCLAIMER), name


def test_two_peoples_baselines_are_both_told() -> None:
    state = moments.STATES["two people"]().state
    life = Life(State.FINISHED, desk(session="S", returns=True), state)
    words = finished_page(Paper(1280.0, 400.0, LIGHT), life).sentence()
    assert words.count("bpm") == 2


@pytest.mark.parametrize(
    ("undoes", "words"),
    [
        (Undoable.REMOVED, "Put the moment back"),
        (Undoable.FINISHED, "Go on recording"),
        (Undoable.THROWN, "Undo"),
    ],
)
def test_a_tile_says_what_would_be_undone(undoes: Undoable, words: str) -> None:
    fate = Fate.THROWN if undoes is Undoable.THROWN else Fate.KEPT
    drawing = finished_page(Paper(1280.0, 400.0, LIGHT), ended(fate, undo=4.0, undoes=undoes))
    (spot,) = (one for one in drawing.spots if one.action == "undo")
    inside = [one.words for one in drawing.texts if spot.y < one.y < spot.y + spot.height]
    assert words in inside
    told = {one.words for one in drawing.texts}
    assert not told & ({"Put the moment back", "Go on recording", "Undo"} - {words})


@pytest.mark.parametrize("row", [0, 4, 17, 29])
def test_words_are_written_in_the_row_of_their_moment(row: int) -> None:
    paper, life = Paper(1280.0, 400.0, LIGHT), ended()
    marks = tuple(MarkView(10.0 * n, f"moment {n}") for n in range(30))
    shown = msgspec.structs.replace(life.snapshot, marks=marks)
    life = replace(life, snapshot=shown, row=row)
    (spot,) = (
        one for one in finished_page(paper, life).spots if one.action == "words" and one.x < 100.0
    )
    x, y, width, height = words_place(paper, life)
    assert spot.y <= y < y + height <= spot.y + spot.height
    assert spot.x < x < x + width < paper.width


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pick", [0, 9, 27])
def test_the_chosen_client_is_in_view_however_many_there_are(size: str, pick: int) -> None:
    _, life = LIVES["whose"]
    life = replace(life, pick=pick)
    drawing = whose_page(Paper(*SIZES[size], LIGHT), life)
    taken = [spot.action for spot in drawing.spots if spot.action.startswith("take")]
    shown = [int(action.split()[1]) for action in taken]
    assert pick in shown
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert f"{28 - len(shown)} more" in [text.words for text in drawing.texts]


@pytest.mark.parametrize("size", SIZES)
def test_connect_says_whose_hour_it_is_to_be(size: str) -> None:
    width, height = SIZES[size]
    for name, words in (("whose straps", "named afterwards"), ("Rowan's straps", "Rowan")):
        page, life = LIVES[name]
        assert words in page(Paper(width, height, LIGHT), life).sentence()
    page, life = LIVES["straps"]  # a library that keeps no names
    assert "hour" not in page(Paper(width, height, LIGHT), life).sentence()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("everyone's marks", ("everyone here", "One key")),
        ("their marks", ("Rowan", "Their own")),
        ("none of their own", ("Juniper", "None of their own", "everyone's are used")),
    ],
)
def test_the_page_of_labels_says_whose_they_are(name: str, words: tuple[str, ...]) -> None:
    told = drawn(name, "853x533")[1].sentence()
    assert all(one in told for one in words)


def test_a_page_is_the_same_for_the_same_life() -> None:
    once = partial(drawn, "straps", "1280x800")
    assert once()[1] == once()[1]


def row_of(drawing: Drawing, strap: int) -> list[str]:
    """The words in the row of a strap, the list of people left out."""
    (spot,) = (one for one in drawing.spots if one.action == f"row {strap}")
    inside = [one for one in drawing.texts if spot.y < one.y < spot.y + spot.height]
    return [one.words for one in inside if one.words and one.x < 808.0]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("stands", "words"),
    [
        (None, ["connecting"]),
        (NEW, ["connecting"]),
        (on(), ["asking", "waiting", "no beats yet"]),
        (on(asked=True), ["not told", "waiting", "no beats yet"]),
        (FULL, ["80 %", "as it says", "yes", "beats arrive"]),
        (on(asked=True, battery_percent=21), ["21 %", "as it says"]),
        (LOW, ["20 %, low", "change soon", "no", "damp its pads"]),
        (on(asked=True, battery_percent=0), ["0 %, low", "change soon"]),
        (on(beats=True, skin=Skin.NOT_TOLD), ["not told", "beats arrive"]),
        *((HeldStrap("", "", trouble=one), ["no answer", one, "try again"])
          for one in StrapTrouble),
        (SILENT, ["not told", "no beats yet", StrapTrouble.NO_INTERVALS]),
    ],
)  # fmt: skip
def test_a_chosen_strap_says_how_it_stands(
    stands: HeldStrap | None, words: list[str | StrapTrouble]
) -> None:
    words = [strap_text(one) if isinstance(one, StrapTrouble) else one for one in words]
    life = held(stands) if stands else held()
    told = row_of(straps_page(Paper(1280.0, 800.0, LIGHT), life), 0)
    assert list(dict.fromkeys(one for one in told if one in words)) == words
    assert "told once chosen" not in told
    assert not [one for one in told if "bpm" in one]


def test_what_is_not_chosen_tells_nothing_yet() -> None:
    life = held(FULL)
    told = [row_of(straps_page(Paper(1280.0, 800.0, LIGHT), life), place) for place in (2, 3)]
    assert all("told once chosen" in one for one in told)
    off = straps(4, bluetooth="denied")  # nobody is connected with, so nothing is being asked
    off = replace(off, desk=msgspec.structs.replace(off.desk, listening=False))
    assert "told once chosen" in row_of(straps_page(Paper(1280.0, 800.0, LIGHT), off), 0)


def test_what_is_connected_can_not_be_tried_again() -> None:
    drawing = straps_page(Paper(1280.0, 800.0, LIGHT), held(SILENT, LOW))
    assert "again" not in [spot.action for spot in drawing.spots]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("row", range(12))
def test_the_chosen_row_is_in_view_however_many_are_in_trouble(size: str, row: int) -> None:
    both = held(REFUSED, REFUSED)
    life = replace(both, desk=desk(straps=STRAPS, held=both.desk.held, listening=True), row=row)
    width, height = SIZES[size]
    drawing = straps_page(Paper(width, height, LIGHT), life)
    shown = [int(one.action.split()[1]) for one in drawing.spots if one.action.startswith("row ")]
    assert row in shown
    assert shown == list(range(shown[0], shown[-1] + 1))
    left_out = len(rows(life)) - len(shown)
    assert (f"{left_out} more" in [text.words for text in drawing.texts]) == (left_out > 0)


@pytest.mark.parametrize("size", TWICE)
@pytest.mark.parametrize("row", range(len(CHOICES) + len(WRITTEN)))
def test_the_chosen_setting_is_in_view_and_the_mouse_reaches_those_that_are_not(
    size: str, row: int
) -> None:
    drawing = drawn(f"settings, row {row}", size)[1]
    rows = {int(spot.action.split()[1]) for spot in drawing.spots if spot.action.startswith("row ")}
    assert row in rows
    shown = {int(spot.action.split()[1]) for spot in drawing.spots if spot.action[:4] == "set "}
    actions = {spot.action for spot in drawing.spots}
    shown |= {len(CHOICES) + n for n, action in enumerate(WRITTEN) if action in actions}
    assert rows - shown == {
        one for one in (min(shown) - 1, max(shown) + 1) if 0 <= one < len(CHOICES) + len(WRITTEN)
    }


def test_no_choice_is_cut_where_there_is_little_room() -> None:
    for size in TWICE:
        for row in range(len(CHOICES) + len(WRITTEN)):
            _, drawing = drawn(f"settings, row {row}", size)
            assert not [text.words for text in drawing.texts if text.words.endswith("…")]
