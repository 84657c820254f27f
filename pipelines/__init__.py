"""What runs: events, store, engine, recorder, formats, results and the command line."""
