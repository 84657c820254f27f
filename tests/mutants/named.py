"""Mutants that a review found alive: each is planted as it was, and must fail a test."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tests.mutants.modules import module


@dataclass(frozen=True, slots=True)
class Named:
    """A fault in words, and the text that makes it: `old` stands once in its module."""

    fault: str
    name: str
    old: str
    new: str

    def tree(self) -> ast.Module:
        """Return the module with the fault in it."""
        source = module(self.name).source
        if source.count(self.old) != 1:
            raise LookupError(
                f"the mutant {self.fault!r} no longer fits {module(self.name).path}: {self.old!r} "
                f"stands there {source.count(self.old)} times; plant the same fault anew"
            )
        return ast.parse(source.replace(self.old, self.new))


NAMED = ()
