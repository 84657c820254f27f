"""The sentences of a report as a plain text, to be put otherwise before it leaves.

    # a note
    [session 20261130-0930-4KQD]

    [first]
    Your heart sped up clearly twice, and settled both times.

A passage stands below its name. What is left out of the file stays as it was; where nothing stands
below a name, nothing is said. Figures, picture and table are no part of it, and no number can come
in: a number of a passage is one that the program wrote there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Final

import msgspec

from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.report.content import Passage, Report
from pipelines.report.sentences import QUOTED, quoted_list

LONGEST: Final = 1000
"""Letters of a passage at most."""
_SESSION: Final = "session "
_NAME: Final = re.compile(r"\[(.*)\]\s*")
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")


class BadDraft(ValueError):  # noqa: N818 - it says what the draft is
    """A draft that no report can be made from; the message is one sentence."""


def as_draft(report: Report, session: str) -> str:
    """Return the words of a report of a session, ready to be edited."""
    notes = (
        tr("The words of a report, to be put as you would say them."),
        tr("A sentence stands below its name in brackets; leave that empty, and it is not said."),
        tr("Numbers can be left out, but none can be changed or added."),
        tr("This file is not encrypted; whoever has it can read it."),
    )
    told = (f"[{one.name}]\n{_guarded(one.words)}\n" for one in report.passages)
    head = "".join(f"# {note}\n" for note in notes)
    return "\n".join((head, f"[{_SESSION}{session}]\n", *told))


def _guarded(words: str) -> str:
    """Return words as a line that is neither a note nor a name: those begin a line."""
    return f" {words}" if words.startswith(("#", "[")) else words


def read_draft(text: str, session: str) -> dict[str, str]:
    """Return what a draft says, by the names of its passages.

    Raises
    ------
    BadDraft
        If it is not of this session, has words below no name, or a name twice.
    """
    found: dict[str, list[str]] = {}
    below: list[str] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        name = _NAME.fullmatch(line)
        if name is not None:
            below = found.setdefault(name[1], [])
            if below:
                raise BadDraft(tr("[{name}] stands there twice.", name=harmless(name[1])))
            below.append("")
        elif line.strip() and not line.startswith("#"):
            if below is None:
                raise BadDraft(tr("Line {number} stands below no name in brackets.", number=number))
            below.append(harmless(line, most=None).strip())
    _refuse_other(found, session)
    return {
        name: " ".join(filter(None, lines))
        for name, lines in found.items()
        if not name.startswith(_SESSION)
    }


def _refuse_other(names: Mapping[str, object], session: str) -> None:
    """Refuse the words of another session, or of none."""
    of = [name.removeprefix(_SESSION) for name in names if name.startswith(_SESSION)]
    if not of:
        raise BadDraft(tr("It does not say of which session it is; --draft writes one that does."))
    if of != [session]:
        raise BadDraft(tr("It is of session {other}.", other=harmless(", ".join(of))))


def reworded(report: Report, words: Mapping[str, str]) -> Report:
    """Return the report with passages in other words, and what was changed by hand listed.

    Parameters
    ----------
    report : Report
        As the program words it.
    words : mapping of str to str
        Passages by name, "" for one that is left out. The others stay.

    Raises
    ------
    BadDraft
        If there is no such passage, one is too long, or has a number that was not there.
    """
    names = [one.name for one in report.passages]
    for name in words:
        if name not in names:
            raise BadDraft(
                tr(
                    "There is no sentence [{name}]; there are: {names}.",
                    name=harmless(name),
                    names=", ".join(names),
                )
            )
    passages = tuple(_put(one, words.get(one.name, one.words)) for one in report.passages)
    changes = (*report.changes, *_changes(passages))
    return msgspec.structs.replace(report, passages=passages, changes=changes)


def _put(passage: Passage, words: str) -> Passage:
    """Return a passage in these words."""
    told = " ".join(harmless(words, most=None).split())
    if told == " ".join(passage.words.split()):
        return passage
    if len(told) > LONGEST:
        raise BadDraft(
            tr(
                "[{name}] is longer than {most} letters; put it in fewer.",
                name=passage.name,
                most=LONGEST,
            )
        )
    known = _NUMBER.findall(passage.words)
    for number in _NUMBER.findall(told):
        if number not in known:
            raise BadDraft(
                tr(
                    "The number {number} in [{name}] is not the program's: a number can be left "
                    "out, but none can be changed or added.",
                    number=number,
                    name=passage.name,
                )
            )
    return Passage(passage.place, passage.name, told, by_hand=True)


def _changes(passages: tuple[Passage, ...]) -> Iterator[str]:
    """Yield what of a report was put in other words, by how it begins now, or left out."""
    put = [one.words for one in passages if one.by_hand and one.words]
    left_out = sum(one.by_hand and not one.words for one in passages)
    if put:
        yield trn(
            "{count} sentence put in other words ({sentences})",
            "{count} sentences put in other words ({sentences})",
            len(put),
            sentences=quoted_list([shorten(words, QUOTED, placeholder="…") for words in put]),
        )
    if left_out:
        yield trn("{count} sentence left out", "{count} sentences left out", left_out)
