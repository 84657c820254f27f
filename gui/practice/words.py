"""The patient's sentences: which one stands under the circle, and when.

| what is so                                  | what is said                                    |
|---------------------------------------------|-------------------------------------------------|
| no strap, or the heart tells nothing clear  | Follow the circle, smaller rather than deeper.  |
| strap not yet found                         | Finding the strap. You can begin without it.    |
| the guide waits for the person's own pace   | Breathe as you like. The guide will start ...   |
| strap heard, and it does not connect        | the recorder's own sentence                     |
| breathing found in the beats at the pace    | Your heart is moving with your breath.          |
| reading not clear (the line is dotted)      | The heart line is dotted where it is not clear. |
| strap off the skin                          | The strap does not touch the skin just now. ... |
| strap silent, link lost                     | No beats from the strap just now. ...           |
| recorder out of reach                       | The recording is out of reach just now. ...     |
| recording ended elsewhere                   | The recording has ended and is kept. ...        |
| the same, and nothing of it is kept         | The strap is let go of, and nothing is kept. ...|
| recording stopped                           | the recorder's own sentence                     |
| paused, finished, a key was pressed         | what that did                                   |
| the heart leads (`gui.practice.leading`)    | Breathe in as the circle grows with your heart. |
| an assessment (`gui.practice.assessing`)    | the pace of now, or to rest; then what it found |

Words that nobody asked for stay for at least ten seconds; an answer to a key comes at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from devices.link import LinkState
from gui.practice.stage import Stage
from gui.shared import theme
from physio.estimate import Estimate
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.session import CLIENT, Fate, PhaseName, Snapshot, SourceView, WaveState, WaveView
from pipelines.words import age, ground_text, minutes_text, value_text

FOLLOW = tr("Follow the circle, smaller rather than deeper.")
LISTENING = tr("Breathe as you like. The guide will start at your own pace. Enter: start now.")
FINDING = tr("Finding the strap. You can begin without it.")
TOGETHER = tr("Your heart is moving with your breath.")
LIMITED = tr("The heart line is dotted where it is not clear.")
OFF_SKIN = tr("The strap does not touch the skin just now. The guide goes on.")
QUIET = tr("No beats from the strap just now. The guide goes on.")
NOT_KEPT = tr("The strap is let go of, and nothing is kept. The guide goes on.")
ENDED = tr("The recording has ended and is kept. The guide goes on.")
UNREACHED = tr("The recording is out of reach just now. The guide goes on.")
EYES = tr("Close your eyes. The tone rises as you breathe in and falls as you breathe out.")
PAUSED = tr("Press P to go on.")
PAUSED_SESSION = tr("Nothing is recorded. Press P to go on.")
SLOWER = tr("A little slower, bit by bit.")
QUICKER = tr("A little quicker, bit by bit.")
SLOWEST = tr("This is as slow as the guide goes.")
QUICKEST = tr("This is as quick as the guide goes.")
MARKED = tr("This moment is marked.")
SOUND_ON = tr("The tone rises as you breathe in and falls as you breathe out.")
SOUND_OFF = tr("The sound is off. The circle goes on.")
CALM = tr("Take all the time you need.")
CALM_SESSION = tr("The recording goes on quietly.")
CALM_PAUSED = tr("Nothing is recorded now.")
CALM_ALONE = tr("Nothing moves until you come back.")
GROUND = ground_text()
MOVED = tr("Your heart moved with your breath for much of it.")
OWN_RHYTHM = tr("Your heart kept its own rhythm, which is fine.")
ONCE_MORE = tr("Enter: done. P: once more.")
DIZZY = tr("Dizzy or tingling? Breathe smaller, or stop.")

MOSTLY = 0.5
"""Share of a practice from which on the heart is said to have moved with the breath."""
HOLD = 10.0
"""Seconds for which words stay."""
AGREEMENT = 0.5
"""Breaths/min within which the beats and the guide are said to move together."""
OWN_WITHIN = 1.5
"""Breaths/min either way within which a person's own pace is known clearly."""
SILENCE = 5.0
"""Seconds without a beat after which the strap is said to be quiet."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words, since when (s) they are said, and those before them, which fade away."""

    words: str
    since: float
    before: str


def say(said: Said, words: str, now: float, *, answer: bool = False) -> Said:
    """Return what is said `now`: new words wait until the old ones have stood long enough.

    An `answer` to a key comes at once.
    """
    if words == said.words or not (answer or now - said.since >= HOLD):
        return said
    return Said(words, now, said.words)


def fading(said: Said, now: float, seconds: float) -> tuple[str, float]:
    """Return the words to show `now` and their opacity: the old fade away, then the new appear.

    Both together take this many `seconds`; 0 for no fading at all.
    """
    done = (now - said.since) / seconds if seconds > 0.0 else 1.0
    opacity = 0.5 + 0.5 * math.cos(2.0 * math.pi * min(max(done, 0.0), 1.0))
    return (said.before, opacity) if done < 0.5 else (said.words, opacity)


def main_source(snapshot: Snapshot | None) -> SourceView | None:
    """Return the wearer whose heart is drawn: the client, else the first."""
    if snapshot is None or not snapshot.sources:
        return None
    clients = [source for source in snapshot.sources if source.role == CLIENT]
    return (clients or list(snapshot.sources))[0]


