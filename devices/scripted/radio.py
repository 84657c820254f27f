"""The radio between scripted straps and the in-process Bluetooth backend: who is heard when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Protocol, TypeAlias

from devices.codec import HEART_RATE, SERIES
from devices.scripted.script import Back, Drop, End, Notify, Script, Step


class Listener(Protocol):
    """The near end of a link, as a strap sees it."""

    def notified(self, notify: Notify) -> None:
        """Take a notification."""

    def dropped(self) -> None:
        """Learn that the link is lost."""


Stream: TypeAlias = tuple[str, int]
"""Kind and channel of a series that a strap sends."""


class Peer:
    """One scripted strap while its script runs.

    `streams` are the series that it offers: all of its script, and beats in any case.
    """

    def __init__(self, script: Script, radio: ScriptedRadio) -> None:
        self.script = script
        self.streams = _streams(script)
        self.visible = script.visible
        self.refusals = script.refusals
        self.over = False
        self._air = radio
        self._next = 0
        self._timer: asyncio.TimerHandle | None = None
        self._listener: Listener | None = None
        self._subscribed: set[Stream] = set()

    @property
    def due(self) -> float:
        """Time of the step to come on the session clock; after the last one, endless."""
        steps = self.script.steps
        if self._next < len(steps):
            return steps[self._next].time
        return steps[-1].time if self.over else inf

    def connect(self, listener: Listener) -> bool:
        """Open a link to `listener`; return False where the strap is out of range or refuses."""
        if self.refusals > 0:
            self.refusals -= 1
            return False
        if self.visible:
            self._listener = listener
        return self.visible

    def subscribe(self, stream: Stream) -> None:
        """Send what is due of a series, and what comes, to the listener."""
        self._subscribed.add(stream)
        self.schedule()

    def unsubscribe(self, stream: Stream) -> None:
        """Send no more of a series."""
        self._subscribed.discard(stream)

    def disconnect(self, listener: Listener) -> None:
        """Close the link to `listener` from the near end."""
        if self._listener is listener:
            self._listener, self._subscribed = None, set()

    def schedule(self) -> None:
        """Wait for the next step."""
        if self._timer is not None:
            self._timer.cancel()
        if self._next < len(self.script.steps):
            self._timer = self._air.call_at(self.due, self._play_due)

    def _play_due(self) -> None:
        while self._next < len(self.script.steps) and self.due <= self._air.now():
            step = self.script.steps[self._next]
            if isinstance(step, Notify) and self._waits_to_send(step):
                return
            with self._air.during(step):
                self._next += 1
                self._play(step)
        self.schedule()

    def _play(self, step: Step) -> None:
        match step:
            case Notify():
                self._send(step)
            case Drop():
                self._drop()
            case Back():
                self.visible = True
                self._air.advertise(self)
            case End():
                self.over = True
                self._air.peer_over()

    def _send(self, notify: Notify) -> None:
        if self._listener is not None and self._hears(notify):
            self._listener.notified(notify)

    def _waits_to_send(self, notify: Notify) -> bool:
        """Return whether a packet waits for a listener. Out of range none comes: it is lost."""
        return self.script.waits and self.visible and not self._hears(notify)

    def _hears(self, notify: Notify) -> bool:
        """Return whether the listener is subscribed to what is sent."""
        return (notify.kind, notify.channel) in self._subscribed

    def _drop(self) -> None:
        listener, self._listener = self._listener, None
        self.visible, self._subscribed = False, set()
        if listener is not None:
            listener.dropped()


def _streams(script: Script) -> tuple[Stream, ...]:
    sent = {(step.kind, step.channel) for step in script.steps if isinstance(step, Notify)}
    if not any(SERIES[kind].beats for kind, _ in sent):
        sent.add((HEART_RATE, 0))
    # A client tells several of one kind apart by their order alone, so none is left out.
    return tuple(sorted({(kind, one) for kind, channel in sent for one in range(channel + 1)}))


class ScriptedRadio:
    """Scripted straps in range of each other, on the session clock.

    `finished` is set when every script has come to its `End`. `trouble` is raised by every scan
    while it is set, as when the adapter is switched off.
    """

    def __init__(self, *scripts: Script) -> None:
        self.peers = tuple(Peer(script, self) for script in scripts)
        self.finished = asyncio.Event()
        self.trouble: Exception | None = None
        self._listening: list[Callable[[Peer], None]] = []
        self._start: float | None = None
        self._step: Step | None = None

    def begin(self, start: float) -> None:
        """Let the scripts begin, with their 0 at loop time `start`; later calls change nothing."""
        if self._start is None:
            self._start = start
            for peer in self.peers:
                peer.schedule()

    def now(self) -> float:
        """Return the time on the session clock."""
        return asyncio.get_running_loop().time() - self._begun

    def stamp(self, now: float) -> float:
        """Return the time by the scripts: of the step being played, else never past the next one.

        So everything that follows from a script bears the script's own times at any speed.
        """
        if self._step is not None:
            return self._step.time
        return min(now, *(peer.due for peer in self.peers)) if self.peers else now

    def rate(self, own: float | None) -> float | None:
        """Return the samples a second of the packet being played, its series' own if not said."""
        said = self._step.rate if isinstance(self._step, Notify) else None
        return own if said is None else said

    @contextmanager
    def during(self, step: Step) -> Iterator[None]:
        """Let `stamp` and `rate` tell those of `step`."""
        self._step = step
        try:
            yield
        finally:
            self._step = None

    def call_at(self, time: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back at session time `time`."""
        return asyncio.get_running_loop().call_at(self._begun + time, callback)

    def listen(self, heard: Callable[[Peer], None]) -> None:
        """Tell `heard` every strap in range now, and each that comes into range."""
        self._listening.append(heard)
        for peer in self.peers:
            if peer.visible:
                heard(peer)

    def stop_listening(self, heard: Callable[[Peer], None]) -> None:
        """Tell `heard` no more."""
        if heard in self._listening:
            self._listening.remove(heard)

    def advertise(self, peer: Peer) -> None:
        """Let every scan hear `peer`."""
        for heard in tuple(self._listening):
            heard(peer)

    def peer_over(self) -> None:
        """Notice that a script came to its end."""
        if all(peer.over for peer in self.peers):
            self.finished.set()

    @property
    def _begun(self) -> float:
        if self._start is None:
            raise RuntimeError("ScriptedRadio.begin comes before everything else")
        return self._start
