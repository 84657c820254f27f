"""The researcher's first ten minutes: each step of the guide, in its order, in an empty folder."""

import contextlib
import csv
import io
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.command import main

GUIDE = Path(__file__).parents[2] / "docs/researchers.md"
TITLE = "## Ten minutes to a paper's table\n"


def steps():
    """Return the kind and the text of each step after the installation."""
    section = GUIDE.read_text("utf-8").partition(TITLE)[2].partition("\n## ")[0]
    return re.findall(r"^```(py|sh)\n(.*?)^```", section, re.M | re.S)


@pytest.mark.long
def test_ten_minutes_lead_to_a_table_methods_and_a_figure(tmp_path, monkeypatch):
    pytest.importorskip("polars", reason="the tables need the extra research")
    pytest.importorskip("matplotlib", reason="the figure needs the extra research")
    monkeypatch.chdir(tmp_path)
    told, known = io.StringIO(), {}
    for kind, step in steps():
        if kind == "sh":
            command, *arguments = shlex.split(step)
            assert command == "interbeat"
            done = CliRunner().invoke(main, arguments)
            assert done.exit_code == 0, done.stderr
            known = {}  # whoever left Python for the shell begins anew
        else:
            with contextlib.redirect_stdout(told):
                exec(compile(step, "researchers.md", "exec"), known)
    with Path("table1.csv").open() as file:
        rows = {(row["measure"], row["epoch"]): row for row in csv.DictReader(file)}
    assert len(rows) == 4 * 3
    assert {row["n"] for row in rows.values()} == {"6"}
    with Path("table2.csv").open() as file:
        change = {row["measure"]: row for row in csv.DictReader(file)}
    # 90 ms less of about 880, and half the sway with breathing.
    faster = 60_000 / 790 - 60_000 / 880
    assert float(change["mean_hr"]["change"]) == pytest.approx(faster, abs=1.5)
    assert float(change["rmssd"]["change"]) + float(change["rmssd"]["half"]) < 0
    assert "# Methods" in told.getvalue()
    assert "**not known to the program**" in told.getvalue()
    assert Path("figure1.pdf").read_bytes().startswith(b"%PDF")
    assert Path("sub-01.png").stat().st_size > 10_000
