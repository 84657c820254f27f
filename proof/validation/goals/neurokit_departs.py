"""Checks that explain where NeuroKit2 departs from published definitions.

Held means that our explanation gives its number, and that ours is what the definition asks for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from physio import labels as labelling
from physio.beats import FloatArray
from physio.breathing.porges import rsa_porges_bohrer
from physio.hrv import fragmentation, spectrum, time_domain
from physio.hrv.detrend import REGULARIZATION, detrend
from physio.measures import MEASURES
from physio.windows import Windows, windows
from proof.validation import plain
from proof.validation.check import Check, Finding, small
from proof.validation.goals.closed_forms import rmssd
from proof.validation.goals.labels import LIPPONEN
from proof.validation.goals.neurokit import MAKOWSKI, a_rest, as_input, beside_neurokit, largest
from proof.validation.goals.rsa import passed
from proof.validation.goals.spectra import TARVAINEN
from proof.validation.made.beats import every_beat, from_intervals, rest, tone, tones


@beside_neurokit
def _normalised(nk: Any) -> Finding:
    theirs, ours = [], []
    for amplitude in (25.0, 50.0):
        beats = tone(0.25, amplitude)
        theirs.append(float(nk.hrv_frequency(as_input(beats))["HRV_HF"].iloc[0]))
        powers = spectrum.band_powers(every_beat(beats, 0.0, 300.0), regularization=None)
        ours.append(float(powers.hf[0]))
    width = 1.5 / (0.5 * (beats.time[-1] - beats.time[0]))
    note = (
        "By default it divides the density by its maximum: what is left of any tone is about the "
        f"width of its Hann window, {width:.4f} Hz, whatever the amplitude. Ours: {ours[0]:.0f} "
        f"and {ours[1]:.0f} ms2."
    )
    flat = abs(theirs[1] / theirs[0] - 1.0) <= 0.03 and 1.0 <= theirs[1] / width <= 1.1
    told = f"its HF is {theirs[0]:.4f} for 312.5 ms2 and {theirs[1]:.4f} for 1250 ms2"
    return Finding(told, flat and abs(ours[1] / ours[0] - 4.0) <= 0.01, note)


@beside_neurokit
def _lomb(nk: Any) -> Finding:
    import_module("astropy.timeseries")  # asks for it by name, as NeuroKit2 does not
    beats = tones(((0.1, 30.0), (0.25, 20.0)))
    theirs = nk.hrv_frequency(
        as_input(beats), psd_method="lomb", normalize=False, interpolation_rate=None
    )
    lf, hf = (float(theirs[f"HRV_{band}"].iloc[0]) for band in ("LF", "HF"))
    twice = 2.0 * float(beats.rr.mean()) / 1000.0
    powers = spectrum.band_powers(every_beat(beats, 0.0, 300.0), regularization=None)
    note = (
        "Its periodogram is integrated as if it were a density, which is 2 T / N of it, twice the "
        f"mean interval in s: {lf * twice:.0f} and {hf * twice:.0f} then. Ours, by Welch: "
        f"{powers.lf[0]:.0f} and {powers.hf[0]:.0f} ms2."
    )
    held = abs(lf * twice / 450.0 - 1.0) <= 0.02 and abs(hf * twice / 200.0 - 1.0) <= 0.02
    return Finding(f"it gives {lf:.0f} and {hf:.0f} ms2", held, note)


@beside_neurokit
def _porges(nk: Any) -> Finding:
    alone = import_module(f"{nk.__name__}.hrv.hrv_rsa")  # NeuroKit2 offers it only with breathing
    frequency = 0.25
    beats = tone(frequency, 50.0, duration=330.0)
    time = np.arange(0.0, 320.0, 0.01) + 2.0
    period = 900.0 + 50.0 * np.sin(2.0 * np.pi * frequency * time)
    theirs = float(alone._hrv_rsa_pb(period, 100)["RSA_PorgesBohrer"])
    ours = float(rsa_porges_bohrer(every_beat(beats, 0.0, 320.0), np.array([15.0]))[0])
    closed = float(np.log(1250.0 * passed(frequency) ** 2))
    back = theirs + float(np.log(1000.0))
    note = (
        f"Theirs plus ln 1000 is {back:.2f}: it divides the variance in ms2 by 1000. Closed form "
        f"{closed:.2f}, ours {ours:.2f} ln ms2."
    )
    held = abs(back - closed) <= 0.05 and abs(ours - closed) <= 0.05
    return Finding(f"it gives {theirs:.2f}", held, note)


@beside_neurokit
def _detrend(nk: Any) -> Finding:
    values = np.linspace(800.0, 1000.0, 300) + 20.0 * np.sin(0.3 * np.arange(300))
    theirs = np.asarray(
        nk.signal_detrend(values, method="tarvainen2002", regularization=REGULARIZATION)
    )
    bend = np.diff(np.eye(len(values)), 2, axis=0)
    bend[:, -2:] = 0.0
    matrix = np.eye(len(values)) + REGULARIZATION**2 * bend.T @ bend
    explained = values - np.linalg.solve(matrix, values)
    ours = detrend(values)
    right = plain.without_trend(values, REGULARIZATION)
    wrong = float(np.abs(theirs - right).max())
    apart = float(np.abs(explained - theirs).max())
    own = float(np.abs(ours - right).max())
    note = (
        "Its second difference lacks the entries of the last two columns, so that nothing "
        "bends the trend at a record's end: with them left out we get its values to "
        f"{small(apart)} ms; ours are {small(own)} ms from the definition."
    )
    held = apart <= 1e-4 and own <= 1e-4 and wrong > 1.0
    return Finding(f"it is up to {wrong:.0f} ms from the definition", held, note)


@beside_neurokit
def _fragmentation(nk: Any) -> Finding:
    beats, held = a_rest(69)
    theirs = nk.hrv_nonlinear(as_input(beats))
    counts = fragmentation.fragmentation(held)
    n, lengths = len(beats), _segments(np.diff(beats.rr))
    pairs = {
        "PIP": (fragmentation.pip(held, counts) / 100.0 * (n - 2) / n, theirs["HRV_PIP"]),
        "IALS": (fragmentation.ials(held, counts), theirs["HRV_IALS"]),
        "PSS": (np.mean(lengths < 3), theirs["HRV_PSS"]),
    }
    apart = largest(pairs)
    note = (
        "PIP by its own divisor, N. Its PSS counts segments instead of the intervals in them: "
        f"{100.0 * float(theirs['HRV_PSS'].iloc[0]):.1f} % there, "
        f"{fragmentation.pss(held, counts)[0]:.1f} % by the definition."
    )
    return Finding(f"{small(apart)} at most: {', '.join(pairs)}", apart <= 1e-9, note)


def _segments(step: FloatArray) -> FloatArray:
    """Return how many differences of one sign follow one another, each time."""
    turn = np.flatnonzero(np.diff(np.sign(step)))
    return np.diff(np.concatenate(([-1], turn, [len(step) - 1]))).astype(np.float64)


@beside_neurokit
def _early_beat(nk: Any) -> Finding:
    clean = rest(70, breathing=(0.25, 0.02, 6.0), slow_wave=(0.1, 0.015, 8.0), noise=5.0).rr
    early = clean.copy()
    early[150] -= 300.0
    early[151] += 300.0
    truth, raw = rmssd(clean), rmssd(early)
    ours = float(time_domain.rmssd(_labelled(early))[0])
    peaks = np.round(np.cumsum(np.concatenate(([1000.0], early)))).astype(np.int64)
    fixed = nk.signal_fixpeaks(peaks, sampling_rate=1000, iterative=True, method="Kubios")[1]
    theirs = rmssd(np.diff(np.asarray(fixed, np.float64)))
    note = (
        f"RMSSD is {truth:.1f} ms without the early beat and {raw:.1f} with it. NeuroKit2 moves "
        "the beat it flags, which is the one after the early one; we leave both intervals out."
    )
    held = abs(ours / truth - 1.0) <= 0.02 < abs(theirs / truth - 1.0)
    return Finding(f"{ours:.1f} ms here, {theirs:.1f} ms there", held, note)


def _labelled(rr: FloatArray) -> Windows:
    beats = from_intervals(rr)
    label = labelling.labels(beats.rr, beats.segment)
    usable = labelling.usable(label, beats.segment)
    return windows(beats, usable, -np.inf, np.inf)


CHECKS = (
    Check(
        "nk_normalised",
        "HF of one tone at two amplitudes by its default settings",
        "explained: its figure stays the same within 3 %, ours grows fourfold",
        MAKOWSKI,
        _normalised,
    ),
    Check(
        "nk_lomb",
        "LF and HF by its Lomb periodogram, not normalised, of tones of 450 and 200 ms2",
        "explained: twice the mean interval times its figures is within 2 % of the truth",
        MAKOWSKI,
        _lomb,
    ),
    Check(
        "nk_porges",
        "Porges-Bohrer RSA of a tone of 50 ms at 0.25 Hz",
        "explained: its figure plus ln 1000, and ours, within 0.05 of the closed form",
        "Lewis et al. (2012), doi 10.1016/j.biopsycho.2011.11.009",
        _porges,
    ),
    Check(
        "nk_detrend",
        "Smoothness priors to the end of a record that rises",
        "explained: its values found again within 1e-4 ms, ours as close to the definition",
        TARVAINEN,
        _detrend,
    ),
    Check(
        "nk_fragmentation",
        "Fragmentation: PIP, IALS and PSS",
        "explained: its figures found again to 1e-9",
        MEASURES["pip"].source,
        _fragmentation,
    ),
    Check(
        "nk_early_beat",
        "RMSSD of 5 min with one early beat, after correction",
        "ours within 2 % of the truth; its correction is further off",
        LIPPONEN,
        _early_beat,
    ),
)
