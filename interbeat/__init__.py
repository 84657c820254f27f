"""Interbeat for whoever imports it by this name.

Nothing is imported here: `interbeat.start` must look for strangers' modules before any other.
"""
