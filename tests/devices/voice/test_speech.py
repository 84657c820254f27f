"""A voice in noise is heard, silence is not, and nothing of the sound stays."""

import dataclasses
import io
import shutil
import subprocess
import sys
import wave
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from devices.voice import FRAME, RATE, SILENCE, hear, telling, webrtc

SENTENCES = (
    "Last week the pain in my hip came back when I climbed the stairs.",
    "Yes.",
    "When you put your hand there I wanted to pull away at first, but then it was all right.",
    "We could try that movement again and notice what is different.",
)
PAUSES = (0.6, 2.5, 1.2, 3.0)
"""Seconds after each."""
VOICES = ("en-us", "en-gb+f3", "de+m7")
SNR = 20.0
"""dB between speech, where somebody talks, and noise."""
HANGOVER = 0.2


def spoken(text, voice):
    """Return what espeak-ng says, at `RATE`."""
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True
    ).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate, data = file.getframerate(), file.readframes(1 << 30)
    return resample_poly(np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(float), RATE, rate)


@pytest.fixture(scope="module")
def speech():
    """Somebody talks and pauses, without any noise."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng, which speaks, is not installed")
    pytest.importorskip("webrtcvad")
    parts = [np.zeros(3 * RATE)]
    for voice in VOICES:
        for text, pause in zip(SENTENCES, PAUSES, strict=True):
            parts += [spoken(text, voice), np.zeros(round(pause * RATE))]
    return np.concatenate(parts)


def framed(sound):
    return sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)


def energy(sound):
    return np.mean(framed(sound) ** 2, axis=1)


def voiced(clean):
    """Return in which frames somebody talks: above -40 dB of the mean energy of those with any."""
    level = energy(clean)
    return level > 1e-4 * level[level > 0].mean()


def held(talks):
    """Return the same with a hangover after each: what is taken for the truth."""
    width = round(HANGOVER * RATE / FRAME)
    return np.convolve(talks, np.ones(width + 1))[: len(talks)] > 0


def noise(kind, count):
    draw = np.random.default_rng(7)
    if kind == "white":
        return draw.normal(size=count)
    if kind == "pink":
        hertz = np.fft.rfftfreq(count, 1 / RATE)
        spectrum = draw.normal(size=len(hertz)) + 1j * draw.normal(size=len(hertz))
        return np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 20.0)), count)
    return sum(
        part * np.sin(2 * np.pi * 50 * harmonic * np.arange(count) / RATE)
        for harmonic, part in ((1, 1.0), (3, 0.3), (5, 0.1))
    )


def recorded(clean, kind, level):
    """Return speech at a `level` (of full scale) in noise as a microphone gives it."""
    power = energy(clean)[voiced(clean)].mean()
    room = noise(kind, len(clean))
    room *= np.sqrt(power / 10 ** (SNR / 10) / np.mean(room**2))
    scaled = (clean + room) * (level * 32767 / np.sqrt(power))
    return np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)


def heard(sound, judge):
    """Return for each frame whether it is told that somebody talks."""
    ear, told = SILENCE, []
    for frame in framed(sound):
        ear = hear(ear, frame, judge)
        told.append(ear.talking)
    return np.array(told)


@pytest.mark.sampled
@pytest.mark.parametrize("level", [0.1, 0.01])
@pytest.mark.parametrize("kind", ["white", "pink", "hum"])
def test_speech_is_found_and_silence_is_not_called_speech(speech, kind, level):
    talks = held(voiced(speech))
    told = heard(recorded(speech, kind, level), webrtc())
    found, wrong = 100 * told[talks].mean(), 100 * told[~talks].mean()
    print(f"{kind} at {level}: {found:.1f} % of speech, {wrong:.1f} % of silence")
    assert found >= 90.0
    assert wrong <= 5.0


@pytest.mark.parametrize("level", [0.0, 0.002, 0.02, 0.2])
@pytest.mark.parametrize("kind", ["white", "pink", "hum"])
def test_noise_alone_however_loud_is_silence(kind, level):
    pytest.importorskip("webrtcvad")
    room = noise(kind, 20 * RATE)
    sound = np.clip(room * (level * 32767 / room.std()), -32768, 32767).astype(np.int16)
    assert heard(sound, webrtc()).mean() <= 0.01


JUDGED = st.lists(st.booleans(), max_size=60)


def folded(judged, frames=None):
    each = iter(judged)
    frames = np.ones((len(judged), FRAME), np.int16) if frames is None else frames
    ear, told = SILENCE, []
    for frame in frames:
        ear = hear(ear, frame, lambda _: next(each))
        told.append(ear.talking)
    return told


@given(JUDGED)
def test_it_begins_with_three_of_five_and_ends_with_six_without(judged):
    talking = False
    for place, told in enumerate(folded(judged)):
        last = judged[max(place - 5, 0) : place + 1]
        talking = any(last) if talking else sum(last[-5:]) >= 3
        assert told is talking


@settings(deadline=None)
@given(JUDGED)
def test_what_is_told_are_the_changes(judged):
    each = iter(judged)
    frames = np.ones((len(judged), FRAME), np.int16)
    changes = list(telling(frames, lambda _: next(each)))
    states = [False, *folded(judged)]
    assert changes == [b for a, b in pairwise(states) if a is not b]


def test_what_is_remembered_is_levels_and_judgements():
    frames = np.random.default_rng(1).integers(-999, 999, (700, FRAME)).astype(np.int16)
    ear = SILENCE
    for frame in frames:
        ear = hear(ear, frame, lambda _: True)
    kept = [value for field in dataclasses.astuple(ear)[1:] for value in field]
    assert len(kept) <= 510  # of 224,000 samples
    assert all(isinstance(value, float | bool) for value in kept)


def test_importing_it_opens_and_imports_no_microphone():
    code = (
        "import sys, devices.voice, pipelines.recording, pipelines.command.recording\n"
        "print([one for one in ('sounddevice', 'webrtcvad') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
