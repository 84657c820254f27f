"""Events in the words of older versions, turned into those of this one when they are read.

Never in the file: what was recorded is kept as it was written (raw first), so that a fault in a
step below can be mended and every log read anew. The file says in which version's words each event
is, and only what was recorded since is in the newest.

A step leaves alone what is in the new words already: an event that an older version carried along
unread may come back in a file of that version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from devices.link import LinkState

Fields: TypeAlias = dict[str, Any]
"""An event as it is stored, by the names of its fields."""

_LINK_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "connected, waiting for beats": LinkState.WAITING.value,
        "beats arriving": LinkState.BEATS.value,
        "strap off the skin": LinkState.OFF_SKIN.value,
        "signal lost, reconnecting": LinkState.LOST.value,
    }
)
"""What version 0.1.0 said of a link in a sentence."""


def _state_by_its_code(event: Fields) -> Fields:
    if event.get("type") != "Link":
        return event
    state = event["state"]
    return {**event, "state": _LINK_STATES.get(state, state)}


STEPS: Final[tuple[Callable[[Fields], Fields], ...]] = (_state_by_its_code,)
"""From schema 1 to 2, from 2 to 3, and so on."""

EVENT_SCHEMA: Final = 1 + len(STEPS)
"""Version of the words in which events are stored."""


def migrated(event: Fields, schema: int) -> Fields:
    """Return an event in the words of this schema in those of the present."""
    for step in STEPS[max(schema, 1) - 1 :]:
        event = step(event)
    return event
