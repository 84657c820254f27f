"""The program's own picture: a heart rate that rose above its band and settles."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ICON: Final = Path(__file__).with_name("icon.svg")
"""A file of SVG, in the colours of `LIGHT` and `DARK`."""
