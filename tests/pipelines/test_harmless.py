"""Text from strangers: what acts or hides goes, what people write stays."""

import json
import sys
from unicodedata import category, name, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.harmless import LONGEST, MOST_MARKS, harmless
from pipelines.words import json_line
from tests.strangers import acts_or_hides

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


EVERY = range(sys.maxunicode + 1)
SOME = (*range(0x3000), *range(0x3000, sys.maxunicode + 1, 17), *range(0xD700, 0x10000, 3))
"""Those of most scripts, and of the large blocks, whose characters are all of a kind, a part."""


@pytest.mark.parametrize("codes", [SOME, pytest.param(EVERY, marks=pytest.mark.long)])
def test_every_character_is_judged_by_what_it_does(codes):
    for code in codes:
        letter = chr(code)
        kept = letter in harmless(f"a{letter}b")
        if acts_or_hides(letter):
            assert not kept, f"{code:#x} {name(letter, '')}"
        elif category(letter)[0] in "LNPS" or letter == " ":
            assert kept, f"{code:#x} {name(letter, '')}"


@pytest.mark.parametrize(
    "words",
    [
        "Polar H10 3A6F2B14", "Jörg Müller", "Δοκιμή", "тест", "محمد علي", "שָׁלוֹם", "می\u200cخواهم",
        "ශ\u0dca\u200dරී", "ที่นี่", "日本語", "한국어", normalize("NFD", "Việt"),
        "👩🏽\u200d⚕\ufe0f",
        "👨\u200d👩\u200d👧", "1\ufe0f\u20e3", "🏳\ufe0f\u200d🌈", "± 2 “so”…",
    ],
)  # fmt: skip
def test_what_people_write_stays(words):
    assert harmless(words) == words


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;a title\x07name", "name"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP+q544e\x1b\\x", "x"),
        ("\x1bcgone", "gone"),
        ("\x1b]0;never ended; say more", "0;never ended; say more"),
        ("H10\r\nfinal: 100 bpm", "H10 final: 100 bpm"),
        ("a\u2028b\u2029c\x85d\te", "a b c d e"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("a\u200db\u200cc\u200bd\ufeff", "abcd"),
        ("flag\U0001f3f4\U000e0067\U000e007f", "flag\U0001f3f4"),
        ("\udcff.txt", "\ufffd.txt"),
        ("a\ufffe\U0010ffff", "a\ufffd\ufffd"),
        ("\u0338on another's letter", "on another's letter"),
        ("", ""),
    ],
)
def test_what_acts_or_hides_goes(words, left):
    assert harmless(words) == left


def test_a_tower_of_marks_is_cut():
    assert harmless("Z" + "\u0335\u0341\u0311" * 50 + "o") == "Z\u0335\u0341\u0311\u0335o"


def test_a_long_name_keeps_its_beginning_and_its_end():
    words = harmless("begin" + "x" * 10_000 + "end")
    assert len(words) == LONGEST
    assert words.startswith("beginx")
    assert words.endswith("xend")
    assert "x…x" in words


@given(ANY_TEXT, st.integers(2, 40))
def test_whatever_comes_is_harmless_and_stays_as_it_is(text, most):
    words = harmless(text, most=most)
    joiners = "\u200c\u200d"
    assert not [letter for letter in words if acts_or_hides(letter) and letter not in joiners]
    assert len(words) <= most
    assert harmless(words, most=most) == words
    words.encode()


@given(st.text("a\u0301\u064b\u200c\u200d\u0628\ufe0f\u2764"))
def test_no_tower_and_no_chain_of_joiners_stands(text):
    words = harmless(text)
    assert "\u200d\u200d" not in words
    height = 0
    for letter in words.replace("\u200c", "").replace("\u200d", ""):
        height = height + 1 if category(letter) == "Mn" else 0
        assert height <= MOST_MARKS


@pytest.mark.parametrize("piece", ["\x1b]", "\x9d", "\x1b[0", "\x1b ", "\u200d", "\x1bP\x9b;"])
def test_a_megabyte_of_openings_takes_no_longer_than_any(piece):
    assert len(harmless(piece * 500_000)) <= LONGEST


@given(ANY_TEXT)
def test_a_line_of_json_is_printable_ascii_and_loses_nothing(text):
    line = json_line({"name": text, text: [1.5, None]})
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {"name": text, text: [1.5, None]}
