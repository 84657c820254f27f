"""Time: the moment of each beat, from intervals and arrivals."""
