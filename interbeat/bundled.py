"""Where the command begins in a bundle that `make bundle` makes: there is no Python beside it.

It holds its own modules alone, so no stranger's can be in the way. What an installed Interbeat
starts with `python -m`, a bundle starts with itself (`pipelines.processes.program`).
"""

from __future__ import annotations

import sys
from runpy import run_module

OURS = ("devices", "gui", "pipelines", "proof")
"""The packages whose modules run as processes of their own."""


def main() -> None:
    """Run the command, or after `-m` one of our modules as a process of its own."""
    if sys.argv[1:2] == ["-m"] and sys.argv[2:] and sys.argv[2].split(".")[0] in OURS:
        del sys.argv[:2]
        run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        return
    from pipelines.settings import speak_as_chosen

    speak_as_chosen()
    from pipelines.command import main as command

    command()


if __name__ == "__main__":
    main()
