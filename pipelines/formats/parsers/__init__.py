"""Formats that libraries of others read, each in a process that may be killed.

A parser gets the bytes of a file and gives channels or intervals back. Whatever a hostile file
makes of a library, it ends with its process: in a bounded time and a bounded memory.
"""

from pipelines.formats.parsers.asking import parsed
from pipelines.formats.parsers.parsed import Channel, Parsed

__all__ = ["Channel", "Parsed", "parsed"]
