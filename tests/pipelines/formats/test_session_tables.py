"""Tables of an export: what a spreadsheet would compute is text, and nothing in it acts."""

import csv
import io

import pytest

from devices.codec.heart_rate import HeartRate, encode
from pipelines.formats.session_tables import exported
from pipelines.session.events import Mark, Packet, Source
from tests.strangers import NAME, leaked


def rows(name, *, role="client", text="a mark"):
    """The rows of a table of a short session."""
    log = [Source(0.0, 0, role, "strap")]
    for second in range(1, 31):
        data = encode(HeartRate(60, rr_ticks=(1000 + second,)))
        log.append(Packet(float(second), 0, "heart_rate", data))
    log.append(Mark(12.5, text))
    return list(csv.DictReader(io.StringIO(exported(log)[name].decode())))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r\n=1", "' =1"),
        ("\u200b=1", "'=1"),
        (" =1", "' =1"),
        ("＝1+1", "'＝1+1"),  # as a Japanese spreadsheet reads it
        ("hip;=cmd|'/c calc'!A1", "hip;'=cmd|'/c calc'!A1"),
        ("hip, =1", "hip, =1"),
        ("touched hip, a=b - and + or me@home", "touched hip, a=b - and + or me@home"),
        ('said "so"', 'said "so"'),
        ("", ""),
    ],
)
def test_no_cell_of_text_is_a_formula(text, cell):
    assert rows("marks.csv", text=text) == [{"time_s": "12.5", "text": cell}]
    assert {row["role"] for row in rows("beats.csv", role=text)} == {cell}


def test_a_name_that_acts_is_harmless_in_every_file():
    log = [Source(0.0, 0, NAME, NAME)]
    log += [
        Packet(float(s), 0, "heart_rate", encode(HeartRate(60, rr_ticks=(1024,)))) for s in range(9)
    ]
    log.append(Mark(3.0, NAME))
    for content in exported(log).values():
        assert not leaked(content)
