"""`interbeat plan share`, `shares`, `take-back`, `open`; `interbeat outcomes`: what is given."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from pipelines.command.library import is_there, json_option, library_options, sentences
from pipelines.command.output import Problem, WrongCall, out, print_json, say
from pipelines.command.parameters import REPLACE
from pipelines.command.plan import plan_sentences
from pipelines.command.sharing import seal_option
from pipelines.command.weeks import opened
from pipelines.harmless import harmless
from pipelines.language import tr, trn

if TYPE_CHECKING:
    from pipelines.weeks import Count, Outcome, Outcomes, Share

_PARTS = ("weeks", "practice", "happenings", "unwanted", "sums", "resting", "plan")


@click.command()
@click.option("--with", "whom", required=True, metavar="NAME", help=tr("With whom, as you say."))
@click.option(
    "--part", "parts", type=click.Choice(_PARTS), multiple=True, required=True,
    help=tr("What: give it once for each. Pages that you wrote are never shared."),
)  # fmt: skip
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="YYYY-MM-DD",
    help=tr("The last day on which it opens."),
)  # fmt: skip
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE"
)
@REPLACE
@seal_option
@json_option
@library_options
def share(
    whom: str,
    parts: tuple[str, ...],
    until: datetime,
    file: Path,
    replace: bool,
    seal_file: Path | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Share a part of your weeks: one file, sealed, with somebody and until a day."""
    from pipelines import store as stores
    from pipelines.weeks import Part, give_share, new_id, share_of

    today = date.today()
    if until.date() < today:
        raise WrongCall(tr("--until lies in the past; name a day to come."))
    _, own, entries = opened(store, passphrase_file)
    made = share_of(
        entries, tuple(Part(one) for one in parts), share=new_id(), whose=own.whose,
        whom=harmless(whom).strip(), made=today, until=until.date(),
    )  # fmt: skip
    try:
        with sentences():
            theirs = stores.seal_passphrase(file, file=seal_file, tell=say)
            give_share(own, file, made, theirs, time.time(), replace=replace)
    except FileExistsError as error:
        raise is_there(file) from error
    except OSError as error:
        raise _cannot_write(file, error) from error
    if as_json:
        print_json({"share": made.share, "file": str(file), "entries": len(made.entries)})
    else:
        say(tr("{file} is sealed; tell them the passphrase by another way.", file=file))


