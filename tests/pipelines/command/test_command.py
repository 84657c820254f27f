"""The commands as they are called: bad input gets one sentence and the right exit code."""

import hashlib
import json
import random
from datetime import datetime
from importlib import metadata

import pytest
from click.testing import CliRunner

from pipelines.analysis.ready import WHY
from pipelines.command import main
from pipelines.command.cli import PROOF
from pipelines.command.opening import keep_practice
from pipelines.command.parameters import CONTEXT, RATIO, SPAN, SPEED
from pipelines.recording import KeepPractice
from pipelines.session import (
    Consent,
    Mark,
    Part,
    PartName,
    PartWords,
    PersonalBand,
    Phase,
    PhaseName,
    Source,
    Strap,
    TouchConsent,
)
from pipelines.settings import Settings, keep_settings
from tests.end_to_end.program import short
from tests.pipelines.logs import session
from tests.pipelines.store.libraries import make_library

PASSPHRASE = "seven quiet lamps"
SOURCE = ("--simulate", "rest", "--speed", "max", "--headless")


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """A person without a display, with a passphrase, in a folder of their own."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "lib", PASSPHRASE)[0]


def call(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments], prog_name="interbeat")


def refused(done, code):
    """Check that it said one sentence on stderr and nothing else, and return the sentence."""
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    # The first call of a process may say that it takes a while; that is no part of the sentence.
    (sentence,) = (line for line in done.stderr.splitlines() if line != WHY)
    assert "Traceback" not in sentence
    assert "Error" not in sentence
    assert "!" not in sentence
    return sentence


WRONG_CALLS = {
    "no source": (("live",), "No source of beats"),
    "unknown scenario": (("live", "--simulate", "sleep", "--headless"), "choose rest"),
    "bad rate in a scenario": (("live", "--simulate", "paced:99"), "choose rest"),
    "speed 0": (("live", *SOURCE, "--speed", "0"), "is no speed"),
    "speed in words": (("live", *SOURCE, "--speed", "fast"), "is no speed"),
    "speed nan": (("live", *SOURCE, "--speed", "nan"), "is no speed"),
    "speed of a real strap": (("live", "--device", "H10", "--speed", "2"), "runs at 1"),
    "a microphone of another time": (("live", *SOURCE, "--voice"), "--voice is for"),
    "span without end": (("live", *SOURCE, "--baseline", "10"), "is no stretch"),
    "span backwards": (("live", *SOURCE, "--baseline", "100:10"), "is no stretch"),
    "span in words": (("analyse", "x", "--baseline", "a:b"), "is no stretch"),
    "endless span": (("analyse", "x", "--baseline", "0:inf"), "is no stretch"),
    "a card without words": (("live", *SOURCE, "--context", "sleep"), "is no line of the card"),
    "a card of something else": (("live", *SOURCE, "--context", "mood=low"), "time-of-day"),
    "breathing out of reach": (("breathe", "--rate", "99"), "4 to 24"),
    "breathing nan": (("breathe", "--rate", "nan"), "4 to 24"),
    "no ratio": (("breathe", "--ratio", "1:0"), "is no ratio"),
    "held breath": (("breathe", "--ratio", "60:40"), "is no ratio"),
    "an assessment of nobody": (("assess", "--headless"), "reads the heart"),
    "an assessment in a window": (("assess", *SOURCE[:2]), "in the terminal"),
    "endless practice": (("breathe", "--minutes", "inf"), "no length of practice"),
    "detrend none": (("analyse", "x", "--detrend-lambda", "0"), "is none; give a number above 0"),
    "detrend nan": (("analyse", "x", "--detrend-lambda", "nan"), "is none"),
    "detrend stiff": (("analyse", "x", "--detrend-lambda", "1e9"), "at most 1e+06"),
    "detrend past all numbers": (("analyse", "x", "--detrend-lambda", "1e200"), "at most 1e+06"),
    "detrend of none": (
        ("analyse", "x", "--preset", "task-force", "--detrend-lambda", "500"),
        "takes no trend off",
    ),
    "two ways": (("analyse", "x", "--json", "--csv"), "give one"),
    "no measure": (("analyse", "x", "--names", "rmsd"), "There is no measure 'rmsd'"),
    "no rate": (("analyse", "x", "--rate", "0"), "--rate 0 is no rate"),
    "no peaks' rate": (("analyse", "x", "--peaks", "nan"), "--peaks nan is no rate"),
    "batch of nothing": (("batch", "gone", "--out", "x"), "there is no such file or folder"),
    "plan and more": (
        ("batch", ".", "--out", "x", "--plan", "p.toml", "--names", "hf"),
        "give --plan alone",
    ),
    "no preset": (("analyse", "x", "--preset", "kubios"), "kubios-like"),
    "welch 0": (("analyse", "x", "--welch-window", "0"), "no length"),
    "welch of a moment": (("analyse", "x", "--welch-window", "0.1"), "at least 25 s"),
    "welch too short for LF": (("analyse", "x", "--welch-window", "7"), "at least 25 s"),
    "window 0": (("analyse", "x", "--window", "0"), "no length"),
    "window nan": (("analyse", "x", "--window", "nan"), "no length"),
    "sliding below 0": (("analyse", "x", "--sliding", "-1"), "no length"),
    "to before from": (("analyse", "x", "--from", "9", "--to", "9"), "name no stretch"),
    "from nowhere": (("analyse", "x", "--from", "nan"), "name no stretch"),
    "no table of epochs": (("analyse", "x", "--epochs", "gone.csv"), "gone.csv"),
    "labels maybe": (("analyse", "x", "--labels", "maybe"), "--labels"),
    "nothing to analyse": (("analyse",), "FILE|SESSION"),
    "demo for no time": (("demo", "--headless", "--seconds", "0"), "above 0"),
    "unknown command": (("record",), "No such command"),
    "unknown option": (("live", "--loud"), "--loud"),
    "an option too early": (("--store", "x", "live"), "--store"),
    "something left over": (("live", *SOURCE, "again"), "again"),
    "a missing value": (("live", "--replay"), "--replay"),
    "a missing option": (("sessions", "export", "abc"), "--out"),
    "no library": (("sessions", "list", "--store", "nolib"), "There is no library in nolib"),
    "no passphrase file": (
        ("live", *SOURCE, "--store", "new", "--passphrase-file", "nofile"),
        "passphrase file nofile",
    ),
}


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("arguments", "words"), WRONG_CALLS.values(), ids=WRONG_CALLS.keys())
def test_a_wrong_call_is_told_in_one_sentence(arguments, words):
    assert words in refused(call(*arguments), 2)


@pytest.mark.parametrize("arguments", [(), ("sessions",)])
def test_a_call_without_a_command_shows_what_there_is(arguments):
    done = call(*arguments)
    assert done.exit_code == 2
    assert "Commands:" in done.stderr


def scrambled(seed, values):
    draw = random.Random(seed)
    return "\n".join(str(draw.choice(values)) for _ in range(300))


BAD_FILES = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b"\n \n\n", ""),
    "header.csv": (b"rr_ms\n", "no intervals"),
    "words.txt": (b"hello\nworld\n", "no number"),
    "binary.dat": (random.Random(1).randbytes(3000), "no text"),
    "zeros.dat": (b"\0" * 3000, ""),
    "minutes.txt": (scrambled(1, [0.0133, 0.0134]).encode(), "milliseconds"),
    "microseconds.txt": (scrambled(1, [800000, 810000]).encode(), "milliseconds"),
    "negative.txt": (b"-800\n" * 300, "milliseconds"),
    "absurd.txt": (scrambled(1, [800, 0, -5, 1e7, 1e7]).encode(), "milliseconds"),
    "no.zip": (b"PK\x03\x04 and nothing else", ""),
}


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_recording_is_named_in_one_sentence(tmp_path, library, name):
    content, words = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    for sentence in (
        refused(call("analyse", name, "--json"), 1),
        refused(call("live", "--replay", name, "--speed", "max", "--store", "lib"), 2),
    ):
        assert sentence.startswith(f"{name}: ")
        assert words in sentence
    assert library.sessions() == []


@pytest.mark.parametrize("name", ["folder", "nothere.csv", "/dev/null"])
def test_what_is_no_file_is_named_in_one_sentence(tmp_path, name):
    (tmp_path / "folder").mkdir()
    assert name.split("/")[-1] in refused(call("analyse", name), 1)
    assert name.split("/")[-1] in refused(call("live", "--replay", name, "--store", "lib"), 2)


def test_one_bad_file_among_good_ones_is_named_and_the_others_are_measured(tmp_path):
    (tmp_path / "good.txt").write_text("800\n810\n" * 100)
    (tmp_path / "bad.txt").write_text("hello\n")
    done = call("analyse", "good.txt", "bad.txt", "good.txt", "--json")
    assert done.exit_code == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in told] == ["good.txt"] * 2
    expected = hashlib.sha256((tmp_path / "good.txt").read_bytes()).hexdigest()
    assert {line["sha256"] for line in told} == {expected}
    assert {line["version"] for line in told} == {metadata.version("interbeat")}
    assert {line["preset"]["name"] for line in told} == {"interbeat"}
    assert done.stderr.splitlines()[-1].startswith("bad.txt: ")


@pytest.fixture
def resting(tmp_path):
    """A recording of 8 minutes."""
    (tmp_path / "rr.txt").write_text("\n".join(str(800 + place % 9 * 5) for place in range(600)))
    return "rr.txt"


def test_each_window_that_slides_is_a_line_of_its_own(resting):
    asked = ("analyse", resting, "--window", 60, "--names", "rmssd,hf")
    first, *lines = map(json.loads, call(*asked, "--sliding", 30, "--json").stdout.splitlines())
    assert first["windows"] == []
    assert [(line["start_s"], line["end_s"]) for line in lines[:2]] == [(0, 60), (30, 90)]
    assert {tuple(line["measures"]) for line in (first, *lines)} == {("rmssd", "hf")}
    for name in ("schema", "version", "file", "sha256", "source", "preset"):
        assert {json.dumps(line[name]) for line in (first, *lines)} == {json.dumps(first[name])}
    (whole,) = map(json.loads, call(*asked, "--json").stdout.splitlines())
    for window, line in zip(whole["windows"], lines[::2], strict=True):
        for name in ("rmssd", "hf"):
            value = line["measures"][name]["value"]
            assert value == pytest.approx(window["measures"][name]["value"], rel=1e-9)
    rows = call(*asked, "--sliding", 30, "--csv").stdout.splitlines()
    assert len(rows) == 1 + 2 * (1 + len(lines))


@pytest.mark.usefixtures("english")
def test_a_stretch_is_measured_alone(resting):
    asked = ("analyse", resting, "--json", "--from", 120)
    (line,) = map(json.loads, call(*asked, "--to", 240).stdout.splitlines())
    assert 119 < line["quality"]["duration_s"] <= 121
    assert line["time_s"] == pytest.approx(240, abs=1)
    (rest,) = map(json.loads, call(*asked).stdout.splitlines())
    assert rest["quality"]["beats"] > 2 * line["quality"]["beats"]
    assert "no heartbeat lies between" in refused(call(*asked, "--from", 9000), 1)


def test_a_baseline_before_the_stretch_still_counts(resting):
    asked = ("analyse", resting, "--json", "--baseline", "0:120")
    part, whole = (
        json.loads(call(*asked, *more).stdout)["arousal"]["baseline"]
        for more in (("--from", 240), ())
    )
    assert part == whole


def test_stretches_with_names_are_measured_too(tmp_path, resting):
    (tmp_path / "e.csv").write_text(
        "condition,start_s,end_s,recording\nrest,0,120,\ntask,120,240,rr.txt\nno,0,60,other\n"
    )
    asked = ("analyse", resting, "--epochs", "e.csv", "--names", "rmssd")
    windows = json.loads(call(*asked, "--json").stdout)["windows"]
    assert [(one["epoch"], one["end_s"]) for one in windows] == [("rest", 120), ("task", 240)]
    rows = call(*asked, "--csv").stdout.splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == ["whole", "rest", "task"]


def test_a_table_that_names_no_stretch_of_a_file_is_told(tmp_path, resting, english):
    (tmp_path / "e.csv").write_text("condition,start_s,end_s,recording\nrest,0,120,typo.txt\n")
    done = call("analyse", resting, "--epochs", "e.csv", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["windows"] == []
    assert "names no stretch of it" in done.stderr
    told = call("batch", resting, "--out", "out", "--epochs", "e.csv", "--workers", 1)
    assert "typo.txt, which is none of the recordings" in told.stderr


def test_marks_of_a_session_begin_stretches(library):
    writer = library.new_session(1.7e9)
    log = [*session("rest", 240.0), Mark(60.0, "quiet"), Mark(180.0, "")]
    writer.append(sorted(log, key=lambda event: event.time))
    writer.close(beats=0)
    asked = ("analyse", writer.session, "--epochs", "marks", "--json", "--store", "lib")
    line = json.loads(call(*asked).stdout)
    assert [one["epoch"] for one in line["windows"]] == ["quiet", "mark"]


def test_what_is_read_first_is_shown_and_with_all_every_measure(tmp_path):
    (tmp_path / "rr.txt").write_text("800\n810\n" * 200)
    first, every = (call("analyse", "rr.txt", *asked).stdout for asked in ((), ("--all",)))
    assert len(first.splitlines()) <= 24
    assert "27 more measures" in first
    assert "entropy" not in first
    assert "entropy" in every


SHORT = {
    "one": "800\n",
    "three": "800\n810\n790\n",
    "artefacts": scrambled(3, [300, 1900, 250, 2500, 700]),
    "some negative": "\n".join(["800", "810", "790", "-5", "0"] * 60),
}


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT.keys())
def test_what_cannot_be_measured_is_withheld_with_a_reason(tmp_path, text):
    (tmp_path / "short.txt").write_text(text)
    done = call("analyse", "short.txt", "--json")
    assert done.exit_code == 0, done.stderr
    (line,) = (json.loads(one) for one in done.stdout.splitlines())
    measures = line["measures"].values()
    assert all(one["value"] is not None or one["reason"] for one in measures)
    assert line["measures"]["breathing_rate"]["value"] is None
    # A 0 stands for no interval.
    assert line["quality"]["beats"] == sum(word != "0" for word in text.split())
    assert call("analyse", "short.txt").exit_code == 0


def test_all_artefacts_are_not_interpreted(tmp_path):
    (tmp_path / "artefacts.txt").write_text(SHORT["artefacts"])
    (line,) = map(json.loads, call("analyse", "artefacts.txt", "--json").stdout.splitlines())
    assert line["quality"]["verdict"] == "none"
    assert line["measures"]["rmssd"]["value"] is None


@pytest.mark.usefixtures("english")
def test_no_bluetooth_is_told_in_one_sentence(library, monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nobus")
    for arguments in (
        ("scan",),
        ("scan", "--json"),
        ("live", "--device", "Polar", "--headless", "--store", "lib"),
    ):
        assert "Bluetooth" in refused(call(*arguments), 1)
    assert library.sessions() == []


@pytest.mark.parametrize("where", ["file", "file/below", "/proc/nowhere"])
def test_a_library_that_cannot_be_there_is_told_in_one_sentence(tmp_path, where):
    (tmp_path / "file").write_text("mine")
    sentence = refused(call("live", *SOURCE, "--store", where), 2 if where == "file" else 1)
    assert where in sentence
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("mine")
    assert "papers" in refused(call("live", *SOURCE, "--store", "papers"), 1)
    assert [path.name for path in (tmp_path / "papers").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("verb", ["show", "delete", "recover", "export"])
def test_an_unknown_session_is_told_in_one_sentence(library, verb):
    more = ("--out", "out") if verb == "export" else ()
    assert "nosuch" in refused(call("sessions", verb, "nosuch", "--store", "lib", *more), 2)


@pytest.mark.usefixtures("english")
def test_an_index_that_was_changed_is_told_in_one_sentence(library):
    path = library.folder / "index.db"
    path.write_bytes(bytes(reversed(path.read_bytes())))
    for arguments in (("list",), ("show", "abc"), ("recover",)):
        done = call("sessions", *arguments, "--store", "lib")
        assert "copy" in refused(done, 1)


def test_a_session_file_that_was_changed_does_not_hide_the_others(library):
    from pipelines.session.events import Mark

    for _ in range(2):
        writer = library.new_session(0.0)
        writer.append([Mark(1.0, "here")])
        writer._connection.close()  # as a crash leaves it
        writer._release()
        writer._connection = None
    broken = library.folder / "sessions" / f"{library.sessions()[0].id}.db"
    broken.write_bytes(b"not a database" * 500)
    done = call("sessions", "list", "--json", "--store", "lib")
    assert done.exit_code == 0
    assert [json.loads(line)["state"] for line in done.stdout.splitlines()] == ["recording"] * 2
    done = call("sessions", "recover", "--json", "--store", "lib")
    assert done.exit_code == 1
    assert broken.stem in done.stderr
    assert json.loads(done.stdout)["state"] == "recovered"


@pytest.mark.usefixtures("english")
def test_whose_a_session_was_is_listed_where_it_was_said(library):
    writers = [library.new_session(float(number)) for number in range(2)]
    for writer in writers:
        writer.append([Source(0.0, 0, "client", "strap")])
        writer.close(beats=0)
    library.name_client(writers[1].session, "Juniper")
    done = call("sessions", "list", "--json", "--store", "lib")
    assert [json.loads(line)["client"] for line in done.stdout.splitlines()] == [None, "Juniper"]
    assert done.stderr == ""
    first, second = call("sessions", "list", "--store", "lib").stdout.splitlines()
    assert "Juniper" not in first
    assert second.endswith("Juniper: client (strap)")
    out = call("sessions", "export", writers[1].session, "--out", "copy", "--store", "lib")
    assert "Juniper" not in out.output


@pytest.mark.usefixtures("english")
def test_an_empty_library_says_so(library, tmp_path, monkeypatch):
    # Other tests leave rescue files of their libraries, which would be named.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert "no recordings yet" in call("sessions", "list", "--store", "lib").stdout
    assert call("sessions", "list", "--json", "--store", "lib").output == ""
    done = call("sessions", "recover", "--store", "lib")
    assert (done.exit_code, done.stderr) == (0, "There is nothing to recover.\n")


@pytest.mark.usefixtures("english")
def test_a_guide_without_a_strap_needs_a_display():
    for more in ((), ("--headless",), ("--json",)):
        assert "name a strap" in refused(call("breathe", *more), 1)


@pytest.mark.parametrize("name", [(), ("live",), ("demo",), ("breathe",), ("assess",), ("scan",),
    ("analyse",), ("sessions",), ("sessions", "list"), ("sessions", "show"), ("sessions", "export"),
    ("sessions", "delete"), ("sessions", "recover"), ("sessions", "clients"), ("sessions", "move"),
    ("sessions", "merge"), ("sessions", "backup"), ("sessions", "restore"),
    ("sessions", "withdraw"), ("sessions", "hand-over"), ("sessions", "import")])  # fmt: skip
def test_every_command_explains_itself(name):
    done = call(*name, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: interbeat {' '.join(name)}".rstrip())
    assert not done.stderr
    for word in ("abnormal", "stress", "danger", "!"):
        assert word not in done.stdout


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        (SPEED, "max", "max"),
        (SPEED, "0.5", 0.5),
        (SPEED, "1000", 1000.0),
        (SPAN, "0:180", (0.0, 180.0)),
        (SPAN, "1.5:2.5", (1.5, 2.5)),
        (RATIO, "40:60", 0.4),
        (RATIO, "1:1", 0.5),
        (CONTEXT, "Sleep= 5 h, =fair", ("sleep", "5 h, =fair")),
        (CONTEXT, "time-of-day=late", ("time of day", "late")),
    ],
)
def test_parameters_mean_what_they_say(kind, given, value):
    assert kind.convert(given, None, None) == value


@pytest.mark.usefixtures("english")
def test_json_alone_means_without_a_window(library, tmp_path):
    replay = ("--replay", short(tmp_path))
    done = call("live", *replay, "--speed", "max", "--json", "--store", "lib")
    assert done.exit_code == 0, done.stderr
    assert [json.loads(line)["schema"] for line in done.stdout.splitlines()]
    assert "sessions show" in done.stderr


@pytest.mark.parametrize(("more", "noted"), [((), "consent not asked"), (("--consent",), "agreed")])
def test_consent_is_noted(library, tmp_path, more, noted):
    replay = ("--replay", short(tmp_path, beats=20), "--speed", "max")
    done = call("live", *replay, "--json", "--store", "lib", *more)
    assert done.exit_code == 0, done.stderr
    (info,) = library.sessions()
    (consent,) = [one.text for one in library.events(info.id) if isinstance(one, Consent)]
    assert noted in consent


@pytest.mark.usefixtures("english")
def test_what_was_said_of_an_hour_is_shown_and_in_every_line(library, tmp_path):
    done = call(
        "live", "--replay", short(tmp_path), "--speed", "max", "--json", "--store", "lib",
        "--context", "sleep=5 h", "--context", "medicines=none new", "--context", "pain=",
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    card = {"medicines": "none new", "sleep": "5 h"}
    assert all(line["context"] == card for line in lines)
    shown = call("sessions", "show", lines[-1]["session"], "--store", "lib")
    assert "medicines: none new" in shown.stdout
    assert "sleep: 5 h" in shown.stdout
    assert "Could be read 100 % of the time: heart rate" in shown.stdout
    assert "pain" not in shown.stdout


@pytest.mark.usefixtures("english")
def test_parts_and_a_band_are_shown_without_judgement(library, tmp_path):
    writer = library.new_session(1.7e9)
    log = [*session("rest", 240.0)]
    log += [
        TouchConsent(20.0, given=True),
        Part(30.0, PartName.TOUCH),
        Part(90.0, PartName.MOVEMENT),
        PartWords(91.0, 90.0, after=False, text="stiff"),
        Part(150.0, PartName.NONE),
        PersonalBand(160.0, 0, 50.0, 90.0, low_words="far away", high_words="too much"),
        Phase(240.0, PhaseName.FINISHED),
    ]
    writer.append(sorted(log, key=lambda event: event.time))
    writer.close(beats=0)
    shown = call("sessions", "show", writer.session, "--store", tmp_path / "lib").stdout
    touch, movement = (line for line in shown.splitlines() if ":30-" in line)
    assert "0:30-1:30  touch, consent asked and given, " in touch
    assert "1:30-2:30  movement, moving, no accelerometer, before: stiff" in movement
    assert "50 (far away) to 90 (too much) bpm: inside" in shown


def test_breathing_with_a_strap_in_the_terminal(library):
    done = call(
        "breathe", "--simulate", "paced:6", "--speed", "max", "--minutes", "1.5", "--json",
        "--ratio", "50:50", "--store", "lib",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["duration_s"] == pytest.approx(90.0, abs=3.0)
    assert (last["paced_rate"], last["adherence_percent"]) == (6.0, 100.0)
    assert last["breathing_rate"] == pytest.approx(6.0, abs=0.1)
    assert last["rsa_amplitude"] == pytest.approx(100.0, rel=0.1)
    assert 0.8 < last["rhythm_regularity"] <= 1.0
    paces = [event for event in library.events(last["session"]) if type(event).__name__ == "Pace"]
    assert [(pace.rate, pace.inhale) for pace in paces] == [(6.0, 0.5)]


@pytest.mark.parametrize(("given", "inhale"), [((), 0.3), (("--ratio", "45:55"), 0.45)])
def test_a_practice_breathes_out_as_the_settings_say_unless_asked_otherwise(
    library, monkeypatch, tmp_path, given, inhale
):
    wishes = []
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("pipelines.command.recording.record", wishes.append)
    keep_settings(Settings(out="70"))
    done = call("breathe", "--simulate", "rest", *given, "--store", "lib")
    assert done.exit_code == 0, done.stderr
    (wish,) = wishes
    assert wish.pace == pytest.approx((6.0, inhale))
    assert float(wish.view[wish.view.index("--inhale") + 1]) == pytest.approx(inhale)


@pytest.mark.long
def test_an_assessment_in_the_terminal(library):
    done = call(
        "assess", "--simulate", "resonance:5.5", "--speed", "max", "--json", "--store", "lib"
    )
    assert done.exit_code == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert [step["rate"] for step in last["steps"]] == [6.5, 6.0, 5.5, 5.0, 4.5]
    assert last["resonance"]["value"] == 5.5
    assert last["resonance"]["verdict"] == "clear"
    paces = [event for event in library.events(last["session"]) if type(event).__name__ == "Pace"]
    assert [pace.rate for pace in paces if pace.rate] == [6.5, 6.0, 5.5, 5.0, 4.5]


@pytest.mark.usefixtures("english")
@pytest.mark.long
def test_a_sliding_assessment_of_a_person_who_breathes_otherwise_says_so(library):
    done = call(
        "assess", "--simulate", "rest", "--sliding", "--speed", "max", "--headless",
        "--store", "lib",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "6 breaths a minute is a good choice" in done.stdout
    assert "did not move with the guide" in done.stdout


@pytest.mark.usefixtures("english")
def test_a_practice_without_a_strap_is_nothing_to_analyse(library):
    kept = keep_practice(library, KeepPractice(60.0, ((0.0, 6.0), (60.0, None)), 0.4))
    for more in ((), ("--json",)):
        said = refused(call("analyse", kept, *more, "--store", "lib"), 1)
        assert said == f"{kept}: no strap was worn, so there is no heart to read."


@pytest.mark.parametrize("text", [SHORT["one"], SHORT["three"]])
def test_a_handful_of_beats_is_not_called_good(tmp_path, text):
    (tmp_path / "short.txt").write_text(text)
    (line,) = map(json.loads, call("analyse", "short.txt", "--json").stdout.splitlines())
    assert line["quality"]["verdict"] != "good"
    assert line["quality"]["reason"]


@pytest.mark.usefixtures("english")
def test_times_that_run_backwards_are_refused_in_a_sentence(tmp_path):
    # Times that stepped by their intervals would be beat times, and put in order.
    rows = [f"{(200 - n) * 0.9:.3f},800" for n in range(200)]
    (tmp_path / "back.csv").write_text("\n".join(["time_s,rr_ms", *rows]) + "\n")
    done = call("analyse", "back.csv", "--json")
    assert done.exit_code == 1
    assert "run backwards" in done.stderr


def test_a_shown_recording_tells_when_it_began_and_what_its_straps_said(library, tmp_path):
    writer = library.new_session(1.7e9)
    straps = [Source(0.0, 0, "client", "One"), Source(0.0, 1, "therapist", "Two")]
    said = [Strap(0.1, 0, "One", "H10", 90), Strap(9.0, 0, "One", "H10", 15)]
    writer.append(
        [*straps, *said, Strap(0.1, 1, "Two", "H9", None), Phase(10.0, PhaseName.FINISHED)]
    )
    writer.close(beats=0)
    done = call("sessions", "show", writer.session, "--store", tmp_path / "lib")
    assert done.exit_code == 0, done.output
    first, second, *_ = done.stdout.splitlines()
    assert f"{datetime.fromtimestamp(1.7e9):%Y-%m-%d %H:%M}" in first
    assert second == "  client: battery 15 % at the last connection"
    assert done.stdout.count("battery") == 1


@pytest.mark.parametrize("command", PROOF, ids=lambda one: one.name)
def test_a_command_of_the_proof_is_told_as_it_tells_itself(command):
    assert command.get_short_help_str(200) == command.loaded().get_short_help_str(200)
    assert command.loaded().name == command.name
    assert "Usage: interbeat" in call(command.name, "--help").output
