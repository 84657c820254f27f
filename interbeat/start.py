"""Where the command begins: it looks whether a stranger's module would run in place of ours.

Python takes the first module of a name that it finds. What is imported before it is known whose
modules these are runs with whatever the command may read, so here it is `os` and `sys` alone, which
Python itself has loaded by then.
"""

import os
import sys

OURS = ("physio", "devices", "pipelines", "gui")
AT_START = ("sitecustomize", "usercustomize")
"""Modules that Python itself looks for and runs when it starts."""
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The folder that holds our packages."""


def main() -> None:
    """Run the command, or say in one sentence whose module is in the way and exit with 2."""
    _leave_own_folder()
    clash = shadowed() or displaced()
    if clash is not None:
        if sys.stderr is not None:
            print(clash, file=sys.stderr)
        sys.exit(2)
    from pipelines.settings import speak_as_chosen

    speak_as_chosen()
    from pipelines.command import main as command

    command()


def shadowed() -> str | None:
    """Return one sentence where PYTHONPATH holds a module that goes by the name of another."""
    for folder in _python_path():
        ours = () if _same(folder, HOME) else OURS
        for name in (*ours, *AT_START, *sorted(sys.stdlib_module_names)):
            if _holder(name, [folder]) is not None:
                return (
                    f'The name "{name}" clashes: the folder {_printable(folder)} is on PYTHONPATH '
                    f"and holds a module of that name, which is not the one meant here; rename it, "
                    f"or take the folder off PYTHONPATH."
                )
    return None


def displaced() -> str | None:
    """Return one sentence where another project's package has taken the place of one of ours."""
    for name in OURS:
        holder = _holder(name, sys.path)
        if holder is None or not _same(holder, HOME) or _overwritten(name):
            return (
                f'The name "{name}" clashes: what {_printable(holder or HOME)} holds by that name '
                f"is not Interbeat's; install Interbeat in an environment of its own."
            )
    return None


def _leave_own_folder() -> None:
    """Take the folder of the script itself, or the working folder, off the path as -P would."""
    own = os.path.dirname(os.path.realpath(sys.argv[0]))
    if sys.path and os.path.realpath(sys.path[0]) == own and not _same(own, HOME):
        del sys.path[0]


def _python_path() -> list[str]:
    """Return the folders on PYTHONPATH; an empty one is the working folder."""
    value = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    folders = [os.path.abspath(one) for one in value.split(os.pathsep)] if value else []
    return [folder for folder in folders if not _same(folder, os.path.dirname(os.__file__))]


def _holder(name: str, path: list[str]) -> str | None:
    """Return the folder on `path` whose module Python would take; a bare folder is no module."""
    finder = next(one for one in sys.meta_path if getattr(one, "__name__", "") == "PathFinder")
    found = finder.find_spec(name, path)
    if found is None or found.loader is None or found.origin is None:
        return None
    place = os.path.dirname(found.origin)
    return place if found.submodule_search_locations is None else os.path.dirname(place)


def _overwritten(name: str) -> bool:
    """Return whether the package differs from what was installed: two projects, one folder.

    An editable installation has no record beside it, and nothing to compare with.
    """
    for info in os.listdir(HOME):
        if info.startswith("interbeat-") and info.endswith(".dist-info"):
            return not _is_recorded(f"{name}/__init__.py", os.path.join(HOME, info, "RECORD"))
    return False


def _is_recorded(file: str, record: str) -> bool:
    """Return whether a file is as the record says, true where there is no word of it."""
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    if not os.path.exists(record):
        return True
    with open(record, encoding="utf-8") as lines:
        said = next((line for line in lines if line.startswith(f"{file},sha256=")), "")
    with open(os.path.join(HOME, file), "rb") as content:
        digest = urlsafe_b64encode(sha256(content.read()).digest()).decode().rstrip("=")
    return not said or said.split(",")[1] == f"sha256={digest}"


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _printable(place: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in place)
