"""Spectra: splines, Welch and Lomb against libraries, closed forms and published powers."""

import numpy as np
import pytest
from scipy import signal
from scipy.interpolate import CubicSpline

from physio.beats import Beats
from physio.hrv import spectrum
from physio.hrv.bands import within
from physio.hrv.detrend import response
from physio.hrv.lomb import densities
from physio.hrv.spectrum import BandPowers, band_powers
from physio.hrv.spline import resample
from physio.hrv.welch import welch
from physio.stretches import segments
from physio.windows import whole, windows
from tests.recordings import DATA, real

POWERS = ("vlf", "lf", "hf", "total")


def beats_of(rr, segment=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    return Beats(np.cumsum(rr) / 1000 + 7.0 * segment, rr, segment)


def everything(rr, segment=None, usable=None):
    beats = beats_of(rr, segment)
    usable = np.ones(len(beats), bool) if usable is None else np.asarray(usable)
    return whole(beats, usable, start=0.0, end=1.0)


def tones(*waves, seconds=300.0, level=900.0):
    """Return intervals that follow sinusoids (amplitude ms, Hz) at their own beginnings."""
    time, rr = 0.0, []
    while time < seconds:
        swing = sum(size * np.sin(2 * np.pi * f * time + 0.3) for size, f in waves)
        rr.append(level + swing)
        time += rr[-1] / 1000
    return np.array(rr)


@pytest.mark.parametrize(
    ("frequency", "tolerance"),
    [
        (0.075, 0.02),
        (0.1, 0.02),
        (0.13, 0.02),
        (0.17, 0.02),
        (0.2, 0.02),
        (0.25, 0.02),
        (0.3, 0.05),
    ],
)
def test_a_tone_has_half_its_squared_amplitude_in_its_own_band(frequency, tolerance):
    held = everything(tones((50.0, frequency)))
    plain, detrended = band_powers(held, regularization=None), band_powers(held)
    own, other = ("lf", "hf") if frequency < 0.15 else ("hf", "lf")
    assert getattr(plain, own)[0] == pytest.approx(1250, rel=tolerance)
    assert getattr(plain, other)[0] < 2
    left = 1250 * float(response(frequency)) ** 2
    assert getattr(detrended, own)[0] == pytest.approx(left, rel=tolerance)
    found = next(densities(held, highest=0.4))
    by_lomb = within(found.values, found.step, 1, np.array([(frequency - 0.03, frequency + 0.03)]))
    assert by_lomb[0, 0] == pytest.approx(1250, rel=0.03)


def test_two_tones_and_what_lies_on_the_edge_of_two_bands():
    found = band_powers(everything(tones((30, 0.1), (20, 0.25))), regularization=None)
    assert found.lf[0] == pytest.approx(450, rel=0.01)
    assert found.hf[0] == pytest.approx(197, rel=0.02)
    edge = band_powers(everything(tones((50, 0.15))), regularization=None)
    assert edge.lf[0] + edge.hf[0] == pytest.approx(1250, rel=0.01)


@real
def test_the_published_powers_of_the_hrv_package():
    rr = np.loadtxt(DATA / "hrv_rhenanbartels/real_rri.txt")
    held = everything(rr[rr > 0])
    series = resample(held, segments(held), rate=4.0)
    frequency, density = welch(series.values, rate=4.0, length=256)
    found = []
    for low, high in ((0, 0.04), (0.04, 0.15), (0.15, 0.4)):
        inside = (frequency >= low) & (frequency < high)
        found.append(np.trapezoid(density[inside], frequency[inside]))
    assert found == pytest.approx([844.5, 1343.5, 1414.88], abs=0.01)
    # It adds up only the frequencies inside a band: each lacks one step of 1/64 Hz at its edge.
    ours = band_powers(held, regularization=None, welch_window=64.0)
    assert 1 < ours.lf[0] / found[1] < 1.25
    assert 1 < ours.hf[0] / found[2] < 1.10


@real
def test_the_published_powers_of_pyhrv_but_for_its_window():
    rr = np.load(DATA / "pyhrv_nni/SampleNNISeriesLong.npy").astype(float)
    held = everything(rr)
    found = band_powers(held, regularization=None)
    # Published with a Hamming window: 2942.5, 1648.1, bands without the steps at their edges.
    assert found.lf[0] == pytest.approx(2942.5, rel=0.1)
    assert found.hf[0] == pytest.approx(1648.1, rel=0.1)


def test_the_measures_follow_from_the_powers():
    held = everything(tones((30, 0.1), (20, 0.25)))
    known = band_powers(held)
    lf, hf = known.lf[0], known.hf[0]
    for powers in (None, known):
        assert spectrum.lf(held, powers)[0] == lf
        assert spectrum.hf(held, powers)[0] == hf
        assert spectrum.ln_hf(held, powers)[0] == pytest.approx(np.log(hf))
        assert spectrum.lf_nu(held, powers)[0] == pytest.approx(100 * lf / (lf + hf))
        assert spectrum.hf_nu(held, powers)[0] == pytest.approx(100 * hf / (lf + hf))
        assert spectrum.lf_hf(held, powers)[0] == pytest.approx(lf / hf)
        assert np.isnan(spectrum.vlf(held, powers)[0])
        assert np.isnan(spectrum.total_power(held, powers)[0])


@pytest.mark.parametrize("lasting", [28, 60, 120])
@pytest.mark.parametrize("slow", [20.0, 60.0, 200.0])
def test_hf_is_withheld_where_a_slow_wave_may_have_leaked_into_it(lasting, slow):
    rr = tones((slow, 0.1), (15.0, 0.25), seconds=600.0)
    whole_hf = band_powers(everything(rr)).hf[0]
    time = np.cumsum(rr) / 1000
    found = band_powers(everything(rr, np.floor(time / lasting)))
    leaks = slow**2 / 2 / lasting
    assert np.isnan(found.hf[0]) == (leaks > 0.1 * (whole_hf + leaks))
    assert np.isnan(found.hf[0]) or found.hf[0] == pytest.approx(whole_hf, rel=0.12)
    assert found.lf[0] == pytest.approx(slow**2 / 2, rel=0.15)


def test_vlf_needs_ten_cycles_and_no_detrend():
    long = everything(tones((50.0, 0.02), seconds=3100.0))
    found = band_powers(long, regularization=None)
    assert found.vlf[0] == pytest.approx(1250, rel=0.02)
    assert found.total[0] == pytest.approx(found.vlf[0] + found.lf[0] + found.hf[0])
    assert np.isnan(band_powers(long).vlf[0])
    assert np.isfinite(band_powers(long, regularization=1e5).vlf[0])
    short = everything(tones((50.0, 0.02), seconds=2900.0))
    assert np.isnan(band_powers(short, regularization=None).vlf[0])


def test_short_or_steady_windows_have_no_power_or_none_at_all():
    steady = everything(np.full(300, 900.1))
    assert band_powers(steady).lf[0] == band_powers(steady).hf[0] == 0
    assert np.isnan(spectrum.lf_hf(steady)[0])
    assert np.isnan(spectrum.lf_hf(everything(np.full(20, 900.0)))[0])
    zero = BandPowers(*np.zeros((4, 1)))
    for measure in (spectrum.lf_hf, spectrum.lf_nu, spectrum.hf_nu, spectrum.ln_hf):
        assert np.isnan(measure(everything([900.0]), zero)[0])


def test_a_gap_is_not_bridged_and_what_is_left_still_tells_the_power():
    rr = tones((40, 0.1), (30, 0.25))
    segment = (np.arange(len(rr)) > 150).astype(int)
    apart = everything(rr + 300 * segment, segment)
    found = band_powers(apart)
    alone = [
        band_powers(everything(rr[segment == k] + 300 * k, segment[segment == k])) for k in (0, 1)
    ]
    assert found.lf[0] == pytest.approx(800, rel=0.1)
    assert found.hf[0] == pytest.approx(450, rel=0.1)
    assert all(abs(one.lf[0] - found.lf[0]) < 200 for one in alone)
    later = Beats(apart.beats.time + 1000.0 * segment, apart.beats.rr, segment)
    moved = band_powers(whole(later, apart.usable, start=0, end=1))
    assert moved.lf[0] == found.lf[0]


def test_a_long_recording_pools_its_stretches_by_their_duration():
    one, other = tones((40, 0.1), seconds=900), tones((20, 0.1), seconds=600)
    segment = np.repeat([0, 1], [len(one), len(other)])
    found = band_powers(everything(np.concatenate((one, other)), segment))
    parts = [band_powers(everything(rr)).lf[0] for rr in (one, other)]
    spans = [rr.sum() for rr in (one, other)]
    assert found.lf[0] == pytest.approx(np.average(parts, weights=spans), rel=1e-9)


def test_flagged_beats_are_no_knots():
    rr = tones((40, 0.1), (20, 0.25))
    usable = np.arange(len(rr)) % 40 != 17
    wild = np.where(usable, rr, rr + 300)
    found = band_powers(everything(wild, usable=usable), regularization=None)
    assert found.lf[0] == pytest.approx(800, rel=0.05)


def plain_powers(beats, usable, regularization, welch_window):
    """Return LF and HF of one unbroken stretch from SciPy alone, edge to edge of each band."""
    time = beats.elapsed[usable] / 1000
    steps = np.arange(*np.ceil(4 * time[[0, -1]] - 1e-6))
    values = CubicSpline(time, beats.rr[usable])(steps / 4)
    count = len(steps)
    if regularization is not None:
        second = np.diff(np.eye(count), 2, axis=0)
        values = values - np.linalg.solve(
            np.eye(count) + regularization**2 * second.T @ second, values
        )
    length = min(count, round(welch_window * 4))
    frequency, density = signal.welch(values, fs=4.0, nperseg=length, noverlap=length - length // 2)
    found = []
    for low, high in ((0.04, 0.15), (0.15, 0.4)):
        inside = frequency[(frequency > low) & (frequency < high)]
        axis = np.concatenate(([low], inside, [high]))
        found.append(np.trapezoid(np.interp(axis, frequency, density), axis))
    return found


@pytest.mark.parametrize(
    ("welch_window", "regularization"),
    [
        (300.0, None),
        pytest.param(60.0, 500.0, marks=pytest.mark.long),
        pytest.param(60.0, None, marks=pytest.mark.long),
        pytest.param(300.0, 500.0, marks=pytest.mark.long),
    ],
)
def test_windows_at_every_beat_equal_plain_scipy_one_by_one(regularization, welch_window):
    rng = np.random.default_rng(17)
    rr = tones((40, 0.1), (25, 0.27), seconds=420.0)
    rr = rr + rng.normal(0, 12, len(rr))
    usable = rng.random(len(rr)) > 0.03
    beats = beats_of(rr)
    end = beats.time[beats.time > 120][::17]
    length = np.where(np.arange(len(end)) % 3 == 0, 60.0, 110.0)
    held = windows(beats, usable, end - length, end)
    found = band_powers(held, regularization=regularization, welch_window=welch_window)
    for j in range(len(held)):
        part = slice(int(held.first[j]), int(held.last[j]))
        lf, hf = plain_powers(beats[part], usable[part], regularization, welch_window)
        assert found.lf[j] == pytest.approx(lf, rel=1e-7)
        assert found.hf[j] == pytest.approx(hf, rel=1e-7)


def test_a_welch_window_longer_than_those_done_by_products():
    rr = tones((40, 0.1), (25, 0.27), seconds=2000.0)
    found = band_powers(everything(rr), regularization=None, welch_window=900.0)
    lf, hf = plain_powers(beats_of(rr), np.ones(len(rr), bool), None, 900.0)
    assert found.lf[0] == pytest.approx(lf, rel=1e-9)
    assert found.hf[0] == pytest.approx(hf, rel=1e-9)
