"""R peaks: annotated recordings beside NeuroKit2 and sleepecg, the strap's own intervals, rates."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from physio.ecg import (
    DELAY,
    EcgState,
    RPeaks,
    advance,
    beat_quality,
    finish,
    qrs_waves,
    r_peaks,
    read,
    start,
    why_unreadable,
)
from physio.reasons import Reason
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.given.recordings import alike, ecg, strap
from proof.validation.goals.closed_forms import rmssd
from proof.validation.made.ecg import beat_times, made

TOLERANCE = 0.075
"""Seconds between a beat and its annotation at most."""

EDGE = 0.25
"""Seconds from both ends in which, without annotations, nothing counts: a QRS may be cut there."""

LESS = 0.002
"""By which F1 may lie below that of the better peer."""

PEERS = "NeuroKit2 (Makowski et al. 2021, doi 10.3758/s13428-020-01516-y) and sleepecg, same run"
SLEEPECG_HERE = "sleepecg is not installed: NeuroKit2 alone stands beside."

ANNOTATED = {
    "mitdb100": "MIT-BIH 100, 30 min",
    "118e24": "MIT-BIH noise stress 118, 24 dB",
    "118e12": "MIT-BIH noise stress 118, 12 dB",
    "118e06": "MIT-BIH noise stress 118, 6 dB",
    "118e00": "MIT-BIH noise stress 118, 0 dB",
    "good_4000": "NeuroKit2's delineation example at 4000 Hz",
    "polar_h10_ecg_pvc": "Polar H10 at 130 Hz with many premature beats",
}
UNANNOTATED = {
    "bad_500": "NeuroKit2's bad-quality example at 500 Hz",
    "ecg_1000hz": "NeuroKit2's example at 1000 Hz",
}


def f1(reference: FloatArray, found: FloatArray) -> float:
    """Return the F1 score; each beat is matched once, in order, within `TOLERANCE`."""
    hits = len(matched(reference, found))
    return 2.0 * hits / max(len(reference) + len(found), 1)


def matched(reference: FloatArray, found: FloatArray) -> list[tuple[int, int]]:
    """Return the places of beats that are the same, each matched once, in order."""
    pairs, i, j = [], 0, 0
    while i < len(reference) and j < len(found):
        away = found[j] - reference[i]
        if abs(away) <= TOLERANCE:
            pairs.append((i, j))
        i, j = i + (away >= -TOLERANCE), j + (away <= TOLERANCE)
    return pairs


def neurokit_beats(signal: FloatArray, rate: float) -> FloatArray:
    """Return the beats (s) that NeuroKit2's default finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import neurokit2

        clean = neurokit2.ecg_clean(signal, round(rate))
        places = neurokit2.ecg_findpeaks(clean, round(rate))["ECG_R_Peaks"]
    return np.asarray(places / rate, np.float64)


def sleepecg_beats(signal: FloatArray, rate: float) -> FloatArray | None:
    """Return the beats (s) that sleepecg finds, or None where it is not installed."""
    try:
        import sleepecg
    except ImportError:
        return None
    return np.asarray(sleepecg.detect_heartbeats(signal, rate) / rate, np.float64)


@cache
def _peers(folder: Path, name: str) -> dict[str, FloatArray]:
    record = ecg(folder, name)
    found = {"NeuroKit2": neurokit_beats(record.signal, record.rate)}
    other = sleepecg_beats(record.signal, record.rate)
    return found if other is None else {**found, "sleepecg": other}


def _beside_peers(name: str, recordings: Path) -> Finding:
    record = ecg(recordings, name)
    ours = f1(record.beats, r_peaks(record.signal, record.rate).time)
    scores = {who: f1(record.beats, beats) for who, beats in _peers(recordings, name).items()}
    note = ", ".join(f"{who} {score:.4f}" for who, score in scores.items())
    return Finding(f"F1 {ours:.4f}", ours >= max(scores.values()) - LESS, note + _lacking(scores))


def _lacking(found: dict[str, float]) -> str:
    return "" if "sleepecg" in found else f". {SLEEPECG_HERE}"


