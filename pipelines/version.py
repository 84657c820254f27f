"""Which version of the program this is."""

from __future__ import annotations

import importlib.metadata
from functools import cache

PROGRAM = "interbeat"


@cache
def version() -> str:
    """Return the version that is installed, "unknown" where the program is not."""
    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
