"""Where beats come from: a real strap, a simulated one, or a recording, all behind one adapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devices.link import Adapter
from devices.scripted import (
    Arrival,
    Loss,
    ScriptedBaseline,
    ScriptedMark,
    Truth,
    replay_script,
    scripted_adapter,
    simulate,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that a `Link` can run: `Link(opened.adapter, opened.wanted, emit=...)`.

    Attributes
    ----------
    adapter, wanted : Adapter, str
        What the link needs.
    device, address : str
        Name and address for the record.
    simulated : bool
        Whether the beats come from a model.
    scripted : tuple
        What a scenario does besides, each at its `time` on the session clock, in order.
    truth : Truth or None
        What the model was made from.
    duration : float or None
        Seconds until the source ends by itself; None for a real strap.
    ticks : int or None
        What the intervals of its heart rate packets are counted in a second; None where nobody
        told.
    """

    adapter: Adapter
    wanted: str
    device: str
    address: str = ""
    simulated: bool = False
    scripted: tuple[ScriptedBaseline | ScriptedMark, ...] = ()
    truth: Truth | None = None
    duration: float | None = None
    ticks: int | None = None


def real(name_or_address: str) -> Opened:
    """Return a real strap over this computer's Bluetooth."""
    return Opened(Adapter(), name_or_address, name_or_address)


def replayed(
    arrivals: Sequence[Arrival],
    *,
    losses: Iterable[Loss] = (),
    end: float | None = None,
    name: str = "replay",
) -> Opened:
    """Return a recording as a source; arguments and errors as `replayed.replay_script`."""
    script = replay_script(arrivals, losses=losses, end=end, name=name)
    return Opened(
        scripted_adapter(script),
        script.address,
        name,
        script.address,
        duration=script.steps[-1].time,
    )


def simulated(scenario: str, *, seed: int = 1, seconds: float | None = None) -> Opened:
    """Return a simulated strap; arguments and errors as `simulated.simulate`."""
    made = simulate(scenario, seed=seed, seconds=seconds)
    return Opened(
        scripted_adapter(made.script),
        made.script.address,
        made.script.name,
        made.script.address,
        simulated=True,
        scripted=made.scripted,
        truth=made.truth,
        duration=made.truth.duration,
    )
