"""The command line: what a person types, and how it answers in sentences and in lines of JSON.

Its face stays light: each command imports what it needs when it runs, so that help is instant.
"""

from pipelines.command.cli import main
from pipelines.command.output import Problem, WrongCall, out, print_json, say

__all__ = ["Problem", "WrongCall", "main", "out", "print_json", "say"]
