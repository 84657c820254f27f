"""The plan of a batch: every parameter that makes a number, and the digest that names them."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import Final

import msgspec

from physio.measures import MEASURES
from physio.presets import Preset, preset_of
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.reading import CannotRead, contents
from pipelines.toml import toml

WHOLE: Final = "whole"
"""The epoch that is all of a recording."""

_DIGITS: Final = 16
"""Hexadecimal digits of a digest that rows bear: 64 bits tell plans apart."""


class BadPlan(ValueError):  # noqa: N818 - the name states the trouble
    """A plan that is none, in one sentence: what, where, what to do."""


class Epoch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of recordings that bears a name.

    Attributes
    ----------
    condition : str
        Its name, such as "baseline", "task" or "recovery".
    start_s, end_s : float
        Its edges in seconds from the recording's start.
    recording : str
        The recording that it is of, as the tables name it; "" where it is of each.
    """

    condition: str
    start_s: float
    end_s: float
    recording: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is measured, and how. The same plan on the same recordings gives the same tables.

    Attributes
    ----------
    preset : str
        The conventions.
    detrend_lambda, welch_window : float or None
        Numbers of the preset, where they are not its own.
    labels : bool
        Whether intervals that do not lie between two normal beats are left out.
    names : tuple of str
        The measures, all where none is named.
    window, sliding : float or None
        Length in s of epochs end to end, and the step by which windows slide.
    epochs : tuple of Epoch
        Stretches with names.
    marks : bool
        Whether each mark of a session begins a stretch, which lasts to the next one or the end.
    peaks : float or None
        Samples a second where the files hold R peaks.
    channel, breathing, rate
        The signals that are the ECG and breathing, and samples a second, where files do not tell
        them.
    large : bool
        Whether files may be large, as `formats.read` has it.
    """

    preset: str = "interbeat"
    detrend_lambda: float | None = None
    welch_window: float | None = None
    labels: bool = True
    names: tuple[str, ...] = ()
    window: float | None = None
    sliding: float | None = None
    epochs: tuple[Epoch, ...] = ()
    marks: bool = False
    peaks: float | None = None
    channel: str | None = None
    breathing: str | None = None
    rate: float | None = None
    large: bool = False

    @property
    def conventions(self) -> Preset:
        """The preset with its numbers."""
        return preset_of(
            self.preset, detrend_lambda=self.detrend_lambda, welch_window=self.welch_window
        )

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of what is measured, in the order in which it is told."""
        return tuple(name for name in MEASURES if not self.names or name in self.names)

    @property
    def digest(self) -> str:
        """What names the plan in every row: the beginning of the SHA-256 of its canonical JSON."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:_DIGITS]

    def epochs_of(self, recording: str) -> tuple[Epoch, ...]:
        """Return the stretches with names of one recording."""
        return tuple(one for one in self.epochs if one.recording in ("", recording))

    def name_of(self, path: Path) -> str:
        """Return what the epochs call a file: the longest of their recordings it ends with.

        A file is so called as in the tables of the folder that holds it; its own name else.
        """
        whole = path.absolute().as_posix()
        told = (one.recording for one in self.epochs if whole.endswith(f"/{one.recording}"))
        return max(told, key=len, default="") or path.name

    def strangers(self, recordings: Iterable[str]) -> tuple[str, ...]:
        """Return the recordings of which it has epochs, and that are none of these."""
        return tuple(sorted({one.recording for one in self.epochs} - {"", *recordings}))


def checked(plan: Plan) -> Plan:
    """Return a plan that can be carried out, its names and epochs in an order of their own.

    Raises
    ------
    BadPlan
        If it names what there is not, or a length that is none.
    """
    try:
        plan.conventions  # noqa: B018 - raises where it is none
    except ValueError as error:
        raise BadPlan(f"{error}.") from error
    unknown = [name for name in plan.names if name not in MEASURES]
    if unknown:
        raise BadPlan(
            tr(
                "There is no measure {name!r}; the measures are {names}.",
                name=unknown[0],
                names=", ".join(MEASURES),
            )
        )
    lengths = {"window": plan.window, "sliding": plan.sliding, "peaks": plan.peaks,
               "rate": plan.rate}  # fmt: skip
    for name, value in lengths.items():
        if value is not None and not (isfinite(value) and value > 0.0):
            raise BadPlan(
                tr("{name} {value:g} is none; give a number above 0.", name=name, value=value)
            )
    for one in plan.epochs:
        _refuse_epoch(one)
    order = sorted(set(plan.epochs), key=lambda one: (one.recording, one.start_s, one.end_s,
                                                      one.condition))  # fmt: skip
    return msgspec.structs.replace(plan, names=_ordered(plan.names), epochs=tuple(order))


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    asked = frozenset(names)
    return tuple(name for name in MEASURES if name in asked)


def _refuse_epoch(epoch: Epoch) -> None:
    if not epoch.condition.strip():
        raise BadPlan(
            tr("The epoch from {start:g} s has no name; give a condition.", start=epoch.start_s)
        )
    if epoch.condition == WHOLE:
        raise BadPlan(
            tr(
                "The epoch from {start:g} s is called {name}, as all of a recording is in the "
                "tables; give it another name.",
                start=epoch.start_s,
                name=WHOLE,
            )
        )
    if not (isfinite(epoch.start_s) and isfinite(epoch.end_s) and epoch.start_s < epoch.end_s):
        raise BadPlan(
            tr(
                "The epoch {condition!r} from {start:g} to {end:g} s is none; its end must come "
                "after its start.",
                condition=epoch.condition,
                start=epoch.start_s,
                end=epoch.end_s,
            )
        )


def plan_in(path: Path) -> Plan:
    """Return the plan that a file of TOML holds.

    Raises
    ------
    BadPlan
        If it cannot be read or holds none.
    """
    try:
        return checked(msgspec.convert(tomllib.loads(_text(path)), Plan))
    except tomllib.TOMLDecodeError as error:
        raise BadPlan(tr("{path} is no TOML: {error}.", path=path, error=error)) from error
    except msgspec.ValidationError as error:
        raise BadPlan(tr("{path} holds no plan: {error}.", path=path, error=error)) from error


def written(plan: Plan) -> str:
    """Return a plan as TOML, which `plan_in` reads."""
    return toml(msgspec.to_builtins(plan))


_COLUMNS = ("condition", "start_s", "end_s")
_BIDS: Final = frozenset(("trial_type", "onset", "duration"))
_NO_DURATION: Final = frozenset(("", "n/a"))
_MORE: Final = "\0"
"""Under what cells beyond the first line's stand; no table can hold it."""


