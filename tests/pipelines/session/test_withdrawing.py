"""Who withdraws from a session takes along what is theirs, and nothing of anybody else."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.session import (
    Baseline,
    Context,
    ContextLine,
    Guess,
    Guessing,
    LeftOut,
    LeftOutReason,
    Mark,
    Packet,
    Part,
    PartName,
    PartWords,
    Phase,
    PhaseName,
    Posture,
    PostureName,
    Source,
    TakenBack,
    TouchConsent,
    Unknown,
    nobodys,
    places_without,
    standing,
    wearers,
)

CLIENT, THERAPIST, MEMBER = 0, 1, 2
JOINED = [
    Source(0.0, CLIENT, "client", "x"),
    Source(0.0, THERAPIST, "therapist", "y"),
    Source(0.0, MEMBER, "member 2", "z"),
]
OTHERS = [Mark(5.0, "a sigh"), Phase(6.0, PhaseName.SESSION), Part(7.0, PartName.TOUCH)]
CLIENTS = [
    Context(8.0, ContextLine.SLEEP, "short"),
    TouchConsent(9.0, given=True),
    PartWords(9.0, 7.0, after=False, text="it pulls"),
    Posture(9.0, CLIENT, PostureName.SITTING),
    Unknown(9.0, "Airflow", CLIENT, b"x", 9),
]
THERAPISTS = [Guessing(10.0, on=True), Guess(11.0), Packet(11.0, THERAPIST, "heart_rate", b"x")]


def rest(log, role):
    return [log[place] for place in places_without(log, role)]


def test_each_role_takes_its_own_and_moments_stay():
    log = [*JOINED, *OTHERS, *CLIENTS, *THERAPISTS]
    assert wearers(log) == ("client", "therapist", "member 2")
    assert rest(log, "client") == [*JOINED[1:], *OTHERS, *THERAPISTS]
    assert rest(log, "therapist") == [JOINED[0], JOINED[2], *OTHERS, *CLIENTS]
    assert rest(log, "member 2") == [*JOINED[:2], *OTHERS, *CLIENTS, *THERAPISTS]
    assert rest(log, "member 3") == log


def test_whose_something_newer_is_may_be_unknown():
    assert nobodys([Unknown(9.0, "Weight", None, b"x", 9)])
    assert not nobodys([*JOINED, *CLIENTS])


def test_what_was_taken_back_of_one_takes_back_nothing_of_another():
    theirs = Baseline(20.0, CLIENT, 0.0, 10.0)
    own = LeftOut(21.0, MEMBER, 0.0, 1.0, LeftOutReason.MOVING)
    log = [*JOINED, theirs, own, TakenBack(22.0)]
    assert rest(log, "member 2") == [*JOINED[:2], theirs]
    packet = Packet(21.0, MEMBER, "heart_rate", b"x")
    log = [*JOINED, theirs, packet, TakenBack(22.0)]
    assert standing(rest(log, "member 2")) == [*JOINED[:2], theirs]


SOURCES = st.sampled_from([CLIENT, THERAPIST, MEMBER])
EVENTS = st.one_of(
    st.builds(lambda who: LeftOut(0.0, who, 0.0, 1.0, LeftOutReason.OTHER), SOURCES),
    st.builds(lambda who: Baseline(0.0, who, 0.0, 60.0), SOURCES),
    st.builds(lambda who: Packet(0.0, who, "heart_rate", b"x"), SOURCES),
    st.just(TakenBack(0.0)),
    st.just(Mark(0.0, "x")),
)


@given(st.lists(EVENTS, max_size=12), st.sampled_from(["client", "therapist", "member 2"]))
def test_what_stands_of_the_others_is_what_stood(events, role):
    log = [*JOINED, *(one for one in events)]
    gone = wearers(log).index(role)
    before = [one for one in standing(log) if getattr(one, "source", None) != gone]
    assert standing(rest(log, role)) == before
