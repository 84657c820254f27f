"""A worker may die or hang: its recording is named, and the next one is measured."""

import gc
import os
import signal
import sys
import threading
import weakref
from pathlib import Path

import msgspec
import pytest

from pipelines.batch import Input, Plan, Results, measure_all
from pipelines.batch import worker as workers
from pipelines.batch.worker import ENDED, OVERDUE, Answer, Worker
from tests.end_to_end.program import eventually

pytest.importorskip("polars", reason="the tables need the extra research")


def begun(folder):
    found = Results(folder, Plan(names=("mean_rr",)))
    found.begin(resume=False)
    return found


@pytest.fixture
def results(tmp_path):
    return begun(tmp_path / "out")


@pytest.fixture
def worker(results):
    """One whose process is its own, for what ends or changes it."""
    found = Worker(results)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One whose process goes on from test to test, or is followed by another, and its results."""
    results = begun(tmp_path_factory.mktemp("shared") / "out")
    found = Worker(results)
    yield found, results
    found.stop()


def recording(folder, name="a.txt"):
    path = folder / name
    path.write_text("\n".join(str(800 + place % 7) for place in range(200)))
    return Input(name, path)


def while_it_stands(worker, number, one):
    """Send the worker's process a signal, and the one after, while it has a recording in hand."""
    process = worker._servant._process
    os.kill(process.pid, signal.SIGSTOP)
    told = []
    asking = threading.Thread(target=lambda: told.append(worker.do(one)))
    asking.start()
    if number is not None:
        os.kill(process.pid, number)
    asking.join(60.0)
    return told[0]


def test_what_changed_is_measured_anew(shared, tmp_path):
    worker, results = shared
    one = recording(tmp_path, "changed.txt")
    worker.do(one)
    assert results.stands(one)
    one.path.write_text("\n".join(["900"] * 100))
    assert not results.stands(one)


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_one_takes_one_core(shared, tmp_path):
    worker, _ = shared
    worker.do(recording(tmp_path, "core.txt"))
    told = Path(f"/proc/{worker._servant._process.pid}/environ").read_bytes().split(b"\0")
    assert b"OPENBLAS_NUM_THREADS=1" in told


def test_one_that_dies_is_named_and_followed_by_another(shared, tmp_path):
    worker, results = shared
    one = recording(tmp_path, "dies.txt")
    assert worker.do(one) == Answer()
    assert while_it_stands(worker, signal.SIGKILL, one) == Answer(ENDED)
    assert results.part(one.name).failure == ENDED
    assert not results.stands(one)
    assert worker.do(one) == Answer()
    assert results.stands(one)


def test_one_that_hangs_is_given_up(shared, tmp_path, monkeypatch):
    worker, results = shared
    one = recording(tmp_path, "hangs.txt")
    worker.do(one)
    monkeypatch.setattr(workers, "AT_LEAST", 0.2)
    assert while_it_stands(worker, None, one) == Answer(OVERDUE)
    assert results.part(one.name).failure == OVERDUE


@pytest.mark.long
def test_one_that_is_stopped_keeps_nothing(worker, results, tmp_path):
    one, other = recording(tmp_path), recording(tmp_path, "b.txt")
    worker.do(one)
    os.kill(worker._servant._process.pid, signal.SIGSTOP)
    told = []
    asking = threading.Thread(target=lambda: told.append(worker.do(other)))
    asking.start()
    worker.stop()
    asking.join(60.0)
    assert told == [None]
    assert results.part(other.name) is None
    assert worker.do(one) is None


@pytest.mark.long
def test_whoever_leaves_ends_the_work(results, tmp_path):
    many = [recording(tmp_path, f"{place}.txt") for place in range(20)]
    coming = measure_all(many, results, workers=2)
    next(coming)
    coming.close()
    kept = sum(results.part(one.name) is not None for one in many)
    assert 1 <= kept < 20
    assert eventually(lambda: sum(results.part(one.name) is not None for one in many) == kept)


@pytest.mark.long
def test_what_fails_is_told_in_english_whatever_the_language(
    worker, results, tmp_path, monkeypatch
):
    monkeypatch.setenv("INTERBEAT_LANGUAGE", "pseudo")
    path = tmp_path / "empty.txt"
    path.write_text("")
    assert worker.do(Input("empty.txt", path)).failure.startswith("the file is empty")


class Held:
    """What a recording leaves in a cycle, which only the collector takes away."""

    def __init__(self):
        self.itself = self


def test_what_a_recording_took_is_given_back(results, tmp_path, monkeypatch):
    left = []

    def done(*_):
        left.append(weakref.ref(Held()))
        return Answer()

    monkeypatch.setattr(workers, "done", done)
    monkeypatch.setattr(workers, "get_ready_at_once", lambda _: None)
    order = workers.Order(os.fsencode(results.folder), results.plan, False)
    try:
        answered = workers.begin(msgspec.json.encode(order))
        gc.disable()
        answered(msgspec.json.encode(workers.Task("a.txt", b"a.txt")))
        assert left[0]() is None
    finally:
        gc.enable()
        gc.unfreeze()


def test_a_machine_of_a_cluster_computes_with_one_thread(results, monkeypatch):
    pytest.importorskip("distributed", reason="clusters need the extra cluster")
    threadpoolctl = pytest.importorskip("threadpoolctl")
    from pipelines.batch import cluster

    told = []

    def done(*_, **__):
        told.extend(one["num_threads"] for one in threadpoolctl.threadpool_info())
        return Answer()

    monkeypatch.setattr(cluster, "done", done)
    monkeypatch.setattr(cluster, "_ready", lambda: None)
    monkeypatch.setenv("INTERBEAT_LANGUAGE", "en")
    with threadpoolctl.threadpool_limits(2):
        cluster._do("a.txt", "a.txt", str(results.folder), results.plan, False)
    assert told
    assert set(told) == {1}
