"""`interbeat report`: the file asked for, whole, private, never over another unasked."""

import os
import stat

import pytest

from pipelines.session import Phase, PhaseName, Source
from tests.end_to_end.program import is_a_sentence
from tests.gui.report.pdf_text import Document
from tests.pipelines.logs import session as simulated
from tests.pipelines.report.hours import therapy, two_people
from tests.views import reason_to_skip

NOTE = "This file is not encrypted; whoever has it can read it."
drawn = pytest.mark.skipif(reason_to_skip() is not None, reason=str(reason_to_skip()))


def kept(program, log, client=None, started=1.7e9):
    library = program.library
    writer = library.new_session(started)
    writer.append([*log, Phase(max(one.time for one in log), PhaseName.FINISHED)])
    writer.close(beats=1)
    if client is not None:
        library.name_client(writer.session, client)
    return writer.session


@pytest.fixture
def session(program):
    """Two minutes with Juniper: what is asked of the file is asked of a short one."""
    return kept(program, simulated("rest", 120.0), "Juniper")


def one_rise():
    """The first minutes of the hour, to after its first rise, for what needs no more of it."""
    return [event for event in therapy() if event.time < 600.0]


@pytest.fixture
def hour(program):
    return kept(program, therapy(), "Juniper")


@pytest.fixture
def short_hour(program):
    return kept(program, one_rise(), "Juniper")


def test_a_page_is_written_whole_and_for_its_owner_alone(program, session, tmp_path):
    path = tmp_path / "an hour.html"
    done = program.run("report", session, "--out", path)
    assert (done.returncode, done.stdout) == (0, f"{path}\n")
    assert done.stderr.splitlines()[-1] == NOTE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    page = path.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert "A session with Juniper" in page
    assert sorted(one.name for one in tmp_path.iterdir()) == ["an hour.html", "library"]


@pytest.mark.long
def test_earlier_hours_of_the_same_client_stand_beside_it(program, session, tmp_path):
    before = kept(program, one_rise(), "Juniper", started=1.69e9)
    kept(program, one_rise(), "somebody else", started=1.68e9)
    path = tmp_path / "hour.html"
    done = program.run("report", session, "--out", path, "--with-earlier")
    assert done.returncode == 0, done.stderr
    page = path.read_text("utf-8")
    assert "Earlier hours" in page
    assert "regression to the mean" in page
    assert "22 July 2023" in page
    assert "2023" not in page.replace("22 July 2023", "").replace("14 November 2023", "")
    alone = program.run("report", before, "--out", path, "--with-earlier", "--replace")
    assert alone.returncode == 2
    assert "There are no earlier hours" in alone.stderr
    gentle = program.run("report", session, "--for", "client", "--out", path, "--with-earlier")
    assert gentle.returncode == 2
    assert "clinician's version alone" in gentle.stderr


@pytest.mark.long
@drawn
def test_a_pdf_is_drawn_where_there_is_no_display(program, hour, tmp_path):
    path = tmp_path / "hour.PDF"
    done = program.run("report", hour, "--out", path, env={"QT_QPA_PLATFORM": "xcb"})
    assert done.returncode == 0, done.stderr
    read = Document(path.read_bytes())
    assert len(read.pages) >= 2
    assert "AsessionwithJuniper" in "".join(read.text(0).split())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.long
def test_the_clients_version_is_in_gentler_words(program, session, tmp_path):
    path = tmp_path / "hour.html"
    assert program.run("report", session, "--out", path, "--for", "client").returncode == 0
    page = path.read_text("utf-8")
    assert "Your session" in page
    assert "bpm" not in page
    assert "Juniper" not in page


