"""Session time between snapshots: near the truth, even, and never back within a session."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.shared.clock import SessionClock


@settings(max_examples=60)
@given(st.lists(st.floats(0.02, 0.4), min_size=5, max_size=60), st.sampled_from([1.0, 6.0, 20.0]))
def test_it_moves_on_and_never_back(steps: list[float], speed: float) -> None:
    clock, at, shown = SessionClock(), 100.0, -1.0
    for step in steps:
        at += step
        clock.hear((at - 100.0) * speed, at)
        for part in (0.3, 0.6, 0.9):
            now = clock.now(at + part * 0.02)
            assert now >= shown
            shown = now


@settings(max_examples=50, deadline=None)
@given(st.floats(-1e5, 1e5), st.lists(st.floats(0.0, 0.8), min_size=60, max_size=120))
def test_it_comes_within_the_least_delay(offset: float, delays: list[float]) -> None:
    clock, at = SessionClock(), 0.0
    for step, delay in enumerate(delays):
        at = 0.2 * step
        clock.hear(at - offset - delay, at)
    shift = at - clock.now(at)
    assert offset - 1e-6 <= shift <= offset + min(delays[-50:]) + 0.8


def test_a_late_answer_moves_nothing() -> None:
    clock = SessionClock()
    for step in range(100):
        clock.hear(0.2 * step + 50.0 - (0.9 if step % 7 else 0.01), 0.2 * step)
    before = 20.0 - clock.now(20.0)
    clock.hear(20.0 + 50.0 - 0.9, 20.0)
    for ahead in (0.0, 0.1, 0.2):
        assert 20.0 + ahead - clock.now(20.0 + ahead) == pytest.approx(before, abs=0.01)
    assert before == pytest.approx(-50.0 + 0.01, abs=0.05)


@pytest.mark.parametrize("to", [-300.0, 300.0])
def test_it_follows_a_session_that_leapt(to: float) -> None:
    clock = SessionClock()
    for step in range(60):
        clock.hear(1000.0 + 0.2 * step, 0.2 * step)
    for step in range(60, 75):
        clock.hear(1000.0 + 0.2 * step + to, 0.2 * step)
    assert clock.now(14.8) == pytest.approx(1014.8 + to, abs=0.01)


@pytest.mark.parametrize("speed", [0.5, 3.0, 6.0, 20.0])
def test_a_replay_at_any_speed_is_followed(speed: float) -> None:
    clock = SessionClock()
    for step in range(150):
        at = 0.1 * step
        clock.hear(speed * (at - 0.01 * (step % 3)), at)
    for ahead in (0.0, 0.05, 0.1):
        assert clock.now(14.9 + ahead) == pytest.approx(speed * (14.9 + ahead), abs=0.1 * speed)


def test_it_goes_on_between_snapshots_however_long() -> None:
    clock = SessionClock()
    for step in range(50):
        clock.hear(0.1 * step, 0.1 * step)
    assert clock.now(64.9) == pytest.approx(64.9)


@pytest.mark.parametrize("speed", [1.0, 6.0])
def test_it_stands_still_with_a_session_that_has_finished(speed: float) -> None:
    clock, shown = SessionClock(), []
    for step in range(200):
        at = 0.1 * step
        clock.hear(min(speed * at, 60.0), at)
        shown.append(clock.now(at + 0.09))
    assert shown == sorted(shown)
    assert shown[-1] == pytest.approx(min(19.9 * speed, 60.0), abs=0.6 * speed)


def test_a_snapshot_told_twice_stops_nothing() -> None:
    clock = SessionClock()
    for step in range(100):
        clock.hear(0.2 * (step // 2), 0.1 * step)
    clock.hear(9.8, 9.9)
    assert clock.now(20.0) == pytest.approx(20.0, abs=0.01)


def test_it_goes_on_with_a_session_that_stood_still() -> None:
    clock = SessionClock()
    for step in range(200):
        at = 0.1 * step
        clock.hear(at if at < 10.0 else max(10.0, at - 5.0), at)
    for ahead in (0.0, 1.0, 2.0):
        assert clock.now(19.9 + ahead) == pytest.approx(14.9 + ahead, abs=0.01)


def test_before_any_snapshot_it_is_nought() -> None:
    assert SessionClock().now(1e6) == 0.0
