"""A process that answers ends with whoever started it, in the middle of an answer too."""

import os
import signal
import subprocess
import sys

from pipelines.servants import Servant
from tests.end_to_end.program import ROOT, eventually

ANSWERS = """
import os, time
from pipelines.servants import serve

def begin(first):
    def answered(asked):
        while asked == b"for ever":
            time.sleep(0.1)
        print("not an answer")
        return first + asked
    return answered

serve(begin)
"""
ASKS = f"""
import subprocess, sys
from pipelines import servants

servants.program = lambda module: [sys.executable, "-c", {ANSWERS!r}]
servant = servants.Servant("any", b"first ")
print(servant.ask(b"one", within=60.0), servant.ask(b"", within=60.0), flush=True)
print(servant._process.pid, flush=True)
servant.ask(b"for ever", within=600.0)
"""


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that ended waits for somebody to take note of it, where nobody does so.
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        return file.read().rpartition(")")[2].split()[0] != "Z"


def test_answers_are_what_was_answered_and_nobody_is_left_behind():
    asking = subprocess.Popen(
        [sys.executable, "-c", ASKS], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with asking:
        assert asking.stdout.readline() == "b'first one' b'first '\n"
        pid = int(asking.stdout.readline())
        assert is_there(pid)
        asking.send_signal(signal.SIGKILL)
    assert eventually(lambda: not is_there(pid))


def test_who_is_let_go_begins_nothing_more():
    servant = Servant("pipelines.formats.parsers")
    servant.let_go()
    assert servant.ask(b"", within=60.0) is None
    assert servant._process is None
