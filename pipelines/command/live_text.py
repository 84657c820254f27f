"""A snapshot in the words of a terminal and of JSON."""

from __future__ import annotations

from collections.abc import Iterator

from physio import panel
from physio.presets import INTERBEAT
from pipelines.analysis import (
    PartLine,
    Result,
    measure_line,
    measure_lines,
    preset_line,
    quality_line,
)
from pipelines.command import text
from pipelines.harmless import harmless
from pipelines.language import tr, translatable
from pipelines.session import Snapshot, SourceView
from pipelines.version import version
from pipelines.words import direction_text, link_text, position_text, reason_text, trust_text

SHOWN = {
    "mean_hr": translatable("heart rate"),
    "breathing_rate": translatable("breathing"),
    "rsa_amplitude": translatable("sway with breathing"),
}


def live_result(view: SourceView, snapshot: Snapshot) -> Result:
    """Return the line of JSON for one wearer: the recording so far, trailing windows."""
    return Result(
        version=version(),
        session=snapshot.session,
        source=view.role,
        time_s=snapshot.time,
        final=False,
        quality=quality_line(view.quality),
        preset=preset_line(INTERBEAT),
        measures=measure_lines(view.measures),
        breathing_in_hf_band=panel.breathing_in_hf_band(view.measures["breathing_rate"]),
        breathing_from=view.measures["breathing_rate"].origin,
        arousal=view.arousal,
        episodes=view.episodes,
        marks=view.marks,
        context=snapshot.hour.context,
        phases=tuple(
            PartLine(
                part.name,
                part.start,
                snapshot.time if part.end is None else part.end,
                part.consent,
                part.before,
                part.after,
            )
            for part in snapshot.hour.parts
        ),
    )


def live_lines(snapshot: Snapshot) -> Iterator[str]:
    """Yield the live summary, a line for each wearer."""
    minutes, seconds = divmod(int(snapshot.time), 60)
    for view in snapshot.sources:
        said = [f"{minutes:d}:{seconds:02d}", harmless(view.role), *_reading(view)]
        yield "  ".join(said)


def _reading(view: SourceView) -> Iterator[str]:
    if view.quality.beats == 0 and not view.lacks_intervals:
        yield tr("waiting") if view.link is None else link_text(view.link)
        return
    for name, words in SHOWN.items():
        estimate = view.measures[name]
        if estimate.value is not None:
            yield f"{tr(words)} {text.value(measure_line(estimate))}"
    glance = view.glance
    if glance.position:
        yield f"{position_text(glance.position)}, {direction_text(glance.direction)}"
    aside = "" if glance.reason is None else f" ({reason_text(glance.reason)})"
    yield f"{trust_text(glance.trust)}{aside}"
