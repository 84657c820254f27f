"""How a chosen strap stands, in words: its battery, whether it is on the skin, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.language import tr
from pipelines.recording import HeldStrap, Skin
from pipelines.words import LOW_BATTERY, strap_text


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in a column: the words, and below them quieter ones.

    A strap that touches the skin, or does not, has a dot: `touches` True or False.
    """

    words: str
    below: str = ""
    touches: bool | None = None


def columns(held: HeldStrap | None) -> tuple[Told, ...]:
    """Return battery and skin of a chosen strap, or the one thing that is to be said instead."""
    if held is None or not (held.connected or held.trouble):
        return (Told(tr("connecting")),)
    if not held.connected:
        return Told(tr("no answer")), Told(tr("no answer"))
    return _battery(held), _skin(held)


def _battery(held: HeldStrap) -> Told:
    left = held.battery_percent
    if left is None:
        return Told(tr("not told") if held.asked else tr("asking"))
    if left <= LOW_BATTERY:
        return Told(tr("{percent} %, low", percent=left), tr("change soon"))
    return Told(tr("{percent} %", percent=left), tr("as it says"))


def _skin(held: HeldStrap) -> Told:
    comes = tr("beats arrive") if held.beats else tr("no beats yet")
    match held.skin:
        case Skin.ON:
            return Told(tr("yes"), comes, touches=True)
        case Skin.OFF:
            return Told(tr("no"), tr("damp its pads"), touches=False)
        case Skin.NOT_TOLD:
            return Told(tr("not told"), comes)
        case Skin.UNSURE:
            return Told(tr("waiting"), comes)


def trouble(held: HeldStrap | None) -> str:
    """Return in words what is wrong and what to do, "" where nothing is."""
    return "" if held is None or held.trouble is None else strap_text(held.trouble)


def sentence(held: HeldStrap | None) -> str:
    """Return how it stands in a few words, for the list of people."""
    if held is None or not (held.connected or held.trouble):
        return tr("connecting")
    if not held.connected:
        return tr("no answer yet")
    if held.skin is Skin.OFF:
        return tr("connected, not on the skin")
    return tr("connected, beats arrive") if held.beats else tr("connected, no beats yet")
