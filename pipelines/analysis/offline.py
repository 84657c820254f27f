"""The offline path: a whole log at once, through the same functions as the live one.

A recording that ends is summed up by `summary` too, so that live and offline cannot differ in
anything but the order in which beats reached them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf

import numpy as np

from physio import epochs, inputs, panel, quality
from physio.arousal.baseline import Baseline, NoBaseline
from physio.arousal.baseline import baseline as baseline_in
from physio.arousal.glance import position_of
from physio.arousal.index import arousal_index
from physio.beats import Beats
from physio.estimate import Estimate
from physio.presets import INTERBEAT, Preset
from physio.reasons import Reason, ReasonCode
from pipelines.analysis.hour import band_line, part_lines, readable_shares
from pipelines.analysis.result import (
    Result,
    WindowLine,
    measure_line,
    measure_lines,
    preset_line,
    quality_line,
)
from pipelines.analysis.windows import WAVE, over_windows
from pipelines.session import (
    AnyEvent,
    Arousal,
    Condition,
    EpisodeView,
    RecordingQuality,
    SourceBeats,
    Span,
    arousal_of,
    baseline_line,
    beats_of,
    episode_spans,
    episode_views,
    episodes_in,
    mark_changes_of,
    pooled_marks,
    quality_of_recording,
)
from pipelines.version import version

USUAL_WINDOW = 60.0
"""Seconds of a sliding window where no length is asked for."""

Baselines = Mapping[str, Baseline]
"""Baselines from another recording, by role."""


def analyse(
    events: Iterable[AnyEvent],
    *,
    labels: bool = True,
    window: float | None = None,
    sliding: float | None = None,
    preset: Preset | str = INTERBEAT,
    baseline: Span | Baselines | None = None,
) -> tuple[Result, ...]:
    r"""Return the results of a whole recording, one for each source.

    Parameters
    ----------
    events : iterable of events
        The log of a session, or the events of a file.
    labels : bool
        Whether intervals that do not lie between two normal beats are left out.
    window : float, optional
        Length in seconds of the epochs, or of the sliding windows, to measure beside the whole.
    sliding : float, optional
        Seconds from one sliding window to the next; epochs lie end to end.
    preset : Preset or str
        The conventions, or their name.
    baseline : (start, end) or Baselines, optional
        Stretch in seconds to take as each source's baseline, or baselines from elsewhere, instead
        of the stretch that the log names.

    Raises
    ------
    ValueError
        If `window` or `sliding` is not above 0, or asks for more than 100,000 windows, or there is
        no such preset.
    TypeError
        If `events` holds something else; the message is one sentence.

    Examples
    --------
    >>> from pathlib import Path
    >>> import interbeat
    >>> Path("recording.txt").write_text("810\n" * 300)
    1200
    >>> (result,) = interbeat.analyse(interbeat.read("recording.txt").events)
    >>> round(result.measures["mean_rr"].value)
    810
    """
    known = inputs.preset(preset)
    return tuple(
        summary(found, window=window, sliding=sliding, preset=known, baseline=baseline)
        for found in beats_of(_log(events), labels=labels)
    )


def _log(events: object) -> Sequence[AnyEvent]:
    """Return events as a sequence.

    Raises
    ------
    TypeError
        If they are something else, such as the name of a file.
    """
    log = events if isinstance(events, Sequence) else None
    if log is None and isinstance(events, Iterable) and not isinstance(events, Beats):
        log = list(events)
    if log is None or not all(isinstance(one, AnyEvent) for one in log):
        raise TypeError(
            f"events is a {type(events).__name__} that holds no events; give those of a recording, "
            f"read(path).events, or measure(beats)."
        )
    return log


def summaries(found: Iterable[SourceBeats]) -> tuple[Result, ...]:
    """Return the final result of each source, as `analyse` of the same log gives it."""
    return tuple(summary(one) for one in found)


def summary(
    found: SourceBeats,
    *,
    window: float | None = None,
    sliding: float | None = None,
    preset: Preset = INTERBEAT,
    baseline: Span | Baselines | None = None,
) -> Result:
    """Return the final result of one source; see `analyse`."""
    start, end = found.span
    measures = panel.whole(
        found.beats,
        found.labels,
        found.gaps,
        start=start,
        end=end,
        preset=preset,
        respiration=found.respiration,
    )
    judged, owns = quality_of(found), owns_of(found)
    refusal = found.account.refusal
    if refusal is not None and judged.verdict is quality.Verdict.NONE:
        measures = {name: _refused(one, refusal) for name, one in measures.items()}
    if found.paced:
        measures = {name: one.undoubted(WAVE) for name, one in measures.items()}
    return Result(
        version=version(),
        source=found.role,
        time_s=end,
        final=True,
        quality=quality_line(judged),
        preset=preset_line(preset),
        measures=measure_lines(measures),
        breathing_in_hf_band=panel.breathing_in_hf_band(measures["breathing_rate"]),
        breathing_from=measures["breathing_rate"].origin,
        arousal=_arousal(found, measures, baseline or found.baseline),
        baselines=tuple(baseline_line(own, where) for where, own in owns.items()),
        episodes=(rises := rises_of(found)),
        marks=mark_changes_of(found, episodes=episode_spans(rises)),
        pooled_marks=pooled_marks((found,)),
        windows=_windows(found, window, sliding, preset),
        context=found.hour.context,
        phases=part_lines(found, preset),
        band=band_line(found, owns, preset),
        readable_percent=readable_shares(found, preset),
    )


def quality_of(found: SourceBeats) -> RecordingQuality:
    """Return how much of one source's recording is there, and whether it can be interpreted."""
    start, end = found.span
    return quality_of_recording(
        quality.of_whole(found.beats, found.labels, found.gaps, start=start, end=end),
        found.gaps,
        received=found.received,
        duration=end - start,
        duplicates=found.duplicates,
        malformed=found.malformed,
        account=found.account,
    )


