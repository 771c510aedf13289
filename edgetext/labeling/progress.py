"""A bar with the texts a second and the time that is left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from edgetext.core.console import bar, draws

if TYPE_CHECKING:
    from rich.progress import Task
    from rich.text import Text


@contextlib.contextmanager
def counting(what: str, total: int | None, done: int = 0) -> Iterator[Callable[[int], None]]:
    """Give what is called with each further count; total: None where it is not known."""
    if not draws():
        # Nobody waits for what draws bars to be imported.
        yield lambda count: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate())
    with bar(*columns, TimeRemainingColumn()) as progress:
        task = progress.add_task(what, total=total, completed=done)
        yield lambda count: progress.advance(task, count)
