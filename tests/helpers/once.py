"""What several test processes need is made by one of them."""

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def made_once(path: Path, make: Callable[[], object]) -> Path:
    """Have `make()` write `path` unless it is there; another process may be about to as well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            make()
    return path
