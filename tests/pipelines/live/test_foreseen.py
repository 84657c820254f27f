"""The heart's wave as a running session tells it, the strap's delay taken out."""

import msgspec
import numpy as np
import pytest

from pipelines.live import Engine
from pipelines.session import Pace, Source, Strap, WaveState, beats_of, record_of
from tests.pipelines.engines import grown
from tests.pipelines.logs import session

GUIDE = Pace(0.0, 6.0, 0.4)
SIMULATED = Strap(0.0, 0, "Simulated strap", "simulated", 100)


def wave(*more, scenario="paced:6", seconds=150.0, now=140.0):
    log = [one for one in session(scenario, seconds) if one.time <= now]
    engine = grown(sorted((*log, *more), key=lambda event: event.time))
    (view,) = engine.snapshot(now).sources
    return view.wave


def test_a_heart_that_moves_with_the_guide_is_foreseen_up_to_now():
    found = wave(GUIDE, SIMULATED)
    assert found.state is WaveState.PREDICTED
    assert found.error <= 10.0
    assert found.late == pytest.approx(2.1 + 0.48, abs=0.05)
    # On the axis of the trace, which lies late: from its last interval to now and a little beyond.
    end = found.start + found.step * (len(found.rates) - 1)
    assert found.start < 140.0
    assert 140.0 + found.late < end <= 141.0 + found.late


def test_what_is_foreseen_is_what_comes():
    found = wave(GUIDE, SIMULATED)
    (told,) = beats_of([*session("paced:6", 150.0), SIMULATED])
    beats = told.beats
    coming = (beats.time > found.start + 0.5) & (beats.time < found.start + 2.5)
    axis = found.start + found.step * np.arange(len(found.rates))
    foreseen = np.interp(beats.time[coming], axis, found.rates)
    swing = np.ptp(60000.0 / beats.rr)
    assert np.abs(foreseen - 60000.0 / beats.rr[coming]).max() < 0.15 * swing


def test_without_a_guide_nothing_is_foreseen_and_the_line_keeps_its_place():
    found, guided = wave(SIMULATED), wave(GUIDE, SIMULATED)
    rested = wave(GUIDE, SIMULATED, Pace(139.0, None, 0.4))
    assert (found.state, found.rates) == (WaveState.NOT_YET, ())
    assert (rested.state, rested.late) == (WaveState.NOT_YET, guided.late)
    assert found.late == guided.late


def test_a_strap_of_unknown_delay_says_so():
    log = [msgspec.structs.replace(GUIDE), Strap(0.0, 0, "Some strap", None, None)]
    found = wave(*log)
    assert (found.state, found.rates, found.error) == (WaveState.UNKNOWN_DELAY, (), None)
    assert found.late == pytest.approx(0.48, abs=0.05)


def test_another_pace_is_off():
    assert wave(GUIDE, SIMULATED, scenario="paced:6.7").state is WaveState.OFF


@pytest.mark.parametrize("now", [0.5, 20.0])
def test_at_the_beginning_there_is_none_yet(now):
    found = wave(GUIDE, SIMULATED, now=now)
    assert found is None or found.state is WaveState.NOT_YET


def test_a_silent_strap_is_foreseen_no_more():
    log = [one for one in session("paced:6", 150.0) if one.time <= 120.0]
    engine = Engine("s")
    engine.advance([*(one for one in log if isinstance(one, Source)), GUIDE, SIMULATED, *log])
    (view,) = engine.snapshot(127.0).sources
    assert view.wave.state is WaveState.NOT_YET


LEADS = Pace(0.0, None, 0.4, True)


@pytest.mark.parametrize("scenario", ["paced:6", "paced:4.5", "paced:9", "rest"])
def test_a_heart_that_leads_is_foreseen_at_its_own_pace_or_not_shown(scenario):
    found = wave(LEADS, SIMULATED, scenario=scenario)
    if scenario == "rest":  # whatever is shown is near
        assert found.state in (WaveState.OFF, WaveState.NOT_YET) or found.error <= 30.0
        return
    assert (found.state, found.error <= 15.0) == (WaveState.PREDICTED, True)
    (told,) = beats_of([*session(scenario, 150.0), SIMULATED])
    beats = told.beats
    coming = (beats.time > found.start + 0.5) & (beats.time < found.start + 2.5)
    axis = found.start + found.step * np.arange(len(found.rates))
    foreseen = np.interp(beats.time[coming], axis, found.rates)
    assert np.abs(foreseen - 60000.0 / beats.rr[coming]).max() < 0.3 * found.half


def test_the_wave_swings_about_its_level():
    found = wave(GUIDE, SIMULATED)
    (told,) = beats_of([*session("paced:6", 150.0), SIMULATED])
    rate = 60000.0 / told.beats.rr
    assert found.level == pytest.approx((rate.max() + rate.min()) / 2.0, abs=2.0)
    assert found.half == pytest.approx(np.ptp(rate) / 2.0, rel=0.15)
    assert max(found.rates) <= found.level + found.half + 0.01
    assert min(found.rates) >= found.level - found.half - 0.01


def test_a_heart_that_leads_takes_no_guide_and_is_not_called_paced():
    log = sorted([*session("paced:6", 150.0), LEADS, SIMULATED], key=lambda event: event.time)
    (found,) = grown(log).source_beats()
    assert (found.paced, found.guides) == (False, ())
    engine = grown([*log, Pace(150.0, 6.0, 0.4, True)])  # a guide and the heart: the guide
    assert engine._guide is not None
    assert not engine._heart_leads


def test_a_strap_of_unknown_delay_says_so_though_the_heart_leads():
    found = wave(LEADS, Strap(0.0, 0, "Some strap", None, None))
    assert (found.state, found.rates) == (WaveState.UNKNOWN_DELAY, ())


def test_a_guide_goes_on_where_it_is_told_anew_and_rests_when_told():
    engine = Engine()
    engine.advance([Pace(0.0, 6.0, 0.4), Pace(15.0, 12.0, 0.4)])
    assert float(engine._guide.phase(20.0)) == pytest.approx(2.5)
    engine.advance([Pace(30.0, None, 0.4)])
    assert engine._guide is None


def test_a_pace_that_no_guide_offers_is_a_rest_for_every_reader():
    log = session("rest", seconds=60.0)
    for rate, paced in ((0.0, False), (6.0, True)):
        told = sorted([*log, Pace(0.5, rate, 0.4)], key=lambda event: event.time)
        engine = Engine()
        engine.advance(told)
        engine.snapshot(60.0)
        (live,), (offline,) = engine.source_beats(), beats_of(told)
        (kept,) = record_of(told).sources
        assert [live.paced, offline.paced, kept.paced] == [paced] * 3
