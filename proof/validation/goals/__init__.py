"""The goals, a topic a module: each check is a line of the command and a test."""
