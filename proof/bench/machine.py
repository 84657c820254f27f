"""What the figures were measured on: nothing that tells whose machine it is."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from proof.bench.task import PACKAGES

OURS = ("interbeat", "numpy", "scipy", "numba")


def processor() -> str:
    """Return the model of the processor, as the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def description() -> list[str]:
    """Return lines on the machine, the interpreter and the versions of all packages."""
    return [
        f"{processor()}, {cores()} cores, {platform.system()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        ", ".join(_versions(OURS)),
        "Others: " + (", ".join(_versions(one.distribution for one in PACKAGES)) or "none"),
    ]


def _versions(names: Iterable[str]) -> list[str]:
    return [f"{name} {found}" for name in names if (found := _version(name))]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
