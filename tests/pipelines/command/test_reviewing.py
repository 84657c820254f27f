"""What a review shows and decides: the log grows by events, and `analyse` says the same."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from devices.link import LinkState
from pipelines import store
from pipelines.analysis import analyse, reviewed
from pipelines.command.keeper import POINTS, Keeper
from pipelines.command.opening import keep_practice
from pipelines.command.reviewing import Reviewer, review_session
from pipelines.language import tr
from pipelines.live import NoteMark, RemoveMark
from pipelines.recording import (
    Amend,
    AskPoints,
    AskReview,
    Begin,
    Errand,
    HandOver,
    KeepPractice,
    Leave,
    LibraryState,
    NameClient,
    Omit,
    Open,
    Redraw,
    Reword,
    ShowHeart,
    ShowSway,
    TakeBack,
    Word,
    WriteReport,
)
from pipelines.session import (
    Baseline,
    LeftOut,
    LeftOutReason,
    Link,
    Mark,
    Packet,
    Phase,
    PhaseName,
    Posture,
    PostureName,
    Source,
    TakenBack,
    beats_of,
    pooled_marks,
    record_of,
)
from pipelines.store import Library
from tests.pipelines.logs import session

CHEAP = store.Cost(n=2, r=1, p=1)
MOVING = LeftOutReason.MOVING


def log(seconds: float = 420.0) -> list:
    marks = [Mark(at, text) for at, text in ((150.0, "hip"), (300.0, "tears"))]
    found = [*session("rest", seconds), Baseline(190.0, 0, 10.0, 190.0), *marks]
    return [*sorted(found, key=lambda one: one.time), Phase(seconds, PhaseName.FINISHED)]


def kept(library: Library, events: list, started: float) -> str:
    writer = library.new_session(started)
    writer.append(events)
    writer.close(beats=400)
    return writer.session


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return store.create_library(tmp_path / "own", "seven quiet lamps", show=str, cost=CHEAP)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with Keeper(LibraryState.OPEN) as one:
        yield one


def done(keeper: Keeper, library: Library, name: str, *errands: Errand) -> Reviewer:
    reviewer = Reviewer(keeper, library, name)
    for errand in errands:
        assert reviewer._does(errand)
    return reviewer


def test_it_shows_what_analyse_says_after_every_decision(keeper: Keeper, library: Library) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    steps: tuple[Errand, ...] = (
        Omit(200.0, 240.0, MOVING),
        Redraw(20.0, 120.0),
        Amend(NoteMark(150.0, "other words")),
        TakeBack(),
        Amend(RemoveMark(300.0)),
        TakeBack(),
    )
    reviewer = Reviewer(keeper, library, name)
    for errand in steps:
        assert reviewer._does(errand)
        told = keeper._answer(AskReview())
        (result,) = analyse(library.events(name))
        assert tuple(one.change for one in told.moments) == result.marks
        assert told.rises == result.episodes
        assert told.pooled == result.pooled_marks
        line = result.arousal.baseline
        (held,) = told.held
        assert (held.own.level, held.own.spread) == (line.bpm, line.spread_bpm)
        shown = [(gap.start, gap.end, gap.cause) for gap in told.gaps]
        assert shown == [(one.start_s, one.end_s, one.cause) for one in result.quality.gaps]
    added = [type(one) for one in library.events(name)[len(log()) :]]
    assert added == [LeftOut, Baseline, Mark, TakenBack, Mark, TakenBack]
    assert told.left_out == ()
    assert told.undoable == 0


def test_what_is_said_later_bears_its_time_and_lengthens_nothing(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    before = library.session(name).duration_s
    done(keeper, library, name, Omit(200.0, 240.0, MOVING))
    assert library.events(name)[-1].time == pytest.approx(3600.0, abs=60.0)
    (result,) = analyse(library.events(name))
    assert result.quality.duration_s == pytest.approx(before, abs=2.0)


def test_what_is_said_by_a_clock_that_was_put_back_stands_after_all_else(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, log(), time.time() + 3600.0)
    done(keeper, library, name, Omit(200.0, 240.0, MOVING), Redraw(20.0, 120.0))
    assert [one.time for one in library.events(name)[-2:]] == [420.0, 420.0]


def test_a_session_that_a_crash_cut_short_grows_no_longer(keeper: Keeper, library: Library) -> None:
    cut = log()[:-1]
    name = kept(library, cut, time.time() - 3600.0)
    done(keeper, library, name, Omit(200.0, 240.0, MOVING), Amend(NoteMark(150.0, "words")))
    assert max(one.time for one in library.events(name)) == max(one.time for one in cut)


def test_the_trace_comes_in_bounded_parts_and_is_that_of_the_log(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    done(keeper, library, name)
    told, (source,) = keeper._answer(AskReview()), record_of(library.events(name)).sources
    points = keeper._answer(AskPoints(0)).points()
    assert len(points) == min(told.points, POINTS) == min(len(source), POINTS)
    assert points.heart_rate[100:200].tolist() == source.trace(100, 200).heart_rate.tolist()
    part = keeper._answer(AskPoints(100))
    assert (part.source, part.first) == (source.found.source, 100)
    assert part.points().time.tolist() == points.time[100:].tolist()
    assert len(keeper._answer(AskPoints(-5)).points()) == len(points)
    assert len(keeper._answer(AskPoints(10**9)).points()) == 0


def test_the_trace_follows_every_decision(keeper: Keeper, library: Library) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name)

    def blank() -> bool:
        points = keeper._answer(AskPoints(0)).points()
        inside = (points.time > 205.0) & (points.time < 235.0)
        return bool(np.isnan(points.heart_rate[inside]).all())

    seen = [blank()]
    for errand in (Omit(200.0, 240.0, MOVING), Amend(NoteMark(150.0, "words")), TakeBack()):
        assert reviewer._does(errand)
        seen.append(blank())
    assert seen == [False, True, True, False]


def test_whose_it_was_can_be_said_and_other_errands_are_left(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name, NameClient("Juniper"))
    assert keeper._answer(AskReview()).client == "Juniper"
    assert not reviewer._does(Begin(()))


def test_what_is_asked_for_after_a_review_is_done_in_its_order(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, log(60.0), time.time() - 3600.0)
    keeper._window = type("Open", (), {"is_open": True, "close": lambda _: None})()
    for errand in (NameClient("Juniper"), Open("another"), Leave(), Begin(())):
        keeper._take(errand)
    review_session(keeper, library, name)
    left = [keeper.next(within=0.0) for _ in range(3)]
    assert (left, keeper.has_errand()) == ([Open("another"), Leave(), Begin(())], False)
    assert library.session(name).client == "Juniper"


def test_of_a_practice_without_a_strap_it_is_said_that_there_is_no_heart_to_look_at(
    keeper: Keeper, library: Library
) -> None:
    practice = KeepPractice(60.0, ((0.0, 6.0), (60.0, None)), 0.4)
    review_session(keeper, library, keep_practice(library, practice))
    assert keeper._told().refusal == tr("A practice without a strap: there is no heart to look at.")
    assert not keeper._told().review


def test_one_that_cannot_be_kept_is_refused_in_words(
    keeper: Keeper, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name)
    before = keeper._answer(AskReview())

    def full(*_: object) -> None:
        raise store.LibraryError("The disk takes no more.")

    with monkeypatch.context() as patch:
        patch.setattr(library, "add", full)
        assert reviewer._does(Omit(200.0, 240.0, MOVING))
    assert keeper._told().refusal == "The disk takes no more."
    assert keeper._answer(AskReview()) == before
    # Nor is it there when something else is decided.
    assert reviewer._does(Amend(NoteMark(150.0, "other words")))
    told = keeper._answer(AskReview())
    assert (told.left_out, told.undoable) == ((), 0)
    assert [one.change.text for one in told.moments] == ["other words", "tears"]


@pytest.mark.parametrize("span", [(-1e300, 1e300), (float("nan"), 50.0), (900.0, 990.0)])
def test_what_no_window_can_have_asked_for_is_shown_as_far_as_it_lies_in_the_hour(
    span: tuple[float, float],
) -> None:
    told, _ = reviewed([*log(), LeftOut(500.0, 0, *span, MOVING)], session="s", started=0.0)
    for one in told.left_out:
        assert -1.0 <= one.start <= one.end <= 421.0


def test_the_seconds_without_beats_around_a_moment_are_those_that_a_late_strap_tells_of() -> None:
    lost = [Link(361.0, 0, LinkState.LOST), Link(375.0, 0, LinkState.BEATS)]
    heard = [one for one in log() if not (isinstance(one, Packet) and 361.0 < one.time < 375.0)]
    source = Source(0.0, 0, "client", "Polar H10 A1B2C3")
    events = sorted(
        [source, *(one for one in heard if not isinstance(one, Source)), *lost],
        key=lambda one: one.time,
    )
    told, _ = reviewed(events, session="s", started=0.0)
    (gap,) = told.gaps
    early, late = told.moments
    assert early.gap_s == 0.0
    assert late.gap_s == pytest.approx(300.0 + 60.0 + 2.1 - gap.start)
    assert late.gap_s > 0.5


def test_the_clients_sentences_are_put_otherwise_and_written(
    keeper: Keeper, library: Library, tmp_path: Path
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name)
    assert keeper._told().sentences is None
    path = tmp_path / "report.html"
    for errand in (Word(), Reword("first", "It was quick."), Reword("quiet", "")):
        assert reviewer._does(errand)
    first, quiet = (
        next(one for one in keeper._told().sentences if one.name == wanted)
        for wanted in ("first", "quiet")
    )
    assert (first.words, first.by_hand, quiet.words, quiet.by_hand) == (
        "It was quick.",
        True,
        "",
        True,
    )
    assert "quiet trace" in quiet.program
    path.write_text("what lay there", "utf-8")
    assert reviewer._does(WriteReport(str(path)))
    told = keeper._told()
    assert (told.written, told.refusal, told.busy) == (str(path), None, False)
    page = path.read_text("utf-8")
    assert "It was quick." in page
    assert "1 sentence put in other words (“It was quick.”) and 1 sentence left out" in page
    assert "quiet trace" not in page
    assert reviewer._does(Reword("first", None))
    assert not keeper._told().sentences[0].by_hand


def test_what_is_refused_of_a_report_is_a_sentence_and_changes_nothing(
    keeper: Keeper, library: Library, tmp_path: Path
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name, Word(), Reword("first", "It was quick."))
    before = keeper._told().sentences
    for errand, refusal in (
        (Reword("first", "It was quick 17 times."), "The number 17"),
        (Reword("nobody", "words"), "no sentence [nobody]"),
        (WriteReport(str(tmp_path / "report.docx")), "neither .html nor .pdf"),
        (WriteReport("report.html"), "says no folder"),
        (WriteReport(str(tmp_path / "no" / "report.html")), "cannot be written"),
        (WriteReport(str(library.folder / "report.html")), ""),
    ):
        keeper.show(refusal=None, written=None)
        assert reviewer._does(errand)
        told = keeper._told()
        assert refusal in told.refusal
        assert (told.written, told.sentences) == (None, before)
    assert sorted(tmp_path.iterdir()) == [tmp_path / "own"]


def test_another_look_at_the_hour_keeps_by_hand_what_the_program_says_as_before(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(
        keeper, library, name, Word(), Reword("first", "It was calm."), Reword("quiet", ""),
        Omit(100.0, 400.0, MOVING), Word(),
    )  # fmt: skip
    by_hand = {one.name: one.by_hand for one in keeper._told().sentences}
    assert by_hand["quiet"]
    assert not by_hand["first"]
    assert reviewer._does(Word())


def test_of_the_therapist_alone_no_report_is_written(keeper: Keeper, library: Library) -> None:
    events = [
        Source(0.0, one.source, "therapist", one.device) if isinstance(one, Source) else one
        for one in log()
    ]
    done(keeper, library, kept(library, events, time.time() - 3600.0), Word())
    told = keeper._told()
    assert "The therapist's own trace is in no report" in told.refusal
    assert told.sentences is None


def test_a_review_that_is_closed_leaves_no_sentences(keeper: Keeper, library: Library) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name, Word())
    reviewer.run()
    assert keeper._told().sentences is None


def read_all(reviewer: Reviewer) -> Reviewer:
    while reviewer._waiting is not None:
        reviewer._read_another()
    return reviewer


def test_labels_are_told_together_over_the_clients_sessions_once_these_are_read(
    keeper: Keeper, library: Library
) -> None:
    names = [kept(library, log(1300.0), 1.7e9 + 7200.0 * n) for n in range(4)]
    for name, client in zip(names, ["Juniper", "Juniper", "Rowan", "Juniper"], strict=True):
        library.name_client(name, client)
    reviewer = Reviewer(keeper, library, names[0])
    assert {one.sessions for one in keeper._answer(AskReview()).pooled} <= {0, 1}
    first = keeper._told().review
    read_all(reviewer)
    assert keeper._told().review == first + 1
    told = keeper._answer(AskReview()).pooled
    alike = [beats_of(library.events(name))[0] for name in (names[0], names[1], names[3])]
    assert told == pooled_marks(alike)
    assert {one.sessions for one in told} == {3}
    assert reviewer._does(Amend(NoteMark(150.0, "hands")))
    assert {one.text for one in keeper._answer(AskReview()).pooled} == {"hands", "hip", "tears"}
    assert reviewer._does(NameClient("Rowan"))
    read_all(reviewer)
    assert {one.sessions for one in keeper._answer(AskReview()).pooled} == {1, 2}
    assert reviewer._does(NameClient(""))
    assert reviewer._waiting is None
    assert {one.sessions for one in keeper._answer(AskReview()).pooled} == {1}


def both(seconds: float = 420.0) -> list:
    """The log of a client and a therapist, whose heart beats as in another session."""
    own = [
        msgspec.structs.replace(one, source=1)
        for one in session("therapy", seconds)
        if isinstance(one, Packet)
    ]
    source = Source(0.0, 1, "therapist", "y")
    return [*sorted([*log(seconds)[:-1], source, *own], key=lambda one: one.time), log(seconds)[-1]]


def test_the_therapists_own_heart_is_in_her_review_and_in_no_report(
    keeper: Keeper, library: Library
) -> None:
    name = kept(library, both(), time.time() - 3600.0)
    library.name_client(name, "Juniper")
    reviewer = Reviewer(keeper, library, name)
    told = keeper._answer(AskReview())
    assert (told.role, told.roles) == ("client", ("client", "therapist"))
    client = keeper._answer(AskPoints(0)).points().heart_rate
    assert reviewer._does(ShowHeart("therapist"))
    told, own = keeper._answer(AskReview()), keeper._answer(AskPoints(0)).points().heart_rate
    assert (told.role, told.source) == ("therapist", 1)
    assert np.nanmax(np.abs(own[: len(client)] - client[: len(own)])) > 1.0
    assert reviewer._waiting is None  # her moments are told with no client's others
    done(keeper, library, name)
    assert reviewer._does(Word())
    sentences = [one.words for one in keeper._told().sentences]
    assert reviewer._does(ShowHeart("client"))
    assert reviewer._does(Word())
    assert [one.words for one in keeper._told().sentences] == sentences
    assert reviewer._does(Omit(200.0, 230.0, MOVING))
    assert library.events(name)[-1].source == 0


def test_each_posture_of_an_hour_is_reviewed_with_its_own_baseline(
    keeper: Keeper, library: Library
) -> None:
    postures = [
        Posture(1.0, 0, PostureName.SITTING),
        Posture(600.0, 0, PostureName.STANDING),
        Posture(1000.0, 0, PostureName.LYING),
    ]
    more = [*postures, Baseline(910.0, 0, 730.0, 910.0)]
    events = sorted([*log(1300.0)[:-1], *more], key=lambda one: one.time)
    done(keeper, library, kept(library, [*events, log(1300.0)[-1]], time.time() - 3600.0))
    told = keeper._answer(AskReview())
    assert [(one.start, one.end, one.posture) for one in told.held] == [
        (0.0, 600.0, "sitting"), (720.0, 1000.0, "standing"), (1120.0, None, "lying"),
    ]  # fmt: skip
    (result,) = analyse([*events, log(1300.0)[-1]])
    lines = {one.posture: one.bpm for one in result.baselines}
    assert [None if one.own is None else one.own.level for one in told.held] == [
        lines["sitting"], lines["standing"], None,
    ]  # fmt: skip


def test_the_sway_is_read_once_it_is_asked_for(keeper: Keeper, library: Library) -> None:
    name = kept(library, log(), time.time() - 3600.0)
    reviewer = done(keeper, library, name)
    assert not keeper._answer(AskReview()).sway
    heart = keeper._answer(AskPoints(0)).points()
    assert np.isnan(heart.rsa).all()
    assert reviewer._does(ShowSway(on=True))
    assert keeper._answer(AskReview()).sway
    both = keeper._answer(AskPoints(0)).points()
    assert np.isfinite(both.rsa).any()
    assert np.array_equal(both.heart_rate, heart.heart_rate, equal_nan=True)
    assert reviewer._does(Omit(200.0, 240.0, MOVING))
    assert keeper._answer(AskReview()).sway
    assert np.isfinite(keeper._answer(AskPoints(0)).points().rsa).any()
    assert reviewer._does(ShowSway(on=False))
    assert not keeper._answer(AskReview()).sway


def test_what_is_handed_over_holds_nothing_of_the_therapist_and_nothing_taken_back(
    keeper: Keeper, library: Library, tmp_path: Path
) -> None:
    name = kept(library, both(), time.time() - 3600.0)
    reviewer = done(
        keeper, library, name,
        Amend(NoteMark(150.0, "their hip")), Amend(RemoveMark(300.0)), Omit(30.0, 40.0, MOVING),
        ShowHeart("therapist"), Omit(200.0, 240.0, MOVING), TakeBack(), ShowHeart("client"),
        HandOver(str(tmp_path / "theirs")),
    )  # fmt: skip
    told = keeper._told()
    path = tmp_path / "theirs" / f"{name}-client.zip"
    assert (told.written, told.refusal, told.busy) == (str(path), None, False)
    export = store.read_export(path)
    assert [one.role for one in export.metadata.sources] == ["client"]
    assert {getattr(one, "source", 0) for one in export.events} == {0}
    (own, theirs), (whole,) = analyse(library.events(name)), analyse(export.events)
    first = own if own.source == "client" else theirs
    assert whole.measures == first.measures
    assert whole.marks == first.marks
    assert [one.text for one in whole.marks] == ["their hip"]
    with zipfile.ZipFile(path) as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    for word in (b"therapist", b"tears", b'"hip"'):
        assert word not in content
    assert reviewer._does(HandOver("here"))
    assert "says no folder" in keeper._told().refusal


def test_of_the_therapist_alone_nothing_is_handed_over(
    keeper: Keeper, library: Library, tmp_path: Path
) -> None:
    events = [
        Source(0.0, one.source, "therapist", one.device) if isinstance(one, Source) else one
        for one in log()
    ]
    name = kept(library, events, time.time() - 3600.0)
    done(keeper, library, name, HandOver(str(tmp_path / "theirs")))
    assert "Nobody but the therapist" in keeper._told().refusal
    assert not (tmp_path / "theirs").exists()
