"""The language that people read: sentences in English in the code, translated where they leave."""

from pipelines.language.translating import (
    LANGUAGE,
    TRANSLATIONS,
    agrees,
    from_the_right,
    language,
    tr,
    translatable,
    trn,
)

__all__ = [
    "LANGUAGE",
    "TRANSLATIONS",
    "agrees",
    "from_the_right",
    "language",
    "tr",
    "translatable",
    "trn",
]
