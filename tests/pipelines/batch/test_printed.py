"""Rows on the standard output: those of the table, and nothing a spreadsheet computes."""

import csv
from io import StringIO

import msgspec
import pytest

from pipelines.analysis import analyse
from pipelines.batch import head, only, printed
from pipelines.formats import read


@pytest.fixture
def result(tmp_path):
    path = tmp_path / "rest.txt"
    path.write_text("\n".join(str(800 + 5 * (place % 9)) for place in range(400)))
    (found,) = analyse(read(path).events, window=60.0)
    return msgspec.structs.replace(found, file="=rest.txt", sha256="ab")


def rows(result):
    return list(csv.DictReader(StringIO(f"{head()}\n{printed(result)}\n", newline="")))


def test_each_value_is_a_row_whole_and_in_each_window(result):
    told = rows(result)
    windows = len(result.windows)
    assert windows == 5
    assert len(told) == (1 + windows) * len(result.measures)
    for row in told[: len(result.measures)]:
        line = result.measures[row["measure"]]
        assert (float(row["value"]) if row["value"] else None) == line.value
        assert row["epoch"] == "whole"
        assert bool(row["reason"]) == (line.value is None)
    assert {row["epoch"] for row in told[len(result.measures) :]} == {"window"}
    assert {row["recording"] for row in told} == {"'=rest.txt"}


def test_only_what_is_asked_for_is_told(result):
    told = rows(only(result, ("rmssd", "hf")))
    assert [row["measure"] for row in told] == ["rmssd", "hf"] * 6
