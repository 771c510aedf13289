"""The registry: components (readers, augmentations, encoders, heads, tasks) by a recipe's `type:`.

A component is a class with a nested `Config`, a pydantic model that forbids unknown fields, and is
built `cls(config, ...)`; a task has no Config (see tasks.task). `@register(kind, name)` enters it.
edgetext's own components enter when something of their kind is first looked up; a user's module
enters through `import:` in a recipe or `edgetext --import FILE`. A checkpoint never causes an
import: a file from elsewhere runs no code.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from edgetext.core.errors import EdgetextError

C = TypeVar("C", bound=type)

# Names, not imports: this module lies below all others.
_BUILT_IN: dict[str, tuple[str, ...]] = {
    "reader": ("edgetext.data.formats", "edgetext.data.assistant.reader"),
    "augmentation": ("edgetext.data.augment.slots", "edgetext.data.augment.subtrees"),
    "encoder": ("edgetext.models.encoders",),
    "head": ("edgetext.models.heads",),
    "task": ("edgetext.tasks",),
}
_components: dict[str, dict[str, type]] = {kind: {} for kind in _BUILT_IN}


def register(kind: str, name: str) -> Callable[[C], C]:
    """Class decorator: enter the class as `name` among the components of `kind`.

    EdgetextError when another class has the name already.
    """

    def enter(component: C) -> C:
        known = _of_kind(kind)
        other = known.get(name)
        if other is not None and _identity(other) != _identity(component):
            raise EdgetextError(
                f"{kind} type {name} is registered twice, by {_identity(other)} and "
                f"{_identity(component)}; give one of them another name"
            )
        known[name] = component
        return component

    return enter


def lookup(kind: str, name: str) -> type:
    """The component; EdgetextError with the known names and the nearest one when there is none."""
    _load_built_in(kind)
    known = _of_kind(kind)
    if name in known:
        return known[name]
    raise EdgetextError(
        f"{name} is not a type of {kind}{nearest(str(name), known)} (known: "
        f"{', '.join(sorted(known))}; your own module joins them through `import:` in the recipe "
        "or `edgetext --import FILE`)"
    )


def names(kind: str) -> list[str]:
    """The names of all components of a kind, sorted."""
    _load_built_in(kind)
    return sorted(_of_kind(kind))


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for the known word that is most like this one, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def load_user_module(path: str | Path, *, relative_to: Path | None = None) -> None:
    """Run a user's Python file once, so that its components register.

    A relative path is looked up beside the recipe (`relative_to`), then in the current folder.
    EdgetextError when the file is missing or fails, with the line that failed.
    """
    file = _find_module(Path(path), relative_to)
    digest = hashlib.sha256(str(file).encode()).hexdigest()[:12]
    name = f"edgetext_user_{file.stem}_{digest}"
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise EdgetextError(f"{file}: import takes a Python file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except EdgetextError:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise EdgetextError(
            f"{file}:{_failed_line(error, file)}: the imported module fails with "
            f"{type(error).__name__}: {error}"
        ) from error


def _of_kind(kind: str) -> dict[str, type]:
    if kind not in _components:
        raise EdgetextError(
            f"{kind} is not a kind of component{nearest(kind, _components)} "
            f"(known: {', '.join(_components)})"
        )
    return _components[kind]


def _load_built_in(kind: str) -> None:
    for module in _BUILT_IN.get(kind, ()):
        importlib.import_module(module)


def _identity(component: type) -> str:
    return f"{component.__module__}.{component.__qualname__}"


def _find_module(path: Path, relative_to: Path | None) -> Path:
    folders = [Path.cwd()] if relative_to is None else [relative_to, Path.cwd()]
    for folder in folders:
        if (folder / path).is_file():
            return (folder / path).resolve()
    raise EdgetextError(f"{path}: there is no such module to import; check `import:`")


def _failed_line(error: Exception, file: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    return (lines[-1] if lines else 0) or 0
