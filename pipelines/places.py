"""Where a library lies unless somebody says otherwise."""

from __future__ import annotations

from pathlib import Path


def default_store(name: str = "library") -> Path:
    """Return the folder of the library in the person's own data folder."""
    from platformdirs import user_data_path

    return user_data_path("interbeat", appauthor=False) / name
