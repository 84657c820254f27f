"""Arousal: heart rate against a person's own baseline, as numbers and as words."""
