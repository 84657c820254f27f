"""Renew the bold line of each measure in docs/science.md: `python docs/science_facts.py`.

Label, unit, window, least beats and source come from the table in `physio.measures`; the words
around them are written by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from physio.measures import MEASURES, Measure
from pipelines.words import measure_text

PAGE = Path(__file__).resolve().parent / "science.md"


def facts(measure: Measure) -> str:
    """Return the line that the table gives for a measure, its DOI as a link."""
    source = re.sub(r"doi (10\.\S+)", lambda found: doi_link(found[1]), measure.source)
    least = f"at least {measure.shortest:g} s and {measure.fewest} intervals"
    words = f"window {measure.window:g} s, {least}"
    return f"**{measure_text(measure.name)}** · {measure.unit} · {words} · {source}"


def doi_link(doi: str) -> str:
    """Return a Markdown link; brackets in a DOI would end it early."""
    address = doi.replace("(", "%28").replace(")", "%29")
    return f"[doi {doi}](https://doi.org/{address})"


def section(page: str, name: str) -> str:
    """Return what stands under the heading `name`, "" where there is none."""
    found = re.search(rf"^### {re.escape(name)}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def renewed(page: str) -> str:
    """Return the page with the line of every measure that has a heading as the table gives it."""
    for name, measure in MEASURES.items():
        before = section(page, name)
        told = re.search(r"^\*\*.*$", before, re.MULTILINE)
        if told:
            page = page.replace(before, before.replace(told[0], facts(measure), 1), 1)
    return page


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(renewed(page), encoding="utf-8")
    for name in MEASURES:
        if not section(page, name):
            print(f"{PAGE.name} has no heading for {name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
