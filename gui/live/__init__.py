"""The clinician's view: one glance, the trace, and what one key does."""
