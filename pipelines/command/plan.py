"""`interbeat plan`: what is agreed on for some weeks, and its page for a phone."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pipelines.command.library import is_there, json_option
from pipelines.command.output import Problem, WrongCall, out, print_json, say
from pipelines.command.parameters import REPLACE
from pipelines.harmless import harmless
from pipelines.language import tr, trn

if TYPE_CHECKING:
    from pipelines.programmes import Due, Plan, Practised, Programme

ENDS: Final = ".toml"
"""What the name of a programme of one's own ends in."""


@click.group()
def plan() -> None:
    """Write a plan for some weeks together, look at it, and make a page for the phone of it."""


@plan.command()
@click.option(
    "--programme",
    required=True,
    metavar="NAME|FILE.toml",
    help=tr("workshop, pain-management, home-plan, or a programme of your own."),
)
@click.option(
    "--out",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help=tr("Where the plan goes: a text that you can edit."),
)
@click.option(
    "--start",
    metavar="YYYY-MM-DD",
    help=tr("The first day of the first week; today unless you say so."),
)
@click.option("--for", "who", default="", metavar="NAME", help=tr("A made-up name of whose it is."))
@REPLACE
def new(programme: str, path: Path, start: str | None, who: str, replace: bool) -> None:
    """Write a plan with the weeks of a programme, to be filled in together."""
    from pipelines.programmes import checked, plan_of, written

    begins = today() if start is None else _day(start, "--start")
    with plan_sentences():
        made = plan_of(
            _programme(programme),
            begins,
            name=Path(programme).stem,
            plan_id=secrets.token_hex(4),
            made_by=harmless(who),
        )
        _write(path, written(checked(made)), replace=replace)
    out(harmless(path, most=None))
    say(tr("Fill it in with any text editor; docs/plans.md says what each line is."))


@plan.command()
@click.argument("path", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--day", metavar="YYYY-MM-DD", help=tr("The day that counts as today."))
@json_option
def show(path: Path, day: str | None, as_json: bool) -> None:
    """Say what a plan holds, and what is due in which week."""
    from pipelines.programmes import due, plan_lines, read_plan

    now = today() if day is None else _day(day, "--day")
    with plan_sentences():
        found = read_plan(path)
    weeks = due(found, now)
    if as_json:
        print_json(_told(found, weeks))
        return
    for line in plan_lines(found, weeks):
        out(harmless(line, most=None))


@plan.command()
@click.argument("path", metavar="[PLAN]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out",
    "goes",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help=tr("Where the page goes, to be sent to the phone."),
)
@click.option(
    "--read",
    "said",
    metavar="CODE|FILE",
    help=tr("What the phone gave: its code, its file, or - to take the code from the input."),
)
@REPLACE
@json_option
def phone(
    path: Path | None, goes: Path | None, said: str | None, replace: bool, as_json: bool
) -> None:
    """Make a page for the phone of a plan; or, with --read, tell what the phone logged.

    The page is one file that works without a network. It holds the guide, the contact and the
    setback plan, and nothing else of the plan.
    """
    if said is not None:
        _read(path, goes, said, as_json=as_json)
        return
    if path is None or goes is None:
        raise WrongCall(tr("Name the plan, and where its page goes: plan phone PLAN --out FILE."))
    if as_json:
        raise WrongCall(tr("--json goes with --read; a page is made without it."))
    from pipelines.programmes import phone_page, read_plan

    with plan_sentences():
        _write(goes, phone_page(read_plan(path)), replace=replace)
    out(harmless(goes, most=None))
    say(tr("This file is not encrypted; whoever has it can read it."))


def _read(path: Path | None, goes: Path | None, said: str, *, as_json: bool) -> None:
    """Tell what a phone logged."""
    if path is not None or goes is not None:
        raise WrongCall(tr("--read takes a code or a file, and neither a plan nor --out."))
    from pipelines.programmes import as_told, read_log

    with plan_sentences():
        log = read_log(sys.stdin.read() if said == "-" else said)
    for one in log.practices:
        if as_json:
            print_json({"schema": 1, "plan": log.plan, **as_told(one)})
        else:
            out(_line(one))
    if not as_json:
        say(trn("{count} practice.", "{count} practices.", len(log.practices)))


def _line(one: Practised) -> str:
    from pipelines.words import minutes_text

    told = [f"{one.started:%Y-%m-%d %H:%M}", minutes_text(float(one.breathed_s))]
    if one.tension_before is not None:
        told.append(tr("Tension before: {number}.", number=one.tension_before))
    if one.tension_after is not None:
        told.append(tr("Tension after: {number}.", number=one.tension_after))
    if one.note:
        told.append(harmless(one.note, most=None))
    return "  ".join(told)


def _told(found: Plan, weeks: tuple[Due, ...]) -> dict[str, object]:
    import msgspec

    told = {**msgspec.to_builtins(found), "weeks": [msgspec.to_builtins(one) for one in weeks]}
    return _without_unread(told)


def _without_unread(told: dict[str, object]) -> dict[str, object]:
    """Return what a plan says in words that this version knows."""
    return {name: _known(value) for name, value in told.items() if name != "unread"}


def _known(value: object) -> object:
    if isinstance(value, dict):
        return _without_unread(value)
    if isinstance(value, list | tuple):
        return [_known(one) for one in value]
    return value


def _programme(called: str) -> Programme:
    from pipelines.programmes import SHIPPED, read_programme, shipped

    if called in SHIPPED:
        return shipped(called)
    if called.endswith(ENDS):
        return read_programme(Path(called))
    raise WrongCall(
        tr(
            'There is no programme "{called}"; take {names}, or a file that ends in .toml.',
            called=called,
            names=", ".join(SHIPPED),
        )
    )


def today() -> date:
    """Return the day that it is here."""
    return date.today()


def _day(said: str, option: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise WrongCall(
            tr("{option} is no day; give one such as 2026-11-30.", option=option)
        ) from error


def _write(path: Path, text: str, *, replace: bool) -> None:
    """Write a file that is only its owner's to open, whole or not at all."""
    from pipelines.store import write_open_file

    try:
        write_open_file(path, text.encode(), replace=replace)
    except FileExistsError as error:
        raise is_there(path) from error
    except OSError as error:
        raise Problem(
            tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror)
        ) from error


@contextmanager
def plan_sentences() -> Iterator[None]:
    """Say in one sentence what is not so with a plan, a programme or a log."""
    from pipelines.programmes import BadLog, BadPlan

    try:
        yield
    except (BadLog, BadPlan) as error:
        raise Problem(str(error)) from error
