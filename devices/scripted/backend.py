"""An in-process backend of bleak: scripted straps instead of a radio, on any operating system.

With `backend=ScriptedScanner, radio=radio` bleak's scanner finds the peers of a `ScriptedRadio`,
and with `backend=ScriptedClient, radio=radio` its client connects to them. Nothing takes time here:
only the scripts do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError

from devices.codec import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    DEVICE_INFORMATION,
    HEART_RATE_SERVICE,
    MODEL_NUMBER,
    SERIES,
)
from devices.scripted.radio import Peer, ScriptedRadio, Stream
from devices.scripted.script import Notify

_RSSI = -55
_MTU = 247
_FIRST_STREAM = 2
"""Handle of the first series; the others follow."""


class ScriptedScanner(BaseBleakScanner):
    """Hears the peers of a `ScriptedRadio` that are in range."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,  # noqa: ARG002 - part of bleak's call
        *,
        radio: ScriptedRadio,
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._air = radio

    async def start(self) -> None:
        """Begin to listen; raise the radio's trouble if there is one."""
        self.seen_devices = {}
        if self._air.trouble is not None:
            raise self._air.trouble
        self._air.listen(self._heard)

    async def stop(self) -> None:
        """Stop listening."""
        self._air.stop_listening(self._heard)

    def _heard(self, peer: Peer) -> None:
        script = peer.script
        data = AdvertisementData(
            local_name=script.name,
            manufacturer_data={},
            service_data={},
            service_uuids=[HEART_RATE_SERVICE],
            tx_power=None,
            rssi=_RSSI,
            platform_data=(),
        )
        if self.is_allowed_uuid(data.service_uuids):
            device = self.create_or_update_device(
                script.address, script.address, script.name, peer, data
            )
            self.call_detection_callbacks(device, data)


class ScriptedClient(BaseBleakClient):
    """A link to one peer of a `ScriptedRadio`."""

    def __init__(
        self, address_or_ble_device: BLEDevice | str, *, radio: ScriptedRadio, **options: Any
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=options["disconnected_callback"],
            timeout=options["timeout"],
        )
        self._air = radio
        self._peer = _peer_at(radio, self.address)
        self._callbacks: dict[Stream, NotifyCallback] = {}
        self._connected = False

    @property
    def name(self) -> str:
        """Name of the peer."""
        return self._peer.script.name

    @property
    def mtu_size(self) -> int:
        """Largest packet in bytes."""
        return _MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._connected

    async def connect(self, pair: bool, **_: Any) -> None:  # noqa: ARG002, FBT001 - bleak's call
        """Connect to the peer.

        Raises
        ------
        BleakError
            If the peer is out of range or refuses.
        """
        await self._answer("connect")
        if not self._peer.connect(self):
            raise BleakError("the peer did not accept the connection")
        self._connected = True
        self.services = _services(self._peer)

    async def disconnect(self) -> None:
        """Close the link."""
        await self._answer("disconnect")
        self._peer.disconnect(self)
        if self._connected:
            self.dropped()

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any
    ) -> None:
        """Subscribe to a series of the peer."""
        await self._answer("subscribe")
        stream = self._stream(characteristic)
        self._callbacks[stream] = callback
        self._peer.subscribe(stream)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """End the subscription to a series."""
        stream = self._stream(characteristic)
        self._callbacks.pop(stream, None)
        self._peer.unsubscribe(stream)

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        """Read battery level or model."""
        await self._answer("read")
        if not self._connected:
            raise BleakError("the link was lost")
        script = self._peer.script
        if characteristic.uuid == BATTERY_LEVEL and script.battery is not None:
            return bytearray([script.battery])
        if characteristic.uuid == MODEL_NUMBER and script.model is not None:
            return bytearray(script.model.encode())
        raise BleakError("this characteristic cannot be read")

    async def pair(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: scripted peers only notify and tell battery and model."""
        raise BleakError("a scripted peer only notifies")

    unpair = read_gatt_descriptor = write_gatt_char = write_gatt_descriptor = pair

    def notified(self, notify: Notify) -> None:
        """Pass a packet on."""
        callback = self._callbacks.get((notify.kind, notify.channel))
        if callback is not None:
            callback(bytearray(notify.data))

    def dropped(self) -> None:
        """Tell that the link is gone."""
        self._connected = False
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def _stream(self, characteristic: BleakGATTCharacteristic) -> Stream:
        return self._peer.streams[characteristic.handle - _FIRST_STREAM]

    async def _answer(self, call: str) -> None:
        if call in self._peer.script.mute:
            await asyncio.Event().wait()


def _peer_at(radio: ScriptedRadio, address: str) -> Peer:
    for peer in radio.peers:
        if peer.script.address == address:
            return peer
    raise BleakDeviceNotFoundError(address, "no peer has this address")


def _services(peer: Peer) -> BleakGATTServiceCollection:
    services = BleakGATTServiceCollection()
    streams = [SERIES[kind].characteristic or "" for kind, _ in peer.streams]
    _add(services, _FIRST_STREAM - 1, HEART_RATE_SERVICE, streams, "notify")
    behind = _FIRST_STREAM + len(streams)
    if peer.script.battery is not None:
        _add(services, behind, BATTERY_SERVICE, [BATTERY_LEVEL], "read")
    if peer.script.model is not None:
        _add(services, behind + 2, DEVICE_INFORMATION, [MODEL_NUMBER], "read")
    return services


def _add(
    services: BleakGATTServiceCollection,
    handle: int,
    service_uuid: str,
    uuids: Sequence[str],
    access: CharacteristicPropertyName,
) -> None:
    service = BleakGATTService(None, handle, service_uuid)
    size: Callable[[], int] = lambda: _MTU - 3  # noqa: E731 - bleak asks for a callable
    services.add_service(service)
    for place, uuid in enumerate(uuids, start=handle + 1):
        services.add_characteristic(
            BleakGATTCharacteristic(None, place, uuid, [access], size, service)
        )
