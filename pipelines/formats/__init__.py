"""Any readable recording as the events of a session. A new format is one more module."""

from pipelines.formats.recording import Recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.registry import read
from pipelines.formats.session_tables import exported
from pipelines.formats.wfdb import is_companion

__all__ = [
    "FormatError",
    "Recording",
    "exported",
    "is_companion",
    "read",
]
