"""The sentences of a report: what can be said first, and in other words for the client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from physio.reasons import Reason
from pipelines.harmless import harmless
from pipelines.language import tr, translatable, trn
from pipelines.report.content import Audience, joined
from pipelines.session import EpisodeView, MarkChange
from pipelines.words import (
    clock_text,
    duration_text,
    height_text,
    mark_text,
    reason_text,
)

FOLLOWED_AT_LEAST = 300.0
"""Seconds of heart rate below which nothing is said of rises; ours."""
TOLD = 3
"""Rises that the first page tells one by one."""
NAMED = 3
"""Moments that a sentence names."""
NEARLY_A_MINUTE = 45.0
"""Seconds."""
QUOTED = 40
"""Characters of a moment's words in a sentence."""

QUIET = tr("A quiet trace can be calm, shutdown or medicine; the program does not say which.")


def lead_text(
    rises: Sequence[EpisodeView], audience: Audience, *, followed: float, lasts: float
) -> str:
    """Return in one sentence how often heart rate rose and whether it settled.

    `followed` says for how many of the seconds that the session `lasts` it could be read: of too
    few, nothing is said.
    """
    for_client = audience is Audience.CLIENT
    if not rises and lasts < FOLLOWED_AT_LEAST:
        return tr("This was too short to say whether heart rate rose.")
    if not rises and followed < FOLLOWED_AT_LEAST:
        return tr("Too little could be read to say whether heart rate rose.")
    if not rises:
        lasting = duration_text(followed)
        if for_client:
            return tr(
                "Your heart did not clearly speed up in the {lasting} that could be read.",
                lasting=lasting,
            )
        return tr("Heart rate did not clearly rise in the {lasting} that could be read.",
                  lasting=lasting)  # fmt: skip
    settled = _settled_text(len(rises), sum(one.resolved for one in rises))
    if for_client:
        return _times(_SPED_UP, len(rises), settled)
    return _times(_ROSE, len(rises), settled)


_ROSE = (
    translatable("Heart rate rose clearly above where it had been once, {settled}."),
    translatable("Heart rate rose clearly above where it had been twice, {settled}."),
    translatable("Heart rate rose clearly above where it had been {count} times, {settled}."),
)
_SPED_UP = (
    translatable("Your heart sped up clearly once, {settled}."),
    translatable("Your heart sped up clearly twice, {settled}."),
    translatable("Your heart sped up clearly {count} times, {settled}."),
)


def _times(sentences: tuple[str, str, str], count: int, settled: str) -> str:
    return tr(sentences[min(count, 3) - 1], count=count, settled=settled)


def _settled_text(rises: int, settled: int) -> str:
    if settled == 0:
        return tr("and was not seen to settle")
    if settled == rises:
        every = (tr("and settled"), tr("and settled both times"), tr("and settled each time"))
        return every[min(rises, 3) - 1]
    some = (tr("and settled once"), tr("and settled twice"))
    return some[settled - 1] if settled < 3 else tr("and settled {count} times", count=settled)


def rises_texts(rises: Sequence[EpisodeView], audience: Audience) -> Iterator[str]:
    """Yield when heart rate rose, how far, and how it settled; nothing where it did not."""
    for one in rises[:TOLD]:
        yield _rise_text(one, audience)
    if len(rises) > TOLD:
        yield trn("{count} more followed.", "{count} more followed.", len(rises) - TOLD)


def _rise_text(one: EpisodeView, audience: Audience) -> str:
    around = quoted_list([mark.text for mark in one.marks])
    told = {
        "time": clock_text(one.onset_s),
        "around": tr(", around {moments},", moments=around) if around else "",
    }
    if audience is Audience.CLIENT:
        return tr("At {time}{around} it sped up, {settled}.", settled=_soon_text(one), **told)
    height = height_text(one).removeprefix("+")
    return tr(
        "At {time}{around} it rose by {height}, {settled}.",
        height=height,
        settled=_soon_text(one),
        **told,
    )


def _soon_text(one: EpisodeView) -> str:
    if one.recovery_s is None:
        return tr("and was not seen to settle")
    return tr("and had settled after {lasting}", lasting=about_text(one.recovery_s))


def about_text(seconds: float) -> str:
    """Return about how long something took, in words that nobody has to work out."""
    if seconds < NEARLY_A_MINUTE:
        tens = max(10, round(seconds / 10.0) * 10)
        return trn("about {count} second", "about {count} seconds", tens)
    minutes = round(seconds / 60.0)
    return trn("about {count} minute", "about {count} minutes", minutes)


def unread_texts(marks: Iterable[MarkChange]) -> Iterator[str]:
    """Yield around which moments nothing can be said, and why: a sentence for each reason."""
    reasons: dict[Reason, list[str]] = {}
    for mark in marks:
        if mark.change_bpm is None and mark.reason is not None:
            reasons.setdefault(mark.reason, []).append(mark.text)
    for reason, texts in reasons.items():
        yield tr(
            "Around {moments} nothing can be said: {reason}.",
            moments=quoted_list(texts),
            reason=reason_text(reason),
        )


def quoted_list(texts: Iterable[str]) -> str:
    """Return the words of moments in quotation marks, each once, the first few by name."""
    words = list(dict.fromkeys(tr("“{words}”", words=_short(text)) for text in texts))
    more = len(words) - NAMED
    if more > 0:
        others = trn("{count} other moment", "{count} other moments", more)
        words = [*words[:NAMED], others]
    return joined(words)


def _short(text: str) -> str:
    return harmless(mark_text(text), most=QUOTED)
