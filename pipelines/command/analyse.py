"""`interbeat analyse`: files and sessions in, numbers out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from pipelines.checksum import sha256
from pipelines.command.library import library_options, open_library, tell_of_newer
from pipelines.command.output import Problem, WrongCall, out, say
from pipelines.command.parameters import (
    BASELINE,
    BREATHING,
    CHANNEL,
    EPOCHS,
    LABELS,
    LARGE,
    NAMES,
    PEAKS,
    PRESET,
    SIGNAL_RATE,
    SLIDING,
    WINDOW,
    epochs_given,
    names_in,
)
from pipelines.extras import how_to_install
from pipelines.language import tr
from pipelines.places import default_store

if TYPE_CHECKING:
    from physio.presets import Preset
    from pipelines.analysis import Baselines, Result, WindowLine
    from pipelines.batch import Plan
    from pipelines.session import AnyEvent, SourceBeats, Span
    from pipelines.store import Library


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|SESSION...")
@click.option("--json", "as_json", is_flag=True, help=tr("One JSON object a source, a line each."))
@click.option("--csv", "as_csv", is_flag=True, help=tr("One table: a row a source and measure."))
@NAMES
@click.option("--all", "every", is_flag=True, help=tr("Show every measure, not the first alone."))
@WINDOW
@SLIDING
@EPOCHS
@click.option(
    "--from", "begin", type=float, metavar="S", help=tr("Leave out what comes before. [0]")
)
@click.option("--to", "until", type=float, metavar="S", help=tr("Leave out what comes after."))
@LABELS
@PRESET
@click.option("--detrend-lambda", type=float, metavar="L", help=tr("How stiff the trend is. [500]"))
@click.option("--welch-window", type=float, metavar="S", help=tr("Length of a Welch window. [300]"))
@click.option(
    "--baseline",
    type=BASELINE,
    help=tr("Take this stretch, or the whole of another recording, as the baseline."),
)
@PEAKS
@CHANNEL
@BREATHING
@SIGNAL_RATE
@LARGE
@library_options
def analyse(
    inputs: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    names: str | None,
    every: bool,
    window: float | None,
    sliding: float | None,
    epochs: str | None,
    begin: float | None,
    until: float | None,
    labels: str | None,
    preset: str | None,
    detrend_lambda: float | None,
    welch_window: float | None,
    baseline: tuple[float, float] | str | None,
    peaks: float | None,
    channel: str | None,
    breathing: str | None,
    rate: float | None,
    large: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Measure recordings, from files or the library.

    Files of any known format, and sessions by their ids.
    """
    lengths = {"--window": window, "--sliding": sliding, "--welch-window": welch_window}
    for name, value in lengths.items():
        if value is not None and not 0 < value < float("inf"):
            raise WrongCall(
                tr("{name} {value:g} is no length; give seconds above 0.", name=name, value=value)
            )
    reading = {
        "large": large,
        "peaks": peaks,
        "channel": channel,
        "breathing": breathing,
        "rate": rate,
    }
    shelf = Shelf(store, passphrase_file, reading)
    conventions = _preset(preset or "interbeat", detrend_lambda, welch_window)
    if as_json and as_csv:
        raise WrongCall(tr("--json and --csv are two ways of saying the same; give one."))
    wanted = Wanted(
        plan=_plan(names, epochs),
        conventions=conventions,
        labels=labels != "off",
        window=window,
        sliding=sliding,
        apart=sliding is not None and (as_json or as_csv),
        within=_within(begin, until),
        baseline=_baselines(baseline, shelf, labels=labels != "off"),
    )
    told = Told(as_json=as_json, as_csv=as_csv, every=every, names=wanted.plan.names)
    if as_csv:
        out(told.head())
    missing = [given for given in inputs if not _shown(given, shelf, wanted, told)]
    if missing:
        raise SystemExit(1)