def epochs_in(path: Path) -> tuple[Epoch, ...]:
    """Return the stretches that a table of conditions names.

    Its header names `condition`, `start_s` and `end_s`, or `trial_type`, `onset` and `duration` as
    the events of BIDS do; and `recording` where a stretch is of one recording alone. Events of BIDS
    without a duration are no stretches, and are passed over.

    Raises
    ------
    BadPlan
        If it cannot be read, lacks a column or a number, or names no stretch.
    """
    text = _text(path)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=separator, strict=True,
                          restkey=_MORE)  # fmt: skip
    try:
        named = [name.strip() for name in rows.fieldnames or ()]
        rows.fieldnames = named
        if set(named) >= _BIDS:
            return _some(path, _stretches(path, rows))
        missing = [name for name in _COLUMNS if name not in named]
        if missing:
            raise BadPlan(
                tr(
                    "{path} has no column {name}; begin it with condition,start_s,end_s.",
                    path=path,
                    name=missing[0],
                )
            )
        return _some(path, (_epoch(path, rows.line_num, row) for row in rows))
    except csv.Error as error:
        raise BadPlan(tr("{path} is no table: {error}.", path=path, error=error)) from error


def _some(path: Path, told: Iterable[Epoch]) -> tuple[Epoch, ...]:
    epochs = tuple(told)
    if not epochs:
        raise BadPlan(
            tr("{path} names no stretch that lasts; give a line for each condition.", path=path)
        )
    return epochs


def _stretches(path: Path, rows: csv.DictReader[str]) -> Iterator[Epoch]:
    """Yield the events of BIDS that last, as stretches."""
    for row in rows:
        _refuse_more(path, rows.line_num, row)
        if (row["duration"] or "").strip().casefold() in _NO_DURATION:
            continue
        told = {"condition": row["trial_type"], "start_s": row["onset"],
                "end_s": row["duration"], "recording": row.get("recording")}  # fmt: skip
        lasting = _epoch(path, rows.line_num, told)
        if lasting.end_s > 0.0:
            yield msgspec.structs.replace(lasting, end_s=lasting.start_s + lasting.end_s)


def _epoch(path: Path, line: int, row: dict[str, str | None]) -> Epoch:
    _refuse_more(path, line, row)
    condition, recording = (
        harmless((row.get(name) or "").strip(), most=None) for name in ("condition", "recording")
    )
    try:
        start, end = (float(row[name] or "") for name in ("start_s", "end_s"))
    except ValueError as error:
        raise BadPlan(
            tr(
                "{path}, line {line}: an edge is no number; give seconds from the recording's "
                "start.",
                path=path,
                line=line,
            )
        ) from error
    return Epoch(condition, start, end, recording)


def _refuse_more(path: Path, line: int, row: dict[str, str | None]) -> None:
    # A number with a decimal comma is two cells, and moves the edges.
    if any(one.strip() for one in row.get(_MORE) or ()):
        raise BadPlan(
            tr(
                "{path}, line {line} has more cells than the first line; write decimals with a "
                "point.",
                path=path,
                line=line,
            )
        )


def _text(path: Path) -> str:
    try:
        return contents(path).decode("utf-8-sig")
    except CannotRead as error:
        raise BadPlan(f"{path}: {error}.") from error
    except UnicodeDecodeError as error:
        raise BadPlan(tr("{path} is no text in UTF-8; save it so.", path=path)) from error
