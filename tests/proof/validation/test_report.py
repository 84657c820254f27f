"""What checks found, as lines, JSON and a page."""

from proof.validation.check import Check, Finding
from proof.validation.report import Tried, closing, page


def tried(key="tone", held=True, *, topic="Spectra", note="A note.", goal="within 2 %"):
    check = Check(key, f"A title of {key}", goal, "closed form", lambda _: Finding("", None))
    return Tried(topic, check, Finding("" if held is None else "1 %", held, note))


def test_lines_tell_everything_that_there_is_and_no_more():
    lines = tried().lines().splitlines()
    assert lines[0] == "held: A title of tone [tone]"
    assert [line.split()[0] for line in lines[1:]] == ["goal", "published", "ours", "note"]
    assert "ours" not in tried(held=None).lines()
    assert tried(held=None).lines().startswith("not tried: ")
    assert tried(held=False, note="").lines().startswith("missed: ")


def test_a_row_holds_the_check_and_the_finding():
    assert tried(held=False).row() == {
        "topic": "Spectra",
        "key": "tone",
        "title": "A title of tone",
        "goal": "within 2 %",
        "published": "closed form",
        "ours": "1 %",
        "held": False,
        "note": "A note.",
    }


def test_the_closing_sentence_counts():
    found = [tried(), tried(held=False), tried(held=None), tried(held=None)]
    assert closing(found) == "4 checks: 1 held, 1 missed, 2 not tried. Missed: `tone`."
    assert closing(found[:1]) == "1 check: 1 held, 0 missed, 0 not tried."


def test_a_page_has_a_table_for_each_topic_in_order():
    text = page([tried("a"), tried("b", topic="Live"), tried("c", False, goal="|x| < 1")])
    assert text.index("## Spectra") < text.index("## Live")
    rows = [line for line in text.splitlines() if line.startswith("| A title")]
    assert [row.rsplit("|", 2)[1].strip() for row in rows] == ["held", "missed", "held"]
    assert "\\|x\\| < 1" in rows[1]
    assert "3 checks: 2 held, 1 missed, 0 not tried." in text
    assert "numpy" in text
