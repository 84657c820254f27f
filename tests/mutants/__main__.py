"""`make mutants`: a fixed sample of small faults, each of which must fail a test.

Prints each survivor, and ends with 1 where fewer are killed than promised, or where those that
survive are not those of `survivors.txt`, each listed there with why.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import time
from functools import partial
from pathlib import Path

from tests.mutants import operators
from tests.mutants.loading import put_in_place
from tests.mutants.modules import MODULES, Module, module
from tests.mutants.named import NAMED, Named
from tests.mutants.trial import Outcome, Trial, run, warm_up
from tests.views import reason_to_skip

SEED = "interbeat"
OF_EACH = 7
"""Mutants of each module in the sample."""
PROMISED = 0.9
SECONDS = 40.0
"""Of processor time; what takes longer never ends."""
SURVIVORS = Path(__file__).with_name("survivors.txt")


def sample(one: Module) -> list[Trial]:
    """Return a module's part of the sample: a change elsewhere in it moves hardly any of it."""
    named = enumerate(operators.keys(one.name, one.source))
    chosen = sorted(named, key=lambda item: hashlib.sha256((SEED + item[1]).encode()).digest())
    return [Trial(key, partial(_plant, one, number), one.tests) for number, key in chosen[:OF_EACH]]


def _plant(one: Module, number: int) -> None:
    put_in_place(one, operators.mutated(one.source, number))


def _named(fault: Named) -> Trial:
    one, tree = module(fault.name), fault.tree()
    return Trial(f"named: {fault.fault}", partial(put_in_place, one, tree), one.tests)


def _nothing(one: Module) -> Trial:
    """Return the trial of a module put in place as it is: what fails here is no mutant's doing."""
    return Trial(
        f"{one.name} as it is", partial(put_in_place, one, ast.parse(one.source)), one.tests
    )


def explained() -> dict[str, str]:
    """Return the survivors that are known, and why each one survives."""
    lines = SURVIVORS.read_text().splitlines()
    return dict(line.split(" | ", 1) for line in lines if line and not line.startswith("#"))


def main() -> int:
    """Try all, and say what survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="a module's name, or named")
    parser.add_argument("--at-once", type=int, default=2, metavar="N")
    wanted = parser.parse_args()
    began = time.monotonic()
    warm_up()
    chosen = [one for one in MODULES if not wanted.only or one.name in wanted.only]
    faults = [*NAMED] if not wanted.only or "named" in wanted.only else []
    if why := reason_to_skip():
        print(f"No mutant of the window is tried. {why}")
        chosen = [one for one in chosen if not one.is_view]
        faults = [fault for fault in faults if not module(fault.name).is_view]
    needed = dict.fromkeys([*chosen, *(module(fault.name) for fault in faults)])
    trials = [*map(_named, faults), *(trial for one in chosen for trial in sample(one))]
    found: dict[str, Outcome] = {}
    spent: list[float] = []

    def told(trial: Trial, outcome: Outcome, seconds: float) -> None:
        found[trial.key] = outcome
        spent.append(seconds)
        if outcome is not Outcome.KILLED or wanted.only:
            print(f"{outcome.value:9} {seconds:5.1f} s  {trial.key}", flush=True)

    run(map(_nothing, needed), seconds=SECONDS, at_once=wanted.at_once, told=told)
    if any(outcome is not Outcome.SURVIVED for outcome in found.values()):
        print("The tests fail as they are: mend that first.")
        return 1
    found.clear()
    run(trials, seconds=SECONDS, at_once=wanted.at_once, told=told)
    took = f"{(time.monotonic() - began) / 60:.1f} minutes, {sum(spent) / 60:.1f} of the processor"
    return _verdict(found, chosen, took)


def _verdict(found: dict[str, Outcome], chosen: list[Module], took: str) -> int:
    alive = {key for key, outcome in found.items() if outcome is Outcome.SURVIVED}
    broken = {key for key, outcome in found.items() if outcome is Outcome.BROKEN}
    names = {one.name for one in chosen}
    known = {key for key in explained() if key.split(" ", 1)[0] in names}
    killed = len(found) - len(alive) - len(broken)
    print(f"{killed} of {len(found)} mutants killed in {took}.")
    for key in sorted(alive - known):
        print(f"Survives and is not listed in {SURVIVORS.name}: {key}")
    for key in sorted(known - alive):
        print(f"Listed in {SURVIVORS.name} and did not survive, or is no longer tried: {key}")
    enough = killed >= PROMISED * len(found)
    if not enough:
        print(f"Fewer than {PROMISED:.0%} are killed.")
    return 0 if enough and alive == known and not broken else 1


if __name__ == "__main__":
    raise SystemExit(main())
