"""Events in the words of older versions, turned into those of this one when they are read.

Never in the file: what was recorded is kept as it was written (raw first), so that a fault in a
step below can be mended and every log read anew. The file says in which version's words each event
is, and only what was recorded since is in the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from pipelines.session.events import AnyEvent, Link

_LINK_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "searching": "searching",
        "connected, waiting for beats": "connected, waiting for beats",
        "beats arriving": "beats arriving",
        "strap off the skin": "strap off the skin",
        "signal lost, reconnecting": "signal lost, reconnecting",
        "stopped": "stopped",
    }
)
"""What version 0.1.0 called the states of a link, and what `devices.link.LinkState` calls them."""


def _state_by_its_code(event: AnyEvent) -> AnyEvent:
    if not isinstance(event, Link):
        return event
    return msgspec.structs.replace(event, state=_LINK_STATES.get(event.state, event.state))


STEPS: Final[tuple[Callable[[AnyEvent], AnyEvent], ...]] = (_state_by_its_code,)
"""From schema 1 to 2, from 2 to 3, and so on."""

EVENT_SCHEMA: Final = 1 + len(STEPS)
"""Version of the words in which events are stored."""


def migrated(event: AnyEvent, schema: int) -> AnyEvent:
    """Return an event of this schema as one of the present."""
    for step in STEPS[schema - 1 :]:
        event = step(event)
    return event
