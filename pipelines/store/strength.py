"""How strong a passphrase is, in words: a plain estimate by its length and kinds of letters.

It knows no dictionary: what it calls weak is weak, what it calls strong may still be a quotation.
"""

from __future__ import annotations

import math
from itertools import pairwise

from pipelines.language import tr, translatable, trn

SHORTEST = 8
"""Letters below which a passphrase is questioned."""

_KINDS = (
    (str.islower, 26),
    (str.isupper, 26),
    (str.isdigit, 10),
    (str.isspace, 1),
)
_OTHERS = 32
_WORDS = (
    (28.0, translatable("it is found at once")),
    (40.0, translatable("it is found within days by whoever has a copy of the files")),
    (60.0, translatable("it withstands one computer for years")),
    (math.inf, translatable("it is strong unless it is a name or a quotation")),
)


def in_words(passphrase: str) -> str:
    """Return what to expect of a passphrase where somebody tries them all."""
    bits = _bits(passphrase)
    return next(tr(words) for below, words in _WORDS if bits < below)


def doubt(passphrase: str) -> str | None:
    """Return what speaks against a passphrase, None where it is long enough."""
    letters = len(passphrase.strip())
    if letters >= SHORTEST:
        return None
    return trn(
        "The passphrase has {count} letter: {verdict}",
        "The passphrase has {count} letters: {verdict}",
        letters,
        verdict=in_words(passphrase),
    )


def _bits(passphrase: str) -> float:
    """Return how many yes-or-no guesses it takes, if its letters were drawn by chance.

    Letters that only repeat what stands before them count for nothing.
    """
    known = sum(size for is_kind, size in _KINDS if any(map(is_kind, passphrase)))
    others = _OTHERS if any(not _has_kind(letter) for letter in passphrase) else 0
    changes = 1 + sum(one != other for one, other in pairwise(passphrase))
    return min(changes, 2 * len(set(passphrase))) * math.log2(max(2, known + others))


def _has_kind(letter: str) -> bool:
    return any(is_kind(letter) for is_kind, _ in _KINDS)
