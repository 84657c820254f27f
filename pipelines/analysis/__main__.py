"""`python -m pipelines.analysis`: the process that prepares the machine code, out of the way."""

from __future__ import annotations

import contextlib
import os

from pipelines.analysis.ready import prepare

if hasattr(os, "nice"):
    os.nice(19)
with contextlib.suppress(OSError):
    prepare()
