"""Replacing layers of a network by others, in the open."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn


def replace_modules(root: nn.Module, change: Callable[[str, nn.Module], nn.Module]) -> None:
    """Put `change(dotted name, module)` in the place of every leaf of `root`, in place."""
    for name, module in list(root.named_modules()):
        if name and is_leaf(module):
            put_module(root, name, change(name, module))


def put_module(root: nn.Module, name: str, module: nn.Module) -> None:
    """Put `module` in the place of the one of this dotted name, in place."""
    parent, _, attribute = name.rpartition(".")
    setattr(root.get_submodule(parent), attribute, module)


def is_leaf(module: nn.Module) -> bool:
    """Tell whether a module holds no other."""
    return not any(True for _ in module.children())
