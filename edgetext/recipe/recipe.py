"""The recipe: one YAML file, read, filled in and checked whole."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from glob import escape, glob
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, PrivateAttr, field_validator

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.user_modules import load_user_module
from edgetext.recipe.components import complete, complete_student
from edgetext.recipe.load import apply_override, read_recipe
from edgetext.recipe.messages import validated
from edgetext.recipe.part import PartConfig
from edgetext.recipe.pretraining import INIT, PretrainingConfig
from edgetext.recipe.schema import (
    MULTI_LABEL,
    ComponentConfig,
    DataConfig,
    TextConfig,
    TrainingConfig,
)
from edgetext.recipe.section import Section
from edgetext.recipe.shipped import find_recipe
from edgetext.recipe.student import StudentConfig
from edgetext.recipe.words import with_current_words

_log = logger(__name__)


class Recipe(Section):
    """A whole recipe. After `load` and `from_dict` every section is complete."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str = Field(pattern=r"^[\w][\w.-]*$", description="letters, digits, `_`, `-` and `.`")
    task: str = Field(description="the registered name of the task")
    multi_label: bool = MULTI_LABEL
    seed: int = Field(1, ge=0, lt=2**31)
    imports: list[str] = Field(
        default_factory=list, alias="import", description="your Python files with components"
    )
    data: DataConfig | None = None
    tasks: dict[str, PartConfig] | None = Field(
        None, description="the parts of task multi, each with data of its own, by name"
    )
    sampling_temperature: float = Field(
        1.0,
        ge=1,
        description="temperature T: the share of a part, or of one of several training files, in "
        "an epoch goes with its size to the power 1/T",
    )
    text: TextConfig = Field(default_factory=TextConfig)
    init: str | None = INIT
    encoder: ComponentConfig
    head: ComponentConfig | None = None
    training: TrainingConfig = Field(default_factory=TrainingConfig)
    student: StudentConfig | None = None
    # Left out where nothing was chosen, so that checkpoints are as they were before it came.
    pretraining: PretrainingConfig | None = Field(
        None,
        exclude_if=lambda value: value is None,
        description="of task embed: what `edgetext pretrain` minimizes; null = the defaults",
    )
    # They change no weight, so they are in no checkpoint.
    monitors: list[ComponentConfig] | None = Field(
        None,
        exclude=True,
        description="who is told how training goes: console, csv, tensorboard, visdom, mlflow, "
        "each by its name or with fields, as {type: visdom, server: ...}; null = the first two, "
        "and tensorboard where it is installed",
    )

    _folder: Path | None = PrivateAttr(None)

    @field_validator("imports", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("monitors", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        several = [value] if isinstance(value, str | dict) else value
        if not isinstance(several, list):
            return several
        return [{"type": each} if isinstance(each, str) else each for each in several]

    @classmethod
    def load(cls, path_or_name: str | Path, overrides: Sequence[str] = ()) -> Recipe:
        """Read a recipe file, or a shipped recipe by its name, with `a.b=value` overrides.

        The values are YAML. Runs the modules of `import:`. EdgetextError names the file, the field
        and the nearest one.
        """
        path = find_recipe(path_or_name)
        data = read_recipe(path)
        for override in overrides:
            apply_override(data, override)
        data.setdefault("name", path.stem)
        source = str(path)
        recipe = validated(cls, data, source, "a recipe")
        recipe._folder = path.parent
        for module in recipe.imports:
            load_user_module(module, relative_to=path.parent)
        complete(recipe, source)
        return recipe

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        source: str = "checkpoint",
        overrides: Sequence[str] = (),
    ) -> Recipe:
        """Rebuild the recipe that `resolved` gave, with `a.b=value` overrides.

        `import:` is not followed: a checkpoint runs no code. Words that were renamed since it was
        written are read silently.
        """
        changed, _ = with_current_words(copy.deepcopy(dict(data)), source)
        for override in overrides:
            apply_override(changed, override)
        recipe = validated(cls, changed, source, "a recipe")
        complete(recipe, source)
        return recipe

    def resolved(self) -> dict[str, Any]:
        """Give everything, defaults included, as JSON values: what a checkpoint keeps."""
        return self.model_dump(mode="json", by_alias=True)

    @property
    def strict(self) -> bool:
        """Tell whether a label of valid or test that train lacks stops a run (`unseen: stop`)."""
        parts = [part.data for part in (self.tasks or {}).values()]
        return all(data.unseen == "stop" for data in (self.data, *parts) if data is not None)

    def find(self, path: str) -> Path:
        """Find a file or folder that the recipe names; EdgetextError with the places looked in.

        Looked up in the recipe's folder, the current one, $EDGETEXT_DATA and ../shared/data; a
        warning says where there is another of that name.
        """
        folders = self._folders()
        present = [folder / path for folder in folders if (folder / path).exists()]
        other = next((file for file in present if not file.samefile(present[0])), None)
        if other is not None:
            _log.warning(
                "%s: of two files of this name %s is read, not %s", path, present[0], other
            )
        if present:
            return present[0]
        raise EdgetextError(
            f"{path}: recipe {self.name} names this file, but it is in none of "
            f"{', '.join(map(str, folders))}; put it there or set EDGETEXT_DATA to its folder"
        )

    def find_all(self, pattern: str) -> list[Path]:
        """Find a file as `find` does, or the files that a pattern such as shards/*.jsonl.gz says,
        by name; EdgetextError where there is none. A file that is called like a pattern is one."""
        if not any(mark in pattern for mark in "*?["):
            return [self.find(pattern)]
        for folder in self._folders():
            if (folder / pattern).is_file():
                return [folder / pattern]
            # The folder is where it is; what is asked for below it may be a pattern.
            files = sorted(Path(name) for name in glob(str(Path(escape(str(folder))) / pattern)))
            if files:
                return files
        raise EdgetextError(
            f"{pattern}: recipe {self.name} names files by this pattern, and none in "
            f"{', '.join(map(str, self._folders()))} has such a name; put them there, or mend the "
            "pattern"
        )

    def _folders(self) -> list[Path]:
        """List where files are looked for."""
        places = [self._folder, Path.cwd(), _data_folder(), Path("../shared/data")]
        return [place for place in places if place is not None]


def load_student(path: str | Path, recipe: Recipe, overrides: Sequence[str] = ()) -> StudentConfig:
    """Read a student section from a YAML file of its own, as `distill --student FILE` does.

    EdgetextError names the file, the field and the nearest one.
    """
    data = read_recipe(Path(path))
    for override in overrides:
        apply_override(data, override)
    student = validated(StudentConfig, data, str(path), "a student")
    complete_student(student, recipe.task, str(path), prefix="")
    return student


def _data_folder() -> Path | None:
    folder = os.environ.get("EDGETEXT_DATA")
    return Path(folder) if folder else None
