"""Who is recorded: real straps, recordings and simulations as wearers with roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard

import msgspec

from devices import sources
from devices.codec import TICKS_PER_SECOND
from devices.link import LinkState
from devices.scripted import Arrival, Loss, is_sent
from pipelines import formats
from pipelines.language import tr
from pipelines.recording.recorder import Wearer
from pipelines.session import (
    CLIENT,
    THERAPIST,
    AnyEvent,
    Assessment,
    Baseline,
    Context,
    Link,
    Mark,
    Pace,
    Packet,
    Part,
    PartWords,
    PersonalBand,
    Phase,
    PhaseName,
    Posture,
    Source,
    Strap,
    TalkBaseline,
    Talking,
    TalkingLikely,
    TouchConsent,
    WallClock,
    elapsed,
    marks_of,
    one_by_one,
)

LOST = (LinkState.LOST, LinkState.SEARCHING)
"""Links without a strap."""


def wearers(
    *,
    devices: Sequence[str] = (),
    replays: Sequence[Path] = (),
    scenarios: Sequence[str] = (),
    large: bool = False,
    ticks: int | None = None,
) -> tuple[Wearer, ...]:
    """Return everybody to be recorded, numbered in this order: straps, recordings, simulations.

    The first is the client, the second the therapist, the others members 3, 4 and so on. Recordings
    may be `large` as `formats.read` has it. Straps and recordings count intervals in `ticks` a
    second; unless told, straps as remembered of their address, else as specified, and recordings as
    they were recorded.

    Raises
    ------
    FormatError
        If a recording cannot be read.
    ValueError
        If a scenario is not known, or a recording holds nothing to replay.
    """
    found = [Wearer(sources.real(name), "") for name in devices]
    for path in replays:
        found += _replayed(path, len(found), large=large)
    if ticks is not None:
        found = [replace(one, opened=replace(one.opened, ticks=ticks)) for one in found]
    found += [
        Wearer(sources.simulated(words, seed=seed), "")
        for seed, words in enumerate(scenarios, start=1)
    ]
    return tuple(replace(wearer, role=role(place)) for place, wearer in enumerate(found))


def role(place: int) -> str:
    """Return the role of the wearer at this place of a session."""
    return (CLIENT, THERAPIST)[place] if place < 2 else f"member {place + 1}"


def _replayed(path: Path, place: int, *, large: bool) -> Iterator[Wearer]:
    """Yield the sources of a recording; what was not one source's goes with the first."""
    events = list(one_by_one(formats.read(path, large=large).events))
    # What a newer program recorded besides is left out: nothing here can send it.
    numbers = sorted({event.source for event in events if _is_sent(event)})
    if not numbers:
        raise ValueError(
            tr("{name}: it holds no packets to replay; choose another recording", name=path.name)
        )
    end = elapsed(events).time
    for offset, number in enumerate(numbers):
        own = [event for event in events if getattr(event, "source", None) == number]
        opened = sources.replayed(
            [_arrival(event) for event in own if _is_sent(event)],
            losses=_losses(own),
            end=end,
            name=_device(own),
        )
        opened = replace(opened, ticks=_ticks(own))
        others = tuple(_others(events, number, place + offset, end, shared=offset == 0))
        yield Wearer(opened, "", others)


def _is_sent(event: AnyEvent) -> TypeGuard[Packet]:
    return isinstance(event, Packet) and is_sent(event.kind, event.channel)


def _arrival(packet: Packet) -> Arrival:
    return Arrival(packet.time, packet.kind, packet.data, packet.rate, packet.channel)


def _ticks(events: Iterable[AnyEvent]) -> int:
    told = [event.ticks for event in events if isinstance(event, Source)]
    return told[-1] if told else TICKS_PER_SECOND


def _device(events: Iterable[AnyEvent]) -> str:
    names = [event.device for event in events if isinstance(event, Source)]
    return f"replay of {names[0]}" if names and names[0] else "replay"


def _losses(events: Iterable[AnyEvent]) -> Iterator[Loss]:
    """Yield the lost links of one source, each until beats arrived again."""
    since: float | None = None
    heard = False
    for event in events:
        if isinstance(event, Packet):
            if since is not None:
                yield Loss(since, event.time)
            since, heard = None, True
        elif isinstance(event, Link) and event.state in LOST and heard and since is None:
            since = event.time
    if since is not None:
        yield Loss(since)


_OF_A_WEARER = (Baseline, TalkBaseline, Posture, PersonalBand)
_OF_EVERYBODY = (
    Talking,
    TalkingLikely,
    Pace,
    Assessment,
    Phase,
    Part,
    PartWords,
    TouchConsent,
    Context,
)


def _others(
    events: Sequence[AnyEvent], number: int, place: int, end: float, *, shared: bool
) -> Iterator[AnyEvent]:
    """Yield what a recording that ends at `end` (s) holds besides packets and links.

    Under its new number.
    """
    if shared:
        yield from _marks(events, end)
    for event in events:
        if isinstance(event, _OF_A_WEARER) and event.source == number:
            yield msgspec.structs.replace(event, source=place)
        elif isinstance(event, Strap) and event.source == number:
            # What it was stays true, the charge of its battery does not.
            yield msgspec.structs.replace(event, source=place, battery_percent=None)
        elif shared and _is_of_session(event, end):
            yield event


def _marks(events: Sequence[AnyEvent], end: float) -> Sequence[Mark]:
    """Return the marks as they were made, or as they stand where that was changed after the end."""
    made = [event for event in events if isinstance(event, Mark)]
    if all(event.time <= end for event in made):
        return made
    return [Mark(view.time, view.text) for view in marks_of(made)]


def _is_of_session(event: AnyEvent, end: float) -> bool:
    ends = isinstance(event, Phase) and event.name is PhaseName.FINISHED and event.time >= end
    jumps = isinstance(event, WallClock) and event.jump != 0
    return jumps or (isinstance(event, _OF_EVERYBODY) and not ends)
