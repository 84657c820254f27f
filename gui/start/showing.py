"""Which page is shown where a window is."""

from __future__ import annotations

from collections.abc import Callable

from gui.library import Said, library_page, note_place, outcomes_text, search_place
from gui.review import review_page
from gui.review import words_place as reviewed_place
from gui.shared.drawing import NOTHING, Drawing, Paper
from gui.start import pages
from gui.start.finished_page import client_place, finished_page, words_place
from gui.start.life import Asks, Life, State
from gui.start.sentences_page import sentence_place, sentences_page
from gui.start.settings_page import settings_page, written_place
from gui.start.straps_page import straps_page
from gui.start.telling import asked_text
from gui.start.whose_page import new_place, whose_page
from gui.weeks import told_place, weeks_page
from pipelines.language import tr
from pipelines.recording import Undoable
from pipelines.words import written_text

Page = Callable[[Paper], Drawing]


def page_of(life: Life, note: str, strength: str) -> Page:
    """Return the page; `note` keeps something from being done, `strength` is a passphrase's."""
    if life.asks in (Asks.WHOSE, Asks.NEW):
        return lambda paper: whose_page(paper, life)
    if life.asks is Asks.SEAL:
        return lambda paper: pages.seal_page(paper, life, strength, note)
    return {
        State.GONE: pages.gone_page,
        State.START: lambda paper: pages.start_page(paper, life),
        State.FIRST: lambda paper: pages.first_page(paper, life, strength, note),
        State.RECOVERY: lambda paper: pages.recovery_page(paper, life),
        State.LOCKED: lambda paper: pages.locked_page(paper, life, note),
        State.LABELS: lambda paper: pages.labels_page(paper, life, note),
        State.STRAPS: lambda paper: straps_page(paper, life),
        State.OPENING: lambda paper: pages.opening_page(paper, life),
        State.FINISHED: lambda paper: finished_page(paper, life),
        State.RECORDINGS: lambda paper: library_page(paper, life.stock, life.browsing, _said(life)),
        State.REVIEW: lambda paper: _review(paper, life),
        State.SENTENCES: lambda paper: sentences_page(paper, life),
        State.WEEKS: lambda paper: weeks_page(
            paper,
            life.story,
            life.telling,
            refusal=note or life.desk.refusal or _written(life),
            asks=asked_text(life),
        ),
        State.SETTINGS: lambda paper: settings_page(paper, life, note),
    }.get(life.state, lambda _: NOTHING)


def asked_place(paper: Paper, life: Life) -> tuple[float, float, float, float]:
    """Return where on its page is written what is asked for: x, y, width, height."""
    match life.asks:
        case Asks.LABEL:
            return pages.label_place(paper, life.row)
        case Asks.CLIENT:
            return client_place(paper)
        case Asks.NEW:
            return new_place(paper)
        case Asks.CONTACT | Asks.AUTHOR:
            return written_place(paper, life)
        case Asks.SENTENCE:
            return sentence_place(paper, life)
        case Asks.SEARCH:
            return search_place(paper)
        case Asks.NOTE:
            return note_place(paper)
        case Asks.WANT | Asks.HAPPENED | Asks.UNWANTED | Asks.FLARE | Asks.DAYS:
            return told_place(paper)
    if life.opened is not None:
        return reviewed_place(paper, life.opened, life.looking)
    return words_place(paper, life)


def _review(paper: Paper, life: Life) -> Drawing:
    """Return the hour that is looked at, or what stands until it is there."""
    if life.opened is None:
        return pages.opening_page(paper, life)
    news = life.desk.refusal or _written(life)
    return review_page(paper, life.opened, life.looking, refusal=news)


def _written(life: Life) -> str | None:
    """Return where something was written, None where nothing was."""
    return written_text(life.desk.written) if life.desk.written else None


def _said(life: Life) -> Said:
    """Return what the library's page says besides the library."""
    asks = {Asks.SEARCH: "search", Asks.NOTE: "note"}
    return Said(
        message=_message(life),
        minutes=life.settings.minutes_unlocked,
        years=life.settings.years_kept,
        unread=life.desk.unread,
        asks=asks.get(life.asks, "") if life.asks is not None else "",
        lockable=life.desk.lockable,
    )


def _message(life: Life) -> str:
    """Return what was done in the library, is being done, or could not be."""
    desk = life.desk
    if desk.refusal:
        return desk.refusal
    if desk.busy:
        return tr("One moment")
    told = outcomes_text(desk.outcomes)
    if desk.undoes is not Undoable.THROWN:
        return told
    left = tr("Deleted for good after ten seconds, or when you go on; Backspace takes that back.")
    return " ".join(filter(None, (told, left)))
