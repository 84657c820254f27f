"""What the screen says in each state, and what it never says."""

from __future__ import annotations

import dataclasses
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.link import LinkState
from docs import moments
from physio.arousal.glance import TrustLevel
from physio.estimate import Estimate
from physio.reasons import Reason, ReasonCode
from pipelines import words
from pipelines.language import tr
from pipelines.session import Condition, Fate, HourView, PostureName

pytestmark = pytest.mark.usefixtures("english")

NO_BEATS = Reason(ReasonCode.NO_BEATS_YET)
NEVER = re.compile(
    r"abnormal|poor|fail|stress|dysregul|danger|tight|dysfunction|alarm|!|\bbad\b|\bgood\b", re.I
)
EXPECTED = {
    "no strap": ("Ready when you are", "No strap found", "none"),
    "connecting": ("Finding the strap", "No reading yet", "none"),
    "warming up": ("Learning the baseline", "Clear reading", "full"),
    "live": ("Above baseline", "Clear reading", "full"),
    "near": ("Near baseline", "Clear reading", "full"),
    "limited": ("Above baseline", "Limited reading", "half"),
    "gap": ("Waiting for the strap", "No reading", "none"),
    "paused": ("Paused", "No reading", "none"),
    "finished": ("Finished", "Saved", "full"),
    "stopped": ("Recording stopped", "Not recording", "none"),
}


def reading(state: str, **changes: object) -> words.Words:
    snapshot = moments.STATES[state]().snapshot()
    view = snapshot.sources[0] if snapshot else None
    if changes and view is not None:
        view = msgspec.structs.replace(view, **changes)
    now = snapshot.time if snapshot else 0.0
    return words.read(snapshot, view, now=now, last_rate=78.4, reachable=snapshot is not None)


@pytest.mark.parametrize("state", EXPECTED)
def test_each_state_says_its_words(state: str) -> None:
    said = reading(state)
    assert (said.position, said.trust, said.dot) == EXPECTED[state]


@pytest.mark.parametrize(
    ("code", "position", "line"),
    [
        (ReasonCode.POSTURE_CHANGED, "Posture changed", "no comparison for two minutes"),
        (
            ReasonCode.NO_BASELINE_OF_POSTURE,
            "No comparison",
            "no baseline in this posture, B takes it",
        ),
        (
            ReasonCode.NO_BASELINE_OF_TALKING,
            "No comparison",
            "no baseline of talking, B takes it",
        ),
        (ReasonCode.MOVING, "Moving", "no comparison while moving"),
    ],
)
def test_where_nothing_is_compared_the_glance_says_why(
    code: ReasonCode, position: str, line: str
) -> None:
    unknown = moments.unplaced(TrustLevel.CLEAR)
    said = reading("live", uncompared=Reason(code), baseline=None, glance=unknown)
    assert (said.position, said.lines[0]) == (position, line)
    assert (said.level, said.learnt, said.compared) == (None, None, False)


def test_a_difference_says_from_which_baseline() -> None:
    talking = Condition(PostureName.SITTING, True)
    said = reading("live", condition=talking).lines[0]
    assert said == "+9 ± 2 bpm from the baseline of talking, sitting"


def test_the_gap_says_what_was_and_when() -> None:
    assert reading("gap").direction == "78 bpm was 10 s ago"
    assert reading("gap").lines[0] == "link lost for 12 s"


@pytest.mark.parametrize(("waited", "said"), [(6.0, 10), (19.9, 10), (20.0, 20), (99.0, 90)])
def test_large_words_hold_for_ten_seconds(waited: float, said: int) -> None:
    snapshot = moments.gap().snapshot()
    assert snapshot is not None
    view = msgspec.structs.replace(snapshot.sources[0], last_beat=snapshot.time - waited)
    found = words.read(snapshot, view, now=snapshot.time, last_rate=78.4, reachable=True)
    assert found.direction == f"78 bpm was {said} s ago"
    assert f"{waited:.0f} s" in found.lines[0]


