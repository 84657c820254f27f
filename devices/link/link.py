"""The supervised link to one strap: finds it, listens, and comes back after every loss."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from devices.codec import BATTERY_LEVEL, HEART_RATE, MODEL_NUMBER, decode
from devices.link.adapter import Adapter
from devices.link.contact import Contact, LinkState, after
from devices.link.radio import Radio, adapter_of
from devices.link.records import (
    Connected,
    Notification,
    Record,
    StateChange,
    StrapInfo,
    Trouble,
)
from devices.link.search import Sought, seek
from devices.link.streams import Stream, streams_of
from devices.link.trouble import BluetoothTrouble, StrapTrouble, no_bluetooth
from devices.link.waiting import cancelled, first, forever, within

if TYPE_CHECKING:
    from bleak import BleakClient
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice

LOOK = 0.05
"""Seconds between looks at whether a strap has answered."""
HOPELESS: Final[Mapping[Trouble | None, int]] = MappingProxyType(
    {StrapTrouble.NAMESAKES: 1, StrapTrouble.NO_HEART_RATE: 2}
)
"""What no further attempt mends, once so many in a row have told it."""


class Link:
    """One strap's connection, kept alive until `stop`, cancellation or the end of a script.

    A strap is told by its address once it was connected, so that none of the same name ever takes
    its place. What no further attempt mends, a device without heart rate or a name that several
    straps in reach bear, ends the link.

    Everything that arrives is passed on as it came: duplicates, malformed packets and packets
    without contact too. Filtering is for whoever makes beats of it (`heart_rate.is_duplicate`).

    Parameters
    ----------
    adapter : Adapter
        Where straps are reached.
    wanted : str
        Name or address of the strap.
    emit : callable
        Takes each `Record`, in order, in the loop's thread. If it raises, the link ends and `run`
        raises that exception.
    start : float, optional
        Loop time at which the session clock was 0; the beginning of `run` if None.
    """

    def __init__(
        self,
        adapter: Adapter,
        wanted: str,
        *,
        emit: Callable[[Record], object],
        start: float | None = None,
    ) -> None:
        self.gives_up: Callable[[], bool] = lambda: not self._ever_connected
        """Whether it ends where this computer cannot do Bluetooth; else it waits."""
        self._adapter = adapter
        self._wanted = wanted
        self._emit = emit
        self._start = start
        self._state: LinkState | None = None
        self._trouble: Trouble | None = None
        self._error: Exception | None = None
        self._would_mean = StrapTrouble.FAILED
        self._connected: Connected | None = None
        self._info: StrapInfo | None = None
        self._contact = Contact()
        self._generation = 0
        self._got_packet = False
        self._ever_connected = False
        self._address: str | None = None
        self._not_by: str | None = None
        self._in_vain = 0
        self._running: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._failure: Exception | None = None

    @property
    def state(self) -> LinkState | None:
        """The newest state; None before `run`."""
        return self._state

    @property
    def trouble(self) -> Trouble | None:
        """Why no beats come, None where they do or nothing is known yet."""
        return self._trouble

    @property
    def ever_connected(self) -> bool:
        """Whether the strap was connected once."""
        return self._ever_connected

    @property
    def info(self) -> StrapInfo | None:
        """What the strap says of itself, None without a connection or before it was asked."""
        return self._info

    @property
    def error(self) -> Exception | None:
        """What the newest attempt to connect came to grief on."""
        return self._error

    def stop(self) -> None:
        """Let `run` disconnect and return."""
        self._over.set()

    def hand_over(self, emit: Callable[[Record], object], *, start: float) -> None:
        """Tell `emit` all from now on, by a session clock that was 0 at the loop time `start`.

        How the link stands is told at once, as if it had come to that now.
        """
        self._emit, self._start = emit, start
        if self._state is None:
            return
        now, told = self._now(), (self._connected, self._info)
        self._pass_on(StateChange(now, self._state, self._trouble))
        for record in told:
            if record is not None and _tells(record):
                self._pass_on(replace(record, time=now))

    async def run(self) -> None:
        """Search, connect and listen until it is over; the strap is disconnected on return.

        Who calls it while it runs waits for the same end, and ends it when cancelled.

        Raises
        ------
        NoBluetooth
            If this computer cannot do Bluetooth, and `gives_up` says so: unless told otherwise, a
            link waits after its first connection.
        """
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await self._running

    async def _run(self) -> None:
        if self._start is None:
            self._start = asyncio.get_running_loop().time()
        self._adapter.begin(self._start)
        try:
            endings = [event for event in (self._adapter.finished, self._over) if event]
            if not self._over.is_set():
                await first(self._supervise(), *(event.wait() for event in endings))
        finally:
            self._say(LinkState.STOPPED, self._trouble if self._trouble in HOPELESS else None)
        if self._failure is not None:
            raise self._failure

    async def _supervise(self) -> None:
        attempt = 0
        self._say(LinkState.SEARCHING)
        while not self._is_hopeless():
            try:
                attempt = 0 if await self._once() else attempt + 1
            except Exception as error:  # noqa: BLE001 - bleak's backends raise anything
                attempt = attempt + 1 if self._explain(error) else 1
            waits = self._adapter.back_off
            await asyncio.sleep(waits[min(attempt, len(waits)) - 1] if attempt else 0)

    def _is_hopeless(self) -> bool:
        """Return whether trying on is of no use.

        Services may be read incompletely once, and a strap that was connected had them.
        """
        enough = inf if self._ever_connected else HOPELESS.get(self._trouble, inf)
        self._in_vain = self._in_vain + 1 if enough < inf else 0
        return self._in_vain >= enough

    def _explain(self, error: Exception) -> bool:
        """Say what went wrong; give up where Bluetooth never worked.

        Returns whether it is the strap's doing.
        """
        self._error, unable = error, no_bluetooth(error)
        if unable is not None and self.gives_up():
            raise unable from error
        self._say(self._away, self._would_mean if unable is None else unable.trouble)
        return unable is None

    @property
    def _away(self) -> LinkState:
        return LinkState.LOST if self._ever_connected else LinkState.SEARCHING

    async def _once(self) -> bool:
        """Find, connect and listen until the link is lost; return whether anything was heard."""
        self._would_mean = StrapTrouble.FAILED
        radio = self._adapter.radio()
        device = radio.best(await self._search(radio), not_by=self._not_by)
        self._not_by = adapter_of(device)
        with radio.holding(device):
            await self._through(radio, device)
        return self._got_packet

    async def _through(self, radio: Radio, device: BLEDevice) -> None:
        """Connect to a strap that was heard, and listen until the link is lost."""
        lost = asyncio.Event()
        self._generation += 1
        client = self._adapter.new_client(device, partial(self._on_loss, self._generation, lost))
        try:
            self._would_mean = StrapTrouble.REFUSED
            await self._connect(radio, client)
            self._would_mean = StrapTrouble.FAILED
            # bleak tries again by itself, and tells of each attempt cut short as of a loss.
            lost.clear()
            await self._listen(client, lost)
        finally:
            # Whatever still comes through this client is stale from here on.
            self._generation += 1
            self._connected = self._info = None
            await self._let_go(client)

    async def _search(self, radio: Radio) -> tuple[BLEDevice, ...]:
        sought = Sought(self._address or self._wanted)
        call = seek(self._adapter, radio, sought, not_by=self._not_by)
        seeking = asyncio.create_task(call)
        try:
            await asyncio.wait((seeking,), timeout=self._adapter.scan_for)
            if not sought.devices and not seeking.done():
                self._say(self._away, StrapTrouble.UNHEARD)
            self._would_mean = StrapTrouble.NAMESAKES
            devices = await seeking
            self._would_mean = StrapTrouble.FAILED
        finally:
            await cancelled(seeking)
        return devices

    async def _connect(self, radio: Radio, client: BleakClient) -> None:
        """Connect, alone on the radio until the strap answers; who does not gives way to others."""
        async with radio.turn() as asked:
            call = within(self._adapter.connect_within, client.connect())
            connecting = asyncio.create_task(call)
            try:
                await first(asyncio.wait((connecting,)), asked.wait(), _linked(client))
                if not (connecting.done() or client.is_connected):
                    raise TimeoutError
            except BaseException:
                await cancelled(connecting)
                await self._let_go(client)
                raise
        try:
            await connecting
        finally:
            await cancelled(connecting)

    async def _listen(self, client: BleakClient, lost: asyncio.Event) -> None:
        streams = streams_of(client.services)
        beats = [stream for stream in streams if stream.series.beats]
        if not beats:
            self._would_mean = StrapTrouble.NO_HEART_RATE
            raise LookupError("this device offers no heart rate")
        self._ever_connected, self._address, self._not_by = True, client.address, None
        self._contact, self._got_packet = Contact(), False
        self._say(LinkState.WAITING)
        self._connected = Connected(self._now(), client.address)
        self._pass_on(self._connected)
        for stream in beats:
            await self._subscribe(client, stream)
        besides = [stream for stream in streams if stream not in beats]
        chores = asyncio.create_task(self._besides(client, besides))
        try:
            await self._until_lost(lost, beats)
        finally:
            chores.cancel()

    async def _besides(self, client: BleakClient, streams: Sequence[Stream]) -> None:
        """Listen to the other series too, then ask what strap it is.

        In this order: a question without an answer holds up whatever is asked after it. Where the
        strap refuses a series, the link goes on without it.
        """
        taken = []
        for stream in streams:
            with suppress(Exception):
                await self._subscribe(client, stream)
                taken.append(stream)
        await asyncio.gather(self._about(client), *(self._follow(client, one) for one in taken))

    async def _subscribe(self, client: BleakClient, stream: Stream) -> None:
        stream.heard = asyncio.get_running_loop().time()
        taken = partial(self._on_packet, self._generation, stream)
        call = client.start_notify(stream.characteristic, taken)
        await within(self._adapter.answer_within, call)

    async def _follow(self, client: BleakClient, stream: Stream) -> None:
        """Ask for a series beside the beats again when it has fallen silent."""
        patience = self._adapter.stale_after
        with suppress(Exception):
            while patience is not None:
                since = stream.heard
                await _until_silent([stream], patience)
                # A strap that has nothing to send is asked ever less often.
                patience = 2 * patience if stream.heard == since else self._adapter.stale_after
                await within(self._adapter.answer_within, client.stop_notify(stream.characteristic))
                await self._subscribe(client, stream)

    async def _until_lost(self, lost: asyncio.Event, beats: Sequence[Stream]) -> None:
        await first(lost.wait(), self._until_no_beats(beats), self._until_service_ends())

    async def _until_no_beats(self, beats: Sequence[Stream]) -> None:
        if self._adapter.stale_after is None:
            await forever()
        else:
            await _until_silent(beats, self._adapter.stale_after)
            self._say(LinkState.LOST, StrapTrouble.SILENT)

    async def _until_service_ends(self) -> None:
        await self._adapter.until_service_ends()
        self._say(LinkState.LOST, BluetoothTrouble.NO_DAEMON)

    async def _let_go(self, client: BleakClient) -> None:
        # Without this, BlueZ delivers every packet once more after each reconnect (bleak 2002).
        with suppress(Exception):
            await within(self._adapter.answer_within, client.disconnect())

    async def _about(self, client: BleakClient) -> None:
        battery = await self._read(client, BATTERY_LEVEL)
        model = await self._read(client, MODEL_NUMBER)
        self._info = StrapInfo(
            self._now(),
            client.name,
            client.address,
            battery[0] if battery else None,
            model.decode(errors="replace").rstrip("\0 ") if model else None,
        )
        if _tells(self._info):
            self._pass_on(self._info)

    async def _read(self, client: BleakClient, uuid: str) -> bytes | None:
        """Return a value the strap may offer; many do not, and a lost link may never answer."""
        with suppress(Exception):
            if client.services.get_characteristic(uuid) is not None:
                return bytes(await within(self._adapter.answer_within, client.read_gatt_char(uuid)))
        return None

    def _on_packet(
        self, generation: int, stream: Stream, _: BleakGATTCharacteristic, data: bytearray
    ) -> None:
        if generation != self._generation:
            return
        time, series = self._now(), stream.series
        stream.heard = asyncio.get_running_loop().time()
        rate = self._adapter.rate(series.rate)
        self._pass_on(Notification(time, series.name, bytes(data), rate, stream.channel))
        if series.beats:
            self._got_packet = True
            self._look(series.name, bytes(data))

    def _look(self, kind: str, data: bytes) -> None:
        """Say what a packet of beats means for the link."""
        state: LinkState | None = LinkState.BEATS
        if kind == HEART_RATE:
            self._contact, state = after(self._contact, decode(data))
        if state is not None:
            self._say(state)

    def _on_loss(self, generation: int, lost: asyncio.Event) -> None:
        lost.set()
        if generation == self._generation and self._connected and not self._over.is_set():
            self._say(LinkState.LOST, StrapTrouble.OUT_OF_REACH)

    def _say(self, state: LinkState, trouble: Trouble | None = None) -> None:
        self._trouble = trouble
        if state is not self._state:
            self._state = state
            self._pass_on(StateChange(self._now(), state, trouble))

    def _pass_on(self, record: Record) -> None:
        try:
            self._emit(record)
        except Exception as error:  # noqa: BLE001 - bleak would swallow it in its callback
            self._failure = self._failure or error
            self._over.set()

    def _now(self) -> float:
        assert self._start is not None
        return self._adapter.stamp(asyncio.get_running_loop().time() - self._start)


async def _linked(client: BleakClient) -> None:
    """Wait until a strap has answered; what it offers may still be asked."""
    while not client.is_connected:
        await asyncio.sleep(LOOK)


def _tells(record: Connected | StrapInfo) -> bool:
    """Return whether a record says anything: many straps say nothing of themselves."""
    if isinstance(record, Connected):
        return True
    return record.battery_percent is not None or record.model is not None


async def _until_silent(streams: Sequence[Stream], seconds: float) -> None:
    """Wait until none of `streams` has been heard for so long."""
    deadline = None
    while deadline != (due := max(stream.heard for stream in streams) + seconds):
        deadline = due
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                await asyncio.Event().wait()
