"""The registry: components (readers, encoders, heads, tasks, targets and others) by name.

A component that a recipe names by `type:` is a class with a nested `Config`, a pydantic model that
forbids unknown fields, and is built `cls(config, ...)`; a task (tasks.task), its learner
(tasks.learner), a scheme of storing layers (models.quantized.scheme) and a target (targets.target)
have no Config. `@register(kind, name)` enters it.
edgetext's own components enter when something of their kind is first looked up, by an import of the
modules that edgetext.builtin lists; a user's module enters through `import:` in a recipe or
`edgetext --import FILE`. A checkpoint never causes an import: a file from elsewhere runs no code.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest

C = TypeVar("C", bound=type)

# The modules that are imported when something of a kind is first looked up.
_modules: dict[str, tuple[str, ...]] = {}
# The package of a kind whose modules are called after the component in each. A lookup imports one
# of them, so that a host that answers one task waits for no other.
_folders: dict[str, str] = {}
_components: dict[str, dict[str, type]] = {}


def provide(modules: Mapping[str, Sequence[str]], folders: Mapping[str, str]) -> None:
    """Say which modules register components of which kind, and which packages have a module for
    each component of a kind; it makes the kinds known.

    This module lies below all of them, so their names come from above (edgetext.builtin).
    """
    for kind, paths in modules.items():
        _modules[kind] = (*_modules.get(kind, ()), *paths)
        _components.setdefault(kind, {})
    for kind, folder in folders.items():
        _folders[kind] = folder
        _components.setdefault(kind, {})


def register(kind: str, name: str) -> Callable[[C], C]:
    """Enter the decorated class as `name` among the components of `kind`.

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
    """Give a component; EdgetextError has the known names and the nearest where there is none."""
    if has(kind, name):
        return _of_kind(kind)[name]
    known = names(kind)
    raise EdgetextError(
        f"{name} is not a type of {kind}{nearest(str(name), known)} (known: "
        f"{', '.join(known)}; your own module joins them through `import:` in the recipe "
        "or `edgetext --import FILE`)"
    )


def has(kind: str, name: str) -> bool:
    """Tell whether there is such a component."""
    _load_built_in(kind, name)
    return name in _of_kind(kind)


def names(kind: str) -> list[str]:
    """List the names of all components of a kind, sorted."""
    _load_built_in(kind)
    return sorted(_of_kind(kind))


def _of_kind(kind: str) -> dict[str, type]:
    if kind not in _components:
        raise EdgetextError(
            f"{kind} is not a kind of component{nearest(kind, _components)} "
            f"(known: {', '.join(_components)})"
        )
    return _components[kind]


def _load_built_in(kind: str, name: str | None = None) -> None:
    """Import edgetext's own components of a kind, or at least that of a name."""
    for module in _modules.get(kind, ()):
        importlib.import_module(module)
    folder = _folders.get(kind)
    if folder is not None:
        for module in _members(folder) if name is None else _members(folder) & {name}:
            importlib.import_module(f"{folder}.{module}")


@cache
def _members(folder: str) -> frozenset[str]:
    """List the names of a package's modules."""
    path = importlib.import_module(folder).__path__
    return frozenset(module.name for module in pkgutil.iter_modules(path))


def _identity(component: type) -> str:
    return f"{component.__module__}.{component.__qualname__}"
