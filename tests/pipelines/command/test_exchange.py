"""A session leaves as tiers beside its video, and marks of other programs come in."""

import pytest
from click.testing import CliRunner

from pipelines.command import main
from pipelines.session import Mark, Phase, PhaseName, marks_of
from tests.pipelines.logs import session
from tests.pipelines.store.libraries import make_library

pytest.importorskip("pympi")
pytestmark = pytest.mark.usefixtures("english")

PASSPHRASE = "seven quiet lamps"


@pytest.fixture
def hour(tmp_path, monkeypatch):
    """A library, its path, and the id of an hour in it."""
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    library = make_library(tmp_path / "lib", PASSPHRASE)[0]
    writer = library.new_session(1.7e9)
    writer.append([*session("rest", 120.0), Mark(30.0, "clap"), Mark(60.0, "touched hip")])
    writer.append([Phase(120.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    return library, writer.session


def call(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments), "--store", "lib"])


def test_an_hour_leaves_beside_its_video_and_new_marks_come_back_once(hour, tmp_path):
    library, name = hour
    (tmp_path / "film").mkdir()
    link = ("--video", "film/hour.mp4", "--clap", 42.5)
    done = call("sessions", "export", name, "--elan", "tiers.eaf", "--csv", "tiers.csv", *link)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["tiers.eaf", "tiers.csv"]
    assert "not encrypted" in done.stderr
    content = (tmp_path / "tiers.eaf").read_text()
    assert 'MEDIA_URL="./film/hour.mp4"' in content
    assert 'TIME_VALUE="42500"' in content
    again = call("sessions", "export", name, "--elan", "other.eaf", *link)
    assert again.exit_code == 0
    assert (tmp_path / "other.eaf").read_text() == content
    known = call("sessions", "import-marks", name, "tiers.eaf")
    assert known.stderr == "0 marks are added; 2 of the file were there already.\n"
    (tmp_path / "own.csv").write_text("start_s,text\n42.5,clap\n82.5,looks away\n")
    for _ in range(2):
        assert call("sessions", "import-marks", name, "own.csv").exit_code == 0
    marks = [(one.time, one.text) for one in marks_of(library.events(name))]
    assert marks == [(30.0, "clap"), (60.0, "touched hip"), (70.0, "looks away")]


def test_what_the_axis_rests_on_is_said(hour):
    library, name = hour
    begun = call("sessions", "export", name, "--elan", "a.eaf", "--video", "hour.mp4")
    assert "The video is taken to begin with the clap" in begun.stderr
    library.add(name, [Mark(130.0, "", replaces=30.0, removed=True)])
    none = call("sessions", "export", name, "--elan", "b.eaf", "--clap", "5")
    assert "No mark of this session is a clap" in none.stderr


WRONG = {
    "nothing": ((), "Nothing is asked for"),
    "another end": (("--elan", "a.xml"), "does not end in .eaf"),
    "a video alone": (("--csv", "a.csv", "--video", "a.mp4"), "--video is for"),
    "a clap alone": (("--out", "d", "--clap", "1"), "--clap is for"),
    "a clap in words": (("--csv", "a.csv", "--clap", "x"), "is no place in a video"),
    "a clap before": (("--csv", "a.csv", "--clap", "-1"), "is no place in a video"),
    "a file": (("--csv", "there.csv"), "is there already"),
    "in the library": (("--csv", "lib/a.csv"), "library"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_is_one_sentence(hour, tmp_path, name):
    (tmp_path / "there.csv").write_text("mine")
    arguments, said = WRONG[name]
    done = call("sessions", "export", hour[1], *arguments)
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "there.csv").read_text() == "mine"


def test_a_refused_file_leaves_the_hour_as_it_is(hour, tmp_path):
    library, name = hour
    (tmp_path / "own.csv").write_text("start_s,text\n42.5,seen\n9999,secret\n")
    before = library.events(name)
    done = call("sessions", "import-marks", name, "own.csv")
    assert done.exit_code == 1
    assert "outside the session" in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert library.events(name) == before
    assert call("sessions", "import-marks", name, "nowhere.eaf").exit_code == 1
