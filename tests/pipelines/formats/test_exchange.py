"""A session beside its video: what leaves as tiers comes back as the same marks, no more."""

import re
from contextlib import suppress
from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats import FormatError, annotation_csv, elan_file, marks_from, shift_to_video
from pipelines.formats.annotations import Annotation, Tier, is_row_of, laid, tiers_of
from pipelines.formats.elan import MOST_BYTES
from pipelines.harmless import harmless
from pipelines.session import (
    LeftOut,
    LeftOutReason,
    Mark,
    Part,
    PartName,
    PartWords,
    Phase,
    PhaseName,
    Posture,
    PostureName,
    Source,
    Talking,
    marks_of,
    new_marks,
)
from tests.pipelines.logs import heart_rate, session
from tests.pipelines.report.hours import two_people
from tests.strangers import NAME, leaked

pytest.importorskip("pympi")
pytestmark = pytest.mark.usefixtures("english")

END = Phase(3600.0, PhaseName.FINISHED)
EMPTY = [Source(0.0, 0, "client", "strap"), END]
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(["hip", "", "=1", "'=1", ";'' =1", " a "]))
HOURS = st.lists(
    st.builds(lambda text, at: Mark(3600.0, text, moment=at), TEXTS, st.floats(0.0, 3600.0)),
    max_size=12,
)  # fmt: skip
CROWDED = st.lists(
    st.builds(
        lambda text, at: Mark(3600.0, text, moment=at),
        st.sampled_from(["hip", "clap", ""]),
        st.integers(0, 30).map(lambda tenth: 5.0 + tenth * 1e-4),
    ),
    max_size=12,
)


def written(log, kind, path, *, shift=0.0):
    """Write a session as one of the two kinds of file."""
    made = elan_file(log, started=0.0, shift=shift) if kind == ".eaf" else annotation_csv(
        log, shift=shift
    )  # fmt: skip
    file = path.with_suffix(kind)
    file.write_bytes(made.content)
    return file


def with_marks(log, found, now=4000.0):
    return [*log, *new_marks(log, found, now=now)]


def told(log):
    return sorted((one.time, harmless(one.text, most=None)) for one in marks_of(log))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("exchange") / "hour"


@settings(deadline=None)
@given(marks=HOURS | CROWDED, shift=st.floats(0.0, 500.0), kind=st.sampled_from((".eaf", ".csv")))
def test_what_leaves_comes_back_to_a_millisecond_and_never_twice(place, marks, shift, kind):
    log = [*EMPTY, *marks]
    file = written(log, kind, place, shift=shift if kind == ".eaf" else 0.0)
    found = marks_from(file, EMPTY)
    copy = with_marks(EMPTY, found)
    times, texts = zip(*told(copy), strict=True) if marks else ((), ())
    kept = told(log)
    assert len(times) == len(kept)
    # Marks within a millisecond of each other may change places.
    for text in set(texts) | {text for _, text in kept}:
        pairs = zip(
            [time for time, words in kept if words == text],
            [time for time, words in zip(times, texts, strict=True) if words == text],
            strict=True,
        )
        assert all(abs(one - other) <= 0.001 for one, other in pairs)
    assert new_marks(copy, marks_from(file, copy), now=5000.0) == ()
    assert new_marks(log, marks_from(file, log), now=5000.0) == ()


def test_a_mark_put_in_other_words_is_known_by_both_and_one_taken_back_is_not():
    log = [*EMPTY, Mark(3600.0, "hip", moment=10.0), Mark(3600.0, "chest", moment=20.0)]
    found = marks_of(log)
    log += [Mark(3700.0, "left hip", replaces=10.0), Mark(3700.0, "", replaces=20.0, removed=True)]
    assert [one.text for one in new_marks(log, found, now=3800.0)] == ["chest"]


def hour():
    return [
        *session("rest", 300.0),
        Phase(0.0, PhaseName.SESSION),
        Posture(5.0, 0, PostureName.SITTING),
        Part(30.0, PartName.MOVEMENT),
        PartWords(31.0, 30.0, False, "stiff"),
        Part(60.0, PartName.NONE),
        Talking(70.0, True),
        Talking(90.0, False),
        Mark(100.0, "clap"),
        Mark(150.0, "touched hip"),
        Posture(200.0, 0, PostureName.LYING),
        Phase(300.0, PhaseName.FINISHED),
        LeftOut(310.0, 0, 210.0, 220.0, LeftOutReason.STRAP),
        LeftOut(311.0, 0, 215.0, 225.0, LeftOutReason.OTHER),
    ]


