"""The same work on a cluster of Dask: each of its processes does what a worker here does.

Recordings and the folder of results must be seen by every machine under the same path. A machine
may go while it works: what it had in hand is given to another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.analysis import get_ready_at_once
from pipelines.batch.crew import Lost
from pipelines.batch.inputs import Input
from pipelines.batch.keeping import Results
from pipelines.batch.measuring import Measured
from pipelines.batch.plan import Plan
from pipelines.batch.worker import ENGLISH, Answer, done, failed, give_back_memory
from pipelines.language import tr
from pipelines.version import version

if TYPE_CHECKING:
    from distributed import Client, Future

IN_HAND: Final = 4
"""Recordings that wait at each thread of the cluster; a million are not sent at once."""
FOUND_WITHIN: Final = 30.0
"""Seconds in which the scheduler must answer."""


class NoCluster(OSError):  # noqa: N818 - the name states the trouble
    """A cluster that cannot be used, in one sentence."""


def measure_on_cluster(
    recordings: Sequence[Input], results: Results, *, address: str
) -> Iterator[tuple[Input, Answer]]:
    """Have recordings measured by a cluster; yield each as soon as it is kept.

    Raises
    ------
    NoCluster
        If nobody answers at the address, or other versions of this program do.
    Lost
        If the folder of results takes no more.
    """
    from distributed import KilledWorker, as_completed

    with _client(address) as client:
        waiting = iter(recordings)
        threads = max(1, sum(client.nthreads().values()))
        sent = {_send(client, one, results): one for one in islice(waiting, IN_HAND * threads)}
        coming = as_completed(list(sent), loop=client.loop)
        for future in coming:
            one = sent.pop(future)
            try:
                answer = future.result()
            except KilledWorker:
                answer = _given_up(one, results)
            if answer.lost is not None:
                raise Lost(answer.lost)
            for other in islice(waiting, 1):
                further = _send(client, other, results)
                sent[further] = other
                coming.add(further)
            yield one, answer


def _client(address: str) -> Client:
    from distributed import Client

    try:
        client = Client(address, timeout=FOUND_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        what = tr("No scheduler of Dask answers at {address}; check it and start one.",
                  address=address)  # fmt: skip
        raise NoCluster(what) from error
    others = set(client.run(version).values()) - {version()}
    if others:
        client.close()
        what = tr("The cluster runs Interbeat {others}, here it is {version}; install the same.",
                  others=", ".join(sorted(others)), version=version())  # fmt: skip
        raise NoCluster(what)
    return client


def _send(client: Client, one: Input, results: Results) -> Future[Answer]:
    told = (os.fspath(results.folder.resolve()), results.plan, results.beats)
    return client.submit(_do, one.name, os.fspath(one.path), *told, pure=False)


def _do(name: str, path: str, folder: str, plan: Plan, beats: bool) -> Answer:  # noqa: FBT001
    """Measure one recording where it is asked for, and keep what is made of it."""
    from threadpoolctl import threadpool_limits

    os.environ.update(ENGLISH)
    _ready()
    # As workers here do: the last digits of a matrix product depend on its threads.
    with threadpool_limits(1):
        answer = done(Input(name, Path(path)), Results(Path(folder), plan, beats=beats))
    give_back_memory()
    return answer


@cache
def _ready() -> None:
    get_ready_at_once(lambda _: None)


def _given_up(one: Input, results: Results) -> Answer:
    why = (
        "measuring it ended several machines of the cluster, perhaps for want of memory; cut the "
        "recording"
    )
    try:
        results.keep(Measured(failed(one, results.plan, why)))
    except OSError as error:
        return Answer(lost=error.strerror or type(error).__name__)
    return Answer(why)
