"""Heart rate variability: its measures over windows, one family a module."""
