"""What runs in the machine: the bus, bluetoothd, the room, and one scenario after another.

One object of JSON a line goes to the file that is named: of each scenario whether it held, what was
expected and seen where it did not, how long it took by the machine's own clock, and how long each
strap that came back waited until it was listened to.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO

from physio import code_cache
from pipelines import store
from tests.bluez.bench import Bench, Unexpected
from tests.bluez.scenarios import LONGEST, SCENARIOS


async def main(told: TextIO, names: list[str]) -> None:
    """Run the scenarios of these names, all where there are none."""
    # Machine code takes 27 times as long to make here: as if another process were at it.
    code_cache.folder().mkdir(parents=True)
    held = store.acquire(code_cache.folder() / "preparing")
    bench = await Bench.begun()
    for name in names or SCENARIOS:
        started = time.monotonic()
        trouble = await tried(SCENARIOS[name], bench)
        took = time.monotonic() - started
        tell(told, scenario=name, trouble=trouble, seconds=took, waits=bench.waits)
    assert held is not None
    held.release()


async def tried(scenario: Callable[[Bench], Awaitable[None]], bench: Bench) -> str | None:
    """Return what went otherwise than expected."""
    try:
        async with asyncio.timeout(LONGEST), bench:
            await scenario(bench)
    except Unexpected as unexpected:
        return str(unexpected)
    except Exception:  # noqa: BLE001 - the next scenario is tried all the same
        return traceback.format_exc()
    return None


def tell(told: TextIO, **words: object) -> None:
    print(json.dumps(words), file=told, flush=True)


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w") as told:
        asyncio.run(main(told, sys.argv[2:]))