def _mitdb(recordings: Path) -> Finding:
    record = ecg(recordings, "mitdb100")
    score = f1(record.beats, r_peaks(record.signal, record.rate).time)
    refused = _refused(record.signal, record.rate)
    return Finding(f"F1 {100 * score:.3f} %", score >= 0.999 and refused is None)


def _agreed_beats(name: str, recordings: Path) -> Finding:
    """Beside the beats that both peers find: these files have no annotations of beats."""
    record = ecg(recordings, name)
    peers = _peers(recordings, name)
    if "sleepecg" not in peers:
        return Finding("", None, SLEEPECG_HERE)
    end = len(record.signal) / record.rate - EDGE
    inside = {who: beats[(beats >= EDGE) & (beats <= end)] for who, beats in peers.items()}
    both = [i for i, _ in matched(inside["NeuroKit2"], inside["sleepecg"])]
    reference = inside["NeuroKit2"][both]
    found = r_peaks(record.signal, record.rate).time
    ours = f1(reference, found[(found >= EDGE) & (found <= end)])
    scores = {who: f1(reference, beats) for who, beats in inside.items()}
    note = f"{len(reference)} beats; " + ", ".join(f"{w} {s:.4f}" for w, s in scores.items())
    return Finding(f"F1 {ours:.4f}", ours >= max(scores.values()) - LESS, note)


def _upside_down(recordings: Path) -> Finding:
    record = ecg(recordings, "mimic03700181")
    peaks, turned = (r_peaks(sign * record.signal, record.rate) for sign in (1.0, -1.0))
    same = len(peaks) == len(turned) and bool(np.allclose(peaks.time, turned.time, atol=1e-9))
    spread = 1000.0 * float(np.std(np.diff(peaks.time)))
    held = same and not peaks.upright.any() and bool(turned.upright.all())
    held = held and abs(len(peaks) - 1226) <= 2 and spread < 11.0
    return Finding(
        f"{len(peaks)} beats, SD of the intervals {spread:.1f} ms",
        held,
        "NeuroKit2's default finds 9 beats as it is, and 1225 with SD 9.6 ms in the turned signal.",
    )


def _strap(recordings: Path) -> Finding:
    signal, rate, rr = strap(recordings)
    found = 1000.0 * np.diff(r_peaks(signal, rate).time)
    pairs = alike(rr, found)
    close = float(np.mean(np.abs(found[pairs[:, 1]] - rr[pairs[:, 0]]) <= 8.0))
    matched_share = len(pairs) / len(rr)
    return Finding(
        f"{100 * close:.2f} % of the matched within 8 ms",
        close >= 0.99 and matched_share >= 0.98,
        f"{100 * matched_share:.1f} % of the strap's {len(rr)} intervals have a match.",
    )


def _rates(_: Path | None) -> Finding:
    beats, worst = beat_times(60.0), 0.0
    for rate in (100.0, 130.0, 199.9, 250.0, 360.0, 500.0, 1000.0, 2000.0, 4000.0):
        signal = made(beats, rate, 60.0, noise=0.002)
        for sign in (1.0, -1.0):
            peaks = r_peaks(sign * signal, rate)
            if len(peaks) != len(beats) or not np.all(peaks.upright == (sign > 0)):
                return Finding(f"{len(peaks)} of {len(beats)} beats at {rate:g} Hz", held=False)
            worst = max(worst, 1000.0 * float(np.max(np.abs(peaks.time - beats))))
    return Finding(f"all beats, furthest off {worst:.2f} ms", worst < 1.0)


def _refined(_: Path | None) -> Finding:
    beats = beat_times(300.0, spread=0.02)
    found = r_peaks(made(beats, 130.0, 300.0, noise=0.0), 130.0).time
    true, ours = (rmssd(1000.0 * np.diff(times)) for times in (beats, found))
    return Finding(f"{100 * (ours / true - 1):+.2f} %", abs(ours / true - 1) <= 0.003)


def _unreadable(_: Path | None) -> Finding:
    rng = np.random.default_rng(0)
    beats = beat_times(60.0)
    bad = {
        "white noise": rng.standard_normal(60 * 250),
        "no signal": np.zeros(60 * 250),
        "missing": np.full(60 * 250, np.nan),
        "beats under noise": made(beats, 250.0, 60.0, noise=1.5),
    }
    taken = [name for name, signal in bad.items() if _refused(signal, 250.0) is None]
    clean = _refused(made(beats, 250.0, 60.0), 250.0)
    note = f"Read: {', '.join(taken)}." if taken else ""
    refused = f"{len(bad) - len(taken)} of {len(bad)} refused"
    return Finding(refused, not taken and clean is None, note)


