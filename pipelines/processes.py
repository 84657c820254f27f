"""How a process of our own is started: with our modules alone, and without what is secret."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.extras import is_bundle
from pipelines.store import VARIABLE

HOME = Path(__file__).resolve().parents[1]
"""The folder that holds our packages."""


def program(module: str, *arguments: str) -> list[str]:
    """Return the command that runs one of our modules; the working folder is not searched."""
    if is_bundle():
        # It is its own interpreter, of nothing else (`interbeat.bundled`).
        return [sys.executable, "-m", module, *arguments]
    no_user_site = ["-s"] if sys.flags.no_user_site else []
    return [sys.executable, "-P", *no_user_site, "-m", module, *arguments]


def surroundings() -> dict[str, str]:
    """Return the environment for such a process: no passphrase, and nothing that steers Python.

    A checkout that is run without being installed is found through PYTHONPATH alone: there it names
    that checkout, and no other folder.
    """
    kept = {name: value for name, value in os.environ.items() if not _withheld(name)}
    return kept | ({"PYTHONPATH": str(HOME)} if _found_by_variable() else {})


def _withheld(name: str) -> bool:
    return name.upper() == VARIABLE or name.upper().startswith("PYTHON")


def _found_by_variable() -> bool:
    folders = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return any(Path(folder).resolve() == HOME for folder in folders if folder)
