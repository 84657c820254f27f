"""What is chosen for the window is kept, and spoken; what is kept is never in the way."""

import os
import stat

import msgspec
import pytest

from physio.breathing.pacer import LONGEST_PAUSE
from pipelines import settings as chosen
from pipelines.language import LANGUAGE
from pipelines.settings import (
    CHOICES,
    USUAL,
    Settings,
    choose,
    keep_settings,
    read_settings,
    speak_as_chosen,
    stepped,
)

EACH = [(name, choice) for name, among in CHOICES.items() for choice in among]


@pytest.fixture
def place(tmp_path, monkeypatch):
    found = tmp_path / "config" / "settings.json"
    monkeypatch.setattr(chosen, "settings_file", lambda: found)
    return found


@pytest.mark.parametrize(("name", "choice"), EACH)
def test_each_choice_is_kept(place, name, choice):
    wanted = choose(USUAL, name, choice)
    assert getattr(wanted, name) == choice
    keep_settings(wanted)
    assert read_settings() == wanted
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_every_setting_has_its_choices_and_the_first_goes_without_saying():
    first = {name: among[0] for name, among in CHOICES.items()} | {"out": "60", "lock": "10"}
    assert tuple(CHOICES) == Settings.__struct_fields__[: len(CHOICES)]
    assert {**first, "contact": "", "author": "", "begun": False} == msgspec.to_builtins(USUAL)


def test_whom_a_person_would_call_is_kept_for_their_eyes_only(place):
    wanted = Settings(contact="Ada, 0123 \u00e4", begun=True)
    keep_settings(wanted)
    assert read_settings() == wanted
    if os.name == "posix":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("out", CHOICES["out"])
def test_breathing_out_is_never_the_shorter_part(out):
    assert choose(USUAL, "out", out).inhale == pytest.approx({"50": 0.5, "60": 0.4, "70": 0.3}[out])


def test_pauses_are_short_and_off_until_chosen():
    assert USUAL.pause == 0.0
    assert choose(USUAL, "pauses", "on").pause == LONGEST_PAUSE


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"text": "huge"}', b"\xff"])
def test_what_cannot_be_read_is_as_if_nothing_was_chosen(place, content):
    place.parent.mkdir()
    place.write_bytes(content)
    assert read_settings() == USUAL


def test_without_a_file_nothing_is_chosen(place):
    assert read_settings() == USUAL


def test_what_was_kept_outlives_a_disk_that_takes_no_more(place, monkeypatch):
    kept = choose(USUAL, "colours", "dark")
    keep_settings(kept)
    monkeypatch.setattr(chosen.Path, "write_bytes", _full)
    with pytest.raises(OSError, match="full"):
        keep_settings(USUAL)
    assert read_settings() == kept


def _full(self, data):
    raise OSError(28, "full")


def test_steps_stop_at_both_ends():
    dark = stepped(stepped(stepped(USUAL, "colours", 1), "colours", 1), "colours", 1)
    assert dark.colours == "dark"
    assert stepped(USUAL, "colours", -1) == USUAL


def test_there_is_no_other_choice():
    with pytest.raises(msgspec.ValidationError):
        choose(USUAL, "language", "fr")


@pytest.mark.parametrize(
    ("language", "asked", "spoken"),
    [("system", None, None), ("de", None, "de"), ("de", "en", "en"), ("en", None, "en")],
)
def test_the_chosen_language_is_spoken_unless_the_environment_asks(
    place, monkeypatch, language, asked, spoken
):
    monkeypatch.setenv(LANGUAGE, "")
    monkeypatch.delenv(LANGUAGE)
    if asked is not None:
        monkeypatch.setenv(LANGUAGE, asked)
    keep_settings(choose(USUAL, "language", language))
    speak_as_chosen()
    assert chosen.os.environ.get(LANGUAGE) == spoken


def test_it_is_a_plain_file_of_the_persons_own(place):
    keep_settings(USUAL)
    assert stat.S_ISREG(place.stat().st_mode)
    assert msgspec.json.decode(place.read_bytes()) == msgspec.to_builtins(USUAL)


@pytest.mark.parametrize(("before", "now"), [("usual", "100"), ("large", "150"), ("125", "125")])
def test_text_of_an_earlier_version_is_read_with_everything_else(place, before, now):
    place.parent.mkdir()
    place.write_text(f'{{"text": "{before}", "contact": "Ada", "begun": true}}')
    assert read_settings() == Settings(text=now, contact="Ada", begun=True)


@pytest.mark.parametrize("odd", ['{"text": "huge"}', '{"text": 3}', "[]", '{"text": null}'])
def test_sizes_that_nobody_knows_are_as_nothing_kept(place, odd):
    place.parent.mkdir()
    place.write_text(odd)
    assert read_settings() == USUAL
