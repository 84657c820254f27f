"""A result in plain words for a terminal: how far to trust it first, then the values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from textwrap import fill

from msgspec import UnsetType
from msgspec.structs import replace

from physio.measures import MEASURES
from physio.respiration import Origin
from pipelines.analysis import GapLine, MeasureLine, PresetLine, QualityLine, Result
from pipelines.command.hour_text import hour_lines
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.session import Arousal, EpisodeView
from pipelines.words import (
    among_text,
    cause_text,
    change_text,
    clock_text,
    decimals_of,
    length_text,
    mark_text,
    measure_text,
    origin_text,
    reason_text,
    rests_text,
    times_text,
    together_text,
    unit_text,
    verdict_text,
)

_PARTS = ("sampen", "vlf", "breathing_rate", "baevsky_index")
"""First measures of the panel's parts after the time domain."""
FIRST = (
    "mean_hr",
    "sdnn",
    "rmssd",
    "lf",
    "hf",
    "breathing_rate",
    "rsa_amplitude",
)
"""What a person reads first; the rest of the panel is for whoever asks for it."""
WIDTH = 100
_PURE_NUMBERS = ("exponent", "ratio")
_BREATHING = {
    True: translatable("breathing lies inside this band"),
    False: translatable("breathing lies outside this band"),
    None: translatable("where breathing lies is not known"),
}


def describe(result: Result, *, every: bool = False) -> str:
    """Return a final result as lines of text, without an end of line.

    It tells the measures of `FIRST`, on one screen, or `every` one and the marks.
    """
    first = {name: one for name, one in result.measures.items() if every or name in FIRST}
    more = len(result.measures) - len(first)
    result = replace(result, measures=first)
    return "\n".join(
        (
            _heading(result),
            *_quality(result.quality),
            "",
            *_given(result),
            *_withheld(result.measures),
            *_breathing(result),
            _arousal(result.arousal),
            *_episodes(result.episodes, every=every),
            *(_marks(result) if every else ()),
            *hour_lines(result, every=every),
            *_preset(result.preset),
            *_windows(result),
            *_more(more),
        )
    )


def value(measure: MeasureLine) -> str:
    """Return a given value with its unit and, where known, its 95 % interval."""
    decimals = decimals_of(measure.unit)
    unit = "" if measure.unit in _PURE_NUMBERS else f" {unit_text(measure.unit)}"
    number = f"{measure.value:.{decimals}f}"
    told = f"{number}{unit}"
    if measure.value is None or measure.low is None or measure.high is None:
        return told
    below, above = measure.value - measure.low, measure.high - measure.value
    if abs(above - below) <= 0.05 * max(above, below):
        return f"{number} ± {max(above, below):.{decimals}f}{unit}"
    low, high = f"{measure.low:.{decimals}f}", f"{measure.high:.{decimals}f}"
    return tr("{value}, {low} to {high}", value=told, low=low, high=high)


def _heading(result: Result) -> str:
    name = result.session if isinstance(result.file, UnsetType) else result.file
    source = harmless(result.source)
    return source if isinstance(name, UnsetType) else f"{harmless(name, most=None)}, {source}"


def _quality(quality: QualityLine) -> Iterable[str]:
    why = reason_text(quality.reason) if quality.reason else ""
    told = ", ".join(filter(None, (verdict_text(quality.verdict), why)))
    yield tr("Quality: {verdict}.", verdict=told)
    yield trn(
        "{count} interval in {duration}; beats cover {covered:.0f} % of the time, "
        "{labelled:.1f} % of them bear a label.",
        "{count} intervals in {duration}; beats cover {covered:.0f} % of the time, "
        "{labelled:.1f} % of them bear a label.",
        quality.beats,
        duration=length_text(quality.duration_s),
        covered=quality.coverage_percent,
        labelled=quality.corrected_percent,
    )
    yield from _packets(quality)
    yield _gaps(quality.gaps, quality.gaps_total)


def _packets(quality: QualityLine) -> Iterable[str]:
    if quality.duplicates:
        yield trn(
            "{count} packet arrived twice and counted once.",
            "{count} packets arrived twice and counted once.",
            quality.duplicates,
        )
    if quality.malformed:
        yield trn(
            "{count} packet could not be read.",
            "{count} packets could not be read.",
            quality.malformed,
        )