def test_tiers_tell_what_was_said_of_an_hour():
    found = {tier.name: tier.annotations for tier in tiers_of(hour())}
    assert [one.text for one in found["marks"]] == ["clap", "touched hip"]
    assert found["phases"] == (Annotation(0.0, 300.0, "session"),)
    assert found["postures"] == (
        Annotation(0.0, 200.0, "sitting"),
        Annotation(200.0, 300.0, "lying"),
    )
    assert found["parts"] == (Annotation(30.0, 60.0, "movement, before: stiff"),)
    assert found["talking"] == (Annotation(70.0, 90.0, "talking"),)
    assert [one.text for one in found["left out"]] == [
        "left out: the strap",
        "left out: another reason",
    ]


def test_the_therapists_own_heart_is_in_no_tier():
    log = two_people()
    roles = {event.source: event.role for event in log if isinstance(event, Source)}
    alone = [e for e in log if roles.get(getattr(e, "source", None)) != "therapist"]
    assert tiers_of(log) == tiers_of(alone)


def test_others_in_a_group_have_tiers_of_their_own():
    log = [
        *(Source(0.0, number, role, "strap") for number, role in enumerate(("client", "member 2"))),
        *(Posture(1.0, number, PostureName.SITTING) for number in range(2)),
        *(heart_rate(float(t), number, [1000.0]) for t in range(1, 9) for number in range(2)),
    ]
    assert {"postures", "postures (member 2)"} <= {tier.name for tier in tiers_of(log)}


def parsed(content):
    """Return an .eaf as its tiers, each a list of (start, end, text) in ms."""
    root = ElementTree.fromstring(content)
    slots = {one.get("TIME_SLOT_ID"): int(one.get("TIME_VALUE")) for one in root.iter("TIME_SLOT")}
    return {
        tier.get("TIER_ID"): [
            (
                slots[one.get("TIME_SLOT_REF1")],
                slots[one.get("TIME_SLOT_REF2")],
                one.findtext("ANNOTATION_VALUE") or "",
            )
            for one in tier.iter("ALIGNABLE_ANNOTATION")
        ]
        for tier in root.iter("TIER")
    }


def test_a_file_of_elan_holds_a_millisecond_at_least_and_nothing_that_overlaps():
    content = elan_file(hour(), started=1.7e9).content
    found = parsed(content)
    assert found["marks"] == [(100000, 100001, "clap"), (150000, 150001, "touched hip")]
    assert found["left out"] == [(210000, 220000, "left out: the strap")]
    assert found["left out 2"] == [(215000, 225000, "left out: another reason")]
    for row in found.values():
        assert all(end - start >= 1 for start, end, _ in row)
        assert all(one[1] <= after[0] for one, after in pairwise(row))
    slots = re.findall(rb'TIME_VALUE="(\d+)"', content)
    assert list(map(int, slots)) == sorted(map(int, slots))
    assert content == elan_file(hour(), started=1.7e9).content
    assert b"2023-11-14T22:13:20" in content  # the session's beginning, not the time of writing


def test_pympi_reads_what_is_written(tmp_path):
    from pympi import Elan

    file = written(hour(), ".eaf", tmp_path / "hour")
    read = Elan.Eaf(str(file))
    data = read.get_annotation_data_for_tier("marks")
    assert data == [(100000, 100001, "clap"), (150000, 150001, "touched hip")]


def test_the_clap_lays_session_and_video_on_one_axis(tmp_path):
    log = hour()
    assert shift_to_video(log, 112.5) == 12.5
    assert shift_to_video(log, None) == -100.0
    assert shift_to_video(EMPTY, 7.0) == 7.0
    shifted = elan_file(log, started=0.0, shift=12.5, video="film/hour one.mp4")
    assert parsed(shifted.content)["marks"][0] == (112500, 112501, "clap")
    assert b'RELATIVE_MEDIA_URL="./film/hour one.mp4"' in shifted.content
    before = elan_file(log, started=0.0, shift=-100.0)
    assert before.lost == 2  # a part and what was talked over; what reaches across is cut
    assert parsed(before.content)["phases"] == [(0, 200000, "session")]
    assert parsed(before.content)["marks"][0] == (0, 1, "clap")


