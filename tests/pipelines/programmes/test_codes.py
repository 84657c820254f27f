"""What a phone logged comes back whole, or is refused in one sentence: cut, changed, or no code."""

import json
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.programmes import BadLog, PhoneLog, Practised, as_told, log_of_code, read_log
from pipelines.programmes.code import LETTERS
from tests.pipelines.programmes.codes import code_of

ANSWERS = st.none() | st.integers(0, 10)
MOMENTS = st.builds(
    lambda seconds, quarters: datetime.fromtimestamp(
        seconds, timezone(timedelta(minutes=15 * quarters))
    ),
    st.integers(0, 2**32),
    st.integers(-48, 56),
)
PRACTICES = st.builds(
    Practised,
    started=MOMENTS,
    breathed_s=st.integers(0, 10**6),
    first_rate=st.integers(40, 240).map(lambda tenths: tenths / 10.0),
    last_rate=st.integers(40, 240).map(lambda tenths: tenths / 10.0),
    pauses=st.integers(0, 300),
    tension_before=ANSWERS,
    tension_after=ANSWERS,
    note=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
LOGS = st.builds(
    lambda plan, all_of_it: PhoneLog(plan, tuple(sorted(all_of_it, key=lambda one: one.started))),
    st.just("") | st.just("0a1b2c3d"),
    st.lists(PRACTICES, max_size=4),
)
LOG = PhoneLog(
    "0a1b2c3d",
    (
        Practised(
            started=datetime(2026, 12, 1, 19, 30, 5, tzinfo=timezone(timedelta(hours=1))),
            breathed_s=600,
            first_rate=9.0,
            last_rate=7.0,
            pauses=1,
            tension_before=4,
            tension_after=0,
            note="ruhig, dann müde 🌙",
        ),
        Practised(
            started=datetime(2026, 12, 3, 7, 0, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            breathed_s=31,
            first_rate=6.0,
            last_rate=6.5,
        ),
    ),
)
CODE = code_of(LOG)


@given(LOGS)
def test_what_was_logged_comes_back(log):
    found = log_of_code(code_of(log))
    assert found == log
    offsets = [one.started.utcoffset() for one in found.practices]
    assert offsets == [one.started.utcoffset() for one in log.practices]


def test_one_code_is_known_letter_by_letter():
    """A log that a phone keeps for years is read by each version."""
    assert CODE == (
        "IB1-6G51P-B1X0A-PT9F6-R0R4D-G12T8-R0GA0-8PE9T-PGTB7-5GG68-RBEDR-G6VGX-WCHJJ-1W4ZH-JCZQS-"
        "083CF-KRG80-00000-H5N43-W0"
    )
    assert log_of_code("IB1-0M000-00003-GGYC0-G") == PhoneLog("", ())


@pytest.mark.parametrize("place", range(len(CODE)))
def test_no_letter_can_be_changed(place):
    for letter in LETTERS:
        changed = CODE[:place] + letter + CODE[place + 1 :]
        if CODE[place] not in ("-", letter):
            with pytest.raises(BadLog):
                log_of_code(changed)


@pytest.mark.parametrize("length", range(len(CODE)))
def test_no_code_can_be_cut(length):
    cut = CODE[:length].rstrip("-")
    with pytest.raises(BadLog):
        log_of_code(cut)
    with pytest.raises(BadLog):
        log_of_code(CODE + CODE[4 : 5 + length])


@given(st.text(LETTERS, max_size=60))
def test_no_letters_are_anything_else_than_a_log_or_a_sentence(letters):
    with suppress(BadLog):
        log_of_code("IB1" + letters)


def test_letters_that_look_alike_and_line_ends_do_not_count():
    spoken = CODE[4:].replace("0", "o").replace("1", "l").lower()
    lines = "\n> ".join(spoken[at : at + 17] for at in range(0, len(spoken), 17)).replace(
        "> ", "  "
    )
    assert log_of_code(f"  ib1 {lines}\r\n") == LOG
    assert log_of_code(CODE.replace("-", "\u2011")) == LOG


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("said", ["", "IB2-0000", "hello"])
def test_what_is_no_code_is_said(said):
    with pytest.raises(BadLog, match="There is no code here; one begins with IB1"):
        log_of_code(said)


def file_of(log, **changed):
    told = {"interbeat": "phone log", "schema": 1, "code": code_of(log)}
    return json.dumps({**told, "practices": [as_told(one) for one in log.practices], **changed})


def test_a_file_is_read_as_its_code_is(tmp_path, monkeypatch):
    path = tmp_path / "log.json"
    path.write_text(file_of(LOG), "utf-8")
    assert read_log(str(path)) == LOG
    assert read_log(CODE) == LOG
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ib1").write_text(f"\ufeff{CODE}\n", "utf-8")
    assert read_log("ib1") == LOG


@pytest.mark.usefixtures("english")
def test_a_file_that_was_changed_is_refused(tmp_path):
    path = tmp_path / "log.json"
    told = [as_told(one) for one in LOG.practices]
    for practices in ([], told[:1], [{**told[0], "breathed_s": 601}, told[1]], None):
        path.write_text(file_of(LOG, practices=practices), "utf-8")
        with pytest.raises(BadLog, match="This code is cut or changed; copy it on the phone again"):
            read_log(str(path))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "is no text in UTF-8"),
        (b"{}", "This file holds no code"),
        (b"[]", "This file holds no code"),
        (b'{"code": 3}', "This file holds no code"),
        (b"[" * 100_000, "There is no code here"),
        (b"good evening", "There is no code here"),
        (b'{"code": "IB1-00"}', "cut or changed"),
    ],
)
def test_what_is_no_log_is_said(tmp_path, content, said):
    path = tmp_path / "log.json"
    path.write_bytes(content)
    with pytest.raises(BadLog, match=said) as raised:
        read_log(str(path))
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("english")
def test_neither_code_nor_file_is_said(tmp_path):
    with pytest.raises(BadLog, match="neither a code nor a file that can be read"):
        read_log(str(tmp_path / "none"))


def test_a_practice_is_told_in_full_words():
    assert as_told(LOG.practices[0]) == {
        "started": "2026-12-01T19:30:05+01:00",
        "breathed_s": 600,
        "first_rate": 9.0,
        "last_rate": 7.0,
        "pauses": 1,
        "tension_before": 4,
        "tension_after": 0,
        "note": "ruhig, dann müde 🌙",
    }
    assert "".join(sorted(set(LETTERS) - set("ILOU"))) == LETTERS
