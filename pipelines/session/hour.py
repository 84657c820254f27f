"""What people said of an hour besides its marks: the card, the parts, the personal bands."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from pipelines.session.events import (
    AnyEvent,
    BandUnit,
    Context,
    ContextLine,
    Guessing,
    Listening,
    Part,
    PartName,
    PartWords,
    PersonalBand,
    TouchConsent,
)


class Asked(StrEnum):
    """What is known of consent to touch when a part of touch began."""

    GIVEN = "asked and given"
    TAKEN_BACK = "taken back"
    NOT_RECORDED = "not recorded"


class PartView(msgspec.Struct, frozen=True):
    """A part of a session, with the client's own words before and after it.

    `end` is None while it lasts, `consent` None where nobody is touched.
    """

    name: PartName
    start: float
    end: float | None
    consent: Asked | None = None
    before: str = ""
    after: str = ""


class HourView(msgspec.Struct, frozen=True):
    """What people said of an hour, as far as a log tells.

    `context` holds the lines of the card that were answered, `bands` those that hold.
    """

    context: dict[ContextLine, str] = {}
    parts: tuple[PartView, ...] = ()
    consent: Asked = Asked.NOT_RECORDED
    """What is known of consent to touch now."""
    bands: tuple[PersonalBand, ...] = ()
    listening: bool = False
    """Whether a microphone listens whether anybody talks, as everybody agreed."""
    guessing: bool = False
    """Whether the therapist guesses, so that the picture is covered."""

    def after(self, event: AnyEvent) -> HourView:
        """Return the hour after one more event, this very one where it tells nothing."""
        match event:
            case Context():
                return msgspec.structs.replace(self, context=_card(self.context, event))
            case TouchConsent(given=given):
                now = Asked.GIVEN if given else Asked.TAKEN_BACK
                return msgspec.structs.replace(self, consent=now)
            case Listening(on=on):
                return msgspec.structs.replace(self, listening=on)
            case Guessing(on=on):
                return msgspec.structs.replace(self, guessing=on)
            case Part():
                return msgspec.structs.replace(self, parts=_parted(self, event))
            case PartWords():
                parts = tuple(_said(part, event) for part in self.parts)
                return msgspec.structs.replace(self, parts=parts)
            case PersonalBand():
                others = tuple(band for band in self.bands if band.source != event.source)
                drawn = (event,) if event.low < event.high else ()
                return msgspec.structs.replace(self, bands=(*others, *drawn))
        return self

    def going_on(self) -> PartView | None:
        """Return the part that lasts, None where none does."""
        return self.parts[-1] if self.parts and self.parts[-1].end is None else None

    def band(self, source: int) -> PersonalBand | None:
        """Return the band of one wearer."""
        return next((band for band in self.bands if band.source == source), None)


UNSAID = HourView()
"""Of an hour of which nothing was said."""


def hour_of(events: Iterable[AnyEvent]) -> HourView:
    """Return what people said of the hour of a log."""
    hour = UNSAID
    for event in events:
        hour = hour.after(event)
    return hour


def bounds(band: PersonalBand, level: float | None, spread: float | None) -> tuple[float, float]:
    """Return the bounds of a band in bpm, NaN where they are told from a baseline that lacks.

    Examples
    --------
    >>> from pipelines.session import BandUnit, PersonalBand
    >>> from pipelines.session.hour import bounds
    >>> bounds(PersonalBand(60.0, 0, -1.0, 2.0, BandUnit.SPREADS), 70.0, 3.0)
    (67.0, 76.0)
    """
    if band.unit is BandUnit.BPM:
        return band.low, band.high
    if level is None or spread is None:
        return float("nan"), float("nan")
    return level + spread * band.low, level + spread * band.high


def _card(card: dict[ContextLine, str], event: Context) -> dict[ContextLine, str]:
    told = {**card, event.line: event.text}
    return {line: told[line] for line in ContextLine if told.get(line)}


def _parted(hour: HourView, event: Part) -> tuple[PartView, ...]:
    parts = hour.parts
    if hour.going_on() is not None:
        parts = (*parts[:-1], msgspec.structs.replace(parts[-1], end=event.time))
    if event.name is PartName.NONE:
        return parts
    consent = hour.consent if event.name is PartName.TOUCH else None
    return (*parts, PartView(event.name, event.time, None, consent))


def _said(part: PartView, words: PartWords) -> PartView:
    if part.start != words.part:
        return part
    told = {"after": words.text} if words.after else {"before": words.text}
    return msgspec.structs.replace(part, **told)
