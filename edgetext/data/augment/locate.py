"""Build an augmentation of a recipe: its component, and its files where the recipe finds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from edgetext.data.example import Example
from edgetext.recipe.schema import ComponentConfig
from edgetext.registry import lookup

# Finds a file that a recipe names; EdgetextError where there is none.
Find = Callable[[str], Path]


def located_config(section: ComponentConfig, find: Find) -> tuple[Any, Any]:
    """The component of a section and its config, with the files it names where they are.

    A component that reads files has a static method `located(config, find)`, which gives the
    config with their places.
    """
    component: Any = lookup("augmentation", section.type)
    config: Any = component.Config(**section.own_fields)
    located = getattr(component, "located", None)
    return component, config if located is None else located(config, find)


def augmentation(section: ComponentConfig, examples: Sequence[Example], find: Find) -> Any:
    """The augmentation of a section for these examples."""
    component, config = located_config(section, find)
    return component(config, examples)
