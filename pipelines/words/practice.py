"""Practice and assessment in words: what a person reads of them, and never a score."""

from __future__ import annotations

from physio.breathing.assessment import NotScored
from physio.breathing.resonance import Choice
from pipelines.language import tr, trn


def easy_text() -> str:
    """Return how a practice is to feel."""
    return tr(
        "Slow breathing is to feel easy. Breathe smaller, not deeper. Your eyes can stay open. If "
        "you feel dizzy or unwell, breathe as you like, or stop."
    )


def ask_first_text() -> str:
    """Return who is to ask somebody before a first practice."""
    return tr(
        "Ask a doctor or a nurse first if you have a heart rhythm problem or a pacemaker. Ask too "
        "with heart failure, after a heart attack, with low blood pressure, or if you faint. The "
        "same goes for severe asthma or COPD, for seizures, and late in pregnancy. Ask too if "
        "diabetes or kidney disease is hard to control."
    )


def ground_text() -> str:
    """Return what may help somebody to come to rest."""
    return tr(
        "Look around you. Feel your feet on the floor. Let your breath come and go by itself."
    )


def minutes_text(seconds: float) -> str:
    """Return how long a practice was, such as "That was 5 minutes of breathing."."""
    minutes = round(seconds / 60.0)
    if minutes == 0:
        return tr("That was less than a minute of breathing.")
    return trn("That was a minute of breathing.", "That was {count} minutes of breathing.", minutes)


def resonance_text(verdict: Choice, rate: float | None, *, agrees: bool = False) -> str:
    """Return what an assessment says, in one or two sentences.

    Parameters
    ----------
    verdict : Choice
        How sure it is.
    rate : float or None
        Breaths/min of the widest step, None where too few could be compared.
    agrees : bool
        Whether it is clear only since an earlier assessment found the same.
    """
    if rate is None:
        return tr(
            "Too few paces could be read to compare them. 6 breaths a minute is a good choice."
        )
    if agrees:
        return tr(
            "Your heart moved most at {rate:g} breaths a minute, as the time before. That is a "
            "good pace for you.",
            rate=rate,
        )
    if verdict is Choice.CLEAR:
        return tr(
            "Your heart moved most at {rate:g} breaths a minute. That is a good pace for you.",
            rate=rate,
        )
    if verdict is Choice.EDGE:
        return tr(
            "Your heart moved more the slower you breathed, down to {rate:g} breaths a minute. "
            "Slower was not tried. Stay with a pace that feels easy.",
            rate=rate,
        )
    return tr(
        "There was no clear difference between the paces. 6 breaths a minute is a good choice."
    )


def not_scored_text(rate: float, reason: NotScored) -> str:
    """Return why a pace (breaths/min) was not compared with the others."""
    sentence = {
        NotScored.NOT_REACHED: tr("At {rate:g} breaths a minute: it ended before.", rate=rate),
        NotScored.NOT_FOLLOWED: tr(
            "At {rate:g} breaths a minute: the heart did not move with the guide.", rate=rate
        ),
        NotScored.ARTEFACTS: tr(
            "At {rate:g} breaths a minute: the strap could not read every beat.", rate=rate
        ),
    }
    return sentence[reason]


def step_text(rate: float, inhale: float) -> str:
    """Return what is said as a pace (breaths/min) begins; `inhale` is a share of the breath."""
    return tr(
        "Breathe {rate:g} times a minute now: {inward:.1f} s in, {out:.1f} s out.",
        rate=rate,
        inward=60.0 / rate * inhale,
        out=60.0 / rate * (1.0 - inhale),
    )


def rest_text() -> str:
    """Return what is said as a rest begins."""
    return tr("Rest, and breathe as you like.")
