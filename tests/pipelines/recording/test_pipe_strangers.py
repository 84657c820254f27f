"""Whoever calls the pipe, and whatever they say: the recorder lives, answers, and hardly works."""

import contextlib
import json
import random
import subprocess
import sys
import threading
import time

import pytest

from pipelines.live import commands
from pipelines.recording import pipe
from pipelines.recording.endpoint import connected
from pipelines.recording.pipe import (
    Answer,
    AskSnapshot,
    AskTrace,
    Goodbye,
    Order,
    RemoteSession,
    Server,
)
from pipelines.recording.share import Share
from pipelines.session.trace import Trace
from tests.end_to_end.program import PATIENCE, ROOT, eventually, python
from tests.pipelines.recording.test_pipe import client_of, echo, serving, snapshot

WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="a named pipe has other handles")


def answered(server):
    """Whether a new window is answered before long."""
    session = client_of(server)
    try:
        return eventually(lambda: session.snapshot() == snapshot(1.0))
    finally:
        session.close()


def let_go(connection):
    """Whether the server has ended a connection, once what it said before is read."""
    with contextlib.suppress(OSError, EOFError):
        while connection.poll(PATIENCE):
            connection.recv_bytes()
        return False
    return True


@WINDOWS
def test_a_flood_of_silent_callers_keeps_nobody_out_and_few_threads_busy():
    before = threading.active_count()
    with serving(echo) as server:
        window = client_of(server)
        assert eventually(lambda: window.snapshot() == snapshot(1.0))
        silent = []
        for _ in range(200):
            with contextlib.suppress(OSError):
                silent.append(connected(server.address, within=1.0))
            assert threading.active_count() - before < 3 * pipe._CALLERS
        assert answered(server)
        assert window.snapshot() == snapshot(1.0)
        window.close()
        for one in silent:
            one.close()
    assert eventually(lambda: threading.active_count() <= before)


@WINDOWS
def test_a_caller_who_stays_silent_is_let_go_and_one_with_the_key_is_not():
    with serving(echo) as server:
        known = pipe._introduced(server.address, server.key)
        stranger = connected(server.address, within=1.0)
        assert let_go(stranger)
        known.send_bytes(pipe._encoder.encode(AskSnapshot()))
        assert known.poll(PATIENCE)
        known.close()
        stranger.close()


@WINDOWS
@pytest.mark.parametrize(
    "said",
    [
        b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff" + b"\x7f" * 8, b"\x00\x01\x00\x01", b"\x00\x00",
        b"\x00\x00\x00\x10half", b"\xff\xff\xff\xfb", b"\x80\x00\x00\x00", b"\x00\x00\x00\x00",
    ],
)  # fmt: skip
def test_lengths_that_lie_and_messages_that_stop_halfway_cost_one_connection(said):
    with serving(echo) as server:
        rude = pipe._introduced(server.address, server.key)
        pipe_end = rude.fileno()
        with open(pipe_end, "wb", buffering=0, closefd=False) as raw:
            raw.write(said)
        assert let_go(rude)
        assert eventually(lambda: not server.watched)
        assert answered(server)
        rude.close()


@WINDOWS
def test_a_reader_who_never_reads_is_let_go():
    def large(request):
        return Trace(0, 0, b"x" * 12_000_000, 0, b"x" * 2_000_000)

    with serving(large) as server:
        deaf = pipe._introduced(server.address, server.key)
        with contextlib.suppress(OSError):
            for _ in range(50):
                deaf.send_bytes(pipe._encoder.encode(AskTrace(0, 0, 0)))
        assert eventually(lambda: not server.watched)
        session = client_of(server)
        assert eventually(lambda: session.trace(0, 0, 0) is not None)
        session.close()
        deaf.close()


@WINDOWS
def test_who_asks_for_whole_histories_keeps_nobody_from_the_newest_state():
    share = Share(part=1e-6)
    share.charge(1e3)  # what histories took already: nobody is given another for years
    with contextlib.closing(Server(echo, share=share)) as server:
        greedy = pipe._introduced(server.address, server.key)
        greedy.send_bytes(pipe._encoder.encode(AskTrace(0, 0, 0)))
        for _ in range(3):
            assert answered(server)
        assert not greedy.poll(0.0)
        greedy.close()


OUT_OF_HANDLES = """
import json, os, resource, socket, time
from pipelines.recording.pipe import RemoteSession, Server
from tests.pipelines.recording.test_pipe import echo, eventually, snapshot

server = Server(echo)
callers = [socket.socket(socket.AF_UNIX) for _ in range(4)]
taken = len(os.listdir("/proc/self/fd"))
resource.setrlimit(resource.RLIMIT_NOFILE, (taken - 1 + 4, taken + 1000))
eaten = []
try:
    while True:
        eaten.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    pass
for caller in callers:
    caller.connect(server.address)
began, used = time.monotonic(), time.process_time()
time.sleep(3.0)
used = (time.process_time() - used) / (time.monotonic() - began)
for handle in eaten:
    os.close(handle)
session = RemoteSession(lambda: (server.address, server.key))
found = eventually(lambda: session.snapshot() == snapshot(1.0), 60.0)
print(json.dumps([len(eaten), used, found]))
server.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's handles")
def test_it_waits_while_no_handle_is_left_and_goes_on_once_there_is():
    eaten, used, found = json.loads(python(OUT_OF_HANDLES))
    assert eaten
    assert used < 0.1
    assert found


RECORDER = """
import asyncio, sys, threading, time
from pathlib import Path
from devices import sources
from pipelines import store
from pipelines.live.engine import Engine
from pipelines.recording.pipe import Server
from pipelines.analysis.ready import get_ready_at_once
from pipelines.recording.recorder import Plan, Recorder, Wearer

