"""What measures are read from besides windows, so that nothing is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from physio.beats import FloatArray
from physio.hrv import fluctuation, fragmentation, moments, spectrum
from physio.presets import Preset
from physio.windows import Windows


def _band_powers(windows: Windows, preset: Preset) -> spectrum.BandPowers:
    return spectrum.band_powers(
        windows, regularization=preset.regularization, welch_window=preset.welch_window
    )


def _moments(windows: Windows, _: Preset) -> moments.Moments:
    return moments.moments(windows)


def _fragments(windows: Windows, _: Preset) -> fragmentation.Fragmentation:
    return fragmentation.fragmentation(windows)


def _short_boxes(_: Windows, preset: Preset) -> fluctuation.Boxes:
    return preset.short_boxes


def _long_boxes(_: Windows, preset: Preset) -> fluctuation.Boxes:
    return preset.long_boxes


def _breath(windows: Windows, _: Preset) -> FloatArray:
    if windows.respiration is None:
        return np.full(len(windows.beats), np.nan)
    return windows.respiration.fullness(windows.beats.time)


SHARED: Mapping[str, Callable[[Windows, Preset], object]] = MappingProxyType(
    {
        "moments": _moments,
        "band_powers": _band_powers,
        "fragmentation": _fragments,
        "short_boxes": _short_boxes,
        "long_boxes": _long_boxes,
        "breath": _breath,
    }
)
"""What measures are read from besides windows: computed once, told by the preset, or, as the
fullness of the lungs at the end of each interval, known only where it was measured."""
