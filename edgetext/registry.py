"""The registry: components (readers, augmentations, encoders, heads, tasks, ...) by name.

A component that a recipe names by `type:` is a class with a nested `Config`, a pydantic model that
forbids unknown fields, and is built `cls(config, ...)`; a task (tasks.task), a scheme of storing
layers (models.quantized.scheme) and a target (targets.target) have no Config.
`@register(kind, name)` enters it.
edgetext's own components enter when something of their kind is first looked up, by an import of the
modules that edgetext.builtin lists; a user's module enters through `import:` in a recipe or
`edgetext --import FILE`. A checkpoint never causes an import: a file from elsewhere runs no code.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest

C = TypeVar("C", bound=type)

# The modules that are imported when something of a kind is first looked up.
_modules: dict[str, tuple[str, ...]] = {}
_components: dict[str, dict[str, type]] = {}


def provide(modules: Mapping[str, Sequence[str]]) -> None:
    """Say which modules register components of which kind; it makes the kinds known.

    This module lies below all of them, so their names come from above (edgetext.builtin).
    """
    for kind, paths in modules.items():
        _modules[kind] = (*_modules.get(kind, ()), *paths)
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


def _load_built_in(kind: str) -> None:
    for module in _modules.get(kind, ()):
        importlib.import_module(module)


def _identity(component: type) -> str:
    return f"{component.__module__}.{component.__qualname__}"
