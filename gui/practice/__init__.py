"""The patient's view: a breathing guide, with or without a strap."""
