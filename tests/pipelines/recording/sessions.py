"""Record simulated straps at full speed, and look at what was kept."""

import asyncio
from dataclasses import replace

from devices import clock
from devices.codec.heart_rate import decode, intervals_ms
from pipelines.live.engine import Engine
from pipelines.recording import sources
from pipelines.recording.recorder import Plan, Recorder
from pipelines.session import events as ev


class Spy:
    """A writer that remembers how events were grouped, over a real one."""

    def __init__(self, writer):
        self.writer, self.commits = writer, []

    def append(self, events):
        self.writer.append(events)
        self.commits.append(list(events))

    def __getattr__(self, name):
        return getattr(self.writer, name)

    @property
    def beats(self):
        """Beats committed so far."""
        return sum(map(beats_in, self.commits))


def beats_in(events):
    """Intervals that packets hold, by the codec alone."""
    packets = of_kind(events, ev.Packet)
    return sum(len(intervals_ms(decode(packet.data))) for packet in packets)


def record(library, plan, *, speed="max", beside=None, writer=None):
    """Record; `beside(recorder)` runs in the same loop. Return the log and the recorder."""
    session = library.new_session(0.0)

    async def run():
        running = Recorder(replace(plan, speed=speed), writer or session, Engine(session.session))
        other = asyncio.create_task(beside(running)) if beside else None
        await running.run()
        if other is not None:
            await other
        return running

    try:
        done = clock.run(run(), speed=speed)
    finally:
        session.close(beats=0)
    return library.events(session.session), done


def rest(seconds=120.0):
    return Plan(sources.wearers(scenarios=("rest",)), seconds=seconds)


def of_kind(events, kind):
    return [event for event in events if isinstance(event, kind)]


async def at(running, moment):
    await asyncio.sleep(moment - running._now())
