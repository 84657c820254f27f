"""A kind of series that no strap sends: what adding one takes is its codec, decoder and row."""

from dataclasses import replace

import numpy as np

from devices.codec.payload import Malformed, SamplePayload
from devices.codec.series import Series
from devices.scripted.adapter import scripted_adapter
from devices.scripted.script import Notify
from devices.scripted.simulated import simulate
from devices.sources import Opened
from pipelines.recording.recorder import Wearer

RATE = 130.0
FRAME = 26


def encode(values):
    return np.asarray(values, "<i2").tobytes()


def decode(payload):
    if len(payload) % 2:
        return Malformed("half a sample")
    return SamplePayload(np.frombuffer(payload, "<i2").astype(np.float64))


ROW = Series("made_up", "uV", "7a3c0001-52d1-4b8e-a6f0-0d9b3f6e1c55", decode, rate=RATE)


def wave(time):
    return np.rint(1000 * np.sin(2 * np.pi * np.asarray(time) / 3.0))


def frames(seconds, *, channel=0, lost=()):
    """Yield what a strap sends of the series: frames, a little after their last sample."""
    for place in range(int(seconds * RATE) // FRAME):
        time = (place * FRAME + np.arange(FRAME)) / RATE
        arrival = float(time[-1]) + 0.02 + 0.01 * (place % 3)
        if not any(first <= arrival < last for first, last in lost):
            yield Notify(arrival, encode(wave(time)), "made_up", None, channel)


def strap(seconds, *, notifies=(), scenario="rest"):
    """Return the script of a simulated strap that sends these packets beside its beats."""
    script = simulate(scenario, seconds=seconds).script
    steps = sorted((*script.steps[:-1], *notifies), key=lambda step: step.time)
    return replace(script, steps=(*steps, script.steps[-1]))


def wearer(seconds, **part):
    script = strap(seconds, **part)
    opened = Opened(scripted_adapter(script), script.address, script.name, duration=seconds)
    return Wearer(opened, "client")
