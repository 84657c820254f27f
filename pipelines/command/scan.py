"""`interbeat scan`: which straps are near, and whether all that a recording needs is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.output import SENTENCE, Problem, WrongCall, out, print_json
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.places import default_store

if TYPE_CHECKING:
    from pipelines.command.checking import Seen


@click.command()
@click.option("--json", "as_json", is_flag=True, help=tr("One JSON object a strap, a line each."))
@click.option("--seconds", default=10.0, show_default=True, help=tr("How long to look."))
@click.option(
    "--check",
    "checks",
    is_flag=True,
    help=tr("Look at all that a recording needs, from Bluetooth to the first beat and the disk."),
)
@click.option(
    "--device",
    metavar="NAME_OR_ADDRESS",
    help=tr("The strap to check; unless given, the one that is heard best."),
)
@click.option(
    "--log",
    "log",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=tr("Write what the check found for whoever helps you: no names, no health data."),
)
@click.option("--store", type=click.Path(path_type=Path), help=tr("Library to check the disk of."))
def scan(
    as_json: bool,
    seconds: float,
    checks: bool,
    device: str | None,
    log: Path | None,
    store: Path | None,
) -> None:
    """Look for chest straps nearby.

    Any that offer the Bluetooth heart rate service.
    """
    if checks:
        _check(device, store or default_store(), as_json=as_json, log=log)
        return
    if device is not None or log is not None or store is not None:
        raise WrongCall(
            tr("--device, --log and --store go with --check; add it or leave them out.")
        )
    _look(seconds, as_json=as_json)


def _look(seconds: float, *, as_json: bool) -> None:
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


def _check(device: str | None, store: Path, *, as_json: bool, log: Path | None) -> None:
    """Say of each piece how it was found; exit code 1 where one fails."""
    from devices import clock
    from devices.link import Adapter
    from pipelines.command.checking import check, log_lines

    found: list[Seen] = []

    async def each() -> None:
        async for seen in check(Adapter(), device, store):
            found.append(seen)
            _tell(seen, as_json=as_json)

    clock.run(each())
    if log is not None:
        try:
            log.write_text(log_lines(found), encoding="utf-8")
        except OSError as error:
            raise Problem(
                tr(
                    "The log cannot be written to {file} ({why}); choose another place.",
                    file=log,
                    why=error.strerror,
                )
            ) from error
    if any(seen.good is False for seen in found):
        raise SystemExit(1)


def _tell(seen: Seen, *, as_json: bool) -> None:
    if as_json:
        print_json(seen.codes())
        return
    signs = {True: tr("fine"), False: tr("NOT YET"), None: tr("not told")}
    out(f"{signs[seen.good]:>8}  {harmless(seen.said, most=SENTENCE)}")
