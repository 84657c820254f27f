"""The page for a phone as it leaves: whole in itself, sealed off, and nothing but what it needs."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import msgspec
import pytest

from pipelines.language import LANGUAGE
from pipelines.programmes import Contact, phone_page
from pipelines.words import DISCLAIMER
from tests.pipelines.programmes.plans import PLAN

NEVER = re.compile(
    r"\b(abnormal|poor|fail|fails|failed|stress\w*|dysregul\w*|danger\w*|tight|dysfunction|score|streak|bad|"
    r"alarm|must|should)\b|!|%",
    re.I,
)


class Page(HTMLParser):
    """What stands in a page: its elements, and the text of each."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.texts, self._within = [], {}, []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in ("meta", "link", "circle", "path"):
            self._within.append(tag)

    def handle_endtag(self, tag):
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data):
        inside = self._within[-1] if self._within else ""
        self.texts.setdefault(inside, []).append(data)

    def all_of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def read(self):
        """All that a person may read of it before its script runs."""
        hidden = ("script", "style")
        told = [text for tag, texts in self.texts.items() if tag not in hidden for text in texts]
        return " ".join(filter(None, map(str.strip, told)))

    def said(self):
        """What its script may say."""
        data = next(text for text in self.texts["script"] if text.startswith("{"))
        for words in msgspec.json.decode(data)["words"].values():
            yield from words if isinstance(words, list) else [words]


PAGE = Page(phone_page(PLAN))


def policy(page):
    return next(
        one["content"]
        for one in page.all_of("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )


def test_its_policy_allows_its_own_script_and_style_alone():
    style, script = PAGE.texts["style"][0], PAGE.texts["script"][-1]
    named = [
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (script, style)
    ]
    assert policy(PAGE).split("; ") == [
        "default-src 'none'", f"script-src {named[0]}", f"style-src {named[1]}",
        "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip


def test_nothing_in_it_leads_anywhere():
    text = phone_page(PLAN)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|fetch|XMLHttp|sendBeacon|WebSocket", text)
    held = {name for _, attributes in PAGE.elements for name in attributes}
    assert held.isdisjoint({"src", "srcset", "style", "action", "ping", "onclick", "onload"})
    assert [one["href"] for one in PAGE.all_of("a")] == ["tel:+4930901820"]


def test_only_guide_contact_and_setback_plan_are_in_it():
    text = phone_page(PLAN)
    private = (*PLAN.goals, PLAN.valued_activity, PLAN.made_by, PLAN.made_with, "dancing", "walk")
    for words in (*private, *PLAN.beliefs.splitlines(), *PLAN.questions):
        assert words not in text
    assert PLAN.id in text
    for words in (PLAN.contact.name, PLAN.contact.number, *PLAN.setback.splitlines()):
        assert words in PAGE.read()


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'${x}$title&amp;"


def test_what_a_plan_says_is_no_markup_and_no_code():
    plan = msgspec.structs.replace(
        PLAN, setback=HOSTILE, contact=Contact(name=HOSTILE, number=HOSTILE)
    )
    page = Page(phone_page(plan))
    assert [tag for tag, _ in page.elements if tag in ("script", "img")] == ["script", "script"]
    assert page.read().count(HOSTILE) == 3
    assert page.all_of("a") == []
    assert policy(page) == policy(PAGE)


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("112", "112"), ("+49 (0) 30/901-820", "+49030901820"), ("0800 REST", None), ("", None),
     ("++1", None), ("+", None), ("٣٤", None)],
)  # fmt: skip
def test_a_number_is_dialled_where_a_phone_can(number, dialled):
    plan = msgspec.structs.replace(PLAN, contact=Contact(name="Rowan", number=number))
    page = Page(phone_page(plan))
    assert [one["href"] for one in page.all_of("a")] == ([f"tel:{dialled}"] if dialled else [])
    assert number in page.read()


@pytest.mark.usefixtures("english")
def test_nobody_to_call_is_said():
    page = Page(phone_page(msgspec.structs.replace(PLAN, contact=Contact())))
    assert "Nobody stands in your plan yet." in page.read()
    assert "emergency number" in page.read()


def test_no_text_is_smaller_than_16_px():
    style = PAGE.texts["style"][0]
    sizes = re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)(rem|px|em|pt)", style)
    assert sizes
    assert all(float(size) >= {"rem": 1.0, "px": 16.0}[unit] for size, unit in sizes)


def test_it_keeps_its_sides_where_words_run_to_the_left():
    style = PAGE.texts["style"][0]
    found = re.findall(r"[\w-]*(?:left|right)[\w-]*: [^;]+;", style)
    assert set(found) <= {"left: 228px;"}, "the guide's line runs from left to right everywhere"


def test_the_page_is_said_in_the_language_of_whoever_makes_it(monkeypatch, tmp_path):
    monkeypatch.setenv(LANGUAGE, "de")
    page = Page(phone_page(PLAN))
    assert page.all_of("html") == [{"lang": "de", "dir": "ltr"}]
    assert "Ausatmen" in page.said()
    monkeypatch.setenv(LANGUAGE, "he")
    (tmp_path / "he.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: he\\n"\n',
        "utf-8",
    )
    monkeypatch.setenv("INTERBEAT_TRANSLATIONS", str(tmp_path))
    assert Page(phone_page(PLAN)).all_of("html") == [{"lang": "he", "dir": "rtl"}]


def test_every_sentence_of_it_is_translated(monkeypatch):
    monkeypatch.setenv(LANGUAGE, "pseudo")
    page = Page(phone_page(PLAN))
    untold = [re.sub("⟦[^⟧]*⟧", "", words).strip() for words in (page.read(), *page.said())]
    own = " ".join((PLAN.contact.name, PLAN.contact.number, PLAN.setback, *DISCLAIMER))
    own += " 0 1 2 3 4 5 6 7 8 9 10"
    assert [words for words in untold if not set(words.split()) <= set(own.split())] == []
    assert len(untold) > 30


@pytest.mark.usefixtures("english")
def test_no_word_judges():
    page = Page(phone_page(PLAN))
    assert [words for words in (page.read(), *page.said()) if NEVER.search(words)] == []
    assert NEVER.search("You failed")


@pytest.mark.usefixtures("english")
def test_counts_are_told_one_by_one():
    said = list(Page(phone_page(PLAN)).said())
    for words in (
        "Less than a minute of breathing.", "1 minute of breathing.", "60 minutes of breathing.",
        "One pause.", "2 pauses.", "1 minute left", "10 minutes",
    ):  # fmt: skip
        assert words in said
