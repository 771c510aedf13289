"""From files and a recipe to a run: what takes part, what its rows say, and what is refused."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.data.example import Example
from edgetext.evaluation.answers import check_labels
from edgetext.predictor import Predictor, load
from edgetext.recipe import Recipe
from edgetext.targets import catalog
from edgetext.targets.target import Way
from edgetext.tasks.task import task_of
from edgetext.timing import machine
from edgetext.timing.contenders import Entry, entries, way_of
from edgetext.timing.texts import digest
from edgetext.training.splits import Splits
from edgetext_bench.peers.peer import Context, MissingPeer, prepare
from edgetext_bench.plan import Plan
from edgetext_bench.taking import Taking


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model file that fits the data, and what rows say of it."""

    path: Path
    predictor: Predictor
    file: dict[str, Any]


def load_files(
    files: Sequence[Path], examples: Sequence[Example], strict: bool = True, task: str | None = None
) -> tuple[list[Loaded], dict[Path, EdgetextError]]:
    """The files that can be read and are of the data's task, and what is wrong with the others.

    task: the data's, None where it is not known.
    """
    good, bad = [], {}
    entries(files)  # refuses other suffixes
    for path in files:
        try:
            predictor = load(path)
            own = predictor.metadata.task
            if task is not None and own != task and own not in task_of(task).includes:
                raise EdgetextError(
                    f"{path}: a model of task {own}, and the data is of task {task}; name a recipe "
                    f"of task {own} with --recipe"
                )
            check_labels(predictor, examples, strict)
        except EdgetextError as error:
            bad[path] = error
        else:
            good.append(Loaded(path, predictor, describe(path, predictor)))
    return good, bad


def describe(path: Path, predictor: Predictor) -> dict[str, Any]:
    """The row's `file`."""
    metadata = predictor.metadata
    return {
        "name": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "variant": metadata.variant,
        "task": metadata.task,
        "model": metadata.name,
        "model_version": metadata.fields["model_version"],
        "vocabulary_sha256": metadata.fields.get("vocabulary_sha256"),
    }


def taking_part(loaded: Sequence[Loaded], runtimes: Sequence[str], quick: bool) -> list[Taking]:
    """Each file in each of its runtimes; `runtimes` narrows them, where it is not empty. A quick
    run takes the slow ones only where they are named."""
    files = {str(one.path): one for one in loaded}
    taking = [
        Taking(entry, files[entry.path].file, files[entry.path].predictor.task)
        for entry in entries([one.path for one in loaded])
        if (entry.runtime in runtimes if runtimes else not (quick and way_of(entry.runtime).slow))
    ]
    if not taking and not any(way_of(name).separate for name in runtimes):
        raise EdgetextError(
            f"none of the files runs in {', '.join(runtimes)}; give other files or runtimes"
        )
    return taking


def portable(
    loaded: Sequence[Loaded], runtimes: Sequence[str], quick: bool, folder: Path
) -> tuple[list[Taking], dict[str, str]]:
    """Each file once more in the ways that need one of their own, as a `.pte` without XNNPACK, made
    of the checkpoint beside it and kept in `folder`; and why one is missing. A quick run takes them
    only where they are named."""
    beside = {(path.stem, path.parent): path for path in checkpoints(loaded)}
    taking, missing = [], {}
    for one, way in _separate(loaded):
        if way.name not in runtimes if runtimes else quick:
            continue
        name = f"{one.path.name} in {way.name}"
        checkpoint = beside.get((one.path.stem, one.path.parent))
        if checkpoint is None:
            missing[name] = f"it is made of the checkpoint, and {one.path.stem}.pt is not beside it"
            continue
        digest = one.predictor.metadata.fields["checkpoint_sha256"]
        kind = way.name.rpartition(" ")[2]
        path = folder / f"{one.path.stem}-{kind}-{digest[:12]}{one.path.suffix}"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            fault = _write_separate(checkpoint, path, way)
            if fault:
                missing[name] = fault
                continue
        file = {**one.file, "bytes": path.stat().st_size, "sha256": sha256(path)}
        taking.append(Taking(Entry(one.path.name, str(path), way.name), file, one.predictor.task))
    return taking, missing


def _separate(loaded: Sequence[Loaded]) -> Iterator[tuple[Loaded, Way]]:
    for one in loaded:
        if one.path.suffix in catalog.measured():
            for way in catalog.owner(one.path.suffix).ways:
                if way.separate:
                    yield one, way


def _write_separate(checkpoint: Path, output: Path, way: Way) -> str:
    """ "", or why it could not be written. In a process of its own: the kernels that it needs are
    not loaded beside XNNPACK's in this one."""
    done = subprocess.run(
        [sys.executable, "-m", "edgetext.timing.variants", str(checkpoint), str(output), way.name],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if output.exists():
        return ""
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"ExecuTorch cannot write it without XNNPACK ({said[-1][:200] if said else 'no reason'})"


def peers(
    names: Sequence[str],
    loaded: Sequence[Loaded],
    splits: Splits,
    recipe: Recipe,
    folder: Path,
    seed: int,
) -> tuple[list[Taking], dict[str, str]]:
    """The peers' contenders, trained where they are not there yet, and why one is missing."""
    context = Context(
        splits=splits,
        task=recipe.task,
        checkpoints=checkpoints(loaded),
        folder=folder,
        name=recipe.name,
        seed=seed,
    )
    folder.mkdir(parents=True, exist_ok=True)
    tasks = {one.file["task"]: one.predictor.task for one in loaded}
    taking: list[Taking] = []
    missing = {}
    for name in names:
        try:
            for peer in prepare(name, context):
                task = tasks.get(peer.file["task"]) or task_of(peer.file["task"])
                taking.append(Taking(peer.entry, peer.file, task))
        except MissingPeer as error:
            missing[name] = str(error)
    return taking, missing


def checkpoints(loaded: Sequence[Loaded]) -> list[Path]:
    """The `.pt` files among those loaded, or beside the artifacts that were made of them."""
    by_hash: dict[str, Path] = {}
    for one in loaded:
        path = one.path.with_suffix(".pt")
        made_of = one.predictor.metadata.fields["checkpoint_sha256"]
        if made_of not in by_hash and path.exists() and sha256(path) == made_of:
            by_hash[made_of] = path
    return list(by_hash.values())


def common(recipe: Recipe, split: str, examples: Sequence[Example], plan: Plan) -> dict[str, Any]:
    """What every row of a run holds beside its cell and file."""
    return {
        "data": {
            "name": recipe.name,
            "split": split,
            "texts": len(examples),
            "sha256": digest(examples),
        },
        "machine": machine.describe(),
        "versions": machine.versions(),
        "settings": {"seed": plan.seed, "quick": plan.quick},
        "run": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
