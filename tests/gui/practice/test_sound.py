"""The tones: they follow the breath, never click, and their absence is said in one sentence."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from gui.practice import guide as g
from gui.practice import sound as s

GUIDE = g.begin(0.0, 6.0, 0.4)


def breath(moments):
    return g.fullness(GUIDE, moments), g.inhaling(GUIDE, moments)


class FakeStream:
    """An output stream that plays when the test says so."""

    def __init__(self, callback, **settings):
        self.callback, self.settings, self.closed = callback, settings, False

    def start(self):
        pass

    def close(self):
        self.closed = True

    def play(self, frames=1024, delay=0.05):
        out = np.zeros((frames, 1), dtype=np.float32)
        timing = SimpleNamespace(outputBufferDacTime=10.0 + delay, currentTime=10.0)
        self.callback(out, frames, timing, None)
        return out[:, 0]


class FakePortAudioError(Exception):
    pass


@pytest.fixture
def streams(monkeypatch):
    opened = []

    def open_stream(**settings):
        opened.append(FakeStream(**settings))
        return opened[-1]

    library = SimpleNamespace(OutputStream=open_stream, PortAudioError=FakePortAudioError)
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return opened


def render(seconds, *, start=3.0, block=1024):
    """Return the sound of some seconds from `start`, block by block as a device would."""
    now = [start]
    sound = s.Sound(breath, lambda: now[0])
    sound._wanted = sound._gain = 1.0
    blocks = []
    for _ in range(int(seconds * s.SAMPLE_RATE / block)):
        blocks.append(sound.block(block, 0.0))
        now[0] += block / s.SAMPLE_RATE
    return np.concatenate(blocks)


def pitch(samples):
    """Return the strongest frequency (Hz)."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8 * len(samples)))
    return np.argmax(spectrum) * s.SAMPLE_RATE / (8 * len(samples))


def test_tone_rises_breathing_in_and_falls_breathing_out():
    samples, rate = render(10.0), s.SAMPLE_RATE
    inhale = [pitch(samples[int(t * rate) : int((t + 0.4) * rate)]) for t in (0.8, 1.8, 2.8)]
    exhale = [pitch(samples[int(t * rate) : int((t + 0.4) * rate)]) for t in (5.0, 6.8, 8.4)]
    assert inhale == sorted(inhale)
    assert exhale == sorted(exhale, reverse=True)
    assert all(s.LOWEST - 3 < tone < s.HIGHEST + 3 for tone in inhale + exhale)


def test_the_two_tones_differ_in_their_second_voice():
    full = np.full(s.SAMPLE_RATE, 0.5)
    gain = np.ones_like(full)
    rising, _ = s.tone(full, np.ones(len(full), dtype=bool), gain, 0.0)
    falling, _ = s.tone(full, np.zeros(len(full), dtype=bool), gain, 0.0)
    base = float(s.frequency(np.array([0.5]))[0])

    def strength(samples, hertz):
        return abs(np.dot(samples, np.exp(-2j * np.pi * hertz * np.arange(len(samples)) / 44100)))

    assert strength(rising, 1.5 * base) > 10 * strength(falling, 1.5 * base)
    assert strength(falling, 0.5 * base) > 10 * strength(rising, 0.5 * base)


def test_sound_is_silent_at_both_turns_and_before_the_first_breath():
    samples = render(10.0)
    for turn in (0.0, 4.0):
        near = samples[int(turn * s.SAMPLE_RATE) : int((turn + 0.01) * s.SAMPLE_RATE)]
        assert np.abs(near).max() < 0.1 * s.LOUDEST
    assert np.abs(render(2.0, start=0.5)).max() == 0.0


def test_no_click_anywhere_and_never_loud():
    samples = render(20.0, block=777)
    assert np.abs(samples).max() <= s.LOUDEST
    # The steepest a sum of these voices may be from one sample to the next.
    steepest = s.LOUDEST * 2 * np.pi * 1.5 * s.HIGHEST / s.SAMPLE_RATE
    assert np.abs(np.diff(samples)).max() <= 1.1 * steepest


def test_switching_fades_within_a_quarter_second(streams):
    now = [5.0]
    sound = s.Sound(breath, lambda: now[0])
    assert sound.start() is None
    assert sound.on
    (stream,) = streams
    begin = stream.play(256)
    assert 0.0 < np.abs(begin).max() < 0.1 * s.LOUDEST
    for _ in range(60):
        stream.play(256)
    assert np.abs(stream.play(1024)).max() > 0.3 * s.LOUDEST
    sound.stop()
    assert not sound.on
    fading = np.concatenate([stream.play(1024) for _ in range(12)])
    assert np.abs(np.diff(fading)).max() < 0.02
    assert np.abs(stream.play(1024)).max() == 0.0


def test_stream_is_opened_once_and_closed(streams):
    sound = s.Sound(breath, lambda: 5.0)
    sound.start()
    sound.stop()
    sound.start()
    assert len(streams) == 1
    sound.close()
    assert streams[0].closed
    assert not sound.on


def test_sound_is_timed_by_when_it_is_heard(streams):
    asked = []

    def listening(moments):
        asked.append(moments)
        return breath(moments)

    sound = s.Sound(listening, lambda: 5.0)
    sound.start()
    streams[0].play(1024, delay=0.2)
    assert asked[0][0] == pytest.approx(5.2)
    assert asked[0][-1] == pytest.approx(5.2 + 1023 / s.SAMPLE_RATE)


def test_without_portaudio_one_sentence_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    sound = s.Sound(breath, lambda: 5.0)
    assert sound.start() == s.UNAVAILABLE
    assert not sound.on
    sound.stop()
    sound.close()


def test_without_a_device_one_sentence_says_so(monkeypatch):
    def refuse(**settings):
        raise FakePortAudioError("no default output device")

    library = SimpleNamespace(OutputStream=refuse, PortAudioError=FakePortAudioError)
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    assert s.Sound(breath, lambda: 5.0).start() == s.UNAVAILABLE
