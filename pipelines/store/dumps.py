"""Keep keys out of core dumps, and out of reach of other programs of the same person."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """Let no crash of this process, or of one that it starts, write its memory to a disk.

    On Linux nobody but the administrator may read its memory from then on, or attach to it.
    Windows has neither.
    """
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
