"""What people said of an hour besides its marks, in words; none of them judges."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from physio.reasons import Reason
from pipelines.harmless import harmless
from pipelines.language import tr, translatable
from pipelines.session import Asked, BandLine, BandUnit, ContextLine, PartName, PhaseName
from pipelines.words.codes import reason_text
from pipelines.words.numbers import clock_text, rounded

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
PHASES: Final[Mapping[PhaseName, str]] = MappingProxyType(
    {
        PhaseName.NONE: "",
        PhaseName.BASELINE: translatable("baseline"),
        PhaseName.SESSION: translatable("session"),
        PhaseName.SETTLING: translatable("settling"),
        PhaseName.PAUSED: translatable("paused"),
        PhaseName.FINISHED: translatable("finished"),
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


def phase_text(name: PhaseName) -> str:
    """Return what a stretch of a session is."""
    return tr(PHASES[name]) if name else ""


def talking_text(*, likely: bool = False) -> str:
    """Return that somebody talks, or `likely` does, as it was only heard."""
    return tr("talking likely") if likely else tr("talking")


def consent_text(asked: Asked) -> str:
    """Return what is known of consent to touch."""
    return tr(CONSENT[asked])


def rate_text(rate: float | None, reason: Reason | None) -> str:
    """Return a heart rate, or why there is none, "" where nothing is known."""
    if rate is not None:
        return tr("{rate} bpm", rate=rounded(rate, 1))
    return "" if reason is None else reason_text(reason)


def own_band_text(band: BandLine) -> str:
    """Return a personal band in its owners' words, and how long heart rate was where."""
    return tr(
        "Own band, {low:g} ({low_words}) to {high:g} ({high_words}) {unit}: inside "
        "{inside}, above {above}, below {below}, of {readable} that could be read.",
        low=band.low,
        low_words=harmless(band.low_words),
        high=band.high,
        high_words=harmless(band.high_words),
        unit=tr(UNITS[band.unit]),
        inside=clock_text(band.inside_s),
        above=clock_text(band.above_s),
        below=clock_text(band.below_s),
        readable=clock_text(band.readable_s),
    )
