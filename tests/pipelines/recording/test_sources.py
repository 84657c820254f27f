"""Who is recorded: roles, order, and what a recording brings along."""

import pytest

from devices.link import LinkState
from physio.beats import GapCause
from pipelines import formats, store
from pipelines.analysis.offline import analyse, summaries
from pipelines.recording import sources
from pipelines.recording.recorder import Plan
from pipelines.session import PhaseName, beats_of, marks_of
from pipelines.session import events as ev
from pipelines.session.blocks import one_by_one
from tests.pipelines.intervals import rest
from tests.pipelines.recording.sessions import record
from tests.pipelines.store.libraries import make_library


def exported(folder, events):
    folder.mkdir(exist_ok=True)
    library, _ = make_library(folder / "library")
    writer = library.new_session(0.0)
    writer.append(events)
    writer.close(beats=0)
    return store.export_session(library, writer.session, folder)


def packet(time, source, rr=1024):
    return ev.Packet(time, source, "heart_rate", bytes((0x10, 60, rr % 256, rr // 256)))


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("800\n" * 60)
    return path


def test_roles_follow_the_order_straps_recordings_simulations(plain):
    found = sources.wearers(
        devices=("Polar H10 1234", "AA:BB"), replays=(plain,), scenarios=("rest", "dropouts")
    )
    assert [one.role for one in found] == [
        "client", "therapist", "member 3", "member 4", "member 5",
    ]  # fmt: skip
    assert [one.opened.simulated for one in found] == [False, False, False, True, True]
    assert [one.opened.duration is None for one in found] == [True, True, False, False, False]


def test_two_simulated_straps_of_one_scenario_are_two_people():
    one, other = sources.wearers(scenarios=("rest", "rest"))
    assert list(one.opened.truth.beat_time) != list(other.opened.truth.beat_time)


def test_nobody_is_nobody():
    assert sources.wearers() == ()


def test_a_strap_that_counts_in_milliseconds_is_told_so_and_replayed_so(tmp_path, library):
    (strap,) = sources.wearers(devices=("strap",), ticks=1000)
    assert strap.opened.ticks == 1000
    beats = [packet(0.9 * number, 0, 880 + number % 40) for number in range(1, 80)]
    for told in (1000, 1024):
        log = [ev.Source(0.0, 0, "client", "strap", ticks=told), *beats]
        path = exported(tmp_path / str(told), log)
        for given in (None, 1000, 1024):
            (again,) = sources.wearers(replays=(path,), ticks=given)
            assert again.opened.ticks == (given or told)
    played, running = record(library, Plan(sources.wearers(replays=(path,), ticks=1000)))
    live = summaries(running._engine.source_beats())
    assert live == analyse(played)
    assert live[0].measures["mean_rr"].value == pytest.approx(899.4, abs=1.0)


@pytest.mark.parametrize("scenario", ["", "sleep", "paced", "paced:", "paced:99", "ectopic:0"])
def test_an_unknown_scenario_is_named(scenario):
    with pytest.raises(ValueError, match="choose rest, paced:RATE"):
        sources.wearers(scenarios=(scenario,))


def test_a_recording_without_packets_is_refused(tmp_path):
    path = exported(
        tmp_path, [ev.Source(0.0, 0, "client", "strap"), ev.Phase(1.0, PhaseName.FINISHED)]
    )
    with pytest.raises((ValueError, formats.FormatError), match=path.name):
        sources.wearers(replays=(path,))


def test_two_wearers_of_a_recording_are_two_again_and_shared_events_come_once(tmp_path):
    shared = [
        ev.Mark(5.0, "touched hip"),
        ev.Talking(6.0, True),
        ev.Pace(7.0, 6.0, 0.4),
        ev.WallClock(8.0, 1e9, 60.0),
        ev.Phase(9.0, PhaseName.SETTLING),
    ]
    log = [
        ev.WallClock(0.0, 1e9),
        ev.Source(0.0, 0, "client", "H10"),
        ev.Source(0.0, 1, "therapist", "H9"),
        *(packet(float(second), second % 2) for second in range(5)),
        *shared,
        ev.Baseline(10.0, 1, 0.0, 9.0),
        packet(11.0, 0),
        ev.Phase(12.0, PhaseName.FINISHED),
    ]
    path = exported(tmp_path, log)
    (_, client, therapist) = sources.wearers(replays=(path,), devices=("strap",))
    assert client.opened.device == "replay of H10"
    assert list(client.events) == shared
    assert list(therapist.events) == [ev.Baseline(10.0, 2, 0.0, 9.0)]
    assert client.opened.duration == therapist.opened.duration == 12.0


def test_a_lost_link_is_lost_again_until_beats_came_back():
    lost, found = sources.LOST[0], LinkState.BEATS
    log = [
        ev.Link(0.0, 0, LinkState.SEARCHING),
        packet(1.0, 0),
        ev.Link(5.0, 0, lost),
        ev.Link(6.0, 0, LinkState.SEARCHING),
        packet(9.0, 0),
        ev.Link(9.0, 0, found),
        ev.Link(20.0, 0, lost),
    ]
    losses = list(sources._losses(log))
    assert [(loss.start, loss.end) for loss in losses] == [(5.0, 9.0), (20.0, None)]


def test_a_recording_lasts_as_long_as_it_did(plain):
    (wearer,) = sources.wearers(replays=(plain,))
    assert wearer.opened.duration == pytest.approx(48.0)


def test_a_file_is_replayed_interval_by_interval_and_gives_its_own_numbers(library, tmp_path):
    rr = rest(300)
    rr[[50, 100]] = 430.0, 4200.0
    path = tmp_path / "plain.txt"
    path.write_text("\n".join(f"{value:.3f}" for value in rr))
    read = formats.read(path)
    log, running = record(library, Plan(sources.wearers(replays=(path,))))
    packets = [event for event in log if isinstance(event, ev.Packet)]
    # The session clock of a replay is that of the file.
    assert packets == [one for one in one_by_one(read.events) if isinstance(one, ev.Packet)]
    (offline,), (replayed,) = analyse(read.events), analyse(log)
    (live,) = summaries(running._engine.source_beats())
    assert offline.measures == replayed.measures == live.measures
    assert offline.quality == replayed.quality == live.quality


def test_what_was_said_of_a_recording_after_its_end_is_so_from_its_beginning(tmp_path, library):
    log = [
        ev.Source(0.0, 0, "client", "strap"),
        *(packet(float(second), 0) for second in range(1, 10)),
        ev.Mark(3.0, "then"),
        ev.Mark(4.0, "gone"),
        ev.Phase(10.0, PhaseName.FINISHED),
        ev.Phase(15.0, PhaseName.SESSION),
        *(packet(float(second), 0) for second in range(16, 30)),
        ev.Phase(30.0, PhaseName.FINISHED),
        ev.Mark(4000.0, "now", replaces=3.0),
        ev.Mark(4001.0, "", replaces=4.0, removed=True),
    ]
    path = exported(tmp_path / "out", log)
    (wearer,) = sources.wearers(replays=(path,))
    assert wearer.opened.duration == 30.0
    assert [event for event in wearer.events if isinstance(event, ev.Mark)] == [ev.Mark(3.0, "now")]
    again, _ = record(library, Plan((wearer,)))
    assert [mark.text for mark in marks_of(again)] == ["now"]
    causes = [[gap.cause for gap in beats_of(one)[0].gaps] for one in (log, again)]
    assert causes[0] == causes[1] == [GapCause.FINISHED]
