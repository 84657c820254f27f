"""From the log of a session to its report: one wearer, and never the therapist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from devices.scripted import REPLAY
from pipelines.analysis import PartLine, Result, summary
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.report.appendix import appendix_of
from pipelines.report.content import Audience, Passage, Place, Report, Section, Table
from pipelines.report.drawn import hour_of
from pipelines.report.earlier import earlier_hours, set_beside
from pipelines.report.sentences import (
    QUIET,
    about_text,
    lead_text,
    rises_texts,
    unread_texts,
)
from pipelines.report.trust import RATE, band_of, followed_seconds, trusted
from pipelines.session import (
    CLIENT,
    THERAPIST,
    AnyEvent,
    Baseline,
    EpisodeView,
    LeftOut,
    Mark,
    MarkChange,
    Phase,
    PhaseName,
    Source,
    SourceBeats,
    TakenBack,
    episode_around,
    pooled_marks,
    record_of,
    without_left_out,
)
from pipelines.version import version
from pipelines.words import (
    DISCLAIMER,
    ONE_MOMENT,
    among_text,
    change_text,
    clock_text,
    consent_text,
    day_text,
    duration_text,
    mark_text,
    own_band_text,
    part_text,
    rate_text,
    rests_text,
    settled_text,
)

AN_HOUR = (2400.0, 5400.0)
"""Seconds between which a session is called an hour."""


class NoReport(ValueError):  # noqa: N818 - it says what is not there
    """There is nobody whom a report could be about; the message is one sentence."""


def report_of(
    events: Iterable[AnyEvent],
    *,
    started: datetime,
    written: datetime,
    client: str | None = None,
    role: str | None = None,
    audience: Audience = Audience.CLINICIAN,
    others: Sequence[SourceBeats] = (),
    earlier: Sequence[tuple[datetime, SourceBeats]] = (),
) -> Report:
    """Return what there is to say of a session.

    Parameters
    ----------
    events : iterable of events
        Its log.
    started, written : datetime
        When it began, and when this is written, in local time.
    client : str, optional
        Whose session it was, by the made-up name.
    role : str, optional
        Whom it is about where several are recorded; see `wearer_among`.
    audience : Audience
        Whom it is for. The client's version has gentler words, no bpm and no appendix.
    others : sequence of SourceBeats
        The same person's part of other sessions, for the labels that are told together.
    earlier : sequence of (datetime, SourceBeats)
        Their part of earlier ones, in order, each with when it began, to be set beside this one
        for a clinician.

    Raises
    ------
    NoReport
        If nobody is recorded whom it could be about.
    """
    log = list(events)
    records = record_of(log).sources
    recorded = wearer_among([one.found for one in records], role)
    points = next(one for one in records if one.found is recorded).trace()
    found = without_left_out(recorded)
    result = summary(found)
    rises = result.episodes
    own = result.arousal.baseline
    band = None if own is None else (*band_of(own), (own.start_s, own.end_s))
    followed = followed_seconds(found, points)
    pooled = pooled_marks((found, *others))
    for_clinician = audience is Audience.CLINICIAN
    lead = lead_text(rises, audience, followed=followed, lasts=found.span[1])
    return Report(
        title=_title(client, found.span[1], audience),
        about=_about(started, found, _source(log, found)),
        lead_heading=tr("In plain words"),
        passages=(
            Passage(Place.LEAD, "first", lead),
            *_text(result, audience),
            *_limits(found, result, audience),
        ),
        trust_heading=tr("How far this can be trusted"),
        trust=trusted(found, points, result, audience),
        hour=hour_of(found, points, rises, band, audience) if len(found.beats) else None,
        moments=_moments(result) if for_clinician else _moments_in_words(result),
        parts=_parts(result, figures=for_clinician) if result.phases else None,
        changes=tuple(_by_hand(log, found)),
        earlier=_earlier((*earlier, (started, recorded))) if earlier and for_clinician else None,
        appendix=appendix_of(result, found, pooled, log) if for_clinician else None,
        disclaimer=DISCLAIMER,
        written=tr(
            "Interbeat {version}, written on {day}",
            version=version(),
            day=day_text(written.date()),
        ),
    )


def _earlier(hours: Sequence[tuple[datetime, SourceBeats]]) -> Section:
    return earlier_hours([set_beside(*one) for one in hours])


def wearer_among(sources: Iterable[SourceBeats], role: str | None) -> SourceBeats:
    """Return whom a report is about: `role`, else the client, else the only one besides therapists.

    Raises
    ------
    NoReport
        If that is nobody, several, or the therapist, whose trace is in no report.
    """
    # By the names that are shown: nobody can type what lies in a hostile one.
    shown = ((harmless(one.role), one) for one in sources)
    there = {name: one for name, one in shown if name != THERAPIST}
    roles = ", ".join(there)
    if role == THERAPIST or not there:
        raise NoReport(
            tr("The therapist's own trace is in no report, and nobody else is in this session.")
            if not there
            else tr("The therapist's own trace is in no report; there are: {roles}.", roles=roles)
        )
    if role is None and len(there) > 1 and CLIENT not in there:
        raise NoReport(
            tr("Several people are in this session; name one with --role: {roles}.", roles=roles)
        )
    chosen = harmless(role or "") or (CLIENT if CLIENT in there else next(iter(there)))
    if chosen not in there:
        raise NoReport(
            tr(
                "Nobody in this session is {role}; there are: {roles}.",
                role=harmless(chosen),
                roles=roles,
            )
        )
    return there[chosen]


def _title(client: str | None, lasts: float, audience: Audience) -> str:
    is_hour = AN_HOUR[0] <= lasts < AN_HOUR[1]
    if audience is Audience.CLIENT:
        return tr("Your hour") if is_hour else tr("Your session")
    if client is None:
        return tr("An hour") if is_hour else tr("A session")
    name = harmless(client)
    if is_hour:
        return tr("An hour with {name}", name=name)
    return tr("A session with {name}", name=name)


def _source(log: Iterable[AnyEvent], found: SourceBeats) -> Source | None:
    return next((e for e in log if isinstance(e, Source) and e.source == found.source), None)


def _about(started: datetime, found: SourceBeats, source: Source | None) -> str:
    told = tr(
        "{day}, {time:%H:%M}, {lasting}",
        day=day_text(started.date()),
        time=started,
        lasting=duration_text(found.span[1]),
    )
    if source is not None and source.simulated:
        return tr("{told}, one chest strap. Simulated data.", told=told)
    if source is not None and source.address == REPLAY:
        return tr("{told}. A recording from a file, played again.", told=told)
    return tr("{told}, one chest strap.", told=told)


def _moments(result: Result) -> Table:
    rows = tuple(
        (
            str(number),
            clock_text(mark.time_s),
            mark_text(mark.text),
            change_text(mark.change_bpm, mark.low, mark.high),
            ", ".join(filter(None, (among_text(mark), rests_text(mark)))),
            _settled(mark, result.episodes),
        )
        for number, mark in enumerate(result.marks, 1)
    )
    return Table(
        heading=tr("The moments"),
        head=(
            "",
            tr("Time"),
            tr("Moment"),
            tr("Change"),
            tr("Among other minutes"),
            tr("Settled after"),
        ),
        widths=(5, 8, 18, 14, 36, 19),
        rows=rows,
        numbered=True,
        notes=() if rows else (tr("Nothing was marked."),),
    )


def _moments_in_words(result: Result) -> Table:
    rows = tuple(
        (
            str(number),
            clock_text(mark.time_s),
            mark_text(mark.text),
            among_text(mark) or tr("no estimate"),
            _settled_in_words(mark, result.episodes),
        )
        for number, mark in enumerate(result.marks, 1)
    )
    return Table(
        heading=tr("The moments"),
        head=(
            "",
            tr("Time"),
            tr("Moment"),
            tr("How much it changed"),
            tr("Settled after"),
        ),
        widths=(5, 9, 28, 36, 22),
        rows=rows,
        numbered=True,
        notes=() if rows else (tr("Nothing was marked."),),
    )


def _parts(result: Result, *, figures: bool) -> Table:
    """Return the parts of a session with the person's own words, and the heart rate in figures."""
    rates = [tr("Heart rate")] if figures else []
    return Table(
        heading=tr("Rest, touch and movement"),
        head=(tr("From"), tr("To"), tr("Part"), *rates, tr("Before"), tr("After")),
        widths=(8, 8, 26, 18, 20, 20) if figures else (8, 8, 30, 27, 27),
        rows=tuple(_part(part, figures=figures) for part in result.phases),
        notes=(tr("Before and after are the person's own words."),),
    )


