"""`interbeat validate` and `interbeat bench`, which the command line loads by name."""
