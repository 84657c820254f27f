"""What About, first start and every report say of the program itself."""

from __future__ import annotations

from pipelines.language import tr

DISCLAIMER = (
    tr(
        "Research and education software, not a medical device: it does not diagnose, monitor or "
        "treat."
    ),
    tr(
        "Numbers can be wrong through movement, talking, irregular beats, medicines or a loose "
        "strap. Stop if you feel unwell."
    ),
)
"""Two lines that About, first start and every report show."""
