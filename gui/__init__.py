"""What is seen: windows that draw the newest state of a session, and no more."""
