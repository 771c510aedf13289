"""What several test processes need is made by one of them."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one process at a time make `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        yield


def made_once(path: Path, make: Callable[[], object]) -> Path:
    """Have `make()` write `path` unless it is there; another process may be about to as well."""
    with alone(path):
        if not path.exists():
            make()
    return path
