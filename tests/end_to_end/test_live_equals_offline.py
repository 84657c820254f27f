"""One engine, two speeds: what is live, what is stored and what is in the file agree to 1e-9."""

import math
import random

import pytest

from pipelines.session import PhaseName
from tests.end_to_end.program import differences
from tests.recordings import DATA, real

WEARABLE = DATA / "wearable_hrv_multidevice"
DHYB = DATA / "polar_h10_dhyb" / "sample_data_ibi.csv"
RECORDINGS = (
    WEARABLE / "test_vu.txt",
    WEARABLE / "test_heartmath.csv",
    DATA / "elite_hrv_txt" / "2017-06-29 13-11-53.txt",
    WEARABLE / "test_empatica.csv",
    WEARABLE / "test_kyto.csv",
    WEARABLE / "test_rhythm.csv",
    DATA / "selfloops_txt" / "20170808002e.txt",
    DATA / "selfloops_txt" / "20170804001r.txt",
)


def named(path):
    return pytest.param(path, id=path.stem)


def all_three(program, path, *, speed="max"):
    """Replay a file; return its last live object, its session's analysis and its own."""
    lines = program.recorded("--replay", path, "--speed", speed)
    assert [line["final"] for line in lines] == [False] * (len(lines) - 1) + [True]
    (session,) = program.objects("analyse", lines[-1]["session"])
    (file,) = program.objects("analyse", path)
    return lines[-1], session, file


def agree(live, session, file):
    assert differences(live, session) == []
    # Only the analysis of a file can tell the checksum of one.
    assert "sha256" not in live
    assert differences(live, {name: file[name] for name in file if name != "sha256"}) == []
    return True


@real
@pytest.mark.long
@pytest.mark.parametrize("path", [named(path) for path in RECORDINGS])
def test_a_recording_replayed(program, path):
    assert agree(*all_three(program, path))


@real
def test_the_main_job(program):
    live, session, file = all_three(program, DHYB)
    assert agree(live, session, file)
    assert live["quality"]["beats"] == 620
    assert 3.6 <= live["measures"]["breathing_rate"]["value"] <= 4.2
    assert live["breathing_in_hf_band"] is False


@real
@pytest.mark.long
def test_the_main_job_at_twenty_times_its_speed(program):
    live, session, file = all_three(program, DHYB, speed=20)
    assert agree(live, session, file)
    assert 3.6 <= live["measures"]["breathing_rate"]["value"] <= 4.2


def intervals(count, *, seed):
    """Plausible intervals in ms with breathing, early beats and a missed one."""
    draw = random.Random(seed)
    time, found = 0.0, []
    for number in range(count):
        rr = 850 + 40 * math.sin(2 * math.pi * time / 5.0) + draw.gauss(0, 8)
        rr += {60: -300, 61: 300, 120: 850}.get(number % 150, 0)
        found.append(round(rr, 3))
        time += found[-1] / 1000
    return found


def plain(folder):
    path = folder / "plain.txt"
    path.write_text("\n".join(map(str, intervals(150, seed=1))) + "\n")
    return path


def with_times(folder):
    """A table whose host was late at times and that has lost a minute and half."""
    draw, time, rows = random.Random(2), 100.0, ["time_s,rr_ms"]
    for number, rr in enumerate(intervals(200, seed=3)):
        time += rr / 1000 + (90.0 if number == 130 else 0.0)
        rows.append(f"{time + draw.expovariate(20.0):.4f},{rr}")
    path = folder / "times.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("make", "speed"),
    [
        (with_times, 200),
        (with_times, "max"),
        (plain, "max"),
    ],
)
@pytest.mark.long
def test_a_made_up_file_replayed(program, tmp_path, make, speed):
    live, session, file = all_three(program, make(tmp_path), speed=speed)
    assert agree(live, session, file)
    assert len(live["quality"]["gaps"]) == (make is with_times)
    assert live["quality"]["corrected_percent"] > 0
    assert live["measures"]["rmssd"]["value"] > 0


def made_up(folder):
    return "--replay", with_times(folder), "--replay", plain(folder)


def simulated(folder):
    return "--simulate", "dropouts", "--simulate", "rest"


@pytest.mark.parametrize("of", [made_up, pytest.param(simulated, marks=pytest.mark.long)])
@pytest.mark.long
def test_a_session_with_everything_in_it_replayed_from_its_export(program, tmp_path, of):
    (*_, client, therapist) = program.recorded(
        *of(tmp_path), "--speed", "max", "--baseline", "0:120"
    )
    done = program.run("sessions", "export", client["session"], "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    export = done.stdout.strip()
    *_, client_again, therapist_again = program.recorded("--replay", export, "--speed", "max")
    analysed = program.objects("analyse", export)
    for line, again, file in zip(
        (client, therapist), (client_again, therapist_again), analysed, strict=True
    ):
        assert differences(line, again) == []
        told = {name: file[name] for name in file if name != "sha256"}  # only of a file
        assert differences(line, told) == []
    assert (client["source"], therapist["source"]) == ("client", "therapist")
    assert client["quality"]["gaps"]
    assert client["arousal"]["value"] is not None


@pytest.mark.long
def test_a_suspended_computer_is_a_gap_in_the_replay_too(program, tmp_path):
    from pipelines.session import events as ev
    from pipelines.store import export_session

    library = program.library
    writer = library.new_session(0.0)
    writer.append([ev.WallClock(0.0, 1e9), ev.Source(0.0, 0, "client", "strap")])
    for second in range(200):
        if second == 100:
            writer.append([ev.WallClock(99.5, 1e9 + 3699.5, 3600.0)])
        rr = 1000 if second % 2 else 1024
        packet = bytes((0x10, 60, rr % 256, rr // 256))
        writer.append([ev.Packet(float(second), 0, "heart_rate", packet)])
    writer.append([ev.Phase(200.0, PhaseName.FINISHED)])
    writer.close(beats=200)
    path = export_session(library, writer.session, tmp_path)
    live, session, file = all_three(program, path)
    assert agree(live, session, file)
    assert [gap["cause"] for gap in live["quality"]["gaps"]] == ["computer suspended"]


@pytest.mark.parametrize(
    "scenario",
    ["dropouts", "ectopic:5", "therapy"],
)
@pytest.mark.long
def test_a_simulated_session_equals_its_analysis(program, scenario):
    *_, last = program.recorded("--simulate", scenario, "--speed", "max")
    (session,) = program.objects("analyse", last["session"])
    assert differences(last, session) == []
    (shown,) = program.objects("sessions", "show", last["session"])
    assert differences(last, shown) == []


@pytest.mark.long
def test_marks_are_told_live_and_end_as_in_the_analysis_and_in_a_replay(program, tmp_path):
    *shown, last = program.recorded("--simulate", "therapy", "--speed", "max")
    assert [mark["text"] for mark in last["marks"]] == [
        "touched hip", "long silence", "spoke of the accident",
    ]  # fmt: skip
    assert all(mark["change_bpm"] > 3.0 for mark in last["marks"])
    # A quarter of an hour of other minutes is not left between them.
    assert all("other minutes" in mark["reason"] for mark in last["marks"])
    assert any(0 < len(line["marks"]) < 3 for line in shown)
    (session,) = program.objects("analyse", last["session"])
    assert differences(last, session) == []
    done = program.run("sessions", "export", last["session"], "--out", tmp_path / "out")
    *_, again = program.recorded("--replay", done.stdout.strip(), "--speed", "max")
    assert differences(last["marks"], again["marks"]) == []
    told = program.run("analyse", last["session"], "--all").stdout
    assert "touched hip: +" in told
    assert "chance" not in told
