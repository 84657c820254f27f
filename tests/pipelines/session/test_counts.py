"""A line stays short however many gaps there are, and tells of packets that did not count."""

import struct

import msgspec
import pytest

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState
from physio.measures import MEASURES
from pipelines.analysis import result
from pipelines.analysis.offline import analyse, summaries
from pipelines.command import text
from pipelines.command.live_text import live_result
from pipelines.session.events import Link, Packet, Source
from pipelines.session.snapshot import NEWEST_GAPS
from tests.pipelines.engines import grown
from tests.pipelines.lines import read_line

LIMIT = 64_000


def losses(count):
    """A strap that loses its link after every third beat."""
    yield Source(0.0, 0, "client", "strap")
    time = 0.0
    for _ in range(count + 1):
        for _ in range(3):
            time += 0.8
            yield Packet(time, 0, "intervals", struct.pack("<d", 800.0))
        yield Link(time + 0.1, 0, LinkState.LOST)
        time += 6.0
        yield Link(time, 0, LinkState.WAITING)


def live_line(engine):
    snapshot = engine.snapshot(0.0, names=tuple(MEASURES))
    return live_result(snapshot.sources[0], snapshot)


@pytest.mark.usefixtures("english")
def test_after_thousands_of_losses_a_line_is_short_and_counts_them():
    (line,) = analyse(losses(5000))
    assert line.quality.gaps_total == 5000
    assert len(line.quality.gaps) == NEWEST_GAPS
    assert line.quality.gaps[-1].end_s == pytest.approx(line.time_s - 2.4, abs=0.1)
    assert len(result.encode_result(line)) < LIMIT
    assert "and 4900 more before them." in text.describe(line)


def test_live_and_offline_tell_the_same_newest_gaps():
    events = list(losses(NEWEST_GAPS + 30))
    engine = grown(events)
    (final,), (offline,) = summaries(engine.source_beats()), analyse(events)
    assert final == offline
    live = live_line(engine)
    assert live.quality.gaps == offline.quality.gaps
    assert live.quality.gaps_total == offline.quality.gaps_total == NEWEST_GAPS + 30
    assert live.quality.coverage_percent == pytest.approx(offline.quality.coverage_percent)
    assert len(result.encode_result(live)) < LIMIT


def test_a_snapshot_grows_no_further_with_the_gaps():
    sizes = [
        len(msgspec.msgpack.encode(grown(losses(count)).snapshot(0.0), enc_hook=repr))
        for count in (NEWEST_GAPS, 3 * NEWEST_GAPS)
    ]
    assert sizes[1] < sizes[0] + 100


@pytest.mark.usefixtures("english")
def test_up_to_a_hundred_gaps_are_all_told():
    (line,) = analyse(losses(NEWEST_GAPS))
    assert len(line.quality.gaps) == line.quality.gaps_total == NEWEST_GAPS
    assert f"{NEWEST_GAPS} gaps, " in text.describe(line)
    assert "more before" not in text.describe(line)


def packets():
    """Twenty beats, three packets of which arrive twice, and four that nobody can read."""
    yield Source(0.0, 0, "client", "strap")
    for second in range(1, 21):
        data = encode(HeartRate(60, rr_ticks=(1000 + second,)))
        yield Packet(float(second), 0, "heart_rate", data)
        if second in (4, 5, 12):
            yield Packet(second + 0.01, 0, "heart_rate", data)
        if second in (6, 7, 19):
            yield Packet(second + 0.3, 0, "heart_rate", b"")
    yield Packet(20.5, 0, "intervals", b"123")


@pytest.mark.usefixtures("english")
def test_packets_that_did_not_count_are_counted_live_and_offline_alike():
    events = list(packets())
    engine = grown(events)
    (offline,) = analyse(events)
    assert summaries(engine.source_beats()) == (offline,)
    for line in (offline, live_line(engine)):
        quality = line.quality
        assert (quality.beats, quality.duplicates, quality.malformed) == (20, 3, 4)
    words = text.describe(offline)
    assert "3 packets arrived twice and counted once." in words
    assert "4 packets could not be read." in words


def test_nothing_is_said_of_packets_that_all_counted():
    (line,) = analyse(losses(3))
    assert (line.quality.duplicates, line.quality.malformed) == (0, 0)
    assert "packet" not in text.describe(line).replace("packets lost", "")


@pytest.mark.usefixtures("english")
def test_lines_of_earlier_versions_are_still_read():
    (line,) = analyse(losses(3))
    written = msgspec.json.decode(result.encode_result(line))
    for name in ("gaps_total", "duplicates", "malformed"):
        written["quality"].pop(name)
    earlier = msgspec.json.encode(written)
    read = read_line(earlier, line)
    assert (read.quality.gaps, read.quality.gaps_total) == (line.quality.gaps, 0)
    assert "3 gaps, " in text.describe(read)
