"""The straps: byte codec, supervised link, simulated and replayed peers. Imports nothing heavy."""
