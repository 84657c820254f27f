"""Engines that have taken a log, where it is the log that a test is about and not the taking."""

from __future__ import annotations

import copy
import copyreg
from collections.abc import Iterable
from types import MappingProxyType

from pipelines.live import Engine
from pipelines.session import AnyEvent

copyreg.pickle(MappingProxyType, lambda view: (MappingProxyType, (dict(view),)))

_grown: list[tuple[list[AnyEvent], Engine]] = []


def grown(events: Iterable[AnyEvent]) -> Engine:
    """Return an engine that has taken these events: a copy of one that took the first of them."""
    wanted = list(events)
    fitting = [(log, engine) for log, engine in _grown if wanted[: len(log)] == log]
    log, begun = max(fitting, key=lambda one: len(one[0]), default=([], Engine("s")))
    engine = copy.deepcopy(begun)
    engine.advance(wanted[len(log) :])
    _grown.append((wanted, copy.deepcopy(engine)))
    return engine
