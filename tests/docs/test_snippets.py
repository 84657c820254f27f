"""Every snippet of Python in the README and the guides runs as it stands."""

import re
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
SNIPPETS = {
    f"{page.name}-{number}": snippet
    for page in PAGES
    for number, snippet in enumerate(
        re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S), start=1
    )
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recording.csv").write_text("rr_ms\n" + "812\n804\n790\n" * 100)
    with warnings.catch_warnings():
        if "neurokit2" in SNIPPETS[name]:
            warnings.simplefilter("ignore")  # what NeuroKit2 warns of is its own affair
            pytest.importorskip("neurokit2", reason="NeuroKit2 needs the extra research")
        exec(compile(SNIPPETS[name], name, "exec"), {})


def test_the_readme_goes_from_intervals_to_a_table_in_two_lines():
    _, *lines = (line for line in SNIPPETS["README.md-1"].splitlines() if line)
    found = {}
    exec("\n".join(("import interbeat", *lines)), found)
    assert len(lines) == 2
    assert {"measure", "value", "unit", "reason"} <= set(found["table"][0])


def test_researchers_are_shown_several():
    assert sum(name.startswith("researchers.md") for name in SNIPPETS) >= 3
