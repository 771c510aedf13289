"""A recipe's file with other values in it, and its comments and order as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from edgetext.hyperparameters.space import as_yaml


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """Write values, by their dotted names, into the text of a recipe.

    What is there is replaced where it stands, so that comments stay; other fields are added to
    their sections. Where that would say something else (as with anchors), the recipe is written
    anew, without comments.
    """
    expected = yaml.safe_load(text)
    for name, value in values.items():
        _put(expected, name.split("."), value)
        text = _with_value(text, name.split("."), value)
    try:
        same = yaml.safe_load(text) == expected
    except yaml.YAMLError:
        same = False
    return text if same else yaml.safe_dump(expected, sort_keys=False, allow_unicode=True)


def _put(section: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        below = section.get(name)
        # A copy, since an anchor's section is another one's, too.
        section[name] = dict(below) if isinstance(below, dict) else {}
        section = section[name]
    section[path[-1]] = value


def _with_value(text: str, path: list[str], value: Any) -> str:
    """Replace the node of a path, or add it to the deepest section that is there."""
    node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    for depth, name in enumerate(path):
        below = _child(node, name)
        if below is None:
            for missing in reversed(path[depth + 1 :]):
                value = {missing: value}
            return _added(text, node, name, value)
        node = below
    assert node is not None
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        # A block goes on to where the next field begins, which keeps its line.
        tail = text[start:end]
        end -= len(tail) - len(tail.rstrip())
    replaced = as_yaml(value)
    space = " " if start == end and start and not text[start - 1].isspace() else ""
    return text[:start] + space + replaced + text[end:]


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _added(text: str, node: yaml.Node | None, name: str, value: Any) -> str:
    """Put a field in front of the first one of a section."""
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return text
    first = node.value[0][0].start_mark
    field = f"{name}: {as_yaml(value)}"
    between = ", " if node.flow_style else "\n" + " " * first.column
    return text[: first.index] + field + between + text[first.index :]
