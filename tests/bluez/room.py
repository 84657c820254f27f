"""A room with straps in it, for the real bluetoothd: bumble's controllers on one made-up radio.

One controller is the computer's own, behind the kernel's `hci_vhci`; each strap has another, with a
GATT server that offers heart rate, battery and model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bumble import hci
from bumble.att import Attribute
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink

HEART_RATE, MEASUREMENT = UUID.from_16_bits(0x180D), UUID.from_16_bits(0x2A37)
BATTERY, LEVEL = UUID.from_16_bits(0x180F), UUID.from_16_bits(0x2A19)
INFORMATION, MODEL = UUID.from_16_bits(0x180A), UUID.from_16_bits(0x2A24)
OWN = "00:1B:DC:00:00:01"
EVERY = 200.0
"""Milliseconds between advertisements; bumble counts a bit longer ones."""


class Adapter(Controller):
    """The computer's controller, as the kernel needs it."""

    # The kernel would use these two, and bumble's answers are not what it waits for.
    le_features = Controller.le_features & ~(
        hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    )
    loudness = 0

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Send to the kernel; no two advertisements are heard at one strength, as over the air."""
        if isinstance(packet, hci.HCI_LE_Advertising_Report_Event):
            self.loudness = (self.loudness + 1) % 20
            for report in packet.reports:
                report.rssi = -50 - self.loudness
        super().send_hci_packet(packet)

    def on_hci_le_set_random_address_command(
        self, command: hci.HCI_LE_Set_Random_Address_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Keep the own address: the kernel scans by another one, and bumble would send as that."""
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Tell that no connection came about: bumble forgets to, and goes on trying."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        asyncio.get_running_loop().call_soon(
            self.send_hci_packet,
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            ),
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


class Strap:
    """A strap in the room: `send` beats, `drop` the link, `vanish` from the air and `appear`."""

    def __init__(self, room: Room, name: str, address: str, *, heart_rate: bool) -> None:
        self.name, self.address, self._room = name, address, room
        self._told = HEART_RATE if heart_rate else BATTERY
        self.connections = 0
        self.waits = list[float]()
        """Seconds that it was heard, each time it was back, until somebody listened."""
        self.refusals = 0
        self.answers = True
        self.was_asked = False
        self.controller = Controller(name, link=room.link)
        self.device = Device(
            name=name,
            address=hci.Address(address),
            host=Host(self.controller, AsyncPipeSink(self.controller)),
        )
        self._heart: Characteristic[bytes] = Characteristic(
            MEASUREMENT, Characteristic.NOTIFY, Attribute.Permissions(0), b""
        )
        self.device.on("connection", self._connected)

    async def begin(self) -> None:
        """Switch it on; it is not heard yet."""
        readable = Characteristic.READ, Attribute.READABLE
        level = Characteristic(LEVEL, *readable, bytes([85]))
        # bluetoothd asks for the level itself, before it tells of services; for this it does not.
        model = Characteristic(MODEL, *readable, CharacteristicValue(read=self._model))
        self.device.add_services(
            [
                Service(HEART_RATE, [self._heart]),
                Service(BATTERY, [level]),
                Service(INFORMATION, [model]),
            ]
        )
        await self.device.power_on()

    async def appear(self) -> None:
        """Advertise, now and after each connection."""
        told = AdvertisingData(
            [
                (AdvertisingData.FLAGS, bytes([6])),
                (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, bytes(self._told)),
                (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode()),
            ]
        )
        await self.device.start_advertising(
            auto_restart=True,
            advertising_data=bytes(told),
            advertising_interval_min=EVERY,
            advertising_interval_max=EVERY,
        )

    async def vanish(self) -> None:
        """Be out of range: not heard, and any link is lost."""
        await self.device.stop_advertising()
        await self.drop()

    async def drop(self) -> None:
        """Lose the link as out of range; return once the strap knows."""
        self._cut()
        await until(lambda: not self.connected)

    def _cut(self) -> None:
        """Cut any link: neither side was told, both wait it out."""
        reason = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
        for controller in (self._room.adapter, self.controller):
            for connection in list(controller.le_connections.values()):
                if hci.Address(self.address) in (connection.peer_address, connection.self_address):
                    controller.on_le_disconnected(connection, reason)

    @property
    def connected(self) -> bool:
        return bool(self.device.connections)

    @property
    def listened_to(self) -> bool:
        """Whether somebody subscribed to its beats."""
        subscribers = self.device.gatt_server.subscribers
        return any(self._heart.handle in those for those in subscribers.values())

    async def send(self, data: bytes) -> None:
        await self.device.notify_subscribers(self._heart, data)

    def _connected(self, connection: Connection) -> None:
        self.connections += 1
        if self.refusals > 0:
            self.refusals -= 1
            self._cut()

    async def _model(self, connection: Connection) -> bytes:
        self.was_asked = True
        if not self.answers:
            await asyncio.Event().wait()
        return f"{self.name.split()[-1]}\0".encode()


class Room:
    """The radio, the computer's controller on it, and the straps."""

    def __init__(self) -> None:
        self.link = LocalLink()
        self.straps: list[Strap] = []

    async def begin(self) -> None:
        """Plug the controller in; the kernel makes it hci0."""
        transport = await open_transport("vhci")
        self.adapter = Adapter(
            "computer",
            host_source=transport.source,
            host_sink=transport.sink,
            link=self.link,
            public_address=OWN,
        )
        # bumble sends as from the random address, the kernel connects by the public one.
        self.adapter.random_address = hci.Address(OWN, hci.Address.PUBLIC_DEVICE_ADDRESS)

    async def strap(self, name: str, *, heard: bool = True, heart_rate: bool = True) -> Strap:
        """Return a new strap in the room, which no scenario has met before."""
        address = f"C0:00:00:00:00:{len(self.straps) + 1:02X}"
        strap = Strap(self, name, address, heart_rate=heart_rate)
        self.straps.append(strap)
        await strap.begin()
        if heard:
            await strap.appear()
        return strap

    async def clear(self) -> list[float]:
        """Take all straps out of the room; return how long each waited (s) for a listener."""
        waits = list[float]()
        for strap in self.straps:
            await strap.vanish()
            waits += strap.waits
            strap.waits.clear()
        return waits


async def until(holds: Callable[[], bool], *, within: float = 90.0) -> None:
    """Wait until something holds.

    Raises
    ------
    TimeoutError
        If it never does.
    """
    async with asyncio.timeout(within):
        while not holds():
            await asyncio.sleep(0.05)
