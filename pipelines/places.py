"""Where a library lies unless somebody says otherwise, and what is rescued where it went away."""

from __future__ import annotations

from pathlib import Path


def default_store(name: str = "library") -> Path:
    """Return the folder of the library in the person's own data folder."""
    from platformdirs import user_data_path

    return user_data_path("interbeat", appauthor=False) / name


def rescue_folder() -> Path:
    """Return the folder of rescue files in the person's own state folder."""
    from platformdirs import user_state_path

    return user_state_path("interbeat", appauthor=False) / "rescue"
