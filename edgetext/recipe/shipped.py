"""Recipes that come with edgetext, and the file that a name or a path stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.core.nearest import nearest
from edgetext.recipe.load import read_mapping

_PACKAGE = Path(__file__).parents[1]
FOLDERS = (
    _PACKAGE / "recipes_builtin",  # in a wheel
    _PACKAGE.parent / "recipes",  # in a checkout
)


def find_recipe(path_or_name: str | Path, folders: Sequence[Path] = FOLDERS) -> Path:
    """Find the file of a recipe given by its path or, where a folder has it, by its name.

    EdgetextError names the nearest name.
    """
    path = Path(path_or_name)
    if path.is_file():
        return path
    shipped = shipped_recipes(folders)
    if str(path) in shipped:
        return shipped[str(path)]
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        raise EdgetextError(f"{path}: there is no such recipe file; `edgetext recipes` lists some")
    raise EdgetextError(
        f"{path} is neither a file nor a shipped recipe{nearest(str(path), shipped)}; "
        "`edgetext recipes` lists them"
    )


def shipped_recipes(folders: Sequence[Path] = FOLDERS) -> dict[str, Path]:
    """List name -> file of the recipes of these folders, sorted by name."""
    files = [file for folder in folders for file in folder.glob("*.yaml")]
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem)}


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of `edgetext recipes`; the recipe itself is not checked."""

    name: str
    task: str
    data: str
    comment: str


def summaries() -> list[Summary]:
    """Summarize the shipped recipes, sorted by name."""
    return [_summary(name, path) for name, path in shipped_recipes().items()]


def _summary(name: str, path: Path) -> Summary:
    recipe = read_mapping(path)
    data = recipe.get("data") or {}
    parts = recipe.get("tasks") or {}
    lines = read_bytes(path).decode("utf-8").splitlines()
    comment = next((line.lstrip("# ") for line in lines if line.startswith("#")), "")
    source = data.get("train") or data.get("type") or ", ".join(parts)
    return Summary(name, str(recipe.get("task", "")), str(source), comment)
