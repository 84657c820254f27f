"""The air between scripted straps and the in-process Bluetooth backend: who is heard when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Protocol

from devices.scripted.script import Back, Drop, End, Notify, Script, Step


class Listener(Protocol):
    """The near end of a link, as a strap sees it."""

    def notified(self, data: bytes) -> None:
        """Take a notification."""

    def dropped(self) -> None:
        """Learn that the link is lost."""


class Peer:
    """One scripted strap while its script runs."""

    def __init__(self, script: Script, air: Air) -> None:
        self.script = script
        self.visible = script.visible
        self.refusals = script.refusals
        self.over = False
        self._air = air
        self._next = 0
        self._timer: asyncio.TimerHandle | None = None
        self._listener: Listener | None = None
        self._subscribed = False

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

    def subscribe(self) -> None:
        """Send what is due, and what comes, to the listener."""
        self._subscribed = True
        self.schedule()

    def disconnect(self, listener: Listener) -> None:
        """Close the link to `listener` from the near end."""
        if self._listener is listener:
            self._listener, self._subscribed = None, False

    def schedule(self) -> None:
        """Wait for the next step."""
        if self._timer is not None:
            self._timer.cancel()
        if self._next < len(self.script.steps):
            self._timer = self._air.call_at(self.due, self._play_due)

    def _play_due(self) -> None:
        while self._next < len(self.script.steps) and self.due <= self._air.now():
            step = self.script.steps[self._next]
            if isinstance(step, Notify) and self.script.waits and not self._subscribed:
                return
            with self._air.during(step.time):
                self._next += 1
                self._play(step)
        self.schedule()

    def _play(self, step: Step) -> None:
        match step:
            case Notify():
                self._send(step.data)
            case Drop():
                self._drop()
            case Back():
                self.visible = True
                self._air.advertise(self)
            case End():
                self.over = True
                self._air.peer_over()

    def _send(self, data: bytes) -> None:
        if self._listener is not None and self._subscribed:
            self._listener.notified(data)

    def _drop(self) -> None:
        listener, self._listener = self._listener, None
        self.visible, self._subscribed = False, False
        if listener is not None:
            listener.dropped()


class Air:
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
        self._step_time: float | None = None

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
        if self._step_time is not None:
            return self._step_time
        return min(now, *(peer.due for peer in self.peers)) if self.peers else now

    @contextmanager
    def during(self, time: float) -> Iterator[None]:
        """Let `stamp` tell `time`."""
        self._step_time = time
        try:
            yield
        finally:
            self._step_time = None

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
            raise RuntimeError("Air.begin comes before everything else")
        return self._start
