"""The pipe: strangers stay out, nobody waits long, answers are never mixed up."""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Client

import msgspec
import pytest

from physio.breathing.assessment import NotScored
from physio.breathing.resonance import Choice
from pipelines.live import Engine, commands
from pipelines.recording import pipe
from pipelines.recording.pipe import Answer, AskSnapshot, AskTrace, Order, RemoteSession, Server
from pipelines.session import ResonanceView, Source, WaveState, WaveView
from pipelines.session.snapshot import Snapshot
from pipelines.session.trace import Trace
from pipelines.store import write_contact

PATIENCE, FOR_ORDERS = pipe.PATIENCE, pipe.PATIENCE_FOR_ORDERS
LONG = 60.0
"""Seconds that a busy machine may take over anything."""


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch):
    """Let an answer take as long as a busy machine needs."""
    monkeypatch.setattr(pipe, "PATIENCE", LONG)
    monkeypatch.setattr(pipe, "PATIENCE_FOR_ORDERS", LONG)


def snapshot(time: float) -> Snapshot:
    return Snapshot("s", time, None, "session", 0.0, (), (), (), False)


def trace(source: int, first: int, rr_first: int) -> Trace:
    return Trace(source, first, b"", rr_first, b"")


@contextlib.contextmanager
def serving(handler) -> Iterator[Server]:
    server = Server(handler)
    try:
        yield server
    finally:
        server.close()


def client_of(server: Server) -> RemoteSession:
    return RemoteSession(lambda: (server.address, server.key))


def echo(request):
    match request:
        case AskSnapshot():
            return snapshot(1.0)
        case AskTrace(source, first, rr_first):
            return trace(source, first, rr_first)
        case Order(commands.MarkMoment(text)):
            return Answer(text or None)
        case Order():
            return Answer(None)


def eventually(holds, within: float = LONG) -> bool:
    end = time.monotonic() + within
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def test_a_recorder_is_found_again_after_its_library_went_away(library):
    writer = library.new_session(0.0)
    with serving(echo) as server:
        write_contact(library.folder, writer.session, server.address, server.key)
        session = pipe.connect(writer.session, library.folder)
        assert eventually(lambda: session.snapshot() is not None)
        shutil.rmtree(library.folder)
        session.close()  # as after an answer that came late
        assert eventually(lambda: session.snapshot() is not None)
        session.close()
    writer.close(beats=0)


def test_every_request_gets_its_own_answer():
    with serving(echo) as server:
        session = client_of(server)
        assert session.snapshot() == snapshot(1.0)
        assert session.trace(3, 40, 50) == trace(3, 40, 50)
        assert session.ask(commands.MarkMoment("why not")) == "why not"
        assert session.ask(commands.UndoMark()) is None
        session.close()


@pytest.mark.parametrize("command", [
    commands.MarkMoment("a"), commands.NoteMark(1.5, "b"), commands.UndoMark(),
    commands.SetBaseline(90.0), commands.Talk(True), commands.Pause(), commands.GoOn(),
    commands.SetPace(None), commands.SetPace(6.0, 0.3), commands.Finish(),
    commands.SetPace(None, 0.3, True), commands.Assess("sliding", 33.0, 0.3), commands.Assess(None),
    commands.Pose("lying"), commands.BeginPart("touch"), commands.AllowTouch(given=True),
    commands.HearTalking(on=True),
    commands.CoverPicture(on=True),
    commands.SenseRise(0.4),
    commands.SayOfPart(90.0, after=True, text="lighter"), commands.SayContext("sleep", "5 h"),
    commands.DrawBand(0, -1.0, 2.5, "spreads", "flat", "too much"),
])  # fmt: skip
def test_each_command_arrives_as_it_was_sent(command):
    got = []

    def handler(request):
        got.append(request)
        return Answer(None)

    with serving(handler) as server:
        session = client_of(server)
        assert session.ask(command) is None
        session.close()
    assert got == [Order(command)]


def test_what_an_assessment_came_to_arrives_as_it_was_told():
    engine = Engine("s")
    engine.advance([Source(0.0, 0, "client", "x")])
    told = ResonanceView(5.5, Choice.CLEAR, agrees=True, lost=((4.5, NotScored.ARTEFACTS),))
    wave = WaveView(WaveState.PREDICTED, 2.5, 1.0, 0.2, (60.0, 61.0), 4.0, 60.0, 9.5)
    seen = engine.snapshot(1.0)
    source = msgspec.structs.replace(seen.sources[0], resonance=told, wave=wave)
    seen = msgspec.structs.replace(seen, sources=(source,))
    with serving(lambda _: seen) as server:
        session = client_of(server)
        (found,) = session.snapshot().sources
        session.close()
    assert (found.resonance, found.wave) == (told, wave)