@click.command("take-back")
@click.argument("share_id", metavar="SHARE")
@click.option(
    "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True,
    metavar="FILE", help=tr("The shared file, where you and they can reach it."),
)  # fmt: skip
@json_option
@library_options
def take_back(
    share_id: str, file: Path, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """Take a share back: a notice takes the place of its file, which opens no more."""
    from pipelines.weeks import is_share, person, withdraw_share

    _, own, entries = opened(store, passphrase_file)
    known = {one.id for one in person(entries).shares}
    if share_id not in known:
        raise WrongCall(tr("There is no share of that id; `interbeat plan shares` lists them."))
    if not is_share(file):
        raise WrongCall(tr("{file} is no shared file; name the one that you gave.", file=file))
    try:
        with sentences():
            withdraw_share(own, file, share_id, time.time())
    except OSError as error:
        raise _cannot_write(file, error) from error
    if as_json:
        print_json({"taken_back": share_id})
    else:
        say(tr("It opens no more. A copy that somebody made elsewhere cannot be reached."))


@click.command()
@json_option
@library_options
def shares(as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """List what you share: with whom, what, and until when."""
    from pipelines.weeks import part_text, person

    _, _, entries = opened(store, passphrase_file)
    for one in person(entries).shares:
        if as_json:
            print_json(msgspec.to_builtins(one))
        else:
            parts = ", ".join(part_text(part) for part in one.parts)
            out(f"{one.id}  {one.until.isoformat()}  {harmless(one.whom)}: {parts}")


@click.command("open")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--plan", type=click.Path(path_type=Path, dir_okay=False), metavar="PLAN.toml",
    help=tr("Write the plan that was shared to a file, to be changed and given back."),
)  # fmt: skip
@REPLACE
@seal_option
@json_option
def open_share(
    file: Path, plan: Path | None, replace: bool, seal_file: Path | None, as_json: bool
) -> None:
    """Open what somebody shared with you, while they let you."""
    from pipelines import store as stores
    from pipelines.weeks import lines, person, read_share, story

    with sentences():
        if (stands := _cannot_open(file)) is not None:
            raise stands
        secret = stores.passphrase_of_seal(file, file=seal_file)
        shared = read_share(file, secret, date.today())
    found = person(shared.told())
    if plan is not None:
        _write_plan(plan, found.plan, replace=replace)
    elif as_json:
        print_json(msgspec.json.decode(msgspec.json.encode(shared)))
    else:
        out("\n".join(lines(story(found, date.today()))))
        if found.plan is not None:
            out("\n" + found.plan)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--scale", "scales", type=click.Path(path_type=Path, dir_okay=False), multiple=True,
    metavar="FILE.toml", help=tr("A questionnaire of your own whose sums count; once for each."),
)  # fmt: skip
@seal_option
@json_option
def outcomes(folder: Path, scales: tuple[Path, ...], seal_file: Path | None, as_json: bool) -> None:
    """Count how people did who shared their weeks with a programme: never who, never a rank."""
    from pipelines import store as stores
    from pipelines.programmes import read_questionnaire
    from pipelines.weeks import SCALES, is_share, taken_back
    from pipelines.weeks import outcomes as counted

    files = sorted(path for path in folder.iterdir() if path.is_file())
    if not any(is_share(path) or taken_back(path) is not None for path in files):
        raise WrongCall(
            tr("{folder} holds no shared weeks; name a folder of files that people shared.",
               folder=folder)
        )  # fmt: skip
    with sentences(), plan_sentences():
        own = [read_questionnaire(path).scale for path in scales]
        secret = stores.passphrase_of_seal(folder, file=seal_file)
    troubles: list[str] = []
    told = counted(_read(files, secret, troubles), scales=(*SCALES, *own))
    if as_json:
        print_json({**msgspec.to_builtins(told), "not_opened": len(troubles)})
    else:
        out("\n".join(_told(told)))
    for sentence in troubles:
        say(sentence)
    if troubles:
        raise SystemExit(1)


def _read(files: list[Path], secret: str, troubles: list[str]) -> Iterator[Share]:
    """Yield the shares that open; those that are over are passed over, others are troubles."""
    from pipelines.store import LibraryError
    from pipelines.weeks import Over, is_share, read_share, taken_back

    back = {taken_back(path) for path in files}
    for path in files:
        if not is_share(path):
            continue
        try:
            share = read_share(path, secret, date.today())
        except Over:
            continue
        except LibraryError as error:
            troubles.append(str(error))
            continue
        if share.share not in back:
            yield share


def _told(found: Outcomes) -> Iterator[str]:
    yield trn("{count} person shared.", "{count} people shared.", found.people)
    for one in found.measures:
        name = tr("What they want to do") if one.measure == "activity" else one.measure
        yield f"{name}: {_counts(one)}"
    harmed = _count(found.harmed, tr("had something unwanted"))
    yield tr("{harmed}; {missing} did not share that.", harmed=harmed, missing=found.harm_missing)


def _counts(one: Outcome) -> str:
    words = tr("better"), tr("the same"), tr("worse")
    counts = (one.better, one.same, one.worse)
    told = [_count(count, word) for count, word in zip(counts, words, strict=True)]
    left = tr("{count} with too few answers", count=one.missing)
    return ", ".join((*told, left))


def _count(one: Count, words: str) -> str:
    if one.low is None or one.high is None:
        return f"{one.count} {words}"
    return tr(
        "{count} {words} ({low:.0f} to {high:.0f} %)",
        count=one.count, words=words, low=100.0 * one.low, high=100.0 * one.high,
    )  # fmt: skip


def _cannot_open(file: Path) -> WrongCall | None:
    """Return what is wrong with a file before its passphrase is asked for, None for nothing."""
    from pipelines.weeks import is_share, taken_back

    if taken_back(file) is not None or is_share(file):
        return None
    return WrongCall(tr("{file} is no shared file; name one that somebody gave you.", file=file))


def _write_plan(path: Path, text: str | None, *, replace: bool) -> None:
    from pipelines.store import write_open_file

    if text is None:
        raise WrongCall(tr("No plan was shared in this file."))
    try:
        write_open_file(path, text.encode(), replace=replace)
    except FileExistsError as error:
        raise is_there(path) from error
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> Problem:
    return Problem(tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror))
