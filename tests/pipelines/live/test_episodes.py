"""Episodes as they come: what is final equals the whole recording's, whenever somebody asked."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from pipelines.analysis import analyse
from pipelines.live.engine import Engine
from pipelines.session import EpisodeView, MarkView, episode_views, episodes_in
from pipelines.session.events import AnyEvent, Mark, Packet, Talking
from pipelines.session.source_beats import beats_of
from tests.pipelines.logs import session


@pytest.fixture(scope="module")
def therapy() -> list[AnyEvent]:
    events = session("therapy", 1300.0)
    return sorted(
        [*events, Mark(302.0, "touched hip"), Mark(650.0, "later")], key=lambda event: event.time
    )


def asked(events: list[AnyEvent], step: int) -> tuple[Engine, list[tuple[EpisodeView, ...]]]:
    engine, seen = Engine("s"), []
    for start in range(0, len(events), step):
        engine.advance(events[start : start + step])
        seen.append(engine.snapshot(engine.time).sources[0].episodes)
    return engine, seen


def same(one: object, other: object) -> bool:
    pair = zip(msgspec.structs.astuple(one), msgspec.structs.astuple(other), strict=True)
    return all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        if isinstance(a, float) and isinstance(b, float)
        else a == b
        for a, b in pair
    )


@pytest.fixture(scope="module")
def often(therapy) -> list[tuple[EpisodeView, ...]]:
    """What somebody saw who asked every twelve events."""
    return asked(therapy, 12)[1]


@pytest.mark.parametrize(
    "step", [12, *(pytest.param(step, marks=pytest.mark.long) for step in (30, 250))]
)
@pytest.mark.long
def test_whenever_somebody_asked_the_end_is_that_of_the_whole(therapy, often, step) -> None:
    seen = often if step == 12 else asked(therapy, step)[1]
    (offline,) = analyse(therapy)
    assert len(offline.episodes) == 3
    assert len(seen[-1]) == 3
    for live, final in zip(seen[-1], offline.episodes, strict=True):
        assert same(live, final)


@pytest.mark.long
def test_what_is_over_stays_and_what_is_told_first_is_near(often) -> None:
    seen = often
    truth = [300.0, 700.0, 1100.0]
    assert [len(one) for one in seen] == sorted(len(one) for one in seen)
    for place, onset in enumerate(truth):
        told = [episodes[place] for episodes in seen if len(episodes) > place]
        assert abs(told[0].onset_s - onset) <= 9.0
        assert abs(told[-1].onset_s - onset) <= 5.0
        assert not told[0].resolved
    final = [e[0] for e in seen if len(e) > 1][-1]
    assert all(same(one, final) for one in [e[0] for e in seen if len(e) > 2])


def test_marks_belong_to_the_episode_that_they_fall_into(therapy) -> None:
    (result,) = analyse(therapy)
    marks = [[mark.text for mark in one.marks] for one in result.episodes]
    assert marks == [["touched hip"], [], []]


def test_talking_holds_an_episode_back_live_and_offline(therapy) -> None:
    talks = [Talking(280.0, True), Talking(330.0, False)]
    events = sorted([*therapy, *talks], key=lambda event: event.time)
    events = [event for event in events if event.time < 800.0]
    _, seen = asked(events, 50)
    (offline,) = analyse(events)
    assert [round(one.onset_s, -2) for one in offline.episodes] == [700.0]
    assert len(seen[-1]) == 1


def test_an_episode_that_is_not_sure_is_not_told(therapy) -> None:
    (found,) = beats_of(therapy)
    first, *_ = episodes_in(found.beats, found.labels, found.unread)
    unsure = replace(first, height=replace(first.height, low=-0.1))
    assert episode_views([unsure], ()) == ()
    (view,) = episode_views([first], [MarkView(first.onset.value - 9.0, "just before")])
    assert [mark.text for mark in view.marks] == ["just before"]


def test_labels_off_finds_them_too(therapy) -> None:
    (plain,) = analyse(therapy, labels=False)
    assert len(plain.episodes) == 3


def test_state_and_baseline_stand_beside_the_index(therapy) -> None:
    (none,) = analyse([e for e in therapy if isinstance(e, Packet)])
    assert (none.arousal.state, none.arousal.baseline) == (None, None)
    assert none.arousal.reason is not None
    (own,) = analyse(therapy, baseline=(0.0, 180.0))
    assert own.arousal.state in ("near", "a little above")
    assert own.arousal.baseline is not None
    assert (own.arousal.baseline.start_s, own.arousal.baseline.end_s) == pytest.approx(
        (0.0, 180.0), abs=1.5
    )
    assert own.arousal.bpm is not None
    assert np.isfinite(own.arousal.baseline.bpm)
