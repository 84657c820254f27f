"""What is said to a therapist, and to nobody else, of what they guessed before looking."""

from __future__ import annotations

from typing import Final

from physio.arousal.guesses import FEWEST_GUESSES, NEAR
from pipelines.language import tr, translatable, trn

NO_MEASURE: Final = translatable(
    "No measure of anybody: a guess may be right where heart rate shows nothing."
)


def guessing_text(seconds: float, guesses: int) -> str:
    """Return for how long guessing was on and readable, and how many guesses count."""
    minutes = round(seconds / 60.0)
    made = trn("{count} guess", "{count} guesses", guesses)
    return trn(
        "Guessing, with a heart rate to read, for {count} minute: {guesses}.",
        "Guessing, with a heart rate to read, for {count} minutes: {guesses}.",
        minutes,
        guesses=made,
    )


def sensed_text(guesses: int, sensed: int, rises: int, by_chance: float | None) -> str:
    """Return how many of the rises were sensed, and how many would be by chance alone."""
    if guesses < FEWEST_GUESSES or by_chance is None:
        return tr(
            "Fewer than {fewest} guesses: too few to say anything yet.", fewest=FEWEST_GUESSES
        )
    if not rises:
        return tr("No rise of heart rate began meanwhile.")
    return trn(
        "{sensed} of {count} rise began within {near:.0f} s of a guess; by chance alone it would "
        "be about {chance:.1f}.",
        "{sensed} of {count} rises began within {near:.0f} s of a guess; by chance alone it would "
        "be about {chance:.1f}.",
        rises,
        sensed=sensed,
        near=NEAR,
        chance=by_chance,
    )


def guess_text(late: float | None, *, counts: bool) -> str:
    """Return what became of a guess.

    Examples
    --------
    >>> guess_text(4.2, counts=True), guess_text(-3.0, counts=True), guess_text(None, counts=True)
    ('4 s after a rise began', '3 s before a rise began', 'no rise began near')
    """
    if not counts:
        return tr("could not be read")
    if late is None:
        return tr("no rise began near")
    if round(late) == 0:
        return tr("just as a rise began")
    if late > 0.0:
        return tr("{seconds:.0f} s after a rise began", seconds=late)
    return tr("{seconds:.0f} s before a rise began", seconds=-late)


def missed_text() -> str:
    """Return what is said of a rise that no guess lies near."""
    return tr("a rise began, no guess near")
