"""What is said of the library: its sessions in a line each, and what was done in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from gui.library.course import Group, Kind, Since, Stock
from pipelines.analysis import Outline
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.recording import Done, FoundLine, Outcome
from pipelines.session import Note
from pipelines.weeks import own_left_out_text, own_restored_text
from pipelines.words import clock_text, day_at, day_text, duration_text, moments_text

YEAR = 365.25 * 86400.0
KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.ALL: translatable("all recordings"),
        Kind.HEARTS: translatable("with a strap"),
        Kind.ALONE: translatable("practice without a strap"),
    }
)
TIMES: Final[Mapping[Since, str]] = MappingProxyType(
    {
        Since.EVER: translatable("from any time"),
        Since.QUARTER: translatable("from the last three months"),
        Since.YEAR: translatable("from the last year"),
    }
)
_DONE: Final[Mapping[Done, str]] = MappingProxyType(
    {Done.NOTED: translatable("The note is kept."), Done.DELETED: translatable("It is deleted.")}
)


def client_text(client: str) -> str:
    """Return a client's name, or what is said of sessions that are nobody's."""
    return harmless(client) or tr("No one yet")


def sessions_texts(group: Group, at: float) -> tuple[str, ...]:
    """Return how many sessions somebody has, and when the last was; without that in few words."""
    count, day = len(group.rows), short_day(group.rows[0].started, at)
    return (
        trn("{count} session, last {day}", "{count} sessions, last {day}", count, day=day),
        trn("{count} session", "{count} sessions", count),
    )


def short_day(when: float, at: float) -> str:
    """Return a day, without its year where that is the present one."""
    return day_texts(when, at)[0]


def day_texts(when: float, at: float) -> tuple[str, str]:
    """Return the same, and where that has no room the day in figures."""
    day = day_at(when)
    return day_text(day, year=day.year != day_at(at).year), day.isoformat()


def length_texts(duration: float, outline: Outline | None) -> tuple[str, ...]:
    """Return how long a session was, and how many moments were marked; without that in few words.

    They are not known before it was read.
    """
    long = duration_text(duration)
    if outline is None:
        return (long,)
    return tr("{duration}, {moments}", duration=long, moments=moments_text(outline.moments)), long


def hour_text(outline: Outline) -> str:
    """Return how often heart rate rose in a session, and settled."""
    if not outline.rises:
        return tr("No rise stood out.")
    if outline.settled == outline.rises:
        return trn("One rise, settled.", "{count} rises, all settled.", outline.rises)
    if outline.rises == 1:
        return tr("One rise; its settling was not seen.")
    return trn(
        "{count} rise, {settled} settled.",
        "{count} rises, {settled} seen to settle.",
        outline.rises,
        settled=outline.settled,
    )


def read_text(outline: Outline) -> str:
    """Return for how much of a session heart rate could be read."""
    minutes, of = round(outline.readable_s / 60.0), round(outline.duration_s / 60.0)
    return trn(
        "Read for {minutes} of {count} minute.",
        "Read for {minutes} of {count} minutes.",
        of,
        minutes=minutes,
    )


def found_text(line: FoundLine) -> str:
    """Return where words were found in a session, and how often besides."""
    where = tr("{time} “{text}”", time=clock_text(line.time), text=harmless(line.text))
    if line.count == 1:
        return where
    more = trn("{count} more", "{count} more", line.count - 1)
    return tr("{where}, {more}", where=where, more=more)


def note_text(note: Note) -> str:
    """Return a note, who wrote it, and when."""
    when = datetime.fromtimestamp(note.wall).astimezone()
    return tr(
        "{day}, {time:%H:%M}, {author}: {text}",
        day=day_text(when.date()),
        time=when,
        author=harmless(note.author) or tr("nobody named"),
        text=harmless(note.text, most=None),
    )


def medicines_text(when: float, at: float) -> str:
    """Return that other medicines were noted on a day than in the sessions before it."""
    return tr(
        "Other medicines were noted on {day}; compare across this line with care.",
        day=short_day(when, at),
    )


def locks_text(minutes: int | None) -> str:
    """Return when the library locks itself."""
    if minutes is None:
        return ""
    return trn(
        "Locks itself after {count} minute without use",
        "Locks itself after {count} minutes without use",
        minutes,
    )


def retention_text(stock: Stock, years: int | None) -> str:
    """Return how many sessions are older than they are to be kept, "" where no rule says so."""
    if years is None or not stock.rows:
        return ""
    old = sum(stock.at - one.started > years * YEAR for one in stock.rows)
    rule = trn(
        "Your rule keeps sessions for {count} year.",
        "Your rule keeps sessions for {count} years.",
        years,
    )
    if not old:
        none = tr("None is older.")
        return f"{rule} {none}"
    told = trn(
        "{count} is older; nothing is deleted by itself.",
        "{count} are older; nothing is deleted by itself.",
        old,
    )
    return f"{rule} {told}"


def is_due(started: float, stock: Stock, years: int | None) -> bool:
    """Return whether a session is older than sessions are to be kept."""
    return years is not None and stock.at - started > years * YEAR


def backup_text(stock: Stock) -> str:
    """Return when the library was backed up last."""
    if not stock.rows:
        return ""
    if stock.backup is None:
        return tr("It was never backed up.")
    return tr("Last backup: {day}.", day=short_day(stock.backup, stock.at))


def outcomes_text(outcomes: Sequence[Outcome]) -> str:
    """Return what was done in the library."""
    return " ".join(_outcome(one) for one in outcomes)


def _outcome(one: Outcome) -> str:
    match one.done:
        case Done.MOVED if one.client is None:
            return tr("The session is nobody's now.")
        case Done.MOVED:
            return tr("The session is {client}'s now.", client=harmless(one.client or ""))
        case Done.MERGED:
            return trn(
                "{count} session is {client}'s now.",
                "{count} sessions are {client}'s now.",
                one.count,
                client=harmless(one.client or ""),
            )
        case Done.BACKED_UP:
            return _backed_up(one)
        case Done.RESTORED:
            restored = trn(
                "{count} session is restored; {there} were there already, {gone} stay deleted.",
                "{count} sessions are restored; {there} were there already, {gone} stay deleted.",
                one.count,
                there=one.there,
                gone=one.gone,
            )
            return " ".join(filter(None, (restored, own_restored_text(one.own))))
        case Done.SEALED:
            return _sealed(one)
        case Done.DELETED if one.backups:
            named = ", ".join(f"{held.id} ({day_text(day_at(held.made))})" for held in one.backups)
            return tr(
                "It is deleted. These backups still hold it; destroy them where it must be gone: "
                "{named}.",
                named=named,
            )
    return tr(_DONE[one.done])


def _backed_up(one: Outcome) -> str:
    told = trn(
        "{count} session is in the backup {path}, sealed and read back whole.",
        "{count} sessions are in the backup {path}, sealed and read back whole.",
        one.count,
        path=harmless(one.path, most=None),
    )
    rest = trn(
        "{count} cannot be read and is not in it.",
        "{count} cannot be read and are not in it.",
        one.left_out,
    )
    own = own_left_out_text(one.own_trouble)
    return " ".join(filter(None, (told, rest if one.left_out else "", own)))


def _sealed(one: Outcome) -> str:
    told = trn(
        "{path} holds {count} session of {client}; tell them the passphrase by another way.",
        "{path} holds {count} sessions of {client}; tell them the passphrase by another way.",
        one.count,
        path=harmless(one.path, most=None),
        client=harmless(one.client or ""),
    )
    if not one.left_out:
        return told
    rest = trn(
        "{count} is not in it, as nothing of it is theirs alone or it has not ended.",
        "{count} are not in it, as nothing of them is theirs alone or they have not ended.",
        one.left_out,
    )
    return f"{told} {rest}"
