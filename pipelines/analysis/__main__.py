"""`python -m pipelines.analysis`: the process that prepares the machine code, out of the way."""

from __future__ import annotations

import contextlib
import os

from pipelines.analysis.ready import prepare

if hasattr(os, "nice"):
    # Behind a session that is recorded; but somebody may wait for it on a busy machine, where the
    # nicest of all would get a hundredth of a core.
    os.nice(5)
with contextlib.suppress(OSError):
    prepare()