def _preset(name: str, detrend_lambda: float | None, welch_window: float | None) -> Preset:
    """Return the preset of this name, with its numbers as given."""
    from physio.presets import preset_of

    try:
        return preset_of(name, detrend_lambda=detrend_lambda, welch_window=welch_window)
    except ValueError as error:
        raise WrongCall(f"{error}.") from error


def _plan(names: str | None, epochs: str | None) -> Plan:
    """Return the measures and the stretches that are asked for."""
    from pipelines.batch import BadPlan, Plan, checked

    try:
        return checked(Plan(names=names_in(names), **epochs_given(epochs)))
    except BadPlan as error:
        raise WrongCall(str(error)) from error


def _within(begin: float | None, until: float | None) -> tuple[float, float] | None:
    """Return the stretch that is asked for, None for all of a recording."""
    if begin is None and until is None:
        return None
    within = (-inf if begin is None else begin, inf if until is None else until)
    if not within[0] < within[1]:
        raise WrongCall(tr("--from and --to name no stretch; give --to a later moment, in s."))
    return within


def _baselines(
    given: tuple[float, float] | str | None, shelf: Shelf, *, labels: bool
) -> tuple[float, float] | Baselines | None:
    """Return the baselines of a recording where one is named, else what was given."""
    if not isinstance(given, str):
        return given
    from pipelines.analysis import baselines_of

    try:
        return baselines_of(shelf.events(given)[1], labels=labels)
    except ValueError as error:
        raise Problem(tr("{given} gives no baseline: {error}", given=given, error=error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is measured of each source, and under which conventions.

    `plan` holds the measures and the stretches with names, `within` the edges of what is measured.
    Windows that slide stand `apart` where each is printed on its own: together they may be larger
    than memory.
    """

    plan: Plan
    conventions: Preset
    labels: bool
    window: float | None
    sliding: float | None
    apart: bool
    within: Span | None
    baseline: Span | Baselines | None

    def of(self, events: Sequence[AnyEvent], name: str) -> Iterator[tuple[Result, SourceBeats]]:
        """Yield the result of each source, and the beats that it is of.

        Raises
        ------
        Problem
            In one sentence, if no heartbeat lies where it is asked for, or nobody wore a strap.
        """
        import msgspec

        from pipelines.analysis import summary
        from pipelines.session import Source, beats_of

        if not any(isinstance(event, Source) for event in events):
            raise Problem(tr("{name}: no strap was worn, so there is no heart to read.", name=name))
        for found in beats_of(events, labels=self.labels):
            part = self._part(found, name)
            result = summary(
                part,
                window=None if self.apart else self.window,
                sliding=None if self.apart else self.sliding,
                preset=self.conventions,
                baseline=self._baseline(found),
            )
            named = self._stretches(part, name)
            yield msgspec.structs.replace(result, windows=(*result.windows, *named)), part

    def slid(self, found: SourceBeats) -> Iterator[WindowLine]:
        """Yield the windows that slide over one source, one after the other: they may be many."""
        from pipelines.analysis import window_lines, windows_of

        if self.apart:
            spans = windows_of(found.span, self.window, self.sliding)
            names = self.plan.measures
            yield from window_lines(found, spans, self.conventions, names=names)

    def _part(self, found: SourceBeats, name: str) -> SourceBeats:
        from pipelines.session import stretch_of

        part = found if self.within is None else stretch_of(found, *self.within)
        if part is None:
            start, end = found.span
            raise Problem(
                tr(
                    "{name}: no heartbeat lies between --from and --to; it reaches from "
                    "{start:.0f} to {end:.0f} s.",
                    name=name,
                    start=start,
                    end=end,
                )
            )
        return part

    def _baseline(self, found: SourceBeats) -> Span | Baselines | None:
        """Return the baseline, which may lie before the stretch that is measured."""
        from pipelines.analysis import baseline_of

        span = found.baseline if self.baseline is None else self.baseline
        if self.within is None or not isinstance(span, tuple):
            return self.baseline
        try:
            return {found.role: baseline_of(found, span)}
        except ValueError:
            return span  # of which the result says why it gives none

    def _stretches(self, found: SourceBeats, name: str) -> Iterator[WindowLine]:
        import msgspec

        from pipelines.analysis import window_lines
        from pipelines.batch import stretches_of

        named = stretches_of(found, self.plan, self.plan.name_of(Path(name)))
        if self.plan.epochs and not named:
            say(tr("{name}: the table of --epochs names no stretch of it.", name=name))
        spans = [(one.start_s, one.end_s) for one in named]
        for one, line in zip(named, window_lines(found, spans, self.conventions), strict=True):
            yield msgspec.structs.replace(line, epoch=one.condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a result is printed: as a line of JSON, as rows, or in words.

    In words the measures that are read first are told, all where `every` says so; `names` are those
    asked for, none for all.
    """

    as_json: bool
    as_csv: bool
    every: bool
    names: tuple[str, ...]

    @staticmethod
    def head() -> str:
        """Return what stands above rows."""
        from pipelines.batch import head

        return head()

    def line(self, result: Result) -> str:
        """Return what to print of a result."""
        from pipelines.analysis import encode_result
        from pipelines.batch import only, printed
        from pipelines.command import text

        if self.names:
            result = only(result, self.names)
        if self.as_csv:
            return printed(result)
        if self.as_json:
            return encode_result(result)
        return text.describe(result, every=self.every or bool(self.names)) + "\n"

    def window(self, result: Result, window: WindowLine) -> str:
        """Return what to print of one of the windows that slide over what a result is of."""
        from pipelines.analysis import encode_result, sliding_line
        from pipelines.batch import printed_window

        if self.as_csv:
            return printed_window(result, window)
        return encode_result(sliding_line(result, window))


def _shown(given: str, shelf: Shelf, wanted: Wanted, told: Told) -> bool:
    """Print the result of each source of one input; say in one sentence why where there is none."""
    import msgspec

    try:
        name, events = shelf.events(given)
        about = {name: given} | ({"sha256": sha256(Path(given))} if name == "file" else {})
        _get_ready()
        for result, found in wanted.of(events, given):
            named = msgspec.structs.replace(result, **about)
            out(told.line(named))
            for window in wanted.slid(found):
                out(told.window(named, window))
    except (Problem, ValueError) as error:
        say(str(error))
        return False
    except OSError as error:
        say(tr("{name} cannot be read ({strerror}).", name=given, strerror=error.strerror))
        return False
    except MemoryError:
        say(
            tr(
                "{name}: the memory has no room to measure it; cut the recording.",
                name=given,
            )
        )
        return False
    return True


@cache
def _get_ready() -> None:
    from pipelines.analysis import get_ready

    get_ready(say)


class Shelf:
    """Where inputs are found: on the disk, or else in the library, which is opened once.

    `reading` is what `formats.read` is told of files.
    """

    def __init__(
        self,
        store: Path | None,
        passphrase_file: Path | None,
        reading: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._store = store or default_store()
        self._passphrase_file = passphrase_file
        self._reading = reading

    @cached_property
    def library(self) -> Library:
        """The library."""
        return open_library(self._store, self._passphrase_file, create=False)

    def events(self, given: str) -> tuple[str, Sequence[AnyEvent]]:
        """Return whether `given` names a "file" or a "session", and its events.

        Raises
        ------
        Problem, FormatError
            In one sentence, if it names neither or cannot be read.
        """
        from pipelines import formats, store

        if os.path.lexists(given) or not self._may_be_session(given):
            recording = formats.read(given, **self._reading)
            for note in recording.notes:
                say(f"{given}: {note}.")
            return "file", recording.events
        try:
            events = tuple(self.library.events(given))
        except store.LibraryError as error:
            raise Problem(str(error)) from error
        except ModuleNotFoundError as error:
            # The other inputs may be files, which need no more than is here.
            raise Problem(how_to_install(error) or str(error)) from error
        tell_of_newer(given, events)
        return "session", events

    def _may_be_session(self, given: str) -> bool:
        from pipelines import store

        return given.isalnum() and store.library_exists(self._store)
