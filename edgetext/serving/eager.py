"""Coroutines that are run where they are made, up to where they first wait.

So does asyncio.eager_task_factory from Python 3.12 on. What does not wait needs no task, and no
other turn of the loop.
"""

from __future__ import annotations

import types
from collections.abc import Coroutine, Generator
from typing import Any


def begun(coroutine: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None] | None:
    """Run a coroutine until it waits, and give the rest of it, for a task; None where it ended.

    What it raises is raised. Until it waits it is in no task, so that asyncio.timeout is not there
    for it.
    """
    try:
        future = coroutine.send(None)
    except StopIteration:
        return None
    return _awaiting(_rest(coroutine, future))


async def _awaiting(rest: Any) -> None:
    await rest


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, None], future: Any) -> Generator[Any, Any, None]:
    """Wait for what a coroutine waits for, in its place."""
    try:
        while True:
            try:
                value = yield future
            except BaseException as error:
                future = coroutine.throw(error)
            else:
                future = coroutine.send(value)
    except StopIteration:
        return
