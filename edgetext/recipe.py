"""What a recipe may say: pydantic models, loading, overrides, errors in words.

A recipe is one YAML file. Its sections `data`, `encoder` and `head` belong to components of the
registry: their fields are checked by the Config of the component that `type:` names, so this
module imports none of them (nor torch) until a recipe is loaded.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from edgetext.core.errors import EdgetextError
from edgetext.core.files import read_bytes
from edgetext.registry import load_user_module, lookup, names, nearest

_BUILTIN_FOLDERS = (
    Path(__file__).parent / "recipes_builtin",  # in a wheel
    Path(__file__).parent.parent / "recipes",  # in a checkout
)

M = TypeVar("M", bound=BaseModel)
# One file or folder, or several whose examples come one after the other.
Files = str | list[str] | None


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)


class ComponentConfig(_Section):
    """`type:` and the fields of that component's Config, inline."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="the registered name of the component")

    @property
    def own_fields(self) -> dict[str, Any]:
        """The component's own fields: `lookup(kind, section.type).Config(**section.own_fields)`."""
        return dict(self.model_extra or {})


class SplitConfig(_Section):
    """Shares of the training file that become other splits, chosen by a hash of each text."""

    valid: float = Field(0.0, ge=0, lt=1)
    test: float = Field(0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _leaves_some(self) -> SplitConfig:
        if self.valid + self.test >= 1:
            raise ValueError("valid and test take the whole file; leave a share for training")
        return self


class DataConfig(ComponentConfig):
    """The reader and what it reads. Fields of the reader's Config stand beside these."""

    train: Files = Field(None, description="file or folder with the training examples, or several")
    valid: Files = Field(None, description="examples that choose the best epoch")
    test: Files = Field(None, description="examples for the reported metrics")
    split: SplitConfig | None = Field(
        None, description="take valid or test, as shares, out of the training file"
    )
    unseen: Literal["stop", "miss"] = Field(
        "stop",
        description="a label of valid or test that train lacks: stop, or count it as a miss",
    )
    augment: ComponentConfig | None = Field(None, description="made-up training examples")


class TextConfig(_Section):
    """How text becomes pieces."""

    vocabulary: int = Field(3000, ge=50, le=100_000, description="pieces to train, at most")
    vocabulary_file: str | None = Field(
        None, description="a WordPiece vocab.txt to take instead of training one"
    )
    lowercase: bool = Field(True, description="fold case and strip accents")
    keep_accents: bool = Field(
        False, description="fold case alone: accents, and the vowel signs of Thai, carry meaning"
    )
    clusters: bool = Field(
        False,
        description="Thai, Lao, Burmese and Khmer, written without spaces: each letter, with the "
        "signs on it, is a word",
    )
    min_frequency: int = Field(1, ge=1, description="rarer pairs of pieces are not merged")
    max_bytes: int = Field(512, ge=8, le=8192, description="longer texts are cut at a character")

    @property
    def rules(self) -> dict[str, bool]:
        """The fields that say how words are formed, whatever the pieces."""
        names = ("lowercase", "keep_accents", "clusters")
        return {name: getattr(self, name) for name in names}


class TrainingConfig(_Section):
    """AdamW with a schedule and early stopping."""

    epochs: int = Field(20, ge=1)
    batch_size: int = Field(32, ge=1, description="texts in a step")
    learning_rate: float = Field(1e-3, gt=0, le=1)
    warmup: float = Field(0.05, ge=0, lt=1, description="share of the steps with a rising rate")
    schedule: Literal["cosine", "linear", "constant"] = Field(
        "cosine", description="how the rate falls after the warm-up"
    )
    weight_decay: float = Field(0.01, ge=0, lt=1, description="of matrices, not of biases")
    gradient_clip: float = Field(1.0, ge=0, description="largest gradient norm; 0 = off")
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    tag_weight: float = Field(1.0, ge=0, description="loss of the tags against the intent's")
    piece_dropout: float = Field(0.0, ge=0, lt=1, description="share of pieces that become [UNK]")
    patience: int = Field(5, ge=0, description="epochs without a better validation; 0 = never stop")
    average: float = Field(0.0, ge=0, lt=1, description="decay of averaged weights; 0 = off")
    precision: Literal["fp32", "bf16"] = Field("fp32", description="bf16 is mixed precision")
    accelerator: Literal["auto", "cpu", "cuda", "mps"] = Field("cpu", description="where to train")
    threads: int | None = Field(None, ge=1, description="CPU threads; null = as many as cores")


class DistillationConfig(_Section):
    """How a student learns from its teacher."""

    temperature: float = Field(2.0, gt=0, le=100, description="softens both sets of scores")
    soft_weight: float = Field(0.5, ge=0, le=1, description="the teacher's scores against labels")
    hidden_weight: float = Field(0.0, ge=0, description="distance of the hidden states; 0 = off")
    relation_weight: float = Field(
        0.0, ge=0, description="how words stand to each other, against the teacher's; 0 = off"
    )
    relations: Literal["states", "attention"] = Field(
        "states",
        description="of the encoders' outputs, whatever the encoders; or of self-attention's "
        "queries, keys and values, where both have it",
    )
    unlabeled: Files = Field(None, description="text files, a text a line, that the teachers label")
    confidence: float = Field(
        0.9, ge=0, le=1, description="how sure the teachers must be of such a text's labels"
    )
    rounded_epochs: int = Field(
        0, ge=0, description="last epochs, in which the student rounds as its int8 form will"
    )


class StudentConfig(_Section):
    """What `edgetext distill` makes."""

    encoder: ComponentConfig
    head: ComponentConfig | None = None
    text: TextConfig | None = Field(None, description="its own vocabulary; null = the teacher's")
    augment: ComponentConfig | None = Field(
        None, description="made-up examples for the teacher to answer; null = data.augment.slots"
    )
    distillation: DistillationConfig = Field(default_factory=DistillationConfig)
    training: TrainingConfig = Field(default_factory=TrainingConfig)


class PartConfig(_Section):
    """One of the tasks of a model of several: its data and its head."""

    task: str = Field(description="the registered name of the task")
    data: DataConfig
    head: ComponentConfig | None = None


class Recipe(_Section):
    """A whole recipe. After `load` and `from_dict` every section is complete."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str = Field(pattern=r"^[\w][\w.-]*$", description="letters, digits, `_`, `-` and `.`")
    task: str = Field(description="the registered name of the task")
    seed: int = Field(1, ge=0, lt=2**31)
    imports: list[str] = Field(
        default_factory=list, alias="import", description="your Python files with components"
    )
    data: DataConfig | None = None
    tasks: dict[str, PartConfig] | None = Field(
        None, description="the parts of task multi, each with data of its own, by name"
    )
    sampling: float = Field(
        1.0,
        ge=1,
        description="temperature T: the share of a part, or of one of several training files, in "
        "an epoch goes with its size to the power 1/T",
    )
    text: TextConfig = Field(default_factory=TextConfig)
    encoder: ComponentConfig
    head: ComponentConfig | None = None
    training: TrainingConfig = Field(default_factory=TrainingConfig)
    student: StudentConfig | None = None

    _folder: Path | None = PrivateAttr(None)

    @field_validator("imports", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @classmethod
    def load(cls, path_or_name: str | Path, overrides: Sequence[str] = ()) -> Recipe:
        """A recipe file, or a shipped recipe by its name, with `a.b=value` overrides (YAML values).

        Runs the modules of `import:`. EdgetextError names the file, the field and the nearest one.
        """
        path = find_recipe(path_or_name)
        data = _read_mapping(path)
        for override in overrides:
            _override(data, override)
        data.setdefault("name", path.stem)
        source = str(path)
        recipe = _validated(cls, data, source, "a recipe")
        recipe._folder = path.parent
        for module in recipe.imports:
            load_user_module(module, relative_to=path.parent)
        _complete(recipe, source)
        return recipe

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        source: str = "checkpoint",
        overrides: Sequence[str] = (),
    ) -> Recipe:
        """The recipe that `resolved` gave, with `a.b=value` overrides.

        `import:` is not followed: a checkpoint runs no code.
        """
        changed = copy.deepcopy(dict(data))
        for override in overrides:
            _override(changed, override)
        recipe = _validated(cls, changed, source, "a recipe")
        _complete(recipe, source)
        return recipe

    def resolved(self) -> dict[str, Any]:
        """Everything, defaults included, as JSON values: what a checkpoint keeps."""
        return self.model_dump(mode="json", by_alias=True)

    @property
    def strict(self) -> bool:
        """Whether a label of valid or test that train lacks stops a run (`unseen: stop`)."""
        parts = [part.data for part in (self.tasks or {}).values()]
        return all(data.unseen == "stop" for data in (self.data, *parts) if data is not None)

    def find(self, path: str) -> Path:
        """A file or folder that the recipe names; EdgetextError with the places looked in.

        Looked up in the current folder, the recipe's, $EDGETEXT_DATA and ../shared/data.
        """
        places = [Path.cwd(), self._folder, _data_folder(), Path("../shared/data")]
        folders = [place for place in places if place is not None]
        for folder in folders:
            if (folder / path).exists():
                return folder / path
        raise EdgetextError(
            f"{path}: recipe {self.name} names this file, but it is in none of "
            f"{', '.join(map(str, folders))}; put it there or set EDGETEXT_DATA to its folder"
        )


def load_student(path: str | Path, recipe: Recipe, overrides: Sequence[str] = ()) -> StudentConfig:
    """A student section from a YAML file of its own: what `distill --student FILE` takes."""
    data = _read_mapping(Path(path))
    for override in overrides:
        _override(data, override)
    student = _validated(StudentConfig, data, str(path), "a student")
    _complete_student(student, recipe.task, str(path), prefix="")
    return student


def find_recipe(path_or_name: str | Path) -> Path:
    """The file of a recipe given by its path or, when shipped with edgetext, by its name."""
    path = Path(path_or_name)
    if path.is_file():
        return path
    shipped = shipped_recipes()
    if str(path) in shipped:
        return shipped[str(path)]
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        raise EdgetextError(f"{path}: there is no such recipe file; `edgetext recipes` lists some")
    raise EdgetextError(
        f"{path} is neither a file nor a shipped recipe{nearest(str(path), shipped)}; "
        "`edgetext recipes` lists them"
    )


def shipped_recipes() -> dict[str, Path]:
    """Name -> file of the recipes that come with edgetext, sorted by name."""
    files = [file for folder in _BUILTIN_FOLDERS for file in folder.glob("*.yaml")]
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem)}


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of `edgetext recipes`; the recipe itself is not checked."""

    name: str
    task: str
    data: str
    comment: str


def summaries() -> list[Summary]:
    """The shipped recipes, sorted by name."""
    return [_summary(name, path) for name, path in shipped_recipes().items()]


def _summary(name: str, path: Path) -> Summary:
    recipe = _read_mapping(path)
    data = recipe.get("data") or {}
    parts = recipe.get("tasks") or {}
    lines = read_bytes(path).decode("utf-8").splitlines()
    comment = next((line.lstrip("# ") for line in lines if line.startswith("#")), "")
    source = data.get("train") or data.get("type") or ", ".join(parts)
    return Summary(name, str(recipe.get("task", "")), str(source), comment)


def _data_folder() -> Path | None:
    folder = os.environ.get("EDGETEXT_DATA")
    return Path(folder) if folder else None


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


def _read_mapping(path: Path) -> dict[str, Any]:
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


def _override(data: dict[str, Any], override: str) -> None:
    """Apply one `a.b=value` in place."""
    dotted, equals, text = override.partition("=")
    *parents, last = dotted.strip().split(".")
    if not equals or not last or not all(parents):
        raise EdgetextError(
            f"--set {override}: give a field and a value, as in `training.epochs=5`"
        )
    try:
        value = yaml.load(text, _UniqueKeys)
    except yaml.YAMLError as error:
        raise EdgetextError(f"--set {override}: {text} is not a YAML value") from error
    section = data
    for depth, parent in enumerate(parents):
        if section.get(parent) is None:
            section[parent] = {}
        section = section[parent]
        if not isinstance(section, dict):
            name = ".".join(parents[: depth + 1])
            raise EdgetextError(f"--set {override}: {name} is one value and has no field {last}")
    section[last] = value


def _validated(model: type[M], data: Mapping[str, Any], source: str, owner: str) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise EdgetextError(f"{source}: {_sentence(error, model, owner).lstrip('.: ')}") from error


def _complete(recipe: Recipe, source: str) -> None:
    """Check the component sections and fill in their defaults."""
    head = _task_head(recipe.task, source)
    if recipe.tasks is not None:
        _complete_parts(recipe, source)
    elif recipe.data is None:
        raise EdgetextError(f"{source}: data is missing; add it to the recipe")
    else:
        _complete_data(recipe.data, f"{source}: data")
    if recipe.head is None:
        recipe.head = ComponentConfig(type=head)
    _fill("encoder", recipe.encoder, f"{source}: encoder")
    _fill("head", recipe.head, f"{source}: head")
    _check_head(recipe.head, recipe.task, f"{source}: head")
    if recipe.student is not None:
        _complete_student(recipe.student, recipe.task, source, prefix="student.")


def _complete_data(data: DataConfig, where: str) -> None:
    _fill("reader", data, where)
    if data.augment is not None:
        _fill("augmentation", data.augment, f"{where}.augment")


def _complete_parts(recipe: Recipe, source: str) -> None:
    """The parts of a recipe with `tasks:`, and the head that is made of theirs."""
    if recipe.data is not None:
        raise EdgetextError(f"{source}: give data or tasks, not both; each task has its own data")
    if recipe.task != "multi":
        raise EdgetextError(f"{source}: task {recipe.task} has no parts; set `task: multi`")
    if not recipe.tasks:
        raise EdgetextError(f"{source}: tasks is empty; name the parts there")
    heads = {}
    for name, part in recipe.tasks.items():
        where = f"{source}: tasks.{name}"
        if not name.isidentifier() or part.task == "multi":
            raise EdgetextError(
                f"{where}: a part's name has letters, digits and `_`, and its task is not multi"
            )
        if len(getattr(_task_type(part.task, where), "inputs", ("text",))) > 1:
            raise EdgetextError(
                f"{where}: task {part.task} reads two texts, and a model of several tasks one; "
                "train it by itself"
            )
        _complete_data(part.data, f"{where}.data")
        part.head = part.head or ComponentConfig(type=_task_head(part.task, where))
        _fill("head", part.head, f"{where}.head")
        _check_head(part.head, part.task, f"{where}.head")
        heads[name] = part.head.model_dump(mode="json")
    if recipe.head is None:
        recipe.head = ComponentConfig(type="multi", heads=heads)


def _complete_student(student: StudentConfig, task: str, source: str, prefix: str) -> None:
    if student.head is None:
        student.head = ComponentConfig(type=_task_head(task, source))
    if student.augment is not None:
        _fill("augmentation", student.augment, f"{source}: {prefix}augment")
    _fill("encoder", student.encoder, f"{source}: {prefix}encoder")
    _fill("head", student.head, f"{source}: {prefix}head")
    _check_head(student.head, task, f"{source}: {prefix}head")


def _fill(kind: str, section: ComponentConfig, where: str) -> None:
    """Validate a section's own fields by the component's Config and add the defaults, in place."""
    try:
        config_type: type[BaseModel] = lookup(kind, section.type).Config  # type: ignore[attr-defined]
    except EdgetextError as error:
        raise EdgetextError(f"{where}.type: {error}") from error
    shared = set(type(section).model_fields)
    try:
        config = config_type.model_validate(section.own_fields)
    except ValidationError as error:
        sentence = _sentence(error, config_type, f"{kind} type {section.type}", shared)
        raise EdgetextError(f"{where}{sentence}") from error
    section.__pydantic_extra__ = config.model_dump(mode="json")


def _task_type(task: str, source: str) -> Any:
    """The task's class; EdgetextError that names the field where there is none."""
    try:
        return lookup("task", task)
    except EdgetextError as error:
        raise EdgetextError(f"{source}: task: {error}") from error


def _task_head(task: str, source: str) -> str:
    """The head that a task takes by default."""
    head: str = _task_type(task, source).head
    return head


def _heads(task: str) -> set[str]:
    """The heads of edgetext's own that answer a task."""
    found: Any = lookup("task", task)
    return {found.head, *getattr(found, "heads", ())}


def _check_head(head: ComponentConfig, task: str, where: str) -> None:
    own = _task_head(task, where)
    heads = {name: _heads(name) for name in names("task")}
    if head.type in set().union(*heads.values()) - heads[task]:
        raise EdgetextError(f"{where}.type: {head.type} does not answer task {task}; use {own}")


def _sentence(
    error: ValidationError, model: type[BaseModel], owner: str, shared: Iterable[str] = ()
) -> str:
    """The first thing wrong, in words that continue a section's name: `.layers: …` or `: …`.

    `owner` is what the model stands for; `shared` are fields that are allowed beside the model's.
    """
    first = min(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    path = "".join(f".{part}" for part in first["loc"])
    if first["type"] == "extra_forbidden":
        *parents, wrong = first["loc"]
        holder = _model_at(model, parents)
        known = {*_field_names(holder), *(shared if not parents else ())}
        owner = f"section {'.'.join(map(str, parents))}" if parents else owner
        return (
            f"{path} is not a field of {owner}{nearest(str(wrong), known)} "
            f"(known: {', '.join(sorted(known)) or 'none'})"
        )
    if first["type"] == "missing":
        return f"{path} is missing; add it to the recipe"
    if first["type"] in ("model_type", "dict_type"):
        return f"{path} is a section with fields of its own, not the value {first['input']!r}"
    if first["type"] == "value_error":  # a component's own check, in its own words
        return f"{path}: {first['ctx']['error']}"
    message = first["msg"][0].lower() + first["msg"][1:]
    return f"{path}: {message}, not {first['input']!r}"


def _field_names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(model: type[BaseModel], parents: Sequence[Any]) -> type[BaseModel]:
    """The model of a nested section, found through the fields' annotations."""
    for part in parents:
        field = model.model_fields.get(str(part))
        if field is None:
            return model
        options = (field.annotation, *getattr(field.annotation, "__args__", ()))
        nested = [o for o in options if isinstance(o, type) and issubclass(o, BaseModel)]
        if not nested:
            return model
        model = nested[0]
    return model
