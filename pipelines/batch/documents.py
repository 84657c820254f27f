"""What goes beside the tables: provenance, a codebook, and the methods in sentences.

They are in English whatever the language, as the columns and the lines of JSON are.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version as version_of
from typing import Final

import msgspec

from physio.measures import MEASURES
from pipelines.batch.overview import Overview
from pipelines.batch.plan import Plan, written
from pipelines.batch.rows import MeasureRow, QualityRow
from pipelines.batch.tables import wide_columns
from pipelines.version import version
from pipelines.words import measure_text

PROVENANCE: Final = "provenance.json"
CODEBOOK: Final = "codebook.md"
METHODS: Final = "methods.md"

_COUNTED_ON: Final = ("numpy", "scipy", "numba", "msgspec", "polars")


def provenance(overview: Overview, plan: Plan, passed_over: Sequence[str]) -> bytes:
    """Return what made the tables: versions, parameters, and the checksum of each input.

    Nothing in it depends on the machine's name, its folders, the time, or the order of the work.
    """
    told = {
        "program": "interbeat",
        "version": version(),
        "python": platform.python_version(),
        "packages": {name: version_of(name) for name in _COUNTED_ON},
        "plan": plan.digest,
        "parameters": msgspec.to_builtins(plan),
        "conventions": asdict(plan.conventions),
        "inputs": overview.inputs,
        "passed_over": list(passed_over),
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


_ABOUT_COLUMNS: Final[Mapping[str, str]] = {
    "recording": "its path from the folder that all inputs have in common",
    "source": 'whose heart: "client" where a file holds one person',
    "epoch": '"whole", or the condition that the plan names',
    "start_s": "where the epoch begins, in s from the recording's start",
    "end_s": "where it ends, in s",
    "measure": "its name; see Measures",
    "value": "the value in `unit`; empty where it is withheld",
    "unit": "unit of value, low, high and as_written",
    "low": "lower end of the 95 % interval from sampling error alone; empty where not known",
    "high": "upper end",
    "window_s": "length in s that the value speaks of",
    "coverage_percent": "share of that length that beats cover",
    "corrected_percent": "share of its intervals that bear a label",
    "share_percent": "share of the recording that the value rests on",
    "as_written": "the value of all intervals as they came; whole recordings, SDNN, RMSSD, HF",
    "doubt": "what weakens a value that is given",
    "reason": "why a value is withheld",
    "reactivity": 'in a "task" epoch: its value less that of the "baseline" epoch before it',
    "reactivity_low": "lower end of its 95 % interval (square and add, Zou and Donner 2008)",
    "reactivity_high": "upper end",
    "recovery": 'in a "recovery" epoch: its value less that of the "task" epoch before it',
    "recovery_low": "lower end of its 95 % interval",
    "recovery_high": "upper end",
    "preset": "the conventions",
    "plan": "beginning of the SHA-256 of the plan; plan.toml holds it",
    "version": "of the program",
    "sha256": "of the input",
    "device": "what the recording calls the device",
    "format": "the format as which it was read",
    "started": "when it began, as the file says",
    "beats": "intervals received, before labels",
    "duration_s": "from the first beat or gap to the last, in s",
    "gaps": "stretches without beats",
    "duplicates": "packets that arrived twice",
    "malformed": "packets that could not be read",
    "verdict": "good, limited or none: whether the recording can be interpreted",
    "breathing_in_hf_band": "whether breathing lies in 0.15 to 0.40 Hz; empty where unknown",
    "breathing_from": "the most direct of what the breathing rate is read from",
    "notes": "what had to be inferred when it was read",
}


def codebook(plan: Plan) -> str:
    """Return what every column of every table means, and every measure, as Markdown."""
    tidy = (*("recording",), *MeasureRow.__struct_fields__, "preset", "plan", "version", "sha256")
    judged = ("recording", *QualityRow.__struct_fields__, "preset", "plan", "version", "sha256")
    measures = [
        f"| {name} | {MEASURES[name].unit} | {measure_text(name)} | {_window(name)} | "
        f"{MEASURES[name].source} |"
        for name in plan.measures
    ]
    return "\n".join(
        (
            "# Codebook",
            "",
            "Empty cells are values that are not there; a value that is withheld has its reason.",
            "",
            "## measures.csv and measures.parquet: a row a recording, source, epoch and measure",
            *_columns(tidy),
            "",
            "## wide.csv: a row a recording, source and epoch",
            "`recording`, `source`, `epoch`, `start_s`, `end_s` and `verdict` as elsewhere, then",
            "for each measure its value, `_low` and `_high`:",
            ", ".join(f"`{name}`" for name in wide_columns(plan)[6:-4:3]) + ".",
            "",
            "## quality.csv: a row a recording and source",
            *_columns(judged),
            "",
            "## failures.csv: a row a recording that gave no numbers",
            "`recording`, `reason`, and the `sha256` of what it holds where it is a file.",
            "",
            "## windows.parquet: a file a recording, where --window or --sliding asked for windows",
            "Columns as in the tidy table, for each window from `start_s` to `end_s`.",
            "",
            "## beats: a file a recording, where --beats asked for them",
            "`time_s` is the end of the interval `rr_ms`; intervals of one `segment` follow each",
            "other without a gap; `label` is normal, ectopic, long, short, missed or extra.",
            "",
            "## Measures",
            "| measure | unit | what it is | shortest window | source |",
            "|---|---|---|---|---|",
            *measures,
            "",
        )
    )


def _columns(names: Iterable[str]) -> Iterable[str]:
    yield ""
    yield "| column | what it holds |"
    yield "|---|---|"
    for name in names:
        yield f"| {name} | {_ABOUT_COLUMNS[name]} |"


def _window(name: str) -> str:
    measure = MEASURES[name]
    return f"{measure.shortest:g} s, {measure.fewest} intervals"


UNKNOWN: Final = "**not known to the program**"


def methods(overview: Overview, plan: Plan) -> str:
    """Return the methods in sentences, and what guidelines ask that no recording tells."""
    minutes, verdicts = overview.minutes, overview.verdicts
    formats, devices = sorted(overview.formats), sorted(filter(None, overview.devices))
    spread = f"{min(minutes):.1f} to {max(minutes):.1f} min" if minutes else "none"
    return "\n".join(
        (
            "# Methods",
            "",
            f"Heart rate variability was computed with Interbeat {version()} from intervals "
            f"between heartbeats ({', '.join(formats) or 'none'}) of {overview.measured} "
            f"recordings ({spread}); {overview.failed} recordings gave no numbers (failures.csv "
            "says why of each). "
            f"{_labels(plan)} {_trend(plan)} {_spectra(plan)} "
            "Nothing was computed across a gap. Values are given with 95 % intervals from sampling "
            "error alone; values of stretches that can not be read are withheld with the reason. "
            f"Of {overview.sources} sources {verdicts['good']} were good, {verdicts['limited']} "
            f"limited and {verdicts['none']} not interpretable by rules stated beforehand (more "
            "than 5 % of intervals labelled or missing: limited; more than 15 % labelled, or an "
            f"irregular rhythm: none). The plan ({plan.digest}) stands in every row and below.",
            "",
            "## What guidelines ask",
            "GRAPH (Quintana, Alvares and Heathers 2016, doi 10.1038/tp.2016.73), Laborde, "
            "Mosley and Thayer (2017, doi 10.3389/fpsyg.2017.00213), and the publication "
            "guidelines of the Society for Psychophysiological Research (Quigley et al. 2024, doi "
            "10.1111/psyp.14604).",
            "",
            "| item | answer |",
            "|---|---|",
            *(f"| {item} | {answer} |" for item, answer in _items(plan, devices, spread, verdicts)),
            "",
            "## The plan",
            "```toml",
            written(plan).rstrip(),
            "```",
            "",
        )
    )


def _labels(plan: Plan) -> str:
    if not plan.labels:
        return "Every interval was used as it is; nothing was corrected."
    return (
        "Early, missed, extra and misplaced beats were labelled by the method of Lipponen and "
        "Tarvainen (2019, doi 10.1080/03091902.2019.1640306; quartiles of signed differences) and "
        "left out, not interpolated, in the time domain."
    )


def _trend(plan: Plan) -> str:
    preset = plan.conventions
    if preset.regularization is None:
        return "The slow trend was left in."
    also = " and the time domain, entropy and DFA" if preset.time_domain_detrended else ""
    return (
        f"The slow trend was taken off before spectra{also} by smoothness priors (Tarvainen et al. "
        f"2002, doi 10.1109/10.979357; lambda {preset.regularization:g})."
    )


def _spectra(plan: Plan) -> str:
    return (
        f"Spectra are Welch's, windows of up to {plan.conventions.welch_window:g} s of intervals "
        "resampled at 4 Hz by a cubic spline; LF is 0.04 to 0.15 Hz, HF 0.15 to 0.40 Hz."
    )


def _items(
    plan: Plan, devices: Sequence[str], spread: str, verdicts: Mapping[str, int]
) -> Iterable[tuple[str, str]]:
    yield "device and software of acquisition", ", ".join(devices) or UNKNOWN
    yield "sampling rate of the signal behind the intervals", UNKNOWN
    yield "length of recordings", spread
    yield "artefacts: how they were found and treated", _labels(plan)
    yield "share of corrected beats", "measures.csv and quality.csv, column corrected_percent"
    yield (
        "recordings excluded, and why",
        (f"failures.csv; verdict none: {verdicts['none']} (quality.csv)"),
    )
    yield (
        "breathing",
        (
            "rate from what `breathing_from` says, withheld where it is not clear; HF is "
            "not read as vagal where `breathing_in_hf_band` is false or empty"
        ),
    )
    yield "trend", _trend(plan)
    yield "spectral method and bands", _spectra(plan)
    for item in (
        "participants: number, age, sex, body mass, fitness",
        "health, medicines, hormonal cycle",
        "coffee, nicotine, alcohol, meals, sleep and exercise before",
        "time of day", "posture, movement, talking and breathing instruction",
        "order of conditions, time to settle, who was in the room",
        "sample size and how it was planned", "pre-registration", "statistics",
    ):  # fmt: skip
        yield item, UNKNOWN
