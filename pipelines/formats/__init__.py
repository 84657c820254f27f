"""Any readable recording as the events of a session. A new format is one more module."""

from pipelines.formats.exchange import (
    ELAN,
    Exchanged,
    annotation_csv,
    clap_in,
    elan_file,
    marks_from,
    shift_to_video,
)
from pipelines.formats.recording import Recording, of_times
from pipelines.formats.refusal import FormatError
from pipelines.formats.registry import read
from pipelines.formats.session_tables import exported
from pipelines.formats.spreadsheet import cell
from pipelines.formats.wfdb import is_companion

__all__ = [
    "ELAN",
    "Exchanged",
    "FormatError",
    "Recording",
    "annotation_csv",
    "cell",
    "clap_in",
    "elan_file",
    "exported",
    "is_companion",
    "marks_from",
    "of_times",
    "read",
    "shift_to_video",
]