def test_warming_up_says_how_long_yet_and_compares_nothing() -> None:
    said = reading("warming up")
    assert said.direction == "sitting quietly"
    assert said.lines == ("no comparison yet", "about 2 minutes left")
    assert said.learnt == pytest.approx(107 / 180, abs=0.01)
    assert said.level is None
    assert not said.compared


def test_a_session_without_its_library_goes_on_and_is_not_called_saved() -> None:
    for state, trust in (("live", "Clear reading"), ("finished", "Not in its library")):
        snapshot = msgspec.structs.replace(
            moments.STATES[state]().snapshot(), trouble="The library went away.", rescued=True
        )
        view = snapshot.sources[0]
        said = words.read(snapshot, view, now=snapshot.time, last_rate=78.4, reachable=True)
        assert said.trust == trust
        assert "kept" not in said.direction


def test_paused_and_finished_say_how_long() -> None:
    assert reading("paused").direction == "since 30:40, P goes on"
    assert reading("finished").direction == "31 minutes kept"


@pytest.mark.parametrize(
    ("fate", "position"),
    [
        (Fate.EMPTY, "Finished"),
        (Fate.THROWN, "Finished"),
        (Fate.UNREACHED, "No strap can be reached"),
    ],
)
def test_what_is_not_kept_is_never_called_saved(fate: Fate, position: str) -> None:
    snapshot = msgspec.structs.replace(moments.STATES["finished"]().snapshot(), fate=fate)
    said = words.read(
        snapshot, snapshot.sources[0], now=snapshot.time, last_rate=78.4, reachable=True
    )
    assert (said.position, said.trust, said.dot) == (position, "Not kept", "none")
    everything = f"{said.sentence()} {words.where_kept(snapshot, reachable=True)}".lower()
    assert "saved" not in everything
    assert "minutes" not in everything
    assert not NEVER.search(everything)


def test_an_unreachable_recorder_is_no_reading_and_the_recording_may_go_on() -> None:
    snapshot = moments.live().snapshot()
    assert snapshot is not None
    said = words.read(snapshot, snapshot.sources[0], now=0.0, last_rate=77.0, reachable=False)
    assert said.trust == "No reading"
    assert "recording may be going on" in said.direction


@pytest.mark.parametrize("state", moments.STATES)
def test_no_state_judges_or_frightens(state: str) -> None:
    assert not NEVER.search(reading(state).sentence())


@pytest.mark.parametrize(
    ("waited", "trust", "stale"),
    [(4.9, "Clear reading", False), (5.1, "Clear reading", True), (15.1, "No reading", False)],
)
def test_age_makes_a_value_quiet_and_then_silent(waited: float, trust: str, stale: bool) -> None:
    said = reading("live", last_beat=moments.NOW - waited)
    assert (said.trust, said.stale) == (trust, stale)


def test_a_reading_of_no_trust_shows_no_level() -> None:
    glance = msgspec.structs.replace(moments.CLEAR, trust=TrustLevel.NONE, reason=NO_BEATS)
    said = reading("live", glance=glance)
    assert said.level is None
    assert said.dot == "none"
    assert "no beats yet" in said.lines[1]


def test_differences_bear_sign_and_uncertainty() -> None:
    assert reading("live").lines[0] == "+9 ± 2 bpm from baseline"
    glance = msgspec.structs.replace(moments.CLEAR, difference_bpm=-3.6)
    assert reading("live", glance=glance).lines[0] == "−4 ± 2 bpm from baseline"
    for error in (9.0, None):
        glance = msgspec.structs.replace(
            moments.CLEAR, difference_bpm=None, difference_error_bpm=error
        )
        assert reading("live", glance=glance).lines[0] == "too unsteady for a number"


