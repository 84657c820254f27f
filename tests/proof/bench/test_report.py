"""The page, the lines and the pictures, from rows made up for the purpose."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.drawing import DARK, LIGHT
from proof.bench import machine, picture, report
from proof.bench.picture import Bar
from proof.bench.run import Row
from proof.bench.task import NEUROKIT, Goal, Rival, Task, beside, figure
from proof.bench.write import pictures, write

SVG = "{http://www.w3.org/2000/svg}"


def nothing(given):
    return lambda: given


def task(title, length="1 h", **options):
    return Task(
        name="made-up", title=title, length=length, given=str, ours=nothing, call="ours", **options
    )


RIVAL = beside(NEUROKIT, nothing, "`theirs(rr)`", faster=4.0)
OWN = Rival(
    title="ours, 1 h", prepare=nothing, call="the same", goal=Goal("growth", 26.0), length="1 h"
)
HELD = Row(task("Fast | <quick>"), RIVAL, 0.5, 3456.0)
MISSED = Row(task("Slow"), RIVAL, 2.0, 4.0)
ABSENT = Row(task("Absent"), RIVAL, notes=("NeuroKit2 is not installed",))
ALONE = Row(task("Alone"), None, 4.0)
GROWN = Row(task("Grown", "24 h"), OWN, 25.0, 1.0)
MEMORY = Row(task("Held", "7 days", goal=Goal("MB", 300.0)), None, 123.4)
ROWS = (HELD, MISSED, ABSENT, ALONE, GROWN, MEMORY)


def page(rows, **options):
    return report.page(rows, **({"machine": ("a machine",), "pictures": ()} | options))


def section(text, title):
    return text.split(f"## {title}\n")[1].split("\n## ")[0]


def test_each_kind_of_row_is_in_its_own_table():
    text = page(ROWS)
    for title, words in (
        ("Beside other programs", "| Slow | 1 h | 2 | NeuroKit2 | 4 | 2 | at least 4 x | missed |"),
        ("By itself", "| Alone | 1 h | 4 |"),
        (
            "As a recording grows",
            "| Grown | 24 h | 25 | ours, 1 h | 1 | 25 | at most 26 x | held |",
        ),
        ("Memory", "| Held | 7 days | 123 | at most 300 MB | held |"),
    ):
        assert words in section(text, title)
        assert text.count(words) == 1


def test_a_table_without_rows_is_left_out():
    assert "## Memory" not in page((HELD,))


def test_what_a_table_would_trip_over_is_escaped():
    assert "| Fast \\| &lt;quick> | 1 h | 0.5 | NeuroKit2 | 3,456 | 6,912 |" in page(ROWS)


def test_every_row_of_a_table_has_as_many_cells_as_its_head():
    tables = re.findall(r"(?:^\|.*\n)+", page(ROWS).replace("\\|", ""), flags=re.MULTILINE)
    assert len(tables) == 4
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_what_was_not_measured_says_why():
    text = section(page(ROWS), "Beside other programs")
    assert "| Absent | 1 h |  | NeuroKit2 |  |  | at least 4 x | not measured |" in text
    assert "- NeuroKit2 is not installed" in text


def test_the_goals_are_counted():
    assert report.counted(ROWS) == "5 goals: 3 held, 1 missed, 1 not measured."
    assert report.counted(ROWS) in page(ROWS)


def test_the_page_names_machine_pictures_and_what_kind_of_run_it_was():
    text = page(ROWS, pictures=(picture.GROWTH,), note="A part.")
    assert "- a machine" in text
    assert 'alt="How the cost grows with the recording, with our goals"' in text
    assert 'srcset="pictures/bench_growth_dark.svg"' in text
    assert 'src="pictures/bench_growth_light.svg"' in text
    assert "bench_ratios" not in text
    assert "A part." in text
    assert "Every process kept on one core." in text


def test_the_page_says_where_no_core_could_be_kept():
    assert "no process be kept on one core" in page((replace(HELD, pinned=False), ALONE))


def test_each_call_is_listed_once():
    text = section(page((HELD, replace(HELD, ours=1.0))), "What is compared")
    assert text.count("`theirs(rr)`") == 1


def test_a_line_holds_figures_and_notes():
    assert re.sub(" +", " ", report.line(MISSED)) == (
        "Slow 1 h 2 NeuroKit2 4 2 x at least 4 x missed"
    )
    assert report.line(ABSENT).endswith("not measured\n    NeuroKit2 is not installed")


def test_missing_peers_are_told_with_one_command():
    assert report.absent(()) == ""
    assert "NeuroKit2" in report.absent((NEUROKIT,))
    assert "pip install -c constraints.txt -e '.[peers]'" in report.absent((NEUROKIT,))


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0193, "0.0193"), (4.0, "4"), (99.96, "100"), (2345.6, "2,346")],
)
def test_figures_have_three_digits(value, words):
    assert figure(value) == words


def test_the_machine_is_described_without_its_name():
    import platform

    text = " ".join(machine.description())
    assert platform.python_version() in text
    assert "numpy" in text
    assert platform.node() not in text.split()


def drawn(values, goals):
    found = [
        Bar("group", f"<{place}>", value, "x", goal, goal is not None and value >= goal)
        for place, (value, goal) in enumerate(zip(values, goals, strict=True))
    ]
    scale = picture.logarithmic([*values, *(goal for goal in goals if goal)])
    image = picture.bars("a & b", "words", found, scale, palette=LIGHT).svg()
    return ElementTree.fromstring(image), scale


@given(st.lists(st.floats(1e-3, 1e5), min_size=1, max_size=30))
def test_bars_reach_from_one_to_their_value_on_a_logarithmic_scale(values):
    image, scale = drawn(values, [None] * len(values))
    bars = [*image.iter(f"{SVG}rect")][1:]
    assert len(bars) == len(values)
    for bar, value in zip(bars, values, strict=True):
        left, width = float(bar.get("x")), float(bar.get("width"))
        assert left == pytest.approx(min(scale.at(value), scale.at(1.0)), abs=0.1)
        reach = abs(scale.at(value) - scale.at(1.0))
        assert width == pytest.approx(max(reach, 1.0), abs=0.1)
        assert picture.LEFT - 0.1 <= left <= left + width <= picture.WIDTH - picture.RIGHT + 1.1


def test_a_goal_is_a_mark_at_its_place_and_colours_tell_whether_it_is_held():
    image, scale = drawn([100.0, 2.0, 3.0], [10.0, 10.0, None])
    lines = [one for one in image.iter(f"{SVG}polyline") if one.get("stroke") == LIGHT.ink]
    assert [one.get("points").split(",")[0] for one in lines] == [f"{scale.at(10.0):.1f}"] * 2
    fills = [one.get("fill") for one in image.iter(f"{SVG}rect")]
    assert fills == [LIGHT.paper, LIGHT.lake, LIGHT.clay, LIGHT.clay]


def test_a_group_is_named_once_and_words_are_escaped():
    image, _ = drawn([1.0, 2.0], [None, None])
    words = [one.text for one in image.iter(f"{SVG}text")]
    assert words.count("group") == 1
    assert {"a & b", "<0>", "<1>"} <= set(words)


def test_the_pictures_are_made_for_light_and_dark():
    for palettes in pictures(ROWS).values():
        assert [palette for palette, _ in palettes] == [LIGHT, DARK]
        for palette, image in palettes:
            assert palette.paper in image.svg()


def test_no_line_of_words_is_longer_than_the_picture():
    for (_, image), _ in pictures(ROWS).values():
        words = [one.text for one in ElementTree.fromstring(image.svg()).iter(f"{SVG}text")]
        # 8 pixels a letter, as in the widest of the fonts.
        assert max(map(len, words)) * 8 <= picture.WIDTH - 40


def test_nothing_is_drawn_of_what_was_not_measured():
    assert pictures((ABSENT, ALONE)) == {}
    assert list(pictures(ROWS)) == [picture.RATIOS, picture.GROWTH]


def test_page_and_pictures_are_written_beside_each_other(tmp_path):
    out = tmp_path / "new" / "page.md"
    places = write(out, ROWS, note="A part.")
    assert places[0] == out
    text = out.read_text(encoding="utf-8")
    for place in places[1:]:
        assert f'"{place.relative_to(out.parent).as_posix()}"' in text
        ElementTree.parse(place)
    assert str(tmp_path) not in text
