"""What is said of weeks: codes and figures to sentences. Never a score, never of a missing day."""

from __future__ import annotations

from enum import StrEnum
from math import floor

from physio.weeks import FEWEST, Scale, reliable_mark
from pipelines.language import tr, trn
from pipelines.store import OwnRestored
from pipelines.weeks.cautioning import Caution
from pipelines.weeks.entries import Part, Question


class DayPart(StrEnum):
    """When in the day most practices were."""

    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


def question_text(question: Question, activity: str) -> str:
    """Return what is asked once a week."""
    what = activity or tr("What you want to be able to do")
    return {
        Question.ACTIVITY: tr(
            "{activity}: how well could I do it this week?", activity=capital(what)
        ),
        Question.MOOD: tr("How was my mood this week?"),
        Question.TENSION: tr("Tension in the week"),
        Question.PAIN: tr("Pain in the week"),
        Question.VERDICT: tr("All in all, since I began"),
    }[question]


def ends_text(question: Question) -> str:
    """Return what the two ends of an answer mean."""
    return {
        Question.ACTIVITY: tr("0: not at all, 10: as I would like"),
        Question.MOOD: tr("0: very low, 10: very good"),
        Question.TENSION: tr("0: none, 10: the most I know"),
        Question.PAIN: tr("0: none, 10: the most I know"),
        Question.VERDICT: tr("0: much worse, 5: the same, 10: much better"),
    }[question]


def change_word(question: Question, mark: int) -> str:
    """Return the word for answers that have risen (+1) or fallen (-1), "" for neither."""
    words = {
        (Question.ACTIVITY, 1): tr("easier"),
        (Question.ACTIVITY, -1): tr("harder"),
        (Question.MOOD, 1): tr("brighter"),
        (Question.MOOD, -1): tr("lower"),
        (Question.TENSION, 1): tr("more tension"),
        (Question.TENSION, -1): tr("less tension"),
        (Question.PAIN, 1): tr("more pain"),
        (Question.PAIN, -1): tr("less pain"),
    }
    return words.get((question, mark), "")


def change_text(question: Question, mark: int, activity: str) -> str:
    """Return the sentence on a change, "" where there is none."""
    what = capital(activity or tr("What you want to be able to do"))
    sentences = {
        (Question.ACTIVITY, 1): tr("{activity} is easier than in the first month.", activity=what),
        (Question.ACTIVITY, -1): tr("{activity} is harder than in the first month.", activity=what),
        (Question.MOOD, 1): tr("Your mood is brighter than in the first month."),
        (Question.MOOD, -1): tr("Your mood is lower than in the first month."),
        (Question.TENSION, 1): tr("There is more tension than in the first month."),
        (Question.TENSION, -1): tr("There is less tension than in the first month."),
        (Question.PAIN, 1): tr("There is more pain than in the first month."),
        (Question.PAIN, -1): tr("There is less pain than in the first month."),
    }
    return sentences.get((question, mark), "")


def means_text(last: float, first: float) -> str:
    """Return the means of the last and of the first four answers, in a sentence."""
    return tr(
        "{last} of ten in the last four answers, {first} of ten in the first four.",
        last=whole(last),
        first=whole(first),
    )


def waiting_text(answers: int) -> str:
    """Return when a change can be told at the earliest, "" once it can."""
    left = FEWEST - answers
    if left <= 0:
        return ""
    return trn(
        "After one more answer, your first and your last weeks can be compared.",
        "After {count} more answers, your first and your last weeks can be compared.",
        left,
    )


def when_text(part: DayPart | None) -> str:
    """Return when practices mostly were, "" where nothing stands out."""
    if part is None:
        return ""
    return {
        DayPart.MORNING: tr("mostly in the morning"),
        DayPart.DAY: tr("mostly in the day"),
        DayPart.EVENING: tr("mostly in the evening"),
        DayPart.NIGHT: tr("mostly at night"),
    }[part]


