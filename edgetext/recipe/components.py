"""The sections of a recipe that belong to components: checked by their Config and completed.

What a task, a head or an encoder is stands in the layers above. They enter the registry, and this
module asks it for no more than the protocols below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, cast

from pydantic import BaseModel, ValidationError

from edgetext.core.errors import EdgetextError
from edgetext.recipe.messages import sentence
from edgetext.recipe.part import PartConfig
from edgetext.recipe.schema import ComponentConfig, DataConfig
from edgetext.recipe.segmentation import check_segmentation
from edgetext.recipe.student import StudentConfig
from edgetext.registry import has, lookup, names

if TYPE_CHECKING:
    from edgetext.recipe.recipe import Recipe

S = TypeVar("S", bound=ComponentConfig)

# Of kinds whose Configs stand apart from their components: the kind that these are registered as.
APART: Mapping[str, str] = {"encoder": "encoder_config", "head": "head_config"}


class Configured(Protocol):
    """A component that a section configures."""

    Config: ClassVar[type[BaseModel]]


class TaskClass(Protocol):
    """What a recipe needs to know of a task (see tasks.task.Task).

    head: the head it takes by default; heads: others that answer it. inputs: the texts it reads.
    several_labels: the task in its place with `multi_label`, "" for none. has_parts: whether it is
    made of the tasks under `tasks:`.
    """

    head: ClassVar[str]
    several_labels: ClassVar[str]
    heads: ClassVar[tuple[str, ...]]
    inputs: ClassVar[tuple[str, ...]]
    has_parts: ClassVar[bool]


def complete(recipe: Recipe, source: str) -> None:
    """Check the component sections of a recipe and fill in their defaults, in place.

    EdgetextError names `source`, the field and the nearest one.
    """
    if recipe.multi_label:
        recipe.task = _of_several_labels(recipe.task, source)
    task = _task(recipe.task, source)
    if recipe.tasks is not None:
        _complete_parts(recipe, source)
    elif task.has_parts:
        raise EdgetextError(
            f"{source}: task {recipe.task} is made of parts; name them under `tasks:`, each with "
            "its task and its data"
        )
    elif recipe.data is None:
        raise EdgetextError(
            f"{source}: data is missing; add it to the recipe, name one with --recipe where the "
            "model was imported, or give `pretrain` its --texts"
        )
    else:
        recipe.data = _completed_data(recipe.data, f"{source}: data")
    if recipe.head is None:
        recipe.head = ComponentConfig(type=_default_head(recipe.encoder.type, recipe.task, task))
    recipe.encoder = completed("encoder", recipe.encoder, f"{source}: encoder")
    recipe.head = completed("head", recipe.head, f"{source}: head")
    _check_head(recipe.head, recipe.task, f"{source}: head")
    check_segmentation(
        recipe.training.segmentation,
        recipe.encoder.type,
        hashed=recipe.text.hashed is not None,
        where=f"{source}: training",
    )
    if recipe.student is not None:
        complete_student(recipe.student, recipe.task, source, prefix="student.")
    if recipe.monitors is not None:
        recipe.monitors = [
            completed("monitor", each, f"{source}: monitors.{i}")
            for i, each in enumerate(recipe.monitors)
        ]


def complete_student(student: StudentConfig, task: str, source: str, prefix: str) -> None:
    """Check the component sections of a student and fill in their defaults, in place.

    prefix: what stands before its fields in messages, as "student.".
    """
    head = student.head or ComponentConfig(type=_task(task, source).head)
    if student.augment is not None:
        where = f"{source}: {prefix}augment"
        student.augment = completed("augmentation", student.augment, where)
    student.encoder = completed("encoder", student.encoder, f"{source}: {prefix}encoder")
    student.head = completed("head", head, f"{source}: {prefix}head")
    _check_head(student.head, task, f"{source}: {prefix}head")
    check_segmentation(
        student.training.segmentation,
        student.encoder.type,
        hashed=student.text is not None and student.text.hashed is not None,
        where=f"{source}: {prefix}training",
    )


def _default_head(encoder: str, name: str, task: type[TaskClass]) -> str:
    """The head of a task, or the one that an encoder has for it."""
    try:
        config = config_of("encoder", encoder)
    except EdgetextError:
        return task.head  # the encoder is refused when it is completed
    heads: Mapping[str, str] = getattr(config, "default_heads", {})
    return heads.get(name, task.head)


def _complete_parts(recipe: Recipe, source: str) -> None:
    """Complete the parts of a recipe with `tasks:`, and the head that is made of theirs."""
    if recipe.data is not None:
        raise EdgetextError(f"{source}: give data or tasks, not both; each task has its own data")
    if not _task(recipe.task, source).has_parts:
        whole = next(name for name in names("task") if _task(name, source).has_parts)
        raise EdgetextError(f"{source}: task {recipe.task} has no parts; set `task: {whole}`")
    if not recipe.tasks:
        raise EdgetextError(f"{source}: tasks is empty; name the parts there")
    without_goal = [name for name, part in recipe.tasks.items() if part.goal is None]
    if 0 < len(without_goal) < len(recipe.tasks):
        raise EdgetextError(
            f"{source}: tasks.{without_goal[0]}.goal: other tasks have goals, by which all "
            "share an epoch; give this one a goal, too, or none of them"
        )
    heads = {}
    for name, part in recipe.tasks.items():
        where = f"{source}: tasks.{name}"
        if part.multi_label:
            part.task = _of_several_labels(part.task, where)
        _check_part(name, part, recipe.task, where)
        part.data = _completed_data(part.data, f"{where}.data")
        head = part.head or ComponentConfig(type=_task(part.task, where).head)
        part.head = completed("head", head, f"{where}.head")
        _check_head(part.head, part.task, f"{where}.head")
        heads[name] = part.head.model_dump(mode="json")
    if recipe.head is None:
        recipe.head = ComponentConfig(type=_task(recipe.task, source).head, heads=heads)


def _of_several_labels(task: str, where: str) -> str:
    """The task in whose place `multi_label` puts another, itself where it is that one."""
    others = {name: _task(name, where).several_labels for name in names("task")}
    if task in others.values():
        return task
    if not _task(task, where).several_labels:
        able = ", ".join(name for name, other in others.items() if other)
        raise EdgetextError(
            f"{where}: multi_label is for task {able}, and this is task {task}; leave it out"
        )
    return others[task]


def _check_part(name: str, part: PartConfig, whole: str, where: str) -> None:
    task = _task(part.task, where)
    if not name.isidentifier() or task.has_parts:
        raise EdgetextError(
            f"{where}: a part's name has letters, digits and `_`, and its task is not {whole}"
        )
    if len(task.inputs) > 1:
        raise EdgetextError(
            f"{where}: task {part.task} reads two texts, and a model of several tasks one; "
            "train it by itself"
        )


def _completed_data(data: DataConfig, where: str) -> DataConfig:
    complete_reader = completed("reader", data, where)
    if data.augment is not None:
        complete_reader.augment = completed("augmentation", data.augment, f"{where}.augment")
    return complete_reader


def completed(kind: str, section: S, where: str) -> S:
    """Check a section's own fields by the component's Config and add its defaults.

    EdgetextError in words that begin with `where`.
    """
    try:
        known = config_of(kind, section.type)
    except EdgetextError as error:
        raise EdgetextError(f"{where}.type: {error}") from error
    shared = {name: getattr(section, name) for name in type(section).model_fields}
    try:
        config = known.model_validate(section.own_fields)
    except ValidationError as error:
        owner = f"{kind} type {section.type}"
        raise EdgetextError(f"{where}{sentence(error, known, owner, shared)}") from error
    return type(section)(**{**config.model_dump(mode="json"), **shared})


def config_of(kind: str, name: str) -> type[BaseModel]:
    """Look up a component's Config; EdgetextError where there is no such component.

    Of edgetext's own encoders and heads it comes without the component, whose module would load
    PyTorch: a command that looks at data alone has no use for that.
    """
    apart = APART.get(kind)
    if apart is not None and has(apart, name):
        return cast(type[BaseModel], lookup(apart, name))
    return cast(type[Configured], lookup(kind, name)).Config


def _task(name: str, source: str) -> type[TaskClass]:
    """Look up a task; EdgetextError names the field where there is none."""
    try:
        return cast(type[TaskClass], lookup("task", name))
    except EdgetextError as error:
        raise EdgetextError(f"{source}: task: {error}") from error


def _check_head(head: ComponentConfig, task: str, where: str) -> None:
    """Refuse a head that answers other tasks alone; one of a user's own may answer any."""
    heads = {name: _heads(_task(name, where)) for name in names("task")}
    if head.type in set().union(*heads.values()) - heads[task]:
        default = _task(task, where).head
        raise EdgetextError(f"{where}.type: {head.type} does not answer task {task}; use {default}")


def _heads(task: type[TaskClass]) -> set[str]:
    return {task.head, *task.heads}