def strap_words(snapshot: Snapshot | None, now: float, pace: float | None, *, reached: bool) -> str:
    """Return the sentence for what a session tells `now`, in seconds on the session clock."""
    source = main_source(snapshot)
    if not reached:
        return UNREACHED
    if snapshot is not None and snapshot.trouble is not None:
        return harmless(snapshot.trouble, most=None)
    if snapshot is not None and snapshot.phase is PhaseName.FINISHED:
        return ENDED if snapshot.fate is Fate.KEPT else NOT_KEPT
    if snapshot is None or source is None or source.last_beat is None:
        told = None if snapshot is None else snapshot.notice
        return FINDING if told is None else harmless(told, most=None)
    return _beating_words(source, now - source.last_beat, pace)


def _beating_words(source: SourceView, age: float, pace: float | None) -> str:
    if source.link is LinkState.OFF_SKIN:
        return OFF_SKIN
    if age > SILENCE:
        return QUIET
    if not source.glance.beats_clear:
        return LIMITED
    return TOGETHER if _together(source, pace) else FOLLOW


def own_pace(snapshot: Snapshot | None) -> float | None:
    """Return how fast the person breathes (breaths/min), None where the strap is not sure of it."""
    source = main_source(snapshot)
    found = None if source is None else source.measures.get("breathing_rate")
    if found is None or found.value is None or found.doubt is not None:
        return None
    if found.low is None or found.high is None or found.high - found.low > 2.0 * OWN_WITHIN:
        return None
    return found.value


def _together(source: SourceView, pace: float | None) -> bool:
    found = source.measures.get("breathing_rate")
    if pace is None or found is None or found.value is None:
        return False
    return abs(found.value - pace) <= AGREEMENT


def line_words(wave: WaveView | None) -> str:
    """Return what the heart's line is called, and what to know of its newest seconds."""
    called = {
        WaveState.PREDICTED: tr("your heart, its newest part foreseen"),
        WaveState.OFF: tr("your heart, without its newest seconds"),
        WaveState.UNKNOWN_DELAY: tr("your heart, a little late; how late is not known"),
    }
    plain = tr("your heart")
    return plain if wave is None else called.get(wave.state, plain)


def offer_words(name: str, *, kept: bool) -> tuple[str, str]:
    """Return which strap can join, and what becomes of what it sends."""
    return harmless(name), tr("what it sends is kept here") if kept else tr("nothing is kept")


def pace_words(step: float, *, at_limit: bool) -> str:
    """Return the answer to a key that changes the pace."""
    if at_limit:
        return SLOWEST if step < 0.0 else QUICKEST
    return SLOWER if step < 0.0 else QUICKER


def finished_words(minutes: float, moved: float | None = None) -> str:
    """Return the closing sentences after so many minutes of breathing.

    `moved` is the share of them in which the heart moved with the guide, None where that is not
    known.
    """
    went = "" if moved is None else MOVED if moved >= MOSTLY else OWN_RHYTHM
    said = (minutes_text(60.0 * minutes), went, ONCE_MORE)
    return " ".join(part for part in said if part)


def rest_word(stage: Stage) -> str:
    """Return the word in the middle of the circle at rest."""
    return {
        Stage.BEFORE: tr("Settle in"),
        Stage.LISTENING: tr("Settle in"),
        Stage.BREATHING: tr("Settle in"),
        Stage.PAUSED: tr("Paused"),
        Stage.ASSESSING: tr("Rest"),
        Stage.FINISHED: tr("Rest"),
    }[stage]


def calm_words(stage: Stage, *, session: bool, contact: str = "") -> str:
    """Return what the calm screen says: what helps to come to rest, and what goes on meanwhile.

    `contact` is whom the person chose to call, with a number, "" for nobody; it stands last.
    """
    going_on = CALM_PAUSED if stage is Stage.PAUSED else CALM_SESSION
    named = tr("Somebody to call: {contact}.", contact=harmless(contact))
    call = (named,) if contact else ()
    return " ".join((GROUND, going_on if session else CALM_ALONE, *call))


def waiting_words(stage: Stage) -> str:
    """Return why the heart's line ended a while ago."""
    return tr("paused") if stage is Stage.PAUSED else tr("waiting for the strap")


def time_left_words(minutes: float | None, stage: Stage) -> str:
    """Return how long the practice still lasts, in words."""
    if minutes is None:
        return ""
    if stage is Stage.FINISHED:
        return tr("finished")
    if minutes < 0.5:
        return tr("a few breaths left")
    whole = round(minutes)
    return trn("about a minute left", "about {count} minutes left", max(whole, 1))


def numbers_words(pace: float, target: float, source: SourceView | None, now: float) -> str:
    """Return the line that H shows: each value with unit, error and age, or why there is none."""
    guide = _guide(pace, target)
    if source is None:
        return guide
    heart = _value(tr("Heart rate"), source.measures.get("mean_hr"), tr("bpm"), 1.0)
    breathing = _value(tr("Breathing"), source.measures.get("breathing_rate"), tr("a minute"), 0.5)
    return theme.APART.join((guide, heart, f"{breathing}{_age(source, now)}"))


def _guide(pace: float, target: float) -> str:
    if abs(target - pace) < 0.05:
        return tr("Guide {pace:.1f} breaths a minute", pace=pace)
    return tr("Guide {pace:.1f}, going to {target:.1f} breaths a minute", pace=pace, target=target)


def _value(name: str, estimate: Estimate | None, unit: str, step: float) -> str:
    if estimate is None or estimate.value is None:
        return tr("{name}: no reading yet", name=name)
    value, error = value_text(estimate, step)
    if not error:
        return tr("{name}: {value}", name=name, value=value)
    return tr("{name} {value} {error} {unit}", name=name, value=value, error=error, unit=unit)


def _age(source: SourceView, now: float) -> str:
    waited = age(source, now)
    return (
        "" if waited is None else theme.APART + tr("last beat {seconds:.0f} s ago", seconds=waited)
    )
