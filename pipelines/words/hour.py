"""What people said of an hour besides its marks, in words; none of them judges."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.language import tr, translatable
from pipelines.session import Asked, BandUnit, ContextLine, PartName

CONTEXT: Final[Mapping[ContextLine, str]] = MappingProxyType(
    {
        ContextLine.MEDICINES: translatable("medicines"),
        ContextLine.CAFFEINE: translatable("caffeine"),
        ContextLine.NICOTINE: translatable("nicotine"),
        ContextLine.SLEEP: translatable("sleep"),
        ContextLine.PAIN: translatable("pain"),
        ContextLine.TIME_OF_DAY: translatable("time of day"),
    }
)
QUESTIONS: Final[Mapping[ContextLine, str]] = MappingProxyType(
    {
        ContextLine.MEDICINES: translatable("Medicines, and what changed in them"),
        ContextLine.CAFFEINE: translatable("Coffee, tea or other caffeine today"),
        ContextLine.NICOTINE: translatable("Nicotine today"),
        ContextLine.SLEEP: translatable("Sleep last night"),
        ContextLine.PAIN: translatable("Pain, only if they want to say"),
        ContextLine.TIME_OF_DAY: translatable("What else this time of day brings"),
    }
)
PARTS: Final[Mapping[PartName, str]] = MappingProxyType(
    {
        PartName.NONE: "",
        PartName.REST: translatable("rest"),
        PartName.TOUCH: translatable("touch"),
        PartName.MOVEMENT: translatable("movement"),
    }
)
CONSENT: Final[Mapping[Asked, str]] = MappingProxyType(
    {
        Asked.GIVEN: translatable("consent asked and given"),
        Asked.TAKEN_BACK: translatable("consent taken back"),
        Asked.NOT_RECORDED: translatable("consent not recorded"),
    }
)
UNITS: Final[Mapping[BandUnit, str]] = MappingProxyType(
    {
        BandUnit.BPM: translatable("bpm"),
        BandUnit.SPREADS: translatable("spreads from baseline"),
    }
)


def context_text(line: ContextLine) -> str:
    """Return what a line of the card is of."""
    return tr(CONTEXT[line])


def question_text(line: ContextLine) -> str:
    """Return what a line of the card asks for."""
    return tr(QUESTIONS[line])


def part_text(name: PartName) -> str:
    """Return what is done in a part of a session."""
    return tr(PARTS[name]) if name else ""


def consent_text(asked: Asked) -> str:
    """Return what is known of consent to touch."""
    return tr(CONSENT[asked])


def band_unit_text(unit: BandUnit) -> str:
    """Return what the bounds of a personal band are told in."""
    return tr(UNITS[unit])