def test_a_side_that_is_not_clear_is_said_beside_the_trust() -> None:
    side = Reason(ReasonCode.WHICH_SIDE)
    glance = msgspec.structs.replace(moments.CLEAR, trust=TrustLevel.LIMITED, reason=side)
    said = reading("live", glance=glance)
    assert (said.state, said.dot, said.aside) == ("limited", "half", "not clear which side")
    assert glance.beats_clear
    assert not msgspec.structs.replace(glance, reason=None).beats_clear


@pytest.mark.parametrize(
    ("value", "step", "said"),
    [(77.4, 1, "77"), (36.9, 5, "35"), (14.3, 0.5, "14.5"), (14.1, 0.5, "14"), (-0.2, 1, "0"),
     (-7.6, 1, "−8"), (2.14, 0.1, "2.1")],
)  # fmt: skip
def test_values_are_rounded_to_their_steps(value: float, step: float, said: str) -> None:
    assert words.rounded(value, step) == said


@given(st.floats(-500, 500), st.sampled_from([0.1, 0.5, 1.0, 5.0]))
def test_rounding_moves_a_value_by_at_most_half_a_step(value: float, step: float) -> None:
    said = words.rounded(value, step)
    assert abs(float(said.replace("−", "-")) - value) <= step / 2 + 1e-3
    assert said not in ("-0", "−0")


@given(st.floats(0, 1e5))
def test_clock_text_is_the_time(seconds: float) -> None:
    minutes, rest = words.clock_text(seconds).split(":")
    assert int(minutes) * 60 + int(rest) == int(seconds)


def test_a_spread_that_is_not_known_is_said() -> None:
    assert words.spread_text(None, 3.0, 1.0) == "± ?"
    assert words.spread_text(float("nan"), float("nan"), 1.0) == "± ?"
    assert words.spread_text(70.0, 74.0, 1.0) == "± 2"


def test_a_value_smaller_than_its_own_uncertainty_is_not_told() -> None:
    sway = Estimate(105.0, "ms", -265.0, 475.0, 60.0, 98.0, 1.0)
    assert words.value_text(sway, 5.0) == (tr("too unsure now"), "")
    assert words.value_text(dataclasses.replace(sway, low=5.0, high=205.0), 5.0) == (
        "105", "± 100",
    )  # fmt: skip
    assert words.value_text(dataclasses.replace(sway, low=None), 5.0) == ("105", "± ?")


def test_where_kept_follows_the_phase() -> None:
    live, paused = moments.live().snapshot(), moments.paused().snapshot()
    assert words.where_kept(live, reachable=True).endswith("recording on this computer only")
    hears = msgspec.structs.replace(live, hour=HourView(listening=True))
    assert words.where_kept(hears, reachable=True).endswith("recording here only, microphone on")
    assert "nothing is recorded" in words.where_kept(paused, reachable=True)
    assert "not answering" in words.where_kept(live, reachable=False)
    assert words.title(live) == "Simulated session"
    again = msgspec.structs.replace(live, simulated=False, replayed=True)
    assert words.title(again) == "Replay of a recording"
    assert words.where_kept(again, reachable=True).startswith("One recorded strap, ")


def test_a_lost_link_is_named_only_where_the_link_says_so() -> None:
    assert reading("live", last_beat=moments.NOW - 20).lines[0] == "no beats for 20 s"
    off = reading("live", link=LinkState.OFF_SKIN, last_beat=moments.NOW - 6)
    assert off.lines[0] == "strap off the skin for 6 s"


@pytest.mark.parametrize(
    ("waited", "said"), [(1.0, "Not clear just now"), (9.0, "Waiting for beats")]
)
def test_beats_that_say_nothing_are_not_waited_for(waited: float, said: str) -> None:
    snapshot = moments.live().snapshot()
    assert snapshot is not None
    glance = moments.unplaced(TrustLevel.NONE, Reason(ReasonCode.LABELLED, percent=16))
    view = msgspec.structs.replace(
        snapshot.sources[0], glance=glance, last_beat=snapshot.time - waited
    )
    found = words.read(snapshot, view, now=snapshot.time, last_rate=None, reachable=True)
    assert found.position == said
