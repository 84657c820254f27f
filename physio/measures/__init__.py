"""The table of measures: for each its name, unit, window, needs, source and function.

It drives panel, results, screen and documentation; a new measure is a new row in the module of its
family.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from physio.measures import breathing, heartbeat, patterns, scaling, spectral
from physio.measures.measure import Measure
from physio.measures.shared import SHARED

_FAMILIES = (heartbeat, scaling, spectral, breathing, patterns)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {row.name: row for family in _FAMILIES for row in family.ROWS}
)
"""All measures by name, in the order in which they are computed and shown."""

__all__ = ["MEASURES", "SHARED", "Measure"]