def _part(part: PartLine, *, figures: bool) -> tuple[str, ...]:
    asked = "" if part.consent is None else consent_text(part.consent)
    rate = part.measures.get(RATE)
    rates = ("" if rate is None else rate_text(rate.value, rate.reason),) if figures else ()
    return (
        clock_text(part.start_s),
        clock_text(part.end_s),
        ", ".join(filter(None, (part_text(part.name), asked))),
        *rates,
        harmless(part.before),
        harmless(part.after),
    )


def _settled(mark: MarkChange, rises: Sequence[EpisodeView]) -> str:
    rise = _rise_around(mark, rises)
    if rise is not None:
        return settled_text(rise)
    return _no_rise(mark)


def _settled_in_words(mark: MarkChange, rises: Sequence[EpisodeView]) -> str:
    rise = _rise_around(mark, rises)
    if rise is None:
        return _no_rise(mark)
    if rise.recovery_s is None:
        return tr("not seen to settle")
    return about_text(rise.recovery_s)


def _rise_around(mark: MarkChange, rises: Sequence[EpisodeView]) -> EpisodeView | None:
    place = episode_around(mark.time_s, rises)
    return None if place is None else rises[place]


def _no_rise(mark: MarkChange) -> str:
    return tr("no estimate") if mark.change_bpm is None else tr("no rise")


