"""Every code has its sentence, in plain words, and JSON holds the English one in any language."""

import re
import string

import pytest

from devices.link import BluetoothTrouble, LinkState, NoBluetooth, NoStrap, StrapTrouble
from physio.arousal.glance import Direction, Position, TrustLevel
from physio.beats import GapCause
from physio.measures import MEASURES
from physio.quality import Verdict
from physio.reasons import Reason, ReasonCode
from pipelines.language import LANGUAGE
from pipelines.words import (
    bluetooth_advice,
    bluetooth_text,
    cause_text,
    codes,
    direction_text,
    json_line,
    link_text,
    measure_text,
    measures,
    position_text,
    reason_in_english,
    reason_text,
    strap_text,
    trust_text,
    unit_text,
    verdict_text,
)

pytestmark = pytest.mark.usefixtures("english")

NEVER = re.compile("abnormal|poor|failed|stress|dysregulat|danger|tight|dysfunction|!", re.I)
FIGURES = {
    "percent": 12,
    "times": "1.6",
    "step": 50,
    "seconds": 16,
    "needed": 30,
    "have": 20,
    "better": 180,
    "role": "therapist",
    "text": "as it was",
}


def reason(code):
    fields = {name for _, name, _, _ in string.Formatter().parse(codes.REASONS[code]) if name}
    return Reason(code, **{name: FIGURES[name] for name in sorted(fields)})


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_is_told_in_plain_words(code):
    told = reason_text(reason(code))
    assert told
    assert not NEVER.search(told)
    assert "{" not in told
    assert told == reason_in_english(reason(code))


def test_every_other_code_has_words_of_its_own():
    for code, text in (
        (LinkState, link_text),
        (Direction, direction_text),
        (TrustLevel, trust_text),
        (Verdict, verdict_text),
    ):
        assert len({text(one) for one in code}) == len(code)
    assert len({position_text(one) for one in Position}) == len(Position)
    assert len({cause_text(one) for one in GapCause}) == len(GapCause)


def test_a_cause_on_the_screen_is_the_word_of_the_contract():
    assert all(cause_text(one) == one.value for one in GapCause)


def test_every_measure_and_unit_has_a_name():
    assert set(measures.MEASURES) == set(MEASURES)
    for name, measure in MEASURES.items():
        assert not NEVER.search(measure_text(name))
        assert unit_text(measure.unit) == measure.unit


@pytest.mark.parametrize("trouble", BluetoothTrouble)
def test_without_bluetooth_one_sentence_says_what_to_do(trouble):
    told = bluetooth_text(NoBluetooth(trouble))
    assert told.endswith(".")
    assert told.count(". ") == 0


def test_a_strap_that_is_not_there_is_told_with_what_is():
    told = bluetooth_text(NoStrap("H7", ("H10 1", "H9 2")))
    assert told.startswith('No strap named "H7" was found; in reach are: H10 1, H9 2. ')
    assert "no heart rate strap is in reach" in bluetooth_text(NoStrap("H7", ()))


@pytest.mark.parametrize("language", ["en", "pseudo", "pseudo-long"])
def test_a_line_of_json_is_the_same_in_any_language(monkeypatch, language):
    monkeypatch.setenv(LANGUAGE, language)
    line = json_line({"reason": reason(ReasonCode.LABELLED), "cause": GapCause.LINK_LOST})
    assert line == '{"reason":"12 % of the beats bear a label","cause":"link lost"}'
    assert (reason_text(reason(ReasonCode.LABELLED))[0] == "⟦") == (language != "en")


def test_what_is_no_code_is_no_line():
    with pytest.raises(NotImplementedError, match="object"):
        json_line(object())


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("trouble", BluetoothTrouble)
def test_a_window_says_what_is_so_and_what_to_do_and_names_no_option(trouble, system):
    told = bluetooth_advice(trouble, system)
    for sentence in told:
        assert sentence.endswith(".")
        assert "--" not in sentence
        assert not NEVER.search(sentence)
    assert "--" not in bluetooth_text(NoBluetooth(trouble))


def test_a_terminal_is_offered_what_needs_no_bluetooth():
    told = bluetooth_text(NoBluetooth(BluetoothTrouble.NO_DAEMON), terminal=True)
    assert "--simulate" in told


@pytest.mark.parametrize("trouble", StrapTrouble)
def test_what_is_wrong_with_a_strap_is_one_sentence_that_blames_nobody(trouble):
    told = strap_text(trouble)
    assert told.endswith(".")
    assert not NEVER.search(told)
    assert len(told) <= 80  # a row's line
