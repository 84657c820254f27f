"""Engines that have taken a log, where it is the log that a test is about and not the taking."""

from __future__ import annotations

import copy
import copyreg
from collections.abc import Iterable
from types import MappingProxyType

from pipelines.live import Engine
from pipelines.session import AnyEvent

copyreg.pickle(MappingProxyType, lambda view: (MappingProxyType, (dict(view),)))

STEP = 50
"""Events after which a copy is kept, for logs that go on otherwise from there."""

_grown: list[tuple[list[AnyEvent], Engine]] = []


def grown(events: Iterable[AnyEvent]) -> Engine:
    """Return an engine that has taken these events: a copy of one that took the first of them."""
    wanted = list(events)
    fitting = [(log, engine) for log, engine in _grown if wanted[: len(log)] == log]
    log, begun = max(fitting, key=lambda one: len(one[0]), default=([], Engine("s")))
    engine = copy.deepcopy(begun)
    for first in range(len(log), len(wanted), STEP):
        engine.advance(wanted[first : first + STEP])
        _grown.append((wanted[: first + STEP], copy.deepcopy(engine)))
    return engine
