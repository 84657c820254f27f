"""The page of HTML: whole in itself, real text and tables, and nothing of strangers acts in it."""

import re
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree

import msgspec
import pytest

from pipelines.drawing import DARK, LIGHT
from pipelines.report import Audience, as_html, hour_picture
from pipelines.report.content import Flag, Rise, Stretch
from pipelines.report.picture import LEFT, LETTER, RIGHT, SIZE, WIDTH
from tests.pipelines.report.hours import known, report, rest, words_of

pytestmark = pytest.mark.usefixtures("english")

EVERY = ("therapy", "with_gaps", "hostile", "two_people", "without_beats", "with_parts")
VOID = {"meta", "col", "br", "rect", "circle", "path", "polyline", "polygon"}


class Read(HTMLParser):
    """What a page holds: elements with their attributes, and its text; it must be well-formed."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text, self.rows, self._open = [], [], [], []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.text.append(data)
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("audience", list(Audience))
def test_it_needs_nothing_and_fetches_nothing(name, audience):
    page = as_html(known(name, audience))
    read = Read(page)
    allowed = {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "footer"),
        *("h1", "h2", "h3", "p", "bdi", "div", "span", "figure", "figcaption", "table", "colgroup"),
        *("col", "thead", "tbody", "tr", "th", "td", "svg", "text", *VOID),
    }
    assert {tag for tag, _ in read.elements} <= allowed
    for _, attributes in read.elements:
        assert not {"src", "href", "action", "srcset"} & set(attributes)
        assert not any(one.startswith("on") for one in attributes)
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    style = page[page.index("<style>") : page.index("</style>")]
    assert not re.search(r"url\(|@import", style)
    addresses = set(re.findall(r'xmlns="(https?://[^"]*)"', page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert read.named("html")[0]["lang"] == "en"


@pytest.mark.parametrize("name", EVERY)
def test_everything_the_report_says_stands_there_as_text(name):
    made = known(name)
    read = Read(as_html(made))
    told = "".join(read.text)
    spoken = {made.title, made.lead, *made.paragraphs, *made.limits, *made.disclaimer, made.written}
    assert all(words in told for words in spoken)
    assert [list(row) for row in made.moments.rows] == [
        row for row in read.rows if len(row) == 6 and row[0].isdigit()
    ]
    assert read.named("svg")[-1].get("role", "img") == "img"


@pytest.mark.parametrize("name", ["</title><script>alert(1)</script>", '"><img src=x> & <b>'])
def test_a_name_acts_nowhere(name):
    made = report(rest(180.0), client=name)
    page = as_html(made)
    assert page.count(escape(made.title)) == 2
    assert made.title not in page
    assert not {"script", "img", "b"} & {tag for tag, _ in Read(page).elements}


def test_the_picture_says_in_words_what_it_shows():
    made = known("therapy")
    drawn = ElementTree.fromstring(hour_picture(made.hour, LIGHT))
    title = drawn.find("{http://www.w3.org/2000/svg}title").text
    assert title == made.hour.alt
    assert "over 25 minutes: 3 rises, 3 numbered moments" in title


def test_every_colour_of_the_picture_has_its_dark_one():
    page = as_html(known("with_gaps"))
    drawn = page[page.index("<figure") : page.index("</figure>")]
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9A-F]{6})"', drawn))
    assert used <= {getattr(LIGHT, token) for token in LIGHT.__slots__ if token != "name"}
    for colour in used:
        assert f'svg [fill="{colour}"]' in page
    assert f"--lake: {DARK.lake};" in page


def test_nothing_of_the_picture_runs_off_its_edges():
    for name in ("therapy", "with_gaps", "hostile"):
        drawn = ElementTree.fromstring(hour_picture(known(name).hour, LIGHT))
        width, height = (float(drawn.get(side)) for side in ("width", "height"))
        for text in drawn.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 <= float(text.get("x")) <= width
            assert 8 <= float(text.get("y")) <= height


def test_a_page_is_small():
    assert len(as_html(known("therapy"))) < 150_000


def of_an_hour(**changes):
    """Return a made-up hour as it is drawn: 600 s, a rise from 200 to 500 s, nothing marked."""
    hour = msgspec.structs.replace(known("therapy").hour, end=600.0, low=60.0, high=110.0)
    there = {"band": None, "rises": (Rise(200.0, 300.0, 500.0, "+20 ± 2"),), "flags": ()}
    return ElementTree.fromstring(
        hour_picture(msgspec.structs.replace(hour, brackets=(), **there | changes), LIGHT)
    )


def run(time, *rate):
    low, high = (tuple(one + by for one in rate) for by in (-2.0, 2.0))
    return Stretch(tuple(time), rate, low, high, limited=False)


def test_a_rise_is_filled_down_to_where_heart_rate_had_been_on_both_sides_of_a_gap():
    parts = run((100.0, 200.0, 280.0), 70.0, 70.0, 88.0), run((320.0, 400.0), 90.0, 80.0)
    drawn = of_an_hour(stretches=parts)
    washes = [one for one in drawn.iter() if one.get("fill") == LIGHT.clay]
    lowest = {
        max(float(y) for y in re.findall(r"[\d.]+[ ,]([\d.]+)", one.get("points")))
        for one in washes
    }
    assert (len(washes), len(lowest)) == (2, 1)


@pytest.mark.parametrize("marked", [(), (310.0,), (290.0, 310.0), (325.0, 270.0)])
def test_how_high_a_rise_was_is_written_across_no_line_of_a_moment(marked):
    flags = tuple(Flag(time, n) for n, time in enumerate(sorted(marked), 1))
    trace = run((100.0, 200.0, 300.0, 500.0), 70.0, 70.0, 90.0, 71.0)
    drawn = of_an_hour(stretches=(trace,), flags=flags)
    lines = [LEFT + time / 600.0 * (WIDTH - LEFT - RIGHT) for time in marked]
    labels = [one for one in drawn.iter() if one.text == "+20 ± 2"]
    assert len(labels) == (len(marked) < 2)
    for one in labels:
        left = float(one.get("x"))
        assert not any(left <= x <= left + LETTER * SIZE * len(one.text) for x in lines)


def test_sixty_marks_keep_their_numbers_apart():
    drawn = ElementTree.fromstring(hour_picture(known("hostile").hour, LIGHT))
    places = [
        (float(one.get("x")), float(one.get("y")))
        for one in drawn.iter("{http://www.w3.org/2000/svg}text")
        if one.get("fill") == LIGHT.paper
    ]
    assert len(places) == 64
    for place, (x, y) in enumerate(places):
        assert all(abs(x - a) >= 17 or abs(y - b) >= 17 for a, b in places[:place])


def test_a_session_of_minutes_is_drawn_whole():
    made = report(rest(180.0))
    assert made.hour.stretches[-1].time[-1] > 175.0
    assert words_of(made)
    assert Read(as_html(made)).named("figure")
