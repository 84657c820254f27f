"""AcqKnowledge files of BIOPAC by bioread."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from pipelines.formats.parsers.parsed import Channel, Parsed, packed
from pipelines.formats.signals import kind_of


def parse(data: bytes) -> Parsed:
    """Return the channels of an AcqKnowledge file."""
    import bioread

    found = bioread.read(BytesIO(data))
    created = getattr(found, "earliest_marker_created_at", None)
    return Parsed(
        channels=tuple(
            Channel(
                str(one.name),
                kind_of(str(one.name)).value,
                float(one.samples_per_second),
                packed(np.asarray(one.data, np.float64)),
            )
            for one in found.channels
        ),
        started=None if created is None else created.isoformat(),
    )
