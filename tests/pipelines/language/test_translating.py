"""Whose language is spoken, and that no slip in a catalogue ever costs a sentence."""

import pytest

from pipelines.language import (
    LANGUAGE,
    TRANSLATIONS,
    from_the_right,
    language,
    tr,
    translatable,
    trn,
)
from pipelines.language.translating import _SYSTEM, _of

GERMAN = r"""
# A translator's comment.
msgid ""
msgstr ""
"Language: de\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#, python-brace-format
msgid "last beat {seconds:.0f} s ago"
msgstr "letzter Schlag vor {seconds:.0f} s"

msgid "{count} minute"
msgid_plural "{count} minutes"
msgstr[0] "eine Minute"
msgstr[1] "{count} Minuten"

msgid ""
"a long sentence "
"in two lines"
msgstr ""
"ein langer Satz "
"\"in zwei Zeilen\", größer"

msgid "empty"
msgstr ""

#, fuzzy
msgid "guessed"
msgstr "geraten"

msgid "slip in {name}"
msgstr "Fehler in {nmae}"
msgid "no line between"
msgstr "ohne Zeile dazwischen"

#~ msgid "given up"
#~ msgstr "aufgegeben"
"""


@pytest.fixture(autouse=True)
def nobody_speaks(monkeypatch):
    for name in (*_SYSTEM, TRANSLATIONS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def german(tmp_path, monkeypatch):
    (tmp_path / "de.po").write_text(GERMAN, "utf-8")
    monkeypatch.setenv(TRANSLATIONS, str(tmp_path))
    monkeypatch.setenv(LANGUAGE, "de")


def test_without_a_language_it_is_english():
    assert tr("last beat {seconds:.0f} s ago", seconds=3.2) == "last beat 3 s ago"
    assert trn("{count} minute", "{count} minutes", 1) == "1 minute"
    assert trn("{count} minute", "{count} minutes", 0) == "0 minutes"
    assert translatable("said elsewhere") == "said elsewhere"


def test_one_file_is_a_language(german):
    assert tr("last beat {seconds:.0f} s ago", seconds=3.2) == "letzter Schlag vor 3 s"
    assert trn("{count} minute", "{count} minutes", 1) == "eine Minute"
    assert trn("{count} minute", "{count} minutes", 5) == "5 Minuten"
    assert tr("a long sentence in two lines") == 'ein langer Satz "in zwei Zeilen", größer'
    assert tr("no line between") == "ohne Zeile dazwischen"


@pytest.mark.parametrize("message", ["empty", "guessed", "given up", "not in the file"])
def test_what_is_not_translated_is_told_in_english(german, message):
    assert tr(message) == message


def test_the_language_is_told_by_its_code(german, tmp_path, monkeypatch):
    assert language() == "de"
    for heading, code in (("Language: de_AT", "de-AT"), ("Language: ", "und")):
        (tmp_path / "de.po").write_text(GERMAN.replace("Language: de", heading), "utf-8")
        _of.cache_clear()
        assert language() == code
    for english in ("en", "pseudo"):
        monkeypatch.setenv(LANGUAGE, english)
        assert language() == "en"


def test_a_slip_in_a_field_costs_the_translation_and_not_the_sentence(german):
    assert tr("slip in {name}", name="x") == "slip in x"


@pytest.mark.parametrize(
    "heading", ["", 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n']
)
def test_a_heading_need_not_name_its_letters(tmp_path, monkeypatch, heading):
    (tmp_path / "de.po").write_text(f'{heading}msgid "large"\nmsgstr "größer"\n', "utf-8")
    monkeypatch.setenv(TRANSLATIONS, str(tmp_path))
    monkeypatch.setenv(LANGUAGE, "de")
    assert tr("large") == "größer"


def test_what_a_stranger_wrote_is_no_field(german):
    assert tr("{name}: no reading yet", name="{count}{0}%s") == "{count}{0}%s: no reading yet"


@pytest.mark.parametrize(
    ("variable", "value", "german_spoken"),
    [
        ("LANGUAGE", "de_AT:en", True),
        ("LANGUAGE", "xx:de", True),
        ("LANGUAGE", "en_GB:de", False),
        ("LC_ALL", "de_DE.UTF-8", True),
        ("LC_MESSAGES", "de_DE@euro", True),
        ("LANG", "de", True),
        ("LANG", "C.UTF-8", False),
        ("LANG", "../de", False),
        (LANGUAGE, "en", False),
    ],
)
def test_the_system_says_which_language(german, monkeypatch, variable, value, german_spoken):
    monkeypatch.delenv(LANGUAGE)
    monkeypatch.setenv(variable, value)
    assert (tr("no line between") == "ohne Zeile dazwischen") is german_spoken


def test_what_is_asked_of_the_program_goes_before_what_the_system_says(german, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert tr("no line between") == "ohne Zeile dazwischen"


@pytest.mark.parametrize("content", [b"", b'msgid "a"\nmsgstr "\\"', b"\xff\xfe", b"msgid 3"])
def test_a_file_that_is_no_catalogue_leaves_english(tmp_path, monkeypatch, content):
    (tmp_path / "de.po").write_bytes(content)
    monkeypatch.setenv(TRANSLATIONS, str(tmp_path))
    monkeypatch.setenv(LANGUAGE, "de")
    assert tr("no line between") == "no line between"


@pytest.mark.parametrize(("language", "longer"), [("pseudo", 1.3), ("pseudo-long", 2.0)])
def test_english_in_disguise_keeps_its_fields_and_is_longer(monkeypatch, language, longer):
    message = "a baseline needs {needed} s with beats; the stretch has {have:.0f} s: choose another"
    monkeypatch.setenv(LANGUAGE, language)
    told = tr(message, needed=60, have=30.4)
    english = message.format(needed=60, have=30.4)
    assert told[0] + told[-1] == "⟦⟧"
    assert " 60 " in told
    assert " 30 " in told
    assert "baseline" not in told
    assert len(told) == pytest.approx(longer * len(english), rel=0.1)
    assert trn("{count} minute", "{count} minutes", 2).startswith("⟦2 m")


def test_what_is_written_from_the_right_is_known_and_its_figures_stay(monkeypatch, tmp_path):
    monkeypatch.setenv(TRANSLATIONS, str(tmp_path))
    for told, right in (("ar_EG", True), ("he", True), ("de", False), ("arn", False)):
        (tmp_path / f"{told}.po").write_text(f'msgid ""\nmsgstr "Language: {told}\\n"\n', "utf-8")
        monkeypatch.setenv(LANGUAGE, told)
        assert from_the_right() is right
    for told, right in (("en", False), ("pseudo", False), ("pseudo-mirrored", True)):
        monkeypatch.setenv(LANGUAGE, told)
        assert from_the_right() is right
    words = tr("heard {seconds:.0f} s ago in `file`", seconds=12.4)
    assert " 12 " in words
    assert "`file`" in words
    assert not any("a" <= letter <= "z" for letter in words.replace("`file`", ""))