def test_a_wrong_key_is_refused_and_the_right_one_still_served():
    asked = []

    def handler(request):
        asked.append(request)
        return echo(request)

    with serving(handler) as server:
        stranger = RemoteSession(lambda: (server.address, b"wrong" * 8))
        assert stranger.snapshot() is None
        assert stranger.ask(commands.Finish()) is not None
        assert not asked
        session = client_of(server)
        assert session.snapshot() == snapshot(1.0)
        session.close()


def test_who_connects_and_says_nothing_keeps_nobody_out():
    with serving(echo) as server:
        silent = [Client(server.address) for _ in range(3)]
        session = client_of(server)
        assert session.snapshot() == snapshot(1.0)
        assert server.watched
        session.close()
        for one in silent:
            one.close()


def test_a_server_closes_while_somebody_says_nothing():
    server = Server(echo)
    silent = Client(server.address)
    closing = threading.Thread(target=server.close, daemon=True)
    closing.start()
    closing.join(LONG)
    assert not closing.is_alive()
    silent.close()


def test_who_asks_nonsense_is_let_go_and_others_are_served():
    with serving(echo) as server:
        rude = pipe._introduced(server.address, server.key)
        rude.send_bytes(b"\xc1 nonsense")
        with pytest.raises((EOFError, OSError)):
            rude.recv_bytes()
        session = client_of(server)
        assert session.snapshot() == snapshot(1.0)
        session.close()


def test_a_handler_that_breaks_costs_one_answer():
    broken = True

    def handler(request):
        if broken:
            raise KeyError("no such source")
        return echo(request)

    with serving(handler) as server:
        session = client_of(server)
        assert session.snapshot() is None
        broken = False
        assert session.snapshot() == snapshot(1.0)
        session.close()


def test_a_slow_answer_is_none_in_time_and_never_taken_for_the_next(monkeypatch):
    late, reached, release = (threading.Event() for _ in range(3))

    def handler(request):
        if late.is_set() and not reached.is_set():
            reached.set()
            release.wait(LONG)
            return snapshot(666.0)
        return echo(request)

    with serving(handler) as server:
        session = client_of(server)
        assert session.snapshot() == snapshot(1.0)
        late.set()
        with monkeypatch.context() as hurried:
            hurried.setattr(pipe, "PATIENCE", 0.1)
            assert session.snapshot() is None, "it did not wait for the answer"
        assert reached.wait(LONG)
        release.set()
        for _ in range(20):
            assert session.trace(1, 2, 3) == trace(1, 2, 3)
            assert session.snapshot() == snapshot(1.0)
        session.close()


def test_a_recorder_that_accepts_nobody_is_unreachable_not_a_hang(monkeypatch):
    from multiprocessing.connection import Listener

    monkeypatch.setattr(pipe, "PATIENCE", 0.1)
    with Listener(backlog=4) as deaf:
        session = RemoteSession(lambda: (str(deaf.address), b"key"))
        assert session.snapshot() is None


def test_a_view_waits_a_quarter_of_a_second_and_for_what_is_to_be_kept_two():
    assert (PATIENCE, FOR_ORDERS) == (0.25, 2.0)


def test_an_order_waits_longer_than_a_look(monkeypatch):
    monkeypatch.setattr(pipe, "PATIENCE", 0.01)

    def slow(request):
        time.sleep(0.3)
        return echo(request)

    with serving(slow) as server:
        session = client_of(server)
        assert session.snapshot() is None
        # Being let in is waited for no longer than a look.
        assert eventually(lambda: session.ask(commands.GoOn()) is None)
        session.close()


def test_a_recorder_that_goes_and_comes_back_is_found_again():
    place: list[Server] = [Server(echo)]
    session = RemoteSession(lambda: (place[0].address, place[0].key) if place else None)
    assert session.snapshot() == snapshot(1.0)
    place.pop().close()
    assert session.snapshot() is None
    assert "may not be kept" in (session.ask(commands.MarkMoment()) or "")
    place.append(Server(echo))
    assert eventually(lambda: session.snapshot() == snapshot(1.0))
    session.close()
    place.pop().close()


def test_a_stale_address_is_unreachable():
    server = Server(echo)
    address, key = server.address, server.key
    server.close()
    session = RemoteSession(lambda: (address, key))
    assert session.snapshot() is None
    assert session.ask(commands.Finish()) is not None


def test_it_is_watched_while_a_window_is_connected():
    with serving(echo) as server:
        assert not server.watched
        session = client_of(server)
        session.snapshot()
        assert server.watched
        session.close()
        assert eventually(lambda: not server.watched)


def test_several_threads_of_one_window_get_their_own_answers():
    wrong = []

    def ask(number: int) -> None:
        wrong.extend(
            (number, turn)
            for turn in range(50)
            if session.trace(number, turn, 0) != trace(number, turn, 0)
        )

    with serving(echo) as server:
        session = client_of(server)
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        session.close()
    assert not wrong


def test_a_session_that_nobody_records_is_unreachable(tmp_path):
    session = pipe.connect("nosuch", tmp_path)
    assert session.snapshot() is None
    assert session.trace(0, 0, 0) is None
    session.close()