@pytest.mark.long
def test_the_clients_version_is_edited_before_it_leaves(program, short_hour, tmp_path):
    words, path = tmp_path / "words.txt", tmp_path / "hour.html"
    done = program.run("report", short_hour, "--for", "client", "--draft", words)
    assert (done.returncode, done.stdout) == (0, f"{words}\n")
    assert done.stderr.splitlines()[-1] == NOTE
    assert stat.S_IMODE(words.stat().st_mode) == 0o600
    text = words.read_text("utf-8")
    sentence = next(line for line in text.splitlines() if line.startswith("Your heart"))
    words.write_text(text.replace(sentence, "It was quick at times."), "utf-8")
    made = program.run("report", short_hour, "--for", "client", "--words", words, "--out", path)
    assert made.returncode == 0, made.stderr
    page = path.read_text("utf-8")
    assert "It was quick at times." in page
    assert sentence not in page
    assert "1 sentence put in other words (“It was quick at times.”)" in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--out", "hour.html", "--draft", "w.txt", "--for", "client"), "Say where it goes"),
        ((), "Say where it goes"),
        (("--draft", "w.txt"), "add --for client"),
        (("--out", "hour.html", "--words", "w.txt"), "add --for client"),
        (("--draft", "w.txt", "--words", "w.txt", "--for", "client"), "goes with --out"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(program, tmp_path, arguments, sentence):
    done = program.run("report", "none", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert is_a_sentence(done.stderr)
    assert not list(tmp_path.glob("*.txt"))


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (b"[session other]\n", 2, "It is of session other."),
        pytest.param(b"\xff\xfe\x00", 1, "no text in UTF-8", marks=pytest.mark.long),
        pytest.param(None, 1, "there is no such file", marks=pytest.mark.long),
    ],
)
@pytest.mark.long
def test_words_that_cannot_be_taken_leave_no_report(
    program, session, tmp_path, content, code, sentence
):
    words, path = tmp_path / "words.txt", tmp_path / "hour.html"
    if content is not None:
        words.write_bytes(content)
    done = program.run("report", session, "--for", "client", "--words", words, "--out", path)
    assert done.returncode == code
    assert sentence in done.stderr.splitlines()[-1]
    assert not path.exists()


@pytest.mark.long
def test_nothing_is_written_over_unless_that_is_asked_for(program, session, tmp_path):
    path = tmp_path / "hour.html"
    path.write_text("mine")
    done = program.run("report", session, "--out", path)
    assert done.returncode == 2
    assert is_a_sentence(done.stderr)
    assert path.read_text() == "mine"
    assert program.run("report", session, "--out", path, "--replace").returncode == 0
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("hour.docx", 2),
        ("hour", 2),
        pytest.param("nowhere/hour.html", 1, marks=pytest.mark.long),
        pytest.param("library/hour.html", 1, marks=pytest.mark.long),
    ],
)
def test_what_cannot_be_written_is_a_sentence(program, session, tmp_path, name, code):
    done = program.run("report", session, "--out", tmp_path / name)
    assert done.returncode == code
    assert is_a_sentence(done.stderr)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["library"]


@pytest.mark.long
def test_other_sessions_of_the_same_person_are_told_with_it(program, hour, tmp_path):
    other = kept(program, therapy(), "Juniper")
    kept(program, therapy(), "somebody else")
    path = tmp_path / "hour.html"
    assert program.run("report", other, "--out", path).returncode == 0
    page = path.read_text("utf-8")
    assert "2 times in 2 sessions" in page
    assert "3 sessions" not in page


def test_whom_it_cannot_be_about_is_a_sentence(program, tmp_path):
    alone = [one for one in two_people() if getattr(one, "source", 1) == 1]
    assert [one.role for one in alone if isinstance(one, Source)] == ["therapist"]
    done = program.run("report", kept(program, alone), "--out", tmp_path / "hour.html")
    assert done.returncode == 2
    assert is_a_sentence(done.stderr)
    unknown = program.run("report", "abcdefgh", "--out", tmp_path / "hour.html")
    assert unknown.returncode == 2
    assert is_a_sentence(unknown.stderr)


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="others make no file where they may not write")
def test_a_full_disk_leaves_nothing_behind(program, session):
    done = program.run("report", session, "--out", "/dev/full/hour.html")
    assert done.returncode == 1
    assert is_a_sentence(done.stderr)
