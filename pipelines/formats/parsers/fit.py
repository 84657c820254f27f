"""FIT files of watches by fitdecode: the intervals of their `hrv` messages."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from pipelines.formats.parsers.parsed import Parsed, Refusal, packed
from pipelines.language import tr


def parse(data: bytes) -> Parsed:
    """Return the intervals; what stands for none is missing.

    Raises
    ------
    Refusal
        If its checksum is wrong, or no `hrv` message is there.
    """
    import fitdecode

    rr: list[float] = []
    started: str | None = None
    try:
        with fitdecode.FitReader(BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as frames:
            for frame in frames:
                if frame.frame_type != fitdecode.FIT_FRAME_DATA:
                    continue
                if frame.name == "hrv":
                    rr += (1000.0 * one for one in frame.get_value("time") if one is not None)
                elif frame.name == "file_id" and frame.has_field("time_created"):
                    created = frame.get_value("time_created", fallback=None)
                    started = created.isoformat() if hasattr(created, "isoformat") else None
    except fitdecode.FitCRCError as error:
        what = tr("its checksum is wrong: something in it was changed or lost")
        raise Refusal(what, tr("copy it from the watch again")) from error
    if not rr:
        what = tr("it holds no intervals (hrv messages)")
        raise Refusal(what, tr("switch the logging of HRV on in the watch before recording"))
    return Parsed(rr=packed(np.array(rr)), started=started)
