"""What the page on a phone says: every sentence of it, worded before it leaves for the phone.

Sentences with a count stand as a list, one for each number, since plurals differ by language.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from pipelines.language import tr, trn

Words: TypeAlias = dict[str, str | list[str]]
MOST: Final = 61
"""Minutes, and pauses, up to which there is a sentence for each."""


def page_words() -> dict[str, str]:
    """Return what stands in the page from the beginning, by the names that page.html has."""
    return {**_buttons(), **_sheets()}


def script_words() -> Words:
    """Return what the script of the page says, by the names that it knows."""
    return {**_guide_words(), **_end_words(), **_log_words()}


def _buttons() -> dict[str, str]:
    return {
        "my_contact": tr("my contact"),
        "the_code": tr("the code"),
        "before_link": tr("read first"),
        "the_guide": tr("the guide"),
        "now": tr("now"),
        "next": tr("next"),
        "show_code": tr("show the code"),
        "start": tr("Start"),
        "stop": tr("Stop"),
        "slower": tr("slower"),
        "quicker": tr("quicker"),
        "dizzy": tr("Dizzy or tingling? Breathe smaller, or stop."),
        "done": tr("Done"),
        "once_more": tr("once more"),
        "note": tr("note"),
        "no_account": tr("No account. Nothing leaves this phone unless you share it."),
        "begin": tr("Begin"),
        "close": tr("close"),
        "save": tr("save as a file"),
    }


def _sheets() -> dict[str, str]:
    return {
        "before": tr("Before you begin"),
        "contact_heading": tr("My contact"),
        "tension_heading": tr("Tension now, if you like"),
        "least": tr("0 none"),
        "most": tr("10 as tense as can be"),
        "no_answer": tr("No answer is fine too."),
        "note_heading": tr("A note of your own"),
        "code_heading": tr("The code of your practices"),
        "code_words": tr(
            "Copy this code, or save the file, and give it to whom you choose. Whoever has it can "
            "read it, notes too."
        ),
    }


def _guide_words() -> Words:
    return {
        "ready": tr("Ready when you are"),
        "smaller": tr("Smaller, not deeper. Stop when you like."),
        "follow": tr("Smaller, not deeper."),
        "settle": tr("Settle in"),
        "breathe_in": tr("Breathe in"),
        "breathe_out": tr("Breathe out"),
        "rest": tr("Rest"),
        "paused": tr("Paused"),
        "pause": tr("pause"),
        "go_on": tr("go on"),
        "slower": tr("A little slower, bit by bit."),
        "quicker": tr("A little quicker, bit by bit."),
        "slowest": tr("This is as slow as the guide goes."),
        "quickest": tr("This is as quick as the guide goes."),
        "sound_on": tr("sound on"),
        "sound_off": tr("sound off"),
        "eyes_closed": tr("eyes closed"),
        "eyes_open": tr("eyes open"),
        "few_breaths": tr("a few breaths left"),
        "minutes": [trn("{count} minute", "{count} minutes", one) for one in range(MOST)],
        "minutes_left": [
            trn("{count} minute left", "{count} minutes left", one) for one in range(MOST)
        ],
    }


def _end_words() -> Words:
    return {
        "done": [_done(one) for one in range(MOST)],
        "slowed": tr(
            "The guide slowed from {first} to {last} breaths a minute.",
            first="{first}",
            last="{last}",
        ),
        "quickened": tr(
            "The guide went from {first} to {last} breaths a minute.",
            first="{first}",
            last="{last}",
        ),
        "kept": tr("The guide kept to {last} breaths a minute.", last="{last}"),
        "pauses": [trn("One pause.", "{count} pauses.", one) for one in range(MOST)],
        "too_short": tr("Less than half a minute is not kept."),
        "no_answer": tr("No answer is fine too."),
        "rose": tr(
            "You are more tense than before. Next time it can be shorter, with your eyes open, "
            "without the guide, or with your eyes on one thing in the room."
        ),
        "rose_twice": tr(
            "You were more tense after it twice now. You may want to leave it for a while and talk "
            "it over with the person who made this plan with you."
        ),
    }


def _done(minutes: int) -> str:
    if not minutes:
        return tr("Less than a minute of breathing.")
    return trn("{count} minute of breathing.", "{count} minutes of breathing.", minutes)


def _log_words() -> Words:
    return {
        "last_time": tr("Last time, {day}", day="{day}"),
        "tension_now": tr("tension now"),
        "tension_is": tr("tension now: {number}", number="{number}"),
        "no_account": tr("No account. Nothing leaves this phone unless you share it."),
        "keeps_nothing": tr(
            "This browser keeps nothing once the page is closed. Copy the code before that."
        ),
        "kept_here": tr(
            "Kept on this phone only. It comes to your file by a code, when you choose."
        ),
        "copy": tr("copy"),
        "copied": tr("copied"),
        "erase": tr("delete all of it"),
        "erase_sure": tr("really delete all of it"),
    }
