"""Where a library lies unless somebody says otherwise, what is rescued, and what was chosen."""

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


def settings_file() -> Path:
    """Return the file of what a person has chosen, in their own config folder."""
    from platformdirs import user_config_path

    return user_config_path("interbeat", appauthor=False) / "settings.json"


def shared_data() -> Path:
    """Return the person's own data folder, where a Linux desktop looks for programs and icons."""
    from platformdirs import user_data_path

    return user_data_path()
