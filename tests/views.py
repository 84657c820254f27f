"""Whether views can be drawn here: tests that need it skip where not, saying so.

With INTERBEAT_REQUIRE_VIEWS=1 they fail instead.
"""

import os
import subprocess
import sys
from functools import cache

REQUIRED = os.environ.get("INTERBEAT_REQUIRE_VIEWS", "") not in ("", "0")

_TRY = "from PySide6.QtWidgets import QApplication; QApplication(['try'])"


@cache
def trouble() -> str | None:
    """Why no window can be drawn here: asked of a process of its own, since Qt would abort."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", _TRY], capture_output=True, text=True, timeout=60, env=surroundings
    )
    lines = done.stderr.strip().splitlines() or ["no reason given"]
    return None if done.returncode == 0 else f"Qt cannot draw here: {lines[-1]}"


def reason_to_skip() -> str | None:
    """Return why tests of views are to be skipped, None where they are to run."""
    return None if REQUIRED else trouble()