@pytest.mark.parametrize("kind", [".eaf", ".csv"])
def test_a_file_of_another_program_is_laid_by_its_clap(tmp_path, kind):
    log = hour()
    file = written([*log, Mark(320.0, "new", moment=170.25)], kind, tmp_path / "film", shift=12.5)
    if kind == ".eaf":
        file.write_bytes(re.sub(rb"<PROPERTY.*</PROPERTY>", b"", file.read_bytes()))
    (added,) = new_marks(log, marks_from(file, log), now=400.0)
    assert added == Mark(400.0, "new", moment=170.25)
    (again,) = new_marks(log, marks_from(file, log, clap=112.5), now=400.0)
    assert again == added


def test_a_tier_of_another_name_is_named(tmp_path):
    log, file = hour(), tmp_path / "coded.eaf"
    made = elan_file([*log, Mark(320.0, "turns away", moment=42.0)], started=0.0).content
    file.write_bytes(made.replace(b'"marks"', b'"gaze"'))
    with pytest.raises(FormatError, match="none of its 7 tiers is called marks"):
        marks_from(file, log)
    with pytest.raises(FormatError, match="no tier of the name given"):
        marks_from(file, log, tier="touch")
    assert "turns away" in {one.text for one in marks_from(file, log, tier="gaze")}


