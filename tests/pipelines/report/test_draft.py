"""The words of a report put otherwise by hand: what may change, what cannot, and what is told."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.harmless import harmless
from pipelines.report import (
    Audience,
    BadDraft,
    Passage,
    Place,
    as_draft,
    as_html,
    read_draft,
    reworded,
)
from tests.pipelines.report.hours import known, words_of

pytestmark = pytest.mark.usefixtures("english")

EVERY = ("therapy", "with_gaps", "hostile", "two_people", "without_beats", "with_parts")
SESSION = "20261114-0930-4KQD"


def clients(name="therapy"):
    return known(name, Audience.CLIENT)


@pytest.mark.parametrize("name", EVERY)
def test_a_draft_that_nobody_edits_changes_nothing(name):
    made = clients(name)
    draft = as_draft(made, SESSION)
    assert reworded(made, read_draft(draft, SESSION)) == made
    told = (made.lead, *made.paragraphs, *made.limits)
    assert all(one.words in " ".join(told) for one in made.passages)


@given(st.one_of(st.text(max_size=60), st.sampled_from(["[first]", "# 1", " [session x]"])))
def test_any_words_of_a_report_come_back_as_they_went(words):
    told = " ".join(harmless(words).split())
    made = msgspec.structs.replace(clients(), passages=(Passage(Place.LEAD, "first", told),))
    assert reworded(made, read_draft(as_draft(made, SESSION), SESSION)) == made


def test_what_is_put_otherwise_stands_in_it_and_is_listed():
    made = clients()
    words = {"first": "It sped up, and came back each time.", "rise 2": "", "quiet": "No more."}
    told = reworded(made, words)
    assert told.lead == "It sped up, and came back each time."
    assert "long silence" in made.paragraphs[0]
    assert "long silence" not in told.paragraphs[0]
    assert told.limits[-1] == (
        "Changed by hand: 2 sentences put in other words (“It sped up, and came back each time.” "
        "and “No more.”) and 1 sentence left out."
    )
    assert made.limits[-1] == "Changed by hand: nothing."
    assert "came back each time" in as_html(told)


def test_picture_table_and_what_was_changed_before_stay():
    made = clients("with_gaps")
    told = reworded(made, dict.fromkeys((one.name for one in made.passages), ""))
    kept = ("title", "about", "trust", "hour", "moments", "parts", "disclaimer", "written")
    assert all(getattr(told, field) == getattr(made, field) for field in kept)
    assert told.paragraphs == ()
    assert told.lead == ""
    assert told.limits == (f"Changed by hand: {len(made.passages)} sentences left out.",)
    assert 'class="lead"' not in as_html(told)


def test_a_draft_may_leave_sentences_to_the_program():
    text = f"[session {SESSION}]\n[first]\nIt sped up,\n\nand came back.\n"
    told = reworded(clients(), read_draft(text, SESSION))
    assert told.lead == "It sped up, and came back."
    assert [one.by_hand for one in told.passages].count(True) == 1


@pytest.mark.parametrize(
    ("name", "words", "number"),
    [
        ("first", "Your heart sped up clearly 2 times.", "2"),
        ("rise 1", "At 5:03 it sped up.", "5:03"),
        ("quiet", "Nothing was above 140.", "140"),
        ("first", "It sped up \u0663 times.", "\u0663"),
    ],
)
def test_no_number_is_changed_or_added(name, words, number):
    with pytest.raises(BadDraft, match=re.escape(f"The number {number} in [{name}]")):
        reworded(clients(), {name: words})


def test_a_number_can_move_or_go():
    (rise,) = (one for one in clients().passages if one.name == "rise 1")
    clock = re.search(r"\d+:\d\d", rise.words)[0]
    told = reworded(clients(), {"rise 1": f"It did so at {clock}.", "first": "It did at times."})
    assert f"It did so at {clock}." in told.paragraphs[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "of which session"),
        ("[first]\nwords", "of which session"),
        ("[session other]\n[first]\nwords", r"It is of session other\."),
        ("words\n[session {}]", "Line 1 stands below no name"),
        ("[session {}]\n[first]\none\n[first]\ntwo", r"\[first\] stands there twice\."),
        ("[session {}]\n[session {}]", "stands there twice"),
        ("[session {}]\n[nobody]\nwords", r"There is no sentence \[nobody\]; there are: first"),
        ("[session {}]\n[bpm \u202ex]\nwords", r"There is no sentence \[bpm x\]"),
        ("[session {}]\n[first]\n" + "a" * 1001, "longer than 1000 letters"),
    ],
)
def test_what_no_report_can_be_made_from_is_a_sentence(text, sentence):
    with pytest.raises(BadDraft, match=sentence):
        reworded(clients(), read_draft(text.replace("{}", SESSION), SESSION))


def test_what_is_written_by_hand_is_harmless_and_on_one_line():
    told = reworded(clients(), {"first": "one\n\x1b[2J two \u202e three"})
    assert told.lead == "one two three"


@given(st.lists(st.sampled_from(["first", "rise 1", "always", "quiet"]), unique=True))
def test_changing_some_leaves_the_others(names):
    told = reworded(clients(), dict.fromkeys(names, "other words"))
    for before, after in zip(clients().passages, told.passages, strict=True):
        assert after.by_hand == (before.name in names)
        assert (before.name in names) or after == before


def test_the_draft_says_what_can_be_done_and_who_can_read_it():
    draft = as_draft(clients(), SESSION)
    notes = [line for line in draft.splitlines() if line.startswith("#")]
    assert "not encrypted" in " ".join(notes)
    assert f"[session {SESSION}]" in draft
    assert "bpm" not in draft
    assert "Your heart sped up" in words_of(clients())