def _gaps(gaps: tuple[GapLine, ...], count: int) -> str:
    """Return how many gaps there are, how long they last, and why; all that is told of them."""
    if not gaps:
        return tr("No gaps.")
    total = sum(gap.end_s - gap.start_s for gap in gaps if gap.end_s is not None)
    causes = Counter(gap.cause for gap in gaps)
    words = ", ".join(f"{cause_text(cause)} ({times})" for cause, times in causes.most_common())
    told = {"duration": length_text(total), "causes": words}
    more = count - len(gaps)
    if more > 0:
        return trn(
            "The newest {count} gap, {duration} together: {causes}; and {more} more before them.",
            "The newest {count} gaps, {duration} together: {causes}; and {more} more before them.",
            len(gaps),
            more=more,
            **told,
        )
    return trn(
        "{count} gap, {duration} together: {causes}.",
        "{count} gaps, {duration} together: {causes}.",
        len(gaps),
        **told,
    )


def _given(result: Result) -> Iterable[str]:
    """Yield a line for each value, a blank one between parts, and the usual window once."""
    given = {name: one for name, one in result.measures.items() if one.value is not None}
    width = max((len(_label(name)) for name in given), default=0)
    usual = _commonest(length_text(measure.window_s) for measure in given.values())
    share = _commonest(_share(measure) for measure in given.values())
    part = 0
    for name, measure in given.items():
        if (here := _part(name)) != part:
            part = here
            yield ""
        lasts, rests = length_text(measure.window_s), _share(measure)
        beside = [tr("over {duration}", duration=lasts)] if lasts != usual else []
        beside += [tr("of {percent} %", percent=rests)] if rests != share else []
        beside += [tr(_BREATHING[result.breathing_in_hf_band])] if name == "hf" else []
        beside += _as_written(measure)
        told = f"; {', '.join(beside)}" if beside else ""
        yield f"  {_label(name):<{width}}  {value(measure)}{told}"
    if usual and share:
        yield from ("", _rests(usual, share, given.values()))


def _commonest(told: Iterable[str]) -> str:
    counts = Counter(told)
    return counts.most_common(1)[0][0] if counts else ""


def _share(measure: MeasureLine) -> str:
    """Return the percentage of a window that a value rests on, rounded down: 100 is all of it."""
    return f"{math.floor(100.0 if measure.share_percent is None else measure.share_percent)}"


def _rests(usual: str, share: str, given: Collection[MeasureLine]) -> str:
    """Return over how long values are told, and what share of it they rest on."""
    alike = all((length_text(one.window_s), _share(one)) == (usual, share) for one in given)
    told = {"percent": share, "duration": usual}
    if share == "100":
        every = tr("Each over {duration}.", **told)
        return every if alike else tr("Each over {duration} unless told.", **told)
    part = tr("Each from {percent} % of {duration}.", **told)
    return part if alike else tr("Each from {percent} % of {duration} unless told.", **told)


def _as_written(measure: MeasureLine) -> list[str]:
    """Return what the intervals give as they were written, where it reads otherwise."""
    if isinstance(measure.as_written, UnsetType):
        return []
    decimals = decimals_of(measure.unit)
    written, used = (f"{one:.{decimals}f}" for one in (measure.as_written, measure.value))
    return [tr("{value} as written", value=written)] if written != used else []


def _part(name: str) -> int:
    """Return in which part of the panel a measure stands."""
    names = list(MEASURES)
    if name not in names:
        return len(_PARTS)
    return sum(names.index(first) <= names.index(name) for first in _PARTS)


def _label(name: str) -> str:
    return measure_text(name) if name in MEASURES else name


def _withheld(measures: Mapping[str, MeasureLine]) -> Iterable[str]:
    """Yield why values are withheld, then why low and high are beside values that are given."""
    reasons: dict[str, list[str]] = {}
    for name, measure in sorted(measures.items(), key=lambda row: row[1].value is not None):
        if measure.reason is not None:
            key = tr("Withheld, {reason}", reason=reason_text(measure.reason))
        elif measure.doubt is not None:
            key = tr("In doubt, {reason}", reason=reason_text(measure.doubt))
        else:
            continue
        reasons.setdefault(key, []).append(_label(name))
    for reason, labels in reasons.items():
        yield fill(f"{reason}: {', '.join(labels)}.", WIDTH, subsequent_indent="  ")


