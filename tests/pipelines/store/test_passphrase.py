"""The passphrase comes from the first source that has one, and shows nowhere."""

import io
import sys
import types
from pathlib import Path

import pytest

from pipelines.store import (
    NoPassphrase,
    find_passphrase,
    new_passphrase,
    other_passphrase,
    passphrase,
    strength,
)

FOLDER = Path("library")
LONG = "seven quiet lamps"


def new_here(folder, **more):
    return new_passphrase(folder, environment={}, **more)


def never(question: str) -> str:
    raise AssertionError(f"a person was asked: {question}")


def answers(*texts: str):
    left = list(texts)
    return lambda question: left.pop(0)


@pytest.fixture(autouse=True)
def keyring(monkeypatch):
    """A keyring of its own for each test, empty at first."""
    kept: dict[tuple[str, str], str] = {}
    module = types.ModuleType("keyring")
    module.get_password = lambda service, name: kept.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", module)
    return kept


def test_the_order_is_file_environment_keyring_person(tmp_path, keyring):
    file = tmp_path / "words"
    file.write_text("from file\n")
    keyring["interbeat", str(FOLDER.resolve())] = "from keyring"
    environment = {"INTERBEAT_PASSPHRASE": "from environment"}
    assert find_passphrase(FOLDER, file=file, environment=environment, ask=never) == "from file"
    assert find_passphrase(FOLDER, environment=environment, ask=never) == "from environment"
    assert find_passphrase(FOLDER, environment={}, ask=never) == "from keyring"
    keyring.clear()
    assert find_passphrase(FOLDER, environment={}, ask=answers("typed")) == "typed"


def test_an_empty_variable_does_not_count():
    environment = {"INTERBEAT_PASSPHRASE": ""}
    assert find_passphrase(FOLDER, environment=environment, ask=answers("typed")) == "typed"


def test_another_librarys_passphrase_is_not_taken(keyring):
    keyring["interbeat", str(Path("other").resolve())] = "other"
    assert find_passphrase(FOLDER, environment={}, ask=answers("typed")) == "typed"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"two words", "two words"),
        (b"two words\n", "two words"),
        (b"two words\r\nsecond line", "two words"),
        (b"\xef\xbb\xbftwo words\r\n", "two words"),
        (b" blanks count \n", " blanks count "),
        ("gr\u00fc\u00df\u2028dich".encode(), "gr\u00fc\u00df\u2028dich"),
    ],
)
def test_a_file_gives_its_first_line(tmp_path, content, expected):
    (tmp_path / "words").write_bytes(content)
    assert find_passphrase(FOLDER, file=tmp_path / "words", environment={}) == expected


@pytest.mark.parametrize("content", [b"", b"\n", b"  \nsecond", b"\xff\xfe\x00secret"])
def test_a_file_without_passphrase_is_a_sentence_and_no_other_source_is_asked(tmp_path, content):
    (tmp_path / "words").write_bytes(content)
    environment = {"INTERBEAT_PASSPHRASE": "from environment"}
    for file in (tmp_path / "words", tmp_path / "none", tmp_path):
        with pytest.raises(NoPassphrase, match=str(file)) as caught:
            find_passphrase(FOLDER, file=file, environment=environment, ask=never)
        assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("english")
def test_a_new_library_asks_twice():
    two = answers(LONG, LONG)
    assert new_passphrase(FOLDER, environment={}, ask=two, tell=never) == LONG
    with pytest.raises(NoPassphrase, match="differ") as caught:
        new_passphrase(FOLDER, environment={}, ask=answers(LONG, "other"), tell=never)
    assert "other" not in str(caught.value)
    assert LONG not in str(caught.value)


def test_a_changed_passphrase_comes_from_its_own_file_or_a_person_only(tmp_path, keyring):
    keyring["interbeat", str(FOLDER.resolve())] = "from keyring"
    assert other_passphrase(FOLDER, ask=answers(LONG, LONG), tell=never) == LONG
    (tmp_path / "words").write_text(LONG + "\n")
    assert other_passphrase(FOLDER, file=tmp_path / "words", ask=never, tell=never) == LONG


@pytest.mark.parametrize("choose", [new_here, other_passphrase])
def test_a_person_is_asked_once_whether_to_keep_a_short_one(choose):
    asked = []

    def ask(question):
        asked.append(question)
        return {1: "bars", 2: "bars", 3: "yes"}[len(asked)]

    assert choose(FOLDER, ask=ask, tell=never) == "bars"
    assert len(asked) == 3
    assert "4 letters" in asked[2]
    assert "bars" not in asked[2]
    again = answers("bars", "bars", "no", LONG, LONG)
    assert choose(FOLDER, ask=again, tell=never) == LONG


def test_a_short_one_that_nobody_typed_is_used_and_said_once(tmp_path, keyring):
    said = []
    environment = {"INTERBEAT_PASSPHRASE": "bars"}
    assert new_passphrase(FOLDER, environment=environment, ask=never, tell=said.append) == "bars"
    (tmp_path / "words").write_text("bars\n")
    assert other_passphrase(FOLDER, file=tmp_path / "words", ask=never, tell=said.append) == "bars"
    assert len(said) == 2
    assert all("4 letters" in sentence and "bars" not in sentence for sentence in said)


def test_strength_is_said_in_words_and_grows_with_length_and_kinds():
    words = [strength.in_words(text) for text in ("bars", "barsbars", "Bars 7 and more", LONG * 2)]
    assert len(set(words)) >= 3
    assert strength.in_words("aaaaaaaaaaaaaaaaaaaa") == strength.in_words("bars")
    for text, doubted in (("1234567", True), ("12345678", False), ("a   \t ", True), ("é", True)):
        assert (strength.doubt(text) is not None) is doubted


@pytest.mark.usefixtures("english")
def test_an_empty_answer_is_a_sentence():
    with pytest.raises(NoPassphrase, match="empty"):
        find_passphrase(FOLDER, environment={}, ask=answers(" "))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("stdin", [io.StringIO("typed\n"), None])
def test_without_a_terminal_nobody_is_asked(monkeypatch, stdin):
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(NoPassphrase, match="--passphrase-file or set INTERBEAT_PASSPHRASE"):
        find_passphrase(FOLDER, environment={})


def test_at_a_terminal_the_answer_is_not_echoed(monkeypatch):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(passphrase.getpass, "getpass", answers("typed"))
    assert find_passphrase(FOLDER, environment={}) == "typed"


@pytest.mark.parametrize("error", [RuntimeError("no D-Bus"), OSError(), ImportError(), KeyError()])
def test_a_keyring_in_trouble_means_the_next_source(monkeypatch, error):
    def raise_it(service, name):
        raise error

    monkeypatch.setattr(sys.modules["keyring"], "get_password", raise_it)
    assert find_passphrase(FOLDER, environment={}, ask=answers("typed")) == "typed"


def test_a_missing_keyring_means_the_next_source(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find_passphrase(FOLDER, environment={}, ask=answers("typed")) == "typed"


def test_the_real_keyring_does_no_harm_here(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "keyring")
    folder = tmp_path / "surely in no keyring"
    assert find_passphrase(folder, environment={}, ask=answers("typed")) == "typed"
