"""`interbeat weeks`: a person's own file, week by week."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict, TypeVar

import click
import msgspec

from pipelines.command.library import (
    is_there,
    json_option,
    library_options,
    open_library,
    sentences,
    write_for_others,
)
from pipelines.command.output import Problem, WrongCall, out, print_json, say
from pipelines.command.parameters import REPLACE, SESSION
from pipelines.command.plan import ENDS as PLAN_ENDS
from pipelines.command.plan import plan_sentences
from pipelines.harmless import harmless
from pipelines.language import language, tr, trn

if TYPE_CHECKING:
    from pipelines.programmes import Questionnaire
    from pipelines.store import Library, OwnFile
    from pipelines.weeks import AnyEntry

F = TypeVar("F", bound=Callable[..., object])
MOST_WORDS = 300
"""Characters of a note; what is longer is a page to write."""
LONGEST_PAGE = 1_000_000
"""Bytes of a page."""
_RATING = click.IntRange(0, 10)
_DAY = click.DateTime(["%Y-%m-%d"])


class Stamp(TypedDict):
    """What every entry bears."""

    id: str
    day: date
    at: float


New = Callable[[], Stamp]


class Opened(NamedTuple):
    """A library, the own file beside it, and what stands in that."""

    library: Library
    own: OwnFile
    entries: list[AnyEntry]


def opened(store: Path | None, passphrase_file: Path | None, *, create: bool = False) -> Opened:
    """Return the own file, with the practices that the library has kept meanwhile taken in.

    Whoever adds to it may `create` the library that it lies beside: nobody needs a strap first.
    """
    from pipelines.weeks import brought_up_to_date

    library = open_library(store, passphrase_file, create=create)
    with sentences():
        own = library.own_file()
        return Opened(library, own, brought_up_to_date(library, own, time.time()))


def day_option(command: F) -> F:
    """Add `--day`."""
    return click.option(
        "--day", type=_DAY, metavar="YYYY-MM-DD", help=tr("Which day it is about. [today]")
    )(command)


def day_or_today(day: datetime | None) -> date:
    """Return the day that was named, or today."""
    return date.today() if day is None else day.date()


@click.group()
def weeks() -> None:
    """Your own weeks: what you want to do, how it goes, and a file that is yours."""


@weeks.command()
@click.option(
    "--out",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help=tr("Write them as a page to print."),
)
@click.option(
    "--until", type=_DAY, metavar="YYYY-MM-DD", help=tr("The last day that is shown. [today]")
)
@REPLACE
@json_option
@library_options
def show(
    path: Path | None,
    until: datetime | None,
    replace: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Show your weeks in words, or as a page to print."""
    from pipelines.weeks import lines, person, story, weeks_page

    library, _, entries = opened(store, passphrase_file)
    told = story(person(entries), day_or_today(until))
    if path is not None:
        write_for_others(library, path, weeks_page(told).encode(), replace=replace)
        say(tr("{path} is not encrypted; whoever has it can read it.", path=path))
    elif as_json:
        print_json(msgspec.to_builtins(told))
    else:
        out("\n".join(lines(told)))


