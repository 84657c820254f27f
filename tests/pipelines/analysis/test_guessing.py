"""Guesses of a whole session against the rises of the client, and of nobody else."""

from __future__ import annotations

import msgspec
import pytest

from physio.arousal.guesses import NEAR
from pipelines.analysis import guessed, reviewed, rises_of
from pipelines.report import Audience
from pipelines.session import (
    THERAPIST,
    Guess,
    Guessing,
    Phase,
    PhaseName,
    Source,
    Strap,
    Talking,
    beats_of,
)
from tests.pipelines.logs import session
from tests.pipelines.report.hours import report, words_of

LENGTH = 1500.0
LOG = session("therapy", LENGTH)


def in_order(*more, log=LOG):
    return sorted([*log, *more, Phase(LENGTH, PhaseName.FINISHED)], key=lambda one: one.time)


def told(log):
    return guessed(log, beats_of(log))


@pytest.fixture(scope="module")
def onsets():
    found = [one.onset_s for one in rises_of(beats_of(LOG)[0])]
    assert len(found) >= 3
    return found


def guesses(at):
    return [Guessing(10.0, on=True), *(Guess(time) for time in at), Guessing(LENGTH, on=False)]


def test_without_guessing_nothing_is_told():
    assert told(LOG) is None
    # A guess where nothing was covered is none that counts.
    assert told(in_order(Guess(300.0))) is None


def test_each_onset_guessed_is_sensed_and_the_others_are_missed(onsets):
    found = told(in_order(*guesses([onsets[0], onsets[1] - 3.0, 30.0])))
    assert [one.late_s for one in found.guesses] == pytest.approx([None, 0.0, -3.0])
    assert (found.counted, found.sensed) == (3, 2)
    assert found.missed_s == tuple(onsets[2:])
    assert found.by_chance is None  # too few to say anything yet
    many = told(in_order(*guesses([30.0, 60.0, 90.0, *onsets])))
    assert many.sensed == len(onsets)
    assert 0.0 < many.by_chance < len(onsets)


def test_the_delay_of_the_strap_is_taken_off(onsets):
    polar = Strap(0.5, 0, "Polar H10 12345678", "H10", 80)
    log = in_order(polar, *guesses([onsets[0]]))
    delay = beats_of(log)[0].delay
    assert delay > 0.0
    assert told(log).guesses[0].late_s == pytest.approx(delay)


def test_what_could_not_be_read_counts_nothing(onsets):
    talk = [Talking(onsets[0] + 1.0, True), Talking(onsets[0] + 300.0, False)]
    found = told(in_order(*talk, *guesses([onsets[0] + 100.0])))
    assert [(one.counts, one.late_s) for one in found.guesses] == [(False, None)]
    assert found.seconds_s < LENGTH - 290.0


def test_what_was_to_be_seen_is_no_part_of_it(onsets):
    shown = [Guessing(onsets[0] + 0.5, on=True), Guess(onsets[0] + 1.0), Guessing(LENGTH, on=False)]
    found = told(in_order(*shown))
    assert found.sensed == 0
    assert onsets[0] not in found.missed_s
    assert found.guesses[0].late_s is None


def test_a_session_that_ends_meanwhile_ends_it(onsets):
    log = in_order(Guessing(10.0, on=True), Guess(onsets[-1] + NEAR))
    found = told(log)
    assert found.sensed == 1
    assert found.seconds_s == pytest.approx(LENGTH - 10.0, abs=5.0)


def test_it_is_the_clients_heart_whoever_else_wears_a_strap(onsets):
    def of(role, log):
        return [
            msgspec.structs.replace(one, role=role) if isinstance(one, Source) else one
            for one in log
        ]

    own = [
        msgspec.structs.replace(one, source=1)
        for one in of(THERAPIST, session("rest", LENGTH))
        if hasattr(one, "source")
    ]
    log = in_order(*own, *guesses(onsets))
    assert told(log) == told(in_order(*guesses(onsets)))
    for role in ("client", THERAPIST):
        there, _ = reviewed(log, session="s", started=0.0, role=role)
        assert (there.role, there.guessed) == (role, told(log))
    alone = of(THERAPIST, in_order(*guesses(onsets)))
    assert told(alone) is None


@pytest.mark.long
@pytest.mark.usefixtures("english")
def test_no_report_holds_any_of_it(onsets):
    for audience in Audience:
        log, plain = in_order(*guesses(onsets)), in_order()
        one, other = (report(each, audience=audience) for each in (log, plain))
        assert words_of(one) == words_of(other)
        assert "guess" not in " ".join(words_of(one)).lower()
