"""Importing the science is quick and brings nothing of the world outside."""

import subprocess
import sys

FORBIDDEN = (
    *("scipy.signal", "numba", "llvmlite", "pandas", "neurokit2"),
    *("PySide6", "pyqtgraph", "bleak", "asyncio"),
)


def test_import_physio_brings_in_no_window_strap_or_heavy_library():
    program = "import physio, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "physio.measures" in loaded
    assert not loaded & set(FORBIDDEN)
    assert not any(name.startswith("scipy.stats") for name in loaded)
