"""Libraries that an installation may lack, and the line that installs each."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import MappingProxyType

from pipelines.language import tr

EXTRAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "app": (
            *("bleak", "PySide6", "pyqtgraph", "sqlcipher3", "cryptography", "keyring"),
            "sounddevice",
        ),
        "research": ("neurokit2", "polars", "edfio", "pyxdf", "fitdecode", "bioread"),
        "cluster": ("distributed", "threadpoolctl"),
        "elan": ("pympi",),
        "voice": ("webrtcvad", "sounddevice"),
    }
)
"""The modules that each extra of pyproject.toml brings."""


def is_bundle() -> bool:
    """Return whether this is a folder that `make bundle` made, to which nothing can be added."""
    return bool(getattr(sys, "frozen", False))


def need(module: str) -> None:
    """Raise a `ModuleNotFoundError` where a module that another process will import is not here."""
    if find_spec(module) is None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)


def lacks(extra: str) -> bool:
    """Return whether a module that this extra brings is not here."""
    return any(find_spec(module) is None for module in EXTRAS[extra])


def how_to_install(error: ImportError) -> str | None:
    """Return one sentence on what was missing, None where no extra of ours brings it."""
    missing = (error.name or "").partition(".")[0]
    extra = next((name for name, modules in EXTRAS.items() if missing in modules), None)
    if extra is None:
        return None
    if is_bundle():
        return tr(
            "This needs {missing}, which the bundle does without; install Interbeat with Python.",
            missing=missing,
        )
    return tr(
        'This needs {missing}, which is not installed; run pip install "interbeat[{extra}]".',
        missing=missing,
        extra=extra,
    )
