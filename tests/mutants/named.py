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


NAMED = (
    Named(
        "the arrow of rising drawn down",
        "picture of the glance",
        "Direction.RISING: -36.0,",
        "Direction.RISING: 36.0,",
    ),
    Named(
        "the level's dot mirrored",
        "picture of the glance",
        "box.y + box.height / 2 - clamped *",
        "box.y + box.height / 2 + clamped *",
    ),
    Named(
        "the dot of a limited reading drawn full",
        "picture of the glance",
        'case "full":',
        'case "full" | "half":',
    ),
    Named(
        "the dot of a limited line drawn full",
        "picture of the flags",
        '"full" if trust is TrustLevel.CLEAR and line.points.trust[-1] == 2 else "half"',
        '"full"',
    ),
    Named(
        "a level of four spreads at the end of its track",
        "picture of the glance",
        "LEVEL_SPREADS = 6.0",
        "LEVEL_SPREADS = 4.0",
    ),
    Named(
        "RSA's high in the column of its low",
        "curves",
        '"rsa_low": rsa.low',
        '"rsa_low": rsa.high',
    ),
    Named(
        "heart rate in the column of breathing",
        "curves",
        '"breathing": breathing.value',
        '"breathing": rate.value',
    ),
    Named(
        "the direction kept after trust is lost",
        "wearer",
        "direction=Direction.UNCLEAR if lost else shown.direction",
        "direction=shown.direction",
    ),
    Named(
        "talking ignored in the trust that is kept",
        "wearer",
        "trust = self._trust(0.0, arrival, around)",
        "trust = self._trust(0.0, arrival, Circumstances())",
    ),
    Named("labels final after 45 beats", "labels", "FINAL_AFTER = 50", "FINAL_AFTER = 45"),
    Named(
        "nothing rolled back",
        "database",
        'connection.execute("ROLLBACK")',
        "pass",
    ),
    Named(
        "contact not reset by a new connection",
        "link",
        "self._contact, self._got_packet = Contact(), False",
        "self._got_packet = False",
    ),
)
"""The eleven of the review of 0.1.0; the third of them can be made in two places."""