def _text(result: Result, audience: Audience) -> Iterator[Passage]:
    """Yield what is said at some length, a passage a sentence."""
    yield from _numbered("rise", rises_texts(result.episodes, audience))
    yield from _numbered("unread", unread_texts(result.marks))
    if result.marks:
        yield Passage(Place.TEXT, "one moment", ONE_MOMENT)


def _numbered(name: str, sentences: Iterable[str]) -> Iterator[Passage]:
    for number, words in enumerate(sentences, 1):
        yield Passage(Place.TEXT, f"{name} {number}", words)


def _limits(found: SourceBeats, result: Result, audience: Audience) -> Iterator[Passage]:
    """Yield what none of it says."""
    if audience is Audience.CLIENT:
        always = tr("Hearts speed up and slow down all day, by themselves.")
        yield Passage(Place.LIMITS, "always", always)
    elif result.marks:
        explained = tr(
            "Change: heart rate in the minute after against the minute before. Percentile 91: at "
            "91 of 100 other moments of this session heart rate changed less."
        )
        yield Passage(Place.LIMITS, "change", explained)
    if audience is Audience.CLINICIAN and result.band is not None:
        yield Passage(Place.LIMITS, "own band", own_band_text(result.band))
    if not found.talks:
        silent = tr(
            "No talking was noted; where somebody talked all the same, a change may come from that."
        )
        yield Passage(Place.LIMITS, "talking", silent)
    yield Passage(Place.LIMITS, "quiet", QUIET)


def _marked_afterwards(log: Iterable[AnyEvent]) -> list[Mark]:
    """Return what was said of moments once the session had finished."""
    later: list[Mark] = []
    over = False
    for event in log:
        match event:
            case Phase(name=name):
                over = name is PhaseName.FINISHED
            case Mark() if over:
                later.append(event)
    return later


def _by_hand(log: Sequence[AnyEvent], found: SourceBeats) -> Iterator[str]:
    """Yield what people changed of what was recorded."""
    later = [e for e in log if isinstance(e, Mark) and e.replaces is not None]
    removed = sum(one.removed for one in later)
    reworded = len({one.replaces for one in later if not one.removed})
    chosen = sum(isinstance(e, Baseline) and e.source == found.source for e in log)
    left_out = sum(isinstance(e, LeftOut) and e.source == found.source for e in log)
    undone = sum(isinstance(e, TakenBack) for e in log)
    added = sum(one.replaces is None for one in _marked_afterwards(log))
    if added:
        yield trn("{count} moment added", "{count} moments added", added)
    if reworded:
        yield trn("{count} moment put in other words", "{count} moments put in other words",
                  reworded)  # fmt: skip
    if removed:
        yield trn("{count} moment taken back", "{count} moments taken back", removed)
    if chosen > 1:
        yield trn(
            "the baseline chosen again {count} time",
            "the baseline chosen again {count} times",
            chosen - 1,
        )
    if left_out:
        yield trn("{count} stretch left out", "{count} stretches left out", left_out)
    if undone:
        yield trn("{count} choice undone", "{count} choices undone", undone)