def _breathing(result: Result) -> Iterable[str]:
    if result.breathing_from not in (None, Origin.INTERVALS):
        yield fill(origin_text(result.breathing_from), WIDTH)
    if result.breathing_in_hf_band is False:
        yield fill(
            tr(
                "Breathing lies outside 9 to 24 breaths/min: HF and beat-to-beat variability do "
                "not follow it there, the breathing-linked swing does."
            ),
            WIDTH,
        )


def _preset(preset: PresetLine | None) -> Iterable[str]:
    if preset is None:
        return
    yield tr(
        "Preset {name}: {trend}; Welch windows of {seconds:g} s.",
        name=preset.name,
        trend=_trend(preset),
        seconds=preset.welch_window_s,
    )


def _trend(preset: PresetLine) -> str:
    if preset.detrend_lambda is None:
        return tr("slow trend left in")
    spectra = tr("slow trend taken off spectra, lambda {value:g}", value=preset.detrend_lambda)
    both = tr(
        "slow trend taken off all but breathing and patterns, lambda {value:g}",
        value=preset.detrend_lambda,
    )
    return both if preset.time_domain_detrended else spectra


def _arousal(arousal: Arousal) -> str:
    if arousal.value is None:
        why = "" if arousal.reason is None else reason_text(arousal.reason)
        return tr("Arousal against own baseline: withheld, {reason}.", reason=why)
    # Adding 0 takes the sign off what rounds to 0.
    spreads = round(arousal.value, 1) + 0.0
    if arousal.low is None or arousal.high is None:
        return tr("Arousal against own baseline: {spreads:+.1f} baseline spreads.", spreads=spreads)
    return tr(
        "Arousal against own baseline: {spreads:+.1f} baseline spreads, {low:+.1f} to {high:+.1f}.",
        spreads=spreads,
        low=round(arousal.low, 1) + 0.0,
        high=round(arousal.high, 1) + 0.0,
    )


def _marks(result: Result) -> Iterable[str]:
    """Yield a line for each mark, and one for each label that stands at several."""
    for mark in result.marks:
        change = change_text(mark.change_bpm, mark.low, mark.high)
        told = ", ".join(filter(None, (change, among_text(mark), rests_text(mark))))
        yield f"  {clock_text(mark.time_s):>6}  {mark_text(mark.text)}: {told}"
    for marks in result.pooled_marks:
        if marks.marks > 1:
            change = change_text(marks.change_bpm, marks.low, marks.high)
            told = ", ".join((change, together_text(marks), times_text(marks)))
            yield f"  {mark_text(marks.text)}: {told}"


def _episodes(episodes: tuple[EpisodeView, ...], *, every: bool) -> Iterable[str]:
    """Yield how many episodes there were, and a line for each where all is told."""
    if episodes:
        yield trn(
            "{count} rise of heart rate above where it had been was followed.",
            "{count} rises of heart rate above where it had been were followed.",
            len(episodes),
        )
    if every:
        yield from (f"  {_episode(one)}" for one in episodes)


def _episode(one: EpisodeView) -> str:
    """Return an episode in words: when, how high, and how it settled."""
    told = [
        tr(
            "at {time}: {height:.0f} bpm higher ({low:.0f} to {high:.0f})",
            time=length_text(one.onset_s),
            height=one.height_bpm,
            low=one.height_low_bpm,
            high=one.height_high_bpm,
        )
    ]
    if one.half_recovery_s is not None:
        told.append(
            tr(
                "half settled after {seconds:.0f} s ({low:.0f} to {high:.0f})",
                seconds=one.half_recovery_s,
                low=one.half_recovery_low_s,
                high=one.half_recovery_high_s,
            )
        )
    if one.recovery_s is None:
        told.append(tr("not seen to settle"))
    else:
        told.append(
            tr(
                "settled after {seconds:.0f} s ({low:.0f} to {high:.0f})",
                seconds=one.recovery_s,
                low=one.recovery_low_s,
                high=one.recovery_high_s,
            )
        )
    return "; ".join(told)


def _windows(result: Result) -> Iterable[str]:
    if result.windows:
        yield trn(
            "{count} window was measured; --json prints it.",
            "{count} windows were measured; --json prints them.",
            len(result.windows),
        )


def _more(count: int) -> Iterable[str]:
    if count:
        yield trn(
            "{count} more measure: interbeat analyse --all.",
            "{count} more measures: interbeat analyse --all.",
            count,
        )
