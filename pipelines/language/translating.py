"""The language that people read: chosen once a process, from its environment.

`tr` and `trn` are what Babel looks for when it gathers the messages (`make messages`). A language
is one file, `locale/LANGUAGE.po`; a translator tries one out in a folder of their own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from pipelines.language.po import read_catalogue
from pipelines.language.pseudo import Pseudo

LANGUAGE: Final = "INTERBEAT_LANGUAGE"
"""Environment variable that names a language before those of the system do."""
TRANSLATIONS: Final = "INTERBEAT_TRANSLATIONS"
"""Environment variable that names a folder of further catalogues."""
OURS: Final = Path(__file__).parent / "locale"
PSEUDO: Final = {
    "pseudo": Pseudo(1.3),
    "pseudo-long": Pseudo(2.0),
    "pseudo-mirrored": Pseudo(1.3, from_the_right=True),
}
"""Languages that are English in disguise: longer, twice as long, and written from the right."""
FROM_THE_RIGHT: Final = frozenset(("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
"""Languages that are written from the right to the left."""
_NAME: Final = re.compile(r"([A-Za-z]+(?:-[a-z]+)?)(?:_[A-Za-z]+)?")
_ENGLISH: Final = ("en", "c", "posix")
_SYSTEM: Final = (LANGUAGE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def tr(message: str, /, **figures: object) -> str:
    """Return a sentence in the language of this process, its figures in their places.

    Parameters
    ----------
    message : str
        The English sentence, figures as "{name}" with any format that `str.format` takes.
    **figures : object
        What stands in it.
    """
    return _filled(_translations().gettext(message), message, figures)


def trn(one: str, many: str, count: int, /, **figures: object) -> str:
    """Return a sentence as `tr`, in the form that so many ask for; "{count}" is the number."""
    english = one if count == 1 else many
    found = _translations().ngettext(one, many, count)
    return _filled(found, english, figures | {"count": count})


def translatable(message: str) -> str:
    """Return a message as it is: it is translated where it is told, and gathered here."""
    return message


def agrees(answer: str) -> bool:
    """Return whether an answer is yes, in English or as it is told here; a letter is enough."""
    yes = tr("yes").casefold()
    return answer.strip().casefold() in {"y", "yes", yes[0], yes}


def language() -> str:
    """Return the code of the language that is told, as BCP 47 has it, "und" where it has none."""
    found = _translations()
    if not isinstance(found, GNUTranslations):
        return "en"
    told = _NAME.match(found.info().get("language", ""))
    return told[0].replace("_", "-") if told else "und"


def from_the_right() -> bool:
    """Return whether the language that is told is written from the right to the left."""
    found = _translations()
    if isinstance(found, Pseudo):
        return found.from_the_right
    return language().partition("-")[0] in FROM_THE_RIGHT


def _filled(found: str, english: str, figures: Mapping[str, object]) -> str:
    # A translator's slip in a field costs the translation, never the sentence.
    with suppress(LookupError, ValueError, AttributeError):
        return found.format(**figures)
    return english.format(**figures)


def _translations() -> NullTranslations:
    return _of(*map(os.environ.get, (TRANSLATIONS, *_SYSTEM)))


@lru_cache(maxsize=8)
def _of(folder: str | None, *asked: str | None) -> NullTranslations:
    """Return the first catalogue there is of the languages asked for; English has none."""
    folders = (*([Path(folder)] if folder else []), OURS)
    for language in _wanted(asked):
        if language in PSEUDO:
            return PSEUDO[language]
        if language.lower() in _ENGLISH:
            break
        for place in folders:
            with suppress(OSError, ValueError):
                return read_catalogue(place / f"{language}.po")
    return NullTranslations()


def _wanted(asked: Iterable[str | None]) -> Iterator[str]:
    """Yield the languages asked for first, as "de_AT" and then "de", the dearest first."""
    told = next(filter(None, asked), "")
    for found in map(_NAME.match, told.split(":")):
        if found:
            yield from dict.fromkeys((found[0], found[1]))
