"""Power in a band of a density that is known at some frequencies."""

import numpy as np
import pytest

from physio.hrv.bands import within


def test_power_within_a_band_is_the_integral_of_the_lines_between_the_densities():
    density = np.random.default_rng(0).random((2, 40))
    step = np.array([0.02, 0.031])
    for first in (0, 1):
        for low, high in ((0.05, 0.3), (0.06, 0.06), (0.1234, 0.4)):
            found = within(density, step, first, np.array([[low, high]]))[:, 0]
            for row in range(2):
                frequency = step[row] * np.arange(first, first + 40)
                fine = np.linspace(low, high, 200_001)
                expected = np.trapezoid(np.interp(fine, frequency, density[row]), fine)
                assert found[row] == pytest.approx(expected, rel=1e-6, abs=1e-12)
