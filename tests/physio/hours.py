"""Hours of a heart whose rate wanders from minute to minute, as tests take them."""

import numpy as np

from proof.validation.made import marked_hours as made


def hour(seed=1, seconds=3600.0, deviation=3.5):
    random = np.random.default_rng(seed)
    return made.heard(made.wandering_rate(random, seconds, deviation), random)
