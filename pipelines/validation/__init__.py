"""Validation: our numbers beside closed forms, published results, recordings and NeuroKit2."""
