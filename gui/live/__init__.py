"""The clinician's view: one glance, the trace, and what one key does."""

from gui.live.keys import KEYS
from gui.live.view import LiveView

__all__ = [
    "KEYS",
    "LiveView",
]
