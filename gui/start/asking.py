"""The fields that are written in: with which words each begins, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence

from gui.shared import mirror
from gui.shared.drawing import Paper
from gui.start import pages
from gui.start.life import Asks, Life, labels
from gui.start.sheet import SecretField, WordsField
from gui.start.showing import asked_place
from gui.start.telling import asked_text, wanted
from gui.weeks import PageField, page_place
from gui.weeks.course import Leaf
from pipelines.language import tr


def begin(field: WordsField, life: Life) -> None:
    """Let be written what is asked for."""
    field.ask(*_asked(life))
    if life.asks is Asks.SENTENCE:
        field.home(False)  # noqa: FBT003 - Qt's own


def _asked(life: Life) -> tuple[str, str]:
    """Return what a field is called to a screen reader, and the words that it begins with."""
    moment, sentence = life.moment, life.sentence
    match life.asks:
        case Asks.SEARCH:
            return tr("What to look for"), life.browsing.words
        case Asks.NOTE:
            return tr("A note about this session"), ""
        case Asks.AUTHOR:
            return tr("Who writes notes"), life.settings.author
        case Asks.WANT | Asks.HAPPENED | Asks.UNWANTED | Asks.FLARE | Asks.DAYS:
            return asked_text(life), wanted(life)
        case Asks.LABEL:
            return tr("What this key marks"), labels(life)[life.row]
        case Asks.CLIENT:
            return tr("Whose hour was this?"), life.desk.client or ""
        case Asks.CONTACT:
            return tr("Somebody to call, and their number"), life.settings.contact
        case Asks.NEW:
            return tr("The name of somebody new"), ""
        case Asks.SENTENCE:
            return tr("This sentence"), "" if sentence is None else sentence.words
    return tr("Words for the mark"), "" if moment is None else moment.text


def lay_words(field: WordsField, life: Life, paper: Paper, scale: float) -> None:
    """Lay the field for words where its page has room for it."""
    field.look(paper.palette, scale)
    x, y, width, height = (round(at * scale) for at in asked_place(paper, life))
    mirror.lay(field, x, y, width, height)


def lay_page(field: PageField, life: Life, paper: Paper, scale: float) -> None:
    """Lay the field for a page of one's own; where none is open any more, forget what it said."""
    leaf, page = life.telling.leaf, life.desk.page
    shown = life.own_page_open
    if shown and leaf is Leaf.READING:
        field.read("" if page is None else page.text)
    elif shown or life.telling.draft:
        field.write()
    else:
        field.forget()
    field.look(paper.palette, scale)
    x, y, width, height = (round(at * scale) for at in page_place(paper))
    mirror.lay(field, x, y, width, height)
    if not shown and field.hasFocus():
        field.window().setFocus()  # else the next widget has it
    field.setVisible(shown)
    if shown and not life.help:
        field.setFocus()


def lay_secrets(fields: Sequence[SecretField], count: int, paper: Paper, scale: float) -> None:
    """Lay so many of the fields for a passphrase where their page has room, and hide the rest."""
    places = pages.field_places(paper, count)
    size = round(pages.FIELD_WIDTH * scale), round(pages.FIELD_HEIGHT * scale)
    for number, field in enumerate(fields):
        field.look(paper.palette, scale)
        if number < count:
            x, y = (round(at * scale) for at in places[number])
            mirror.lay(field, x, y, *size)
        field.setVisible(number < count)
