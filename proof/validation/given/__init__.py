"""The real recordings that checks read, where they are present."""
