"""Files and overrides of a recipe, as plain mappings that nothing has checked yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.recipe.words import warn_of, with_current_words


class _UniqueKeys(yaml.SafeLoader):
    """YAML that refuses a key given twice, where plain YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:str":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{key.value} is given twice", key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping; EdgetextError names the file and the line."""
    try:
        data = yaml.load(read_bytes(path).decode("utf-8"), _UniqueKeys)
    except UnicodeDecodeError as error:
        raise EdgetextError(f"{path}: not UTF-8 text; save the recipe as UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise EdgetextError(f"{path}{line}: not valid YAML: {problem}") from error
    if not isinstance(data, dict):
        raise EdgetextError(f"{path}: a recipe is a YAML mapping with fields such as `name: …`")
    return data


def read_recipe(path: Path) -> dict[str, Any]:
    """Read a recipe's or a student's file, with a warning where it has words that were renamed."""
    data, renamed = with_current_words(read_mapping(path), str(path))
    warn_of(renamed, str(path))
    return data


def apply_override(data: dict[str, Any], override: str) -> None:
    """Apply one `a.b=value` (a YAML value) in place; EdgetextError where it is malformed.

    The field, or those in the value, may have words that were renamed, of which a warning tells.
    """
    path, value = _parsed(override)
    for name in reversed(path):
        value = {name: value}
    changed, renamed = with_current_words(value, f"--set {override}", types=data)
    warn_of(renamed, f"--set {override}")
    section, new = data, changed
    for depth in range(len(path) - 1):
        ((name, new),) = new.items()
        if section.get(name) is None:
            section[name] = {}
        section = section[name]
        if not isinstance(section, dict):
            name = ".".join(path[: depth + 1])
            raise EdgetextError(
                f"--set {override}: {name} is one value and has no field {path[-1]}"
            )
    section.update(new)


def _parsed(override: str) -> tuple[list[str], Any]:
    """Take `a.b=value` apart."""
    dotted, equals, text = override.partition("=")
    path = dotted.strip().split(".")
    if not equals or not all(path):
        raise EdgetextError(
            f"--set {override}: give a field and a value, as in `training.epochs=5`"
        )
    try:
        return path, yaml.load(text, _UniqueKeys)
    except yaml.YAMLError as error:
        raise EdgetextError(f"--set {override}: {text} is not a YAML value") from error
