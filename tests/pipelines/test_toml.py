"""What is written as TOML is what `tomllib` reads, whatever stands in it."""

import tomllib
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.toml import WIDTH, toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.dates()
    | st.times()
    | st.datetimes()
)
TABLES = st.dictionaries(
    TEXTS,
    st.recursive(
        VALUES,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=6,
)


@given(TABLES)
def test_what_is_written_is_read(table):
    assert tomllib.loads(toml(table)) == table


@pytest.mark.parametrize(
    "text", ['"""', "\\", "a\\nb", "a\nb", "\n", "\r\n", "\t", "\x7f", "\x00", "'", "ü 日 🌈"]
)
def test_no_text_ends_or_changes_itself(text):
    assert tomllib.loads(toml({text: text, "in": [text, {text: text}]}))[text] == text


def test_it_is_written_to_be_edited():
    lines = toml(
        {
            "text": "one\ntwo",
            "nothing": None,
            "few": ["a", "b"],
            "many": ["word " * 10] * 2,
            "day": date(2026, 11, 30),
            "moment": datetime(2026, 11, 30, 9, 30),
            "at": time(9, 30),
            "inner": {"x": 1, "deeper": {"y": 2.0}},
            "rows": [{"x": 1, "more": [{"z": True}]}, {"x": 2}],
        }
    ).splitlines()
    assert lines[:3] == ['text = """', "one", 'two"""']
    assert 'few = ["a", "b"]' in lines
    assert "nothing" not in "".join(lines)
    assert "many = [" in lines
    assert "day = 2026-11-30" in lines
    assert [line for line in lines if line.startswith("[") and line.endswith("]")] == [
        "[inner]", "[inner.deeper]", "[[rows]]", "[[rows.more]]", "[[rows]]",
    ]  # fmt: skip
    assert all(len(line) <= WIDTH for line in lines)