async def main(library, writer):
    lasting = Wearer(sources.simulated("rest", seconds=4 * 3600.0), "client")
    recorder = Recorder(Plan([lasting]), writer, Engine(writer.session))
    server = Server(recorder.handle, share=recorder.share)
    recorder.watched = lambda: server.watched

    def talk():
        for _ in sys.stdin:
            print(time.process_time(), flush=True)
        loop.call_soon_threadsafe(recorder.stop)

    loop = asyncio.get_running_loop()
    threading.Thread(target=talk, daemon=True).start()
    print(server.address, server.key.hex(), flush=True)
    await recorder.run()
    server.close()

get_ready_at_once(lambda why: None)
fast = store.Cost(n=2, r=1, p=1)
library = store.create_library(Path(sys.argv[1]), "x", show=lambda _: None, cost=fast)
writer = library.new_session(0.0)
asyncio.run(main(library, writer))
writer.close(beats=0)
from pipelines.analysis.offline import analyse
(result,) = analyse(library.events(writer.session))
print(result.quality.beats)
"""


class Recording:
    """A recorder of its own process, with a pipe and no window."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", RECORDER, str(folder)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.address, key = self.process.stdout.readline().split()
        self.key = bytes.fromhex(key)

    def used(self):
        """Seconds of processor time so far."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def finished(self):
        """End it and return the beats of its log."""
        out, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0
        return int(out)


SEEDS = tuple(
    pipe._encoder.encode(request)
    for request in (
        AskSnapshot(), AskTrace(0, 0, 0), AskTrace(0, 10, 1 << 40), Goodbye(1),
        Order(commands.MarkMoment("touched hip")), Order(commands.NoteMark(1.5, "b")),
        Order(commands.UndoMark()), Order(commands.SetBaseline(90.0)), Order(commands.Talk(True)),
        Order(commands.Pause()), Order(commands.GoOn()), Order(commands.SetPace(6.0, 0.4)),
    )
)  # fmt: skip


def mutated(draw):
    """A request with some of its bytes changed, cut, doubled, or none."""
    said = bytearray(draw.choice(SEEDS))
    for _ in range(draw.choice((0, 1, 1, 2, 5))):
        place = draw.randrange(len(said) + 1)
        match draw.randrange(5):
            case 0 if place < len(said):
                said[place] = draw.randrange(256)
            case 1:
                said[place:place] = draw.randbytes(draw.randrange(9))
            case 2:
                del said[place : place + draw.randrange(1, 9)]
            case 3:
                said[place:] = draw.randbytes(8) + said[place + 8 :]
            case _:
                said += said[: draw.randrange(2000)]
    return bytes(said)


def ask(recording, requests, seed):
    """Ask so many mutated requests, as a caller with the key and now and then as a stranger."""
    draw, connection = random.Random(seed), None
    for _ in range(requests):
        with contextlib.suppress(OSError, EOFError, pipe.AuthenticationError):
            if draw.random() < 0.02:
                connected(recording.address, within=1.0).close()
            connection = connection or pipe._introduced(recording.address, recording.key)
            connection.send_bytes(mutated(draw))
            if connection.poll(PATIENCE):
                connection.recv_bytes()
                continue
        if connection is not None:
            connection.close()
            connection = None


def besiege(folder, *, requests, seed):
    recording = Recording(folder)
    try:
        window = RemoteSession(lambda: (recording.address, recording.key))
        assert eventually(lambda: window.snapshot() is not None)
        began, before = time.monotonic(), recording.used()
        halves = [
            threading.Thread(target=ask, args=(recording, requests // 2, seed + half))
            for half in range(2)
        ]
        for half in halves:
            half.start()
        while any(half.is_alive() for half in halves):
            assert eventually(lambda: window.snapshot() is not None), seed
            time.sleep(0.1)
        used, lasted = recording.used() - before, time.monotonic() - began
        assert used < 0.5 + 0.2 * lasted, (used, lasted)
        assert eventually(lambda: window.snapshot() is not None)
        assert eventually(lambda: isinstance(window.ask(commands.GoOn()), str | None))
        window.close()
        assert recording.finished() >= 0
    finally:
        recording.process.kill()
        recording.process.communicate()
    return used, lasted


@WINDOWS
@pytest.mark.long
def test_mutated_requests_leave_the_recorder_alive_and_at_rest(tmp_path):
    besiege(tmp_path / "library", requests=1000, seed=random.randrange(2**32))


@WINDOWS
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_mutated_requests_leave_the_recorder_alive_and_at_rest(tmp_path):
    used, lasted = besiege(tmp_path / "library", requests=100_000, seed=random.randrange(2**32))
    assert used < 0.2 * lasted


def test_a_goodbye_is_heard_of_that_window_alone():
    with serving(echo) as server:
        session = RemoteSession(lambda: (server.address, server.key), opening=2)
        assert session.snapshot() == snapshot(1.0)
        assert not server.said_goodbye(2)
        session.close()
        assert server.said_goodbye(2)
        assert not server.said_goodbye(1)


def test_a_view_opened_by_hand_says_no_goodbye():
    with serving(echo) as server:
        session = client_of(server)
        assert session.snapshot() == snapshot(1.0)
        session.close()
        assert not server._goodbyes


def test_a_goodbye_to_a_busy_recorder_is_said_again(monkeypatch):
    heard = []

    class Busy(pipe.Server):
        def _answer(self, asked):
            heard.append(asked)
            if len(heard) < 3:
                raise TimeoutError
            return super()._answer(asked)

    server = Busy(lambda request: Answer(None))
    try:
        RemoteSession(lambda: (server.address, server.key), opening=1).close()
        assert server.said_goodbye(1)
    finally:
        server.close()
