"""Validation: our numbers beside closed forms, published results, recordings and NeuroKit2."""

from proof.validation.every import Topic, tried
from proof.validation.made.beats import every_beat, from_intervals
from proof.validation.made.ecg import Shape, bumps
from proof.validation.report import Tried

__all__ = [
    "Shape",
    "Topic",
    "Tried",
    "bumps",
    "every_beat",
    "from_intervals",
    "tried",
]