def _refused(estimate: Estimate, reason: Reason) -> Estimate:
    return replace(estimate, value=None, low=None, high=None, reason=reason, origin=None)


def baseline_of(found: SourceBeats, span: Span | None = None) -> Baseline:
    """Return the baseline that a stretch (start, end) of one source gives, its whole unless given.

    Raises
    ------
    NoBaseline
        If the stretch holds too few beats; the message is one sentence.
    """
    start, end = found.span
    if span is not None:
        start, end = max(start, span[0]), min(end, span[1])
    respiration = found.respiration
    return baseline_in(found.beats, found.usable, start=start, end=end, respiration=respiration)


def baselines_of(events: Iterable[AnyEvent], *, labels: bool = True) -> Baselines:
    """Return the baseline that the whole of a recording gives for each of its roles.

    Raises
    ------
    NoBaseline
        If a source holds too few beats; the message is one sentence.
    """
    return {found.role: baseline_of(found) for found in beats_of(events, labels=labels)}


def _arousal(
    found: SourceBeats, measures: Mapping[str, Estimate], chosen: Span | Baselines | None
) -> Arousal:
    """Return the index of the whole recording against its baseline."""
    if found.around.unsettled:
        return _no_arousal(Reason(ReasonCode.SEVERAL_POSTURES))
    if chosen is None:
        return _no_arousal(Reason(ReasonCode.NO_BASELINE_CHOSEN))
    try:
        own = chosen[found.role] if isinstance(chosen, Mapping) else baseline_of(found, chosen)
    except KeyError:
        return _no_arousal(Reason(ReasonCode.NO_BASELINE_OF_ROLE, role=found.role))
    except NoBaseline as error:
        return _no_arousal(error.reason)
    index = arousal_index(
        measures["mean_hr"],
        measures["rsa_amplitude"],
        measures["breathing_rate"],
        own,
        paced=found.paced,
    )
    position = None if index.bpm is None else position_of(index.bpm / own.spread)
    return arousal_of(index, own, position, Condition(found.around.posture(inf)))


def owns_of(found: SourceBeats) -> dict[Condition, Baseline]:
    """Return the newest baseline of each posture, silent and talking, where it could be one."""
    owns: dict[Condition, Baseline] = {}
    for condition, span in dict(found.choices).items():
        with suppress(NoBaseline):
            owns[condition] = baseline_of(found, span)
    return owns


def _no_arousal(reason: Reason) -> Arousal:
    return Arousal(None, None, None, None, (), reason)


def rises_of(found: SourceBeats) -> tuple[EpisodeView, ...]:
    """Return the episodes of the whole recording."""
    return episode_views(episodes_in(found.beats, found.labels, found.unread), found.marks)


def windows_of(span: Span, window: float | None, sliding: float | None) -> list[Span]:
    """Return the full windows inside `span`: epochs end to end, or one every `sliding` seconds.

    They are counted from the start of the span; none where neither is asked for.

    Raises
    ------
    ValueError
        If a length is not above 0, or there are more than 100,000.
    """
    if (window is None and sliding is None) or span[1] <= span[0]:
        return []
    length = USUAL_WINDOW if window is None else window
    step = length if sliding is None else sliding
    starts, ends = epochs(*span, length, step=step)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _windows(
    found: SourceBeats, window: float | None, sliding: float | None, preset: Preset
) -> tuple[WindowLine, ...]:
    return tuple(window_lines(found, windows_of(found.span, window, sliding), preset))


def window_lines(
    found: SourceBeats,
    spans: Sequence[Span],
    preset: Preset,
    *,
    names: Collection[str] | None = None,
) -> Iterator[WindowLine]:
    """Yield the line of each window (start, end) in s, with every measure unless named."""
    if not spans:
        return
    start, end = (np.array(edges) for edges in zip(*spans, strict=True))
    asked = None if names is None else {*names, "breathing_rate"}
    estimates = over_windows(found, start, end, preset, names=asked)
    told = [name for name in estimates if names is None or name in names]
    for place, span in enumerate(spans):
        yield WindowLine(
            *span,
            {name: measure_line(estimates[name][place]) for name in told},
            panel.breathing_in_hf_band(estimates["breathing_rate"][place]),
            estimates["breathing_rate"].origin[place],
        )
