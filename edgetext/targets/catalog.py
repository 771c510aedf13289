"""The targets that there are, by the suffix of a file, by their own name and by a way's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.registry import lookup, names
from edgetext.targets.file_format import FileFormat
from edgetext.targets.target import Target, Way
from edgetext.targets.unwritten import UNOPENED


def targets() -> list[Target]:
    """All of them, in the order of their names."""
    return [target_named(name) for name in names("target")]


def target_named(name: str) -> Target:
    """The target of that name; EdgetextError with the known ones."""
    target: Target = lookup("target", name)()
    return target


def formats() -> dict[str, FileFormat]:
    """Every kind of model file by its suffix, those without a seal, the checkpoints, first."""
    known = [form for target in targets() for form in target.formats]
    return {form.suffix: form for form in sorted(known, key=lambda x: (x.sealed, x.suffix))}


def format_of(suffix: str) -> FileFormat:
    """The kind of file that a suffix says; KeyError where it says none."""
    return formats()[suffix]


def is_artifact(path: Path) -> bool:
    """Tell whether a path ends as a file that `export` writes."""
    form = formats().get(path.suffix)
    return form is not None and form.sealed


def is_checkpoint(path: Path) -> bool:
    """Tell whether a path ends as a checkpoint."""
    form = formats().get(path.suffix)
    return form is not None and not form.sealed


def owner(suffix: str) -> Target:
    """The target whose own such files are; KeyError where there is none."""
    for target in targets():
        if not target.edition and any(form.suffix == suffix for form in target.formats):
            return target
    raise KeyError(suffix)


def writer(deployment: str, suffix: str) -> Target:
    """The target that writes a file of that suffix for a value of `export --target`: the suffix's
    owner, where that is not the name of one with files in a form of its own."""
    return target_named(deployment) if edition(deployment) else owner(suffix)


def edition(deployment: str) -> str:
    """What the files of a value of `export --target` are called apart by; "" for most."""
    return next((target.edition for target in targets() if target.name == deployment), "")


def opener(suffix: str, runtime: str | None, source: str) -> Target:
    """The target that opens the file `source`: the one that is named, else the suffix's own.

    EdgetextError for a name that opens no such file, with those that do.
    """
    if runtime is None:
        return owner(suffix)
    able = {
        target.name: target
        for target in targets()
        if not target.edition
        and suffix in (*(form.suffix for form in target.formats), *target.also_opens)
    }
    if runtime not in able and runtime in UNOPENED:
        raise EdgetextError(f"{source}: {UNOPENED[runtime]}")
    if runtime not in able:
        raise EdgetextError(
            f"{source}: {runtime} is not a runtime that opens {suffix} files"
            f"{nearest(runtime, able)} (known: {', '.join(able)}; your own module joins them "
            "through `edgetext --import FILE`)"
        )
    return able[runtime]


def form_of(fields: Mapping[str, Any]) -> Target | None:
    """The target whose own form of another's files, or whose folder, some metadata says that it
    stands in."""
    for target in targets():
        own = target.edition or target.folder_suffix
        if own and target.fields().items() <= fields.items():
            return target
    return None


def folder_targets() -> dict[str, Target]:
    """The values of `export --target` for which a folder is written."""
    return {target.name: target for target in targets() if target.folder_suffix}


def exported(target: Target) -> FileFormat | None:
    """The file that `export` writes for a target; None where it writes none."""
    return next((form for form in target.formats if form.sealed), None)


def deployments() -> dict[str, tuple[str, ...]]:
    """The values of `export --target` with the suffixes of their files: those that several targets
    share, then each target by its name."""
    shared: dict[str, tuple[str, ...]] = {}
    alone: dict[str, tuple[str, ...]] = {}
    for target in targets():
        form = exported(target)
        if form is not None:
            alone[target.name] = (form.suffix,)
            for name in target.deployments:
                shared[name] = (*shared.get(name, ()), form.suffix)
    return {**shared, **alone}


def searched() -> dict[str, tuple[str, ...]]:
    """The values of `compress --runtime` with the suffixes of their files: each target by what its
    files call it, and those of a phone, in which two runtimes are at home, as both."""
    known = formats()
    alone = {
        target.label: form.suffix
        for target in targets()
        if not target.edition and (form := exported(target))
    }
    in_order = sorted(alone, key=lambda label: list(known).index(alone[label]))
    together = deployments()["mobile"]
    return {
        **{label: (alone[label],) for label in in_order},
        "both": tuple(suffix for suffix in known if suffix in together),
    }


def measured() -> list[str]:
    """The suffixes of the files that are measured: the first of each target that has ways."""
    known = formats()
    first = {target.formats[0].suffix for target in targets() if target.formats and target.ways}
    return [suffix for suffix in known if suffix in first]


def measured_artifacts() -> list[str]:
    """The suffixes of measured files that `export` writes."""
    return [suffix for suffix in measured() if format_of(suffix).sealed]


def ways(suffix: str) -> tuple[Way, ...]:
    """How a file of that suffix is measured, as it is; () where it is not."""
    if suffix not in measured():
        return ()
    return tuple(way for way in owner(suffix).ways if not way.separate)


def all_ways(path: Path) -> list[Way]:
    """How a file is measured, as it is, by its own target and by others that open it, too."""
    others = [
        target for target in targets() if path.suffix in target.also_opens and target.measures(path)
    ]
    return [*ways(path.suffix), *(way for target in others for way in target.ways)]


def of_way(name: str) -> tuple[Target, Way]:
    """The target and the way of that name; KeyError where there is none."""
    for target in targets():
        for way in target.ways:
            if way.name == name:
                return target, way
    raise KeyError(name)


def in_words(suffixes: Sequence[str], last: str) -> str:
    """Some suffixes as a sentence lists them, as ".pt, .onnx or .pte"; last: "or", "and"."""
    *most, final = suffixes
    return f"{', '.join(most)} {last} {final}" if most else final
