"""Waiting, with an end to it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def within(seconds: float, call: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
    """Return what a call returns; raise TimeoutError where that takes longer."""
    async with asyncio.timeout(seconds):
        return await call


async def first(*calls: Coroutine[Any, Any, Any]) -> None:
    """Run all until one of them is through, cancel the others, and raise what went wrong."""
    tasks = [asyncio.create_task(call) for call in calls]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def forever() -> None:
    """Wait until cancelled."""
    await asyncio.Event().wait()


async def cancelled(task: asyncio.Task[Any]) -> None:
    """End a task, and wait for its end, whatever it comes to."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
