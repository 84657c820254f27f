"""Sessions to be reported, as logs: what a clinician has, and what nobody should have to."""

from datetime import UTC, datetime
from functools import cache

import msgspec
import numpy as np

from devices.link import LinkState
from pipelines.report import Audience, report_of
from pipelines.session import (
    BandUnit,
    Baseline,
    Consent,
    Context,
    ContextLine,
    Link,
    Mark,
    Packet,
    Part,
    PartName,
    PartWords,
    PersonalBand,
    Source,
    Talking,
)
from tests.pipelines.logs import of_file, session

BEGAN = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
WRITTEN = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=https://example.org/a.png onerror=alert(1)>',
    "\u202egnp.exe\u2066 \x1b[2J\x00",
    "x" * 500,
    "]]></svg><svg onload=alert(1)>",
    "&lt;b&gt; </td></table>",
    "",
    "שלום \U0001f642",
)


@cache
def therapy():
    """25 minutes with three rises, each marked 2 s after it begins, and a baseline of 180 s."""
    marks = (Mark(302.0, "touched hip"), Mark(702.0, "long silence"), Mark(1102.0, "tears"))
    return in_order(
        session("therapy", 1500.0),
        Baseline(180.0, 0, 0.0, 180.0),
        Consent(0.0, "everyone recorded has agreed"),
        *marks,
    )


@cache
def with_gaps():
    """The same with talking over the last rise, and a link that was lost twice."""
    lost = ((520.0, 534.0), (900.0, 948.0))
    kept = [e for e in therapy() if not any(a <= e.time < b for a, b in lost)]
    links = [Link(a, 0, LinkState.LOST) for a, _ in lost]
    links += [Link(b, 0, LinkState.BEATS) for _, b in lost]
    return in_order(kept, *links, Talking(1080.0, True), Talking(1300.0, False))


def rest(seconds, *more):
    return in_order(session("rest", seconds), *more)


@cache
def hostile():
    """20 minutes with 64 marks of strangers' words."""
    marks = (Mark(60.0 + 17.0 * n, HOSTILE[n % len(HOSTILE)]) for n in range(64))
    return rest(1200.0, *marks)


@cache
def two_people():
    """Five minutes of a client at 60 bpm and a therapist at 100."""
    log = [Source(0.0, 0, "client", "x"), Source(0.0, 1, "therapist", "y")]
    rng = np.random.default_rng(1)
    for number, interval in ((0, 1000.0), (1, 600.0)):
        rr = interval + rng.normal(0.0, 8.0, int(300_000 / interval))
        times = np.cumsum(rr) / 1000.0
        log += [of_file(t, number, [one]) for t, one in zip(times.tolist(), rr, strict=True)]
    return in_order(log, Mark(120.0, "a moment"))


@cache
def without_beats():
    return (Source(0.0, 0, "client", "x"), Mark(5.0, "alone"))


def in_order(log, *more):
    return tuple(sorted((*log, *more), key=lambda event: event.time))


def report(log, **options):
    return report_of(log, **{"started": BEGAN, "written": WRITTEN, **options})


def for_client(log, **options):
    return report(log, audience=Audience.CLIENT, **options)


@cache
def known(name, audience=Audience.CLINICIAN):
    """Return the report of one of these sessions, made once."""
    return report(globals()[name](), audience=audience)


def words_of(model):
    """Return everything that a report writes, joined."""
    told = msgspec.to_builtins(model)
    for names in ("passages", "changes"):  # what they say stands in these
        del told[names]
    told["said"] = (model.lead, *model.paragraphs, *model.limits)
    return "\n".join(_strings(told))


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def renamed(log, **roles):
    """Return the log with other roles, by the old ones."""
    return [
        msgspec.structs.replace(one, role=roles.get(one.role, one.role))
        if isinstance(one, Source)
        else one
        for one in log
    ]


def packets(log):
    return [one for one in log if isinstance(one, Packet)]


@cache
def with_parts():
    """Ten minutes with a card, a movement with words, touch without consent, and an own band."""
    return rest(
        600.0,
        Baseline(180.0, 0, 0.0, 180.0),
        Context(1.0, ContextLine.CAFFEINE, "one coffee <b>at 8</b>"),
        Part(200.0, PartName.MOVEMENT),
        PartWords(201.0, 200.0, False, "stiff \u202ecb"),
        PartWords(300.0, 200.0, True, "lighter"),
        Part(320.0, PartName.TOUCH),
        Part(400.0, PartName.NONE),
        PersonalBand(10.0, 0, 40.0, 120.0, BandUnit.BPM, "far away", "too much"),
    )