def eaf(inside="", *, before="", value="1000", text="a"):
    """A file of ELAN as others write it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<ANNOTATION_DOCUMENT><HEADER/><TIME_ORDER>'
        f'<TIME_SLOT TIME_SLOT_ID="x" TIME_VALUE="{value}"/><TIME_SLOT TIME_SLOT_ID="y"/>'
        f'</TIME_ORDER><TIER TIER_ID="marks"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="q" '
        f'TIME_SLOT_REF1="x" TIME_SLOT_REF2="y"><ANNOTATION_VALUE>{text}</ANNOTATION_VALUE>'
        f"</ALIGNABLE_ANNOTATION></ANNOTATION>{inside}</TIER></ANNOTATION_DOCUMENT>"
    ).encode()


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
REF = "<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1='nowhere'/></ANNOTATION>"
HOSTILE = {
    "an entity bomb": (eaf(before=BOMB, text="&b;"), "declares a document type"),
    "another file": (eaf(before=OUTSIDE, text="&a;"), "declares a document type"),
    "an unknown entity": (eaf(text="&lol;"), "damaged"),
    "cut": (eaf()[:-40], "damaged"),
    "nothing": (b"", "damaged"),
    "no XML": (b"PK\x03\x04\x00\x01", "damaged"),
    "an unknown encoding": (eaf().replace(b"UTF-8", b"x-none"), "damaged"),
    "no UTF-8": (eaf(text="a").replace(b">a<", b">\xff<"), "damaged"),
    "another document": (b"<html/>", "no annotation file"),
    "too deep": (eaf("<a>" * 100_000 + "</a>" * 100_000), "do not hang together"),
    "a time of nowhere": (eaf(REF), "do not hang together"),
    "a time in words": (eaf(value="soon"), "no number of milliseconds"),
    "a time below 0": (eaf(value="-5"), "no number of milliseconds"),
    "an endless number": (eaf(value="9" * 5000), "no number of milliseconds"),
    "a time outside the hour": (eaf(value="3600002"), "outside the session"),
    "a huge file": (eaf("<!-- " + " " * MOST_BYTES + "-->"), "too large for annotations"),
    "a huge text": (eaf(text="a" * 100_000), "longer than a mark"),
    "too many": (eaf("<ALIGNABLE_ANNOTATION/>" * 151_000), "more annotations"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_malformed_or_meant_to_harm_is_refused_in_one_sentence(tmp_path, name):
    content, said = HOSTILE[name]
    file = tmp_path / "hour.eaf"
    file.write_bytes(content)
    with pytest.raises(FormatError, match=said) as raised:
        marks_from(file, EMPTY)
    sentence = str(raised.value)
    assert "\n" not in sentence
    assert len(sentence) < 300 + len(str(file))


def test_a_slot_without_a_time_and_an_id_without_a_number_are_read(tmp_path):
    file = tmp_path / "hour.eaf"
    file.write_bytes(eaf())
    assert [(one.time, one.text) for one in marks_from(file, EMPTY)] == [(1.0, "a")]


TABLES = {
    "no head": (b"1,2\n3,4\n", "no column start_s"),
    "no text": (b"start_s\n1\n", "no column start_s"),
    "nothing": (b"", "no column start_s"),
    "words": (b"start_s,text\nsoon,a\n", "line 2 names no time"),
    "infinite": (b"start_s,text\ninf,a\n", "line 2 names no time"),
    "outside": (b"start_s,text\n4000,a\n", "outside the session"),
    "before": (b"start_s,text\n-1,a\n", "outside the session"),
    "no UTF-8": (b"start_s,text\n1,\xff\n", "no text in UTF-8"),
    "an open quote": (b'start_s,text\n1,"a\n', "no table of text"),
    "a zero": (b"start_s,text\n1,a\x00b\n", None),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_names_no_marks_is_refused_in_one_sentence(tmp_path, name):
    content, said = TABLES[name]
    file = tmp_path / "marks.csv"
    file.write_bytes(content)
    if said is None:
        assert [one.text for one in new_marks([], marks_from(file, EMPTY), now=0.0)] == ["ab"]
        return
    with pytest.raises(FormatError, match=said):
        marks_from(file, EMPTY)


@pytest.mark.parametrize(
    "content",
    [
        b"time_s,text\n12.5,hip\n",
        "\ufefftime_s;text\n12,5;hip\n".encode(),
        b"tier\tstart_s\tend_s\ttext\nmarks\t12.5\t\thip\n\t\t\t\n",
    ],
)
def test_tables_of_other_programs_are_read(tmp_path, content):
    file = tmp_path / "marks.csv"
    file.write_bytes(content)
    assert [(one.time, one.text) for one in marks_from(file, EMPTY)] == [(12.5, "hip")]


def test_names_that_act_are_harmless_in_both():
    log = [Source(0.0, 0, NAME, NAME), Source(0.0, 1, NAME, NAME), Mark(3.0, NAME)]
    log += [heart_rate(float(t), n, [1000.0]) for t in range(1, 9) for n in range(2)]
    assert not leaked(elan_file(log, started=0.0).content)
    assert not leaked(annotation_csv(log).content)


def test_names_of_rows_are_told_apart():
    assert is_row_of("marks 2", "marks")
    assert not is_row_of("marks two", "marks")
    assert not is_row_of("marksman", "marks")
    rows, lost = laid(
        Tier("x", (Annotation(0.0, 2.0, "a"), Annotation(1.0, 3.0, "b"))).annotations, 0
    )
    assert (len(rows), lost) == (2, 0)


def test_marks_added_twice_by_hand_stay_two():
    found = [*marks_of([Mark(1.0, "hip"), Mark(1.0003, "hip")])]
    log = with_marks(EMPTY, found)
    assert len(marks_of(log)) == 2
    assert new_marks(log, found[:1], now=1.0) == ()
    doubled = [found[0], msgspec.structs.replace(found[0])]
    assert len(marks_of(with_marks(EMPTY, doubled))) == 2


PARTS = [b'TIME_VALUE="', b"<TIER", b"</TIER>", b"&", b"<!DOCTYPE a>", b"\x00", b"\xff", b">", b'"']


@settings(deadline=None)
@given(data=st.data(), kind=st.sampled_from((".eaf", ".csv")))
def test_whatever_is_done_to_a_file_it_is_read_or_refused(place, data, kind):
    log = [*EMPTY, Mark(3600.0, "hip", moment=10.0), Mark(3600.0, "", moment=20.0)]
    file = written(log, kind, place.with_name("changed"))
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 9, len(content))))
        content[start:end] = data.draw(st.sampled_from(PARTS) | st.binary(max_size=4))
    file.write_bytes(bytes(content))
    with suppress(FormatError):
        assert all(0.0 <= one.time <= 3600.0 for one in marks_from(file, log))
