"""Breathing: its rate, its swing in the heartbeat, and the guide that paces it."""