def minutes_each_text(mean: float, spread: float | None) -> str:
    """Return how long practices were, in minutes."""
    whole = max(round(mean), 1)
    if spread is None:
        return trn("about {count} minute each", "about {count} minutes each", whole)
    return tr("about {mean} ± {spread} minutes each", mean=whole, spread=max(round(spread), 1))


def days_text(days: int) -> str:
    """Return how long a flare lasted."""
    return trn("{count} day", "{count} days", days)


def resting_text(*, on: bool, low: float | None, high: float | None) -> tuple[str, str]:
    """Return two lines on the resting measure (ms): its usual range, nothing where it is off."""
    if not on:
        return "", ""
    if low is None or high is None:
        return tr("Resting RMSSD"), tr("a range comes after 60 days")
    return tr("Resting RMSSD"), tr("usually {low:.0f} to {high:.0f} ms", low=low, high=high)


def caution_text(offered: Caution) -> str:
    """Return what is offered before the next practice, "" for nothing."""
    return {
        Caution.NOTHING: "",
        Caution.GENTLER: tr(
            "Last time was hard. Try a short one, with open eyes and no set pace. Or look at one "
            "thing in the room, and stay with that."
        ),
        Caution.PAUSE: tr(
            "Two of the last three times were hard. It is fine to stop for now. Talk to the person "
            "who treats you before you go on."
        ),
    }[offered]


def part_text(part: Part) -> str:
    """Return the name of what may be shared."""
    return {
        Part.WEEKS: tr("weekly answers"),
        Part.PRACTICE: tr("days of practice"),
        Part.HAPPENINGS: tr("what happened, and flares"),
        Part.UNWANTED: tr("what was unwanted"),
        Part.SUMS: tr("sums of questionnaires"),
        Part.RESTING: tr("resting measure"),
        Part.PLAN: tr("the plan"),
    }[part]


def own_restored_text(became: OwnRestored) -> str:
    """Return what became of the own file in a backup, "" where there was none."""
    return {
        OwnRestored.NONE: "",
        OwnRestored.BACK: tr("Your own weeks are back, too, as they were in the backup."),
        OwnRestored.STAYS: tr(
            "Your own weeks stay as they are here. Those in the backup were not taken in."
        ),
    }[became]


def own_left_out_text(sentence: str) -> str:
    """Return that the own file is not in a backup, and why; "" for no reason."""
    return sentence and tr("Your own weeks are not in it: {sentence}", sentence=sentence)


def sum_text(value: int, first: int | None, scale: Scale) -> str:
    """Return a sum, and whether it changed beyond the questionnaire's error since the `first`."""
    told = tr("Sum: {value} of {highest}.", value=value, highest=scale.highest)
    if first is None:
        return told
    risen = int(reliable_mark(first, value, scale))
    changed = {
        1: tr("That is more than the first time ({first}), beyond chance.", first=first),
        0: tr("The first time it was {first}: no more change than chance makes.", first=first),
        -1: tr("That is less than the first time ({first}), beyond chance.", first=first),
    }[risen]
    return f"{told} {changed}"


def empty_week_text() -> str:
    """Return what stands under all weeks."""
    return tr("A week without an answer stays empty. That is all right.")


def red_flags() -> tuple[str, ...]:
    """Return the quiet page on what a doctor is to look at soon, a line each."""
    return (
        tr("See a doctor soon if one of these is new:"),
        tr("You feel numb or weak in an arm or a leg."),
        tr("You are numb between the legs, or cannot hold or pass water or stool."),
        tr("You have a fever or sweats at night with the pain."),
        tr("You lose weight and do not know why."),
        tr("The pain came after a fall or a blow, or it wakes you each night."),
        tr("If you cannot hold water or stool, or a leg gets weak fast, go today."),
    )


def whole(mean: float) -> int:
    """Return the mean of answers as a whole number; a half is told as the next above."""
    return floor(mean + 0.5)


def capital(text: str) -> str:
    """Return words with a capital letter first."""
    return text[:1].upper() + text[1:]