def _refused(signal: FloatArray, rate: float) -> Reason | None:
    state, peaks = read(signal, rate)
    return why_unreadable(peaks, beat_quality(state, peaks).readable)


def _streamed(_: Path | None) -> Finding:
    signal = made(beat_times(180.0), 130.0, 180.0, noise=0.05)
    signal[70 * 130 : 73 * 130] = np.nan
    state, parts, late = start(130.0), [], 0.0
    for end in range(73, len(signal) + 73, 73):
        state, found = advance(state, signal[end - 73 : end])
        parts.append(_everything(state, found))
        late = max(late, float(np.max(min(end, len(signal)) / 130.0 - found.time, initial=0.0)))
    parts.append(_everything(*finish(state)))
    whole = _everything(*read(signal, 130.0))
    same = np.array_equal(np.concatenate(parts, axis=1), whole)
    ours = f"equal bit for bit, {late:.2f} s late at most" if same else "not equal"
    return Finding(ours, same and late <= DELAY + 73 / 130.0)


def _everything(state: EcgState, peaks: RPeaks) -> FloatArray:
    """Return (8, k) all that is known of k beats."""
    judged, seen = beat_quality(state, peaks), qrs_waves(state, peaks)
    shape = (seen.amplitude, seen.baseline, seen.slope, seen.size)
    return np.stack((peaks.time, peaks.upright, judged.likeness, judged.readable, *shape))


def _checks() -> tuple[Check, ...]:
    beside: list[tuple[str, str, Callable[[Path | None], Finding]]] = [
        *(
            (name, title, on_recordings(partial(_beside_peers, name)))
            for name, title in ANNOTATED.items()
        ),
        *(
            (name, title, on_recordings(partial(_agreed_beats, name)))
            for name, title in UNANNOTATED.items()
        ),
    ]
    return tuple(
        Check(
            f"r_peaks_{name}",
            f"R peaks, {title}",
            f"F1 at 75 ms no lower than the better peer's less {LESS}",
            PEERS if name in ANNOTATED else PEERS + "; against the beats that both find",
            find,
        )
        for name, title, find in beside
    )


CHECKS: tuple[Check, ...] = (
    Check(
        "r_peaks_mitdb100_share",
        "R peaks, MIT-BIH 100",
        "F1 at least 99.9 %",
        "annotations of Moody and Mark 2001, doi 10.1109/51.932724",
        on_recordings(_mitdb),
    ),
    *_checks(),
    Check(
        "r_peaks_upside_down",
        "R peaks of a QRS that points down (MIMIC 03700181)",
        "1226 beats within 2, the same whichever way up",
        "beats of the turned signal, counted independently",
        on_recordings(_upside_down),
    ),
    Check(
        "r_peaks_strap_intervals",
        "ECG intervals of a Polar H10 beside the strap's own",
        "99 % of the matched within 8 ms",
        "the strap's own intervals; bias .7 ms, limits -2.8 to 4.3 ms in Schaffarczyk et al. 2022, "
        "doi 10.3390/s22176536",
        on_recordings(_strap),
    ),
    Check(
        "r_peaks_rates",
        "R peaks of a made ECG at nine rates from 100 to 4000 Hz, both ways up",
        "every beat, within 1 ms",
        "closed form",
        _rates,
    ),
    Check(
        "r_peaks_refined",
        "RMSSD from a made ECG at 130 Hz",
        "within .3 % of the true one (2.1 % off without refinement)",
        "closed form",
        _refined,
    ),
    Check(
        "r_peaks_unreadable",
        "An ECG that cannot be read is said to be so",
        "noise, silence, nothing, beats under noise: all refused; a clean one read",
        "closed form",
        _unreadable,
    ),
    Check(
        "r_peaks_streamed",
        "R peaks of an ECG that comes in packets equal those of the whole",
        f"bit for bit, {DELAY:g} s and a packet late at most",
        "closed form",
        _streamed,
    ),
)
