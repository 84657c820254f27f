"""Every sentence of the source, in every language that comes with the program."""

import re
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from pipelines.language import LANGUAGE, agrees, language, tr, trn
from pipelines.language.translating import _SYSTEM, OURS
from pipelines.words import mark_text

ROOT = Path(__file__).parents[3]
CATALOGUES = sorted(OURS.glob("*.po"))
TRANSLATED = {"tr": None, "trn": (1, 2), "translatable": None}
NEVER = re.compile(
    r"\b(abnorm|anormal|auffällig|dysreguliert|gefahr|gefährlich|gestört|gestresst|krankhaft|"
    r"schlecht|unnormal|versagen|versagt)(e|en|er|es|em)?\b",
    re.I,
)


@pytest.fixture(scope="module")
def messages():
    """Each message of the source by its first form, as `make messages` gathers them."""
    found = {}
    for folder in ("pipelines", "gui"):
        of_folder = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=TRANSLATED)
        for _, _, message, _, _ in of_folder:
            forms = (message,) if isinstance(message, str) else message
            found[forms[0]] = forms
    return found


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.stem)
def catalogue(request):
    return _read(request.param)


def _read(path):
    return read_po(BytesIO(path.read_bytes()))


def _forms(value):
    return (value,) if isinstance(value, str) else tuple(value)


def _fields(sentence):
    return sorted((name, form) for _, name, form, _ in Formatter().parse(sentence) if name)


def test_german_comes_with_the_program():
    assert "de" in {path.stem for path in CATALOGUES}


def test_every_message_of_the_source_is_gathered(messages, capsys):
    """What is put together before it is translated, no catalogue can hold."""
    for folder in ("pipelines", "gui"):
        list(extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=TRANSLATED))
    assert "Skipping" not in capsys.readouterr().err
    assert len(messages) > 1000


def test_every_message_is_translated_and_no_other(messages, catalogue):
    told = {_forms(one.id)[0]: one for one in catalogue if one.id}
    assert set(told) == set(messages), "make messages, then translate what is new"
    untold = [one.id for one in told.values() if one.fuzzy or not all(_forms(one.string))]
    assert untold == []
    assert not catalogue.obsolete


def test_fields_and_outer_spaces_stay(catalogue):
    for one in catalogue:
        if one.id:
            for english, told in zip(_forms(one.id), _forms(one.string), strict=True):
                assert _fields(told) == _fields(english)
                assert told[:1].isspace() == english[:1].isspace(), english
                assert told[-1:].isspace() == english[-1:].isspace(), english


def test_our_reader_finds_what_babel_finds(catalogue, monkeypatch):
    monkeypatch.setenv(LANGUAGE, str(catalogue.locale))
    for one in catalogue:
        forms, told = _forms(one.id), _forms(one.string)
        values = dict.fromkeys(re.findall(r"\{(\w+)", forms[0]), _Any())
        if len(forms) == 2:
            assert trn(*forms, 2, **values) == told[1].format(**values | {"count": 2})
        elif one.id:
            assert tr(one.id, **values) == told[0].format(**values)


class _Any:
    """What stands in any field, however it is written."""

    def __format__(self, spec):
        return f"<{spec}>"

    def __repr__(self):
        return "<>"


def test_german_names_no_one_ill():
    said = [
        told
        for one in _read(OURS / "de.po")
        for told in _forms(one.string)
        if one.id and NEVER.search(told)
    ]
    assert said == []


@pytest.mark.parametrize(
    ("variable", "value"), [(LANGUAGE, "de"), ("LANG", "de_DE.UTF-8"), ("LANGUAGE", "de_AT:en")]
)
def test_german_is_spoken_where_it_is_asked_for(monkeypatch, variable, value):
    for name in _SYSTEM:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    assert language() == "de"
    assert tr("Breathe in") == "Einatmen"
    assert trn("{count} moment", "{count} moments", 3) == "3 Momente"


def test_a_moment_without_words_has_a_noun_in_german(monkeypatch):
    """It stands in the report that a client takes along, and beside the key as well."""
    monkeypatch.setenv(LANGUAGE, "de")
    assert mark_text("") == "Markierung"


@pytest.mark.parametrize(
    ("told", "answer", "agreed"),
    [
        ("en", " Yes", True),
        ("en", "y", True),
        ("en", "ja", False),
        ("en", "", False),
        ("de", "ja", True),
        ("de", "J", True),
        ("de", "yes", True),
        ("de", "nein", False),
        ("de", "n", False),
        ("de", "", False),
    ],
)
def test_yes_is_said_in_ones_own_language(monkeypatch, told, answer, agreed):
    monkeypatch.setenv(LANGUAGE, told)
    assert agrees(answer) is agreed
