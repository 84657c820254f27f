"""The pages of the library: every public name is on one, and they build without a network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import interbeat

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/api.md"


def test_every_public_name_is_on_the_page_once():
    named = re.findall(r"^::: interbeat\.(\w+)$", PAGE.read_text("utf-8"), re.M)
    assert sorted(named) == sorted(interbeat.__all__)


def test_every_guide_is_in_the_table_of_contents():
    told = (ROOT / "mkdocs.yml").read_text("utf-8")
    listed = re.findall(r"^  - .*: (\w+\.md)$", told, re.M)
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


class Fetched(HTMLParser):
    """What a page would fetch when it is opened."""

    def __init__(self):
        super().__init__()
        self.sources = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.sources += [told["src"]] if "src" in told else []
        self.sources += [told["href"]] if tag == "link" else []


@pytest.mark.long
def test_the_pages_build_without_a_warning_and_fetch_nothing(tmp_path):
    pytest.importorskip("mkdocs", reason="the pages need the extra dev")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path / "site"]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    page = (tmp_path / "site/api.html").read_text("utf-8")
    assert all(f'id="interbeat.{name}"' in page for name in interbeat.__all__)
    for built in (tmp_path / "site").rglob("*.html"):
        fetched = Fetched()
        fetched.feed(built.read_text("utf-8"))
        assert not [one for one in fetched.sources if one.startswith(("http", "//"))], built