@weeks.command()
@click.argument("activity")
@json_option
@library_options
def want(activity: str, as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Say what you want to be able to do, in your own words; you are asked about it each week."""
    from pipelines.weeks import Intention

    words = _words(activity)
    _kept(store, passphrase_file, as_json, lambda new: [Intention(**new(), activity=words)])


@weeks.command()
@click.option("--activity", type=_RATING, help=tr("How well could you do it? 10: as you like."))
@click.option("--mood", type=_RATING, help=tr("0: very low, 10: very good"))
@click.option("--tension", type=_RATING, help=tr("0: none, 10: the most I know"))
@click.option("--pain", type=_RATING, help=tr("0: none, 10: the most I know"))
@click.option("--verdict", type=_RATING, help=tr("0: much worse, 5: the same, 10: much better"))
@day_option
@json_option
@library_options
def rate(
    day: datetime | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
    **answers: int | None,
) -> None:
    """Say how a week was. Answer what you like; the last answer of a week counts."""
    from pipelines.weeks import Answer, Question

    given = {Question(name): value for name, value in answers.items() if value is not None}
    if not given:
        raise WrongCall(tr("Nothing was answered; give --activity and a number from 0 to 10."))
    _kept(
        store,
        passphrase_file,
        as_json,
        lambda new: [Answer(**new(), question=one, value=value) for one, value in given.items()],
        day=day,
    )


@weeks.command()
@click.argument("words")
@click.option(
    "--flare", type=click.IntRange(1, 365), metavar="DAYS", help=tr("It was a flare of so long.")
)
@click.option("--unwanted", is_flag=True, help=tr("It was something unwanted that practice did."))
@day_option
@json_option
@library_options
def note(
    words: str,
    flare: int | None,
    unwanted: bool,
    day: datetime | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Note something that happened, in your own words."""
    from pipelines.weeks import Flare, Happening, Unwanted

    if unwanted and flare is not None:
        raise WrongCall(tr("Give --flare or --unwanted, not both; note the other by itself."))
    said = _words(words)

    def entry(new: New) -> list[AnyEntry]:
        if flare is not None:
            return [Flare(**new(), days=flare, words=said)]
        return [Unwanted(**new(), words=said) if unwanted else Happening(**new(), words=said)]

    _kept(store, passphrase_file, as_json, entry, day=day)


@weeks.command("sum")
@click.argument("scale")
@click.argument("value", type=click.IntRange(0, 1000))
@day_option
@json_option
@library_options
def note_sum(
    scale: str,
    value: int,
    day: datetime | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Note the sum of a questionnaire by its name: GAD-7, PHQ-4, or one of your clinic."""
    from pipelines.weeks import Sum, refuse_sum

    name = _words(scale)
    with sentences():
        refuse_sum(name, value)
    _kept(
        store, passphrase_file, as_json, lambda new: [Sum(**new(), scale=name, value=value)],
        day=day,
    )  # fmt: skip


@weeks.command()
@click.argument("questionnaire", metavar="GAD-7|PHQ-4|FILE.toml")
@day_option
@json_option
@library_options
def ask(
    questionnaire: str,
    day: datetime | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Answer a questionnaire item by item; its sum is kept, and no answer by itself."""
    from pipelines.weeks import Sum, person, sum_text

    asked = _questionnaire(questionnaire)
    _, _, entries = opened(store, passphrase_file, create=True)
    value = _answered(asked)
    name = harmless(asked.name)
    before = [one.value for one in person(entries).sums if one.scale == name]
    _kept(
        store, passphrase_file, as_json, lambda new: [Sum(**new(), scale=name, value=value)],
        day=day,
    )  # fmt: skip
    say(sum_text(value, before[0] if before else None, asked.scale))


def _questionnaire(called: str) -> Questionnaire:
    from pipelines.programmes import QUESTIONNAIRES, read_questionnaire, shipped_questionnaire

    if called.endswith(PLAN_ENDS):
        with plan_sentences():
            return read_questionnaire(Path(called))
    if called.upper() not in QUESTIONNAIRES:
        raise WrongCall(
            tr("There is no such questionnaire; take {names}, or a file that ends in .toml.",
               names=", ".join(QUESTIONNAIRES))
        )  # fmt: skip
    if language() != "en":
        say(
            tr(
                "This questionnaire is here in English only: we could not find its official words "
                "in your language. If your clinic has them, it can write them into a file."
            )
        )
    return shipped_questionnaire(called.upper())


def _answered(asked: Questionnaire) -> int:
    """Ask each item, and return the sum of the answers."""
    for words in (asked.name, asked.asks):
        if words:
            say(harmless(words, most=None))
    for number, answer in enumerate(asked.answers):
        say(f"  {number}  {harmless(answer, most=None)}")
    kinds = click.IntRange(0, len(asked.answers) - 1)
    total = sum(
        int(click.prompt(harmless(item, most=None), type=kinds, err=True)) for item in asked.items
    )
    if asked.attribution:
        say(harmless(asked.attribution, most=None))
    return total


@weeks.command()
@click.argument("session", type=SESSION, required=False)
@click.option("--posture", type=click.Choice(["lying", "sitting", "standing"]))
@click.option("--off", is_flag=True, help=tr("Show resting measures no more; they are kept."))
@json_option
@library_options
def rest(
    session: str | None,
    posture: str | None,
    off: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Take a quiet recording as a resting measure, always in one posture; this turns them on."""
    from pipelines.weeks import Choice, resting_of

    if off == (session is not None) or (session is not None and posture is None):
        raise WrongCall(tr("Name a session and its --posture, or give --off alone."))
    library, own, entries = opened(store, passphrase_file)
    now = time.time()
    choice = Choice(id="resting", day=date.today(), at=now, name="resting", on=not off)
    with sentences():
        measured = [] if session is None else [resting_of(library, session, str(posture), entries)]
        _add(own, [*measured, choice], as_json=as_json)


@weeks.command()
@json_option
@library_options
def write(as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Keep a page from standard input that is yours alone; it is shared with nobody."""
    from pipelines.weeks import writing

    text = sys.stdin.buffer.read(LONGEST_PAGE + 1)
    if not text.strip() or len(text) > LONGEST_PAGE:
        raise WrongCall(tr("Write a page of 1 to 1,000,000 bytes to standard input."))
    _, own, _ = opened(store, passphrase_file, create=True)
    with sentences():
        _add(own, [writing(text.decode(errors="replace"), time.time())], as_json=as_json)


@weeks.command()
@click.argument("page", required=False)
@json_option
@library_options
def read(page: str | None, as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """List the pages that you wrote, or read one by its id."""
    from pipelines.weeks import person, text_of

    _, _, entries = opened(store, passphrase_file)
    pages = {one.id: one for one in person(entries).writings}
    if page is not None and page not in pages:
        raise WrongCall(tr("There is no page of that id; `interbeat weeks read` lists them."))
    for one in pages.values() if page is None else [pages[page]]:
        if as_json:
            told = {"id": one.id, "day": one.day.isoformat()}
            print_json(told if page is None else told | {"text": text_of(one)})
        else:
            out(f"{one.id}  {one.day.isoformat()}" if page is None else text_of(one))


@weeks.command("let-go")
@click.argument("entry")
@json_option
@library_options
def let_go(entry: str, as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Let go of a page or a note by its id: its key and its words are destroyed."""
    from pipelines.weeks import let_go as gone

    _, own, entries = opened(store, passphrase_file)
    if entry not in {one.id for one in entries}:
        raise WrongCall(tr("There is nothing of that id; `interbeat weeks read` lists pages."))
    with sentences():
        gone(own, entry, time.time())
    if as_json:
        print_json({"gone": entry})
    else:
        say(tr("It is gone from your file. Copies that you made before still hold it."))


@weeks.command()
@click.option("--from", "start", type=_DAY, metavar="YYYY-MM-DD", help=tr("The first. [today]"))
@click.option(
    "--at", "hour", type=click.DateTime(["%H:%M"]), default="18:00", show_default=True,
    metavar="HH:MM", help=tr("At what time of the day."),
)  # fmt: skip
@click.option("--weeks", "count", type=click.IntRange(1, 104), default=12, show_default=True)
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path, dir_okay=False), metavar="PLAN.toml",
    help=tr("Its appointments come along, and the weeks in which people meet."),
)  # fmt: skip
@click.option(
    "--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True,
    metavar="FILE.ics",
)  # fmt: skip
@REPLACE
def remind(
    start: datetime | None,
    hour: datetime,
    count: int,
    plan_file: Path | None,
    path: Path,
    replace: bool,
) -> None:
    """Write reminders for your calendar: once a week, and a look back after six months."""
    from pipelines.programmes import read_plan
    from pipelines.store import write_open_file
    from pipelines.weeks import reminders

    with plan_sentences():
        plan = None if plan_file is None else read_plan(plan_file)
    content = reminders(day_or_today(start), hour.time(), count, time.time(), plan=plan)
    try:
        write_open_file(path, content, replace=replace)
    except FileExistsError as error:
        raise is_there(path) from error
    except OSError as error:
        raise Problem(
            tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror)
        ) from error


@weeks.command()
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
    metavar="DIR", help=tr("A folder for entries.json, entries.csv and weeks.html."),
)  # fmt: skip
@REPLACE
@library_options
def export(folder: Path, replace: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Write all that is in your file so that it can be read without this program."""
    from pipelines.weeks import as_csv, as_json, person, story, weeks_page

    library, _, entries = opened(store, passphrase_file)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            tr("{path} cannot be written ({strerror}).", path=folder, strerror=error.strerror)
        ) from error
    page = weeks_page(story(person(entries), date.today())).encode()
    for name, content in (
        ("entries.json", as_json(entries)),
        ("entries.csv", as_csv(entries)),
        ("weeks.html", page),
    ):
        write_for_others(library, folder / name, content, replace=replace)
    say(tr("{path} is not encrypted; whoever has it can read it.", path=folder))


@weeks.command("import")
@click.argument("what", metavar="FILE|CODE")
@click.option(
    "--seal-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help=tr("Read the passphrase of the file from the first line of FILE; asked otherwise."),
)  # fmt: skip
@json_option
@library_options
def take_in(
    what: str,
    seal_file: Path | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Take in an own file from elsewhere, a plan (.toml), or the log of the phone's page."""
    from pipelines import store as stores
    from pipelines.programmes import read_log
    from pipelines.weeks import not_there_yet, phone_kept, plan_kept

    _, own, entries = opened(store, passphrase_file, create=True)
    file = Path(what)
    with sentences(), plan_sentences():
        if stores.is_own_file(file):
            secret = stores.passphrase_of_seal(file, file=seal_file)
            new = not_there_yet(stores.read_own_file(file, secret), own.bodies())
        elif file.suffix == PLAN_ENDS:
            new = plan_kept(file, entries, time.time())
        else:
            new = phone_kept(read_log(what), own.bodies(), time.time())
        if new:
            own.add(new)
    if as_json:
        print_json({"added": len(new)})
    else:
        say(trn("{count} entry is added.", "{count} entries are added.", len(new)))


def _kept(
    store: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
    make: Callable[[New], list[AnyEntry]],
    *,
    day: datetime | None = None,
) -> None:
    """Keep new entries, and say what is offered then."""
    from pipelines.weeks import caution, caution_text, new_id, person

    _, own, entries = opened(store, passphrase_file, create=True)
    now = time.time()

    def new() -> Stamp:
        return {"id": new_id(), "day": day_or_today(day), "at": now}

    made = make(new)
    with sentences():
        _add(own, made, as_json=as_json)
    offered = caution_text(caution(person([*entries, *made])))
    if offered:
        say(offered)


def _add(own: OwnFile, entries: list[AnyEntry], *, as_json: bool) -> None:
    from pipelines.weeks import encoded

    own.add([encoded(one) for one in entries])
    if as_json:
        print_json({"added": [one.id for one in entries]})
    else:
        say(tr("It is kept in {path}.", path=own.path))


def _words(given: str) -> str:
    words = harmless(given, most=MOST_WORDS).strip()
    if not words:
        raise WrongCall(tr("There are no words; say it in a few."))
    return words
