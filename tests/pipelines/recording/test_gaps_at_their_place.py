"""A clock that jumps between two packets is a gap between exactly these two, live and offline."""

import asyncio
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.link import LinkState
from physio.time.clock import CAUSES
from pipelines import store
from pipelines.analysis.offline import analyse, summaries
from pipelines.recording import recorder, sources
from pipelines.recording.recorder import Plan
from pipelines.session import events as ev
from pipelines.session.decoding import START, decode
from tests.pipelines.recording.sessions import of_kind, record
from tests.pipelines.store.libraries import FAST

SECONDS = 125.0
"""Long enough for the scenario to lose its link, and to find it again."""
SUSPENDED, CHANGED = "computer suspended", "clock changed"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gaps") / "library"
    return store.create_library(folder, "x", show=lambda _: None, cost=FAST)


def recorded(library, jumps=()):
    """Record two people while the wall clock jumps: pairs of session time and seconds."""

    def wall():
        now = asyncio.get_running_loop().time()
        return 1e9 + now + sum(jump for moment, jump in jumps if now > moment)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recorder, "wall", wall)
        plan = Plan(sources.wearers(scenarios=("dropouts", "rest")), seconds=SECONDS)
        return record(library, plan)


@cache
def undisturbed(library):
    """The log where no clock jumps: packets and links are the same in all of these people."""
    return recorded(library)[0]


def arrivals(library):
    return [packet.time for packet in of_kind(undisturbed(library), ev.Packet)]


def packets_before(log, event):
    return len(of_kind(log[: log.index(event)], ev.Packet))


def causes_after(log, event):
    """Causes told of the first interval of each source after an event, where it tells of breaks."""
    place = log.index(event)
    state, _ = decode(START, log[:place])
    free = [number for number, source in state.sources.items() if not source.cause]
    started = [number for number in free if state.sources[number].received]
    _, after = decode(decode(state, [event])[0], log[place + 1 :])
    return {CAUSES[after[number].cause[0]] for number in started if len(after.get(number, ()))}


def gaps(result):
    return [(gap.start_s, gap.end_s, gap.cause) for gap in result.quality.gaps]


def placed(at, drawn):
    """Jumps as drawn, as (packet before, moment, seconds), where all lie between packets."""
    chosen = {}
    for number, share, jump in drawn:
        before = number % (len(at) - 1)
        moment = at[before] + share * (at[before + 1] - at[before])
        if before not in chosen and at[before] <= moment < at[before + 1]:
            chosen[before] = (moment, jump)
    return [(before, *chosen[before]) for before in sorted(chosen)]


def hold(library, expected):
    """Jump at these places, and look where the log has the gaps."""
    at = arrivals(library)
    log, running = recorded(library, [(moment, jump) for _, moment, jump in expected])

    assert [packet.time for packet in of_kind(log, ev.Packet)] == at
    found = [event for event in of_kind(log, ev.WallClock) if event.jump]
    assert [packets_before(log, event) - 1 for event in found] == [one[0] for one in expected]
    for event, (before, moment, jump) in zip(found, expected, strict=True):
        assert moment <= event.time <= at[before + 1]
        assert event.jump == pytest.approx(jump, abs=1e-6)
        assert causes_after(log, event) <= {SUSPENDED if jump > 0 else CHANGED}
    assert [event.time for event in log] == sorted(event.time for event in log)
    assert [gaps(one) for one in summaries(running._engine.source_beats())] == [
        gaps(one) for one in analyse(log)
    ]
    return log


places = st.tuples(
    st.integers(0, 10_000),
    st.just(0.0) | st.floats(0.0, 1.0),
    st.floats(1.01, 1e5) | st.floats(-1e5, -1.01),
)
drawn = st.lists(places, min_size=1, max_size=2)
often = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@pytest.mark.long
@settings(often, max_examples=3)
@given(drawn=drawn)
def test_a_jump_between_two_packets_is_a_gap_between_these_two(library, drawn):
    hold(library, placed(arrivals(library), drawn))


@pytest.mark.long
@settings(often, max_examples=500)
@given(drawn=drawn)
def test_a_jump_between_any_two_packets_is_a_gap_between_these_two(library, drawn):
    hold(library, placed(arrivals(library), drawn))


@pytest.mark.parametrize(
    ("jump", "cause"), [(600.0, SUSPENDED), pytest.param(-600.0, CHANGED, marks=pytest.mark.long)]
)
def test_a_jump_just_after_a_reconnect_is_told_beside_the_loss(library, jump, cause):
    at, log = arrivals(library), undisturbed(library)
    back = [link.time for link in of_kind(log, ev.Link) if link.source == 0 and link.time > 100.0]
    first = next(number for number, time in enumerate(at) if time > back[0])
    log = hold(library, placed(at, [(first + 2, 0.5, jump), (first + 4, 0.0, jump)]))
    client = gaps(analyse(log)[0])
    assert [why for _, _, why in client][:2] == ["link lost", cause]


def test_a_jump_comes_before_what_the_link_says_of_it(library):
    # A computer that wakes up learns of the lost link before any packet.
    lost = next(
        link for link in of_kind(undisturbed(library), ev.Link) if link.state is LinkState.LOST
    )
    log, _ = recorded(library, [(lost.time - 1e-3, 600.0)])
    names = [type(event).__name__ for event in log if event.time >= lost.time - 1e-3]
    assert names.index("WallClock") < names.index("Link")
    assert SUSPENDED in [why for _, _, why in gaps(analyse(log)[0])]
