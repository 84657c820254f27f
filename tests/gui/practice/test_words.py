"""The patient's sentences: few, plain, held, and never a judgement."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from devices.link import LinkState
from docs import moments
from docs.practice_states import OFFSET, Clock, SimulatedSession
from gui.practice import assessing, before, keys, leading, words
from gui.practice.moving import Moving
from gui.practice.stage import Stage
from physio.arousal.glance import TrustLevel
from pipelines.session import PhaseName, WaveState, WaveView
from pipelines.session.snapshot import Snapshot

pytestmark = pytest.mark.usefixtures("english")

FORBIDDEN = re.compile(
    r"abnormal|poor|fail|stress|dysregul|danger|tight|dysfunction|error!|warning|wrong|should|must",
    re.IGNORECASE,
)
SENTENCES = [
    value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)
]


def told(**how: object) -> Snapshot:
    snapshot = SimulatedSession(Clock(OFFSET + 120.0), **how).snapshot()  # type: ignore[arg-type]
    assert snapshot is not None
    return snapshot


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, words.TOGETHER),
        ({"breathing": None}, words.FOLLOW),
        ({"breathing": 6.5}, words.TOGETHER),
        ({"breathing": 6.6}, words.FOLLOW),
        ({"trust": TrustLevel.LIMITED}, words.LIMITED),
        ({"trust": TrustLevel.NONE}, words.LIMITED),
        ({"silent_from": 110.0}, words.QUIET),
        ({"silent_from": -1.0, "link": LinkState.SEARCHING}, words.FINDING),
        ({"link": LinkState.OFF_SKIN}, words.OFF_SKIN),
        ({"phase": PhaseName.FINISHED}, words.ENDED),
        ({"trouble": "The disk is full."}, "The disk is full."),
    ],
)
def test_what_is_said_when(how, expected):
    assert words.strap_words(told(**how), 120.0, 6.0, reached=True) == expected


def test_lost_recorder_is_said_whatever_was_known():
    assert words.strap_words(told(), 120.0, 6.0, reached=False) == words.UNREACHED
    assert words.strap_words(None, 120.0, 6.0, reached=True) == words.FINDING


def test_nothing_moves_together_at_rest():
    assert words.strap_words(told(), 120.0, None, reached=True) == words.FOLLOW


def test_words_hold_ten_seconds_and_answers_come_at_once():
    said = words.Said(words.FOLLOW, 0.0, "")
    assert words.say(said, words.TOGETHER, 9.9) == said
    changed = words.say(said, words.TOGETHER, 10.0)
    assert (changed.words, changed.since, changed.before) == (words.TOGETHER, 10.0, words.FOLLOW)
    assert words.say(changed, words.SLOWER, 10.1, answer=True).words == words.SLOWER
    assert words.say(changed, words.TOGETHER, 30.0) == changed


def test_sentence_fades_from_one_to_the_other():
    said = words.Said(words.SLOWER, 50.0, words.TOGETHER)
    seen = [words.fading(said, 50.0 + step * 0.01, 0.3) for step in range(31)]
    assert seen[0] == (words.TOGETHER, 1.0)
    assert seen[-1] == (words.SLOWER, 1.0)
    opacity = [value for _, value in seen]
    assert min(opacity) < 0.05
    assert max(abs(b - a) for a, b in pairwise(opacity)) < 0.15
    assert words.fading(said, 50.0, 0.0) == (words.SLOWER, 1.0)


def test_no_sentence_judges_or_exclaims():
    shown = [hint.words for hint in (*keys.BAR, *keys.HELP_BAR[1])]
    shown += [hint.words for side in keys.BEFORE_BAR for hint in side]
    shown += [hint.words for side in keys.ASKING_BAR for hint in side]
    shown += [hint.words for hint in (keys.HEART, keys.GUIDE, keys.ASSESS)]
    shown += [leading.state_words(WaveView(state, 2.5)) for state in WaveState]
    shown += [assessing.STOPPED, assessing.MOMENT, *assessing.PARTS, leading.GUIDED]
    shown += [
        before.BEFORE,
        *before.PARTS,
        words.calm_words(Stage.PAUSED, session=True, contact="Ada"),
    ]
    shown += [hint.words for hint in keys.help_rows(session=True, offer=True, assessable=True)]
    for sentence in SENTENCES + shown + [words.finished_words(m) for m in (0.4, 1.0, 10.0)]:
        assert not FORBIDDEN.search(sentence.replace("heart failure", "")), sentence  # its name
        assert "!" not in sentence
        assert "bpm" not in sentence


def test_sentences_stay_few():
    assert len(set(SENTENCES)) <= 30


@pytest.mark.parametrize(
    ("moved", "went"),
    [(None, ""), (1.0, words.MOVED), (0.5, words.MOVED), (0.4, words.OWN_RHYTHM)],
)
def test_the_end_says_how_long_how_it_went_and_what_comes_next(moved, went):
    said = words.finished_words(8.2, moved)
    assert said.startswith("That was 8 minutes of breathing.")
    assert went in said
    assert said.endswith(words.ONCE_MORE)
    assert not re.search(r"\d", said.removeprefix("That was 8"))


def test_how_it_went_is_told_from_what_could_be_seen():
    moving = Moving()
    moving.note(WaveView(WaveState.PREDICTED, 2.5), 0.0)
    for now in np.arange(0.5, 50.0, 0.5):
        moving.note(WaveView(WaveState.PREDICTED, 2.5), now)
    assert moving.share is None  # less than a minute
    for now in np.arange(50.0, 90.0, 0.5):
        moving.note(WaveView(WaveState.OFF, 2.5), now)
    assert moving.share == pytest.approx(50.0 / 90.0, abs=0.01)
    for now in np.arange(90.0, 500.0, 0.5):
        moving.note(WaveView(WaveState.NOT_YET, 2.5), now)
        moving.note(None, now)
    assert moving.share == pytest.approx(50.0 / 90.0, abs=0.01)


def test_calm_words_bring_back_to_the_room():
    for stage in Stage:
        for session in (True, False):
            assert words.calm_words(stage, session=session).startswith(words.GROUND)


def test_the_calm_screen_names_whom_the_person_chose_to_call_and_nobody_else():
    alone = words.calm_words(Stage.BREATHING, session=False)
    said = words.calm_words(Stage.BREATHING, session=False, contact="Ada {x} 0123\u202e")
    assert said.startswith(alone)
    assert said.endswith("Somebody to call: Ada {x} 0123.")
    assert "call" not in alone


@pytest.mark.parametrize("state", [*WaveState, None])
def test_the_name_of_the_heart_line_judges_nothing(state):
    called = words.line_words(None if state is None else WaveView(state, 2.5))
    assert called.startswith("your heart")
    assert not FORBIDDEN.search(called)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (None, ""),
        (10.0, "about 10 minutes left"),
        (6.4, "about 6 minutes left"),
        (1.4, "about a minute left"),
        (0.6, "about a minute left"),
        (0.3, "a few breaths left"),
    ],
)
def test_time_left_is_rounded(minutes, expected):
    assert words.time_left_words(minutes, Stage.BREATHING) == expected


def test_numbers_carry_unit_error_and_age():
    source = words.main_source(told())
    shown = words.numbers_words(6.0, 5.5, source, 121.0)
    assert "6.0, going to 5.5 breaths a minute" in shown
    assert "65 ± 2 bpm" in shown
    assert re.search(r"Breathing 6(\.0)? ± 0\.5 a minute", shown)
    assert re.search(r"last beat \d s ago", shown)


def test_withheld_numbers_say_so():
    source = words.main_source(told(breathing=None))
    assert "Breathing: no reading yet" in words.numbers_words(6.0, 6.0, source, 120.0)
    assert words.numbers_words(6.0, 6.0, None, 0.0) == "Guide 6.0 breaths a minute"


def test_the_client_is_drawn_not_the_therapist():
    snapshot = told()
    (client,) = snapshot.sources
    therapist = type(client)(**{**{f: getattr(client, f) for f in client.__struct_fields__},
                                "source": 1, "role": "therapist"})  # fmt: skip
    both = type(snapshot)(**{**{f: getattr(snapshot, f) for f in snapshot.__struct_fields__},
                             "sources": (therapist, client)})  # fmt: skip
    assert words.main_source(both) == client
    assert words.main_source(None) is None


def test_said_is_a_value():
    said = words.Said(words.FOLLOW, 0.0, "")
    assert replace(said, since=1.0) != said


def test_a_strap_that_does_not_connect_is_told_before_any_beat():
    waiting = moments._waiting(8.0, LinkState.SEARCHING, 0.0).state
    state = msgspec.structs.replace(waiting, notice="It does not connect.")
    assert words.strap_words(state, 1.0, None, reached=True) == "It does not connect."
