"""`interbeat scan`: which straps are near."""

from __future__ import annotations

import click

from pipelines.command.output import Problem, out, print_json
from pipelines.harmless import harmless
from pipelines.language import tr


@click.command()
@click.option("--json", "as_json", is_flag=True, help=tr("One JSON object a strap, a line each."))
@click.option("--seconds", default=10.0, show_default=True, help=tr("How long to look."))
def scan(as_json: bool, seconds: float) -> None:
    """Look for chest straps nearby.

    Any that offer the Bluetooth heart rate service.
    """
    from devices import clock
    from devices.link import Adapter, NoBluetooth
    from devices.link import scan as search
    from pipelines.words import bluetooth_text

    try:
        found = clock.run(search(Adapter(), timeout=seconds))
    except NoBluetooth as error:
        raise Problem(bluetooth_text(error, terminal=True)) from error
    for strap in found:
        if as_json:
            print_json({"name": strap.name, "address": strap.address, "rssi_dbm": strap.rssi})
        else:
            out(f"{harmless(strap.name)}  {harmless(strap.address)}  {strap.rssi} dBm")
    if not found and not as_json:
        out(tr("No strap found; wear it, moisten it, and let no other program hold it."))
