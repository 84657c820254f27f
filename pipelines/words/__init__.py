"""One catalogue: codes with their figures become sentences here, in the reader's language."""

from pipelines.words.bluetooth import bluetooth_advice, bluetooth_text, refused_text
from pipelines.words.codes import (
    cause_text,
    direction_text,
    in_milliseconds_text,
    link_text,
    position_text,
    reason_in_english,
    reason_text,
    session_state_text,
    trust_text,
    verdict_text,
)
from pipelines.words.disclaimer import DISCLAIMER
from pipelines.words.glance import (
    FRESH,
    STALE,
    Words,
    age,
    person,
    read,
    title,
    where_kept,
)
from pipelines.words.labels import LABELS
from pipelines.words.lines import json_line
from pipelines.words.measures import decimals_of, measure_text, unit_text
from pipelines.words.moments import (
    among_text,
    change_text,
    mark_text,
    rests_text,
    times_text,
    together_text,
)
from pipelines.words.numbers import (
    band_text,
    clock_text,
    duration_text,
    length_text,
    rounded,
    signed,
    spread_text,
    value_text,
)

__all__ = [
    "DISCLAIMER",
    "FRESH",
    "LABELS",
    "STALE",
    "Words",
    "age",
    "among_text",
    "band_text",
    "bluetooth_advice",
    "bluetooth_text",
    "cause_text",
    "change_text",
    "clock_text",
    "decimals_of",
    "direction_text",
    "duration_text",
    "in_milliseconds_text",
    "json_line",
    "length_text",
    "link_text",
    "mark_text",
    "measure_text",
    "person",
    "position_text",
    "read",
    "reason_in_english",
    "reason_text",
    "refused_text",
    "rests_text",
    "rounded",
    "session_state_text",
    "signed",
    "spread_text",
    "times_text",
    "title",
    "together_text",
    "trust_text",
    "unit_text",
    "value_text",
    "verdict_text",
    "where_kept",
]
