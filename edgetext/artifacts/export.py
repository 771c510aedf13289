"""`export`: the files that go into an app or onto a server, with their card, checked before use."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edgetext.artifacts.batch import as_batch, check_batch
from edgetext.artifacts.card import model_card
from edgetext.artifacts.golden import golden_examples
from edgetext.core.collecting import collected_seldom
from edgetext.core.errors import EdgetextError
from edgetext.core.files import atomic_folder, atomic_path, sha256, write_bytes, write_text
from edgetext.evaluation.verify import replay
from edgetext.model.contract import GOLDEN, METADATA, Metadata, write_golden
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.targets import catalog
from edgetext.targets.releases import FIELD
from edgetext.targets.target import Target

# Golden examples of one tower: each holds a vector.
TOWER_GOLDEN = 8
ASSETS = Path("app/src/main/assets")


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, the card among them, how many golden examples each replayed, how many
    texts the model reads, and whether the files were run: a folder is not."""

    files: list[Path]
    card: Path
    golden: int
    inputs: int
    ran: bool = True


def export(
    model: Model,
    target: str,
    output: Path | None = None,
    *,
    embed: bool = False,
    batch: bool = False,
    also: Sequence[str] = (),
) -> Exported:
    """Write a model for a target and replay the golden examples on the result.

    target: one of catalog.deployments(), or of catalog.folder_targets(), whose folder is not run.
    output: a folder, or a path ending in an artifact's suffix for that file alone; by default the
    folder of its checkpoint. A file appears under its name only when all answer as the model does.
    embed: one tower of a model of two, in files NAME-embed. batch: files NAME-batch that answer
    several texts in a run. also: suffixes of further files of the same targets.
    """
    source = model.source or Path(f"{model.header.name}.pt")
    kind = ("-embed" if embed else "") + ("-batch" if batch else "")
    if into := catalog.folder_targets().get(target):
        return _export_folder(model, into, source, output, [*also, *["batch"] * batch], embed)
    paths = output_paths(source, target, output, also, kind)
    if embed:
        model = one_tower(model)
    targets = {path: catalog.writer(target, path.suffix) for path in paths}
    for written_by in targets.values():
        written_by.check(model.header, str(model))
    metadata = model.metadata()
    if batch:
        check_batch(model, targets)
        metadata = as_batch(metadata)
    for written_by in targets.values():
        metadata = replace(metadata, fields={**metadata.fields, **written_by.fields()})
    golden = golden_examples(model)
    answers = write_golden(golden, metadata)
    with contextlib.ExitStack() as stack:
        stack.enter_context(collected_seldom())
        hashed = []
        beside: dict[Path, str] = {}
        contents: dict[str, bytes] = {}
        for path, written_by in targets.items():
            texts = {METADATA: _described(metadata, written_by), GOLDEN: answers}
            temporary = stack.enter_context(atomic_path(path))
            content = written_by.converted(path.suffix, contents)
            if content is None:
                write = written_by.write_batch if batch else written_by.write
                content = write(path.suffix, model, texts)
            contents[path.suffix] = content
            for suffix, text in written_by.beside(path.suffix, content).items():
                beside[path.with_suffix(suffix)] = text
            seal, digest = catalog.format_of(path.suffix).seal_of(content)
            with temporary.open("wb") as file:
                file.writelines((content, seal))
            check_written(temporary, path)
            hashed.append((path.name, len(content) + len(seal), digest))
        for path, text in beside.items():
            write_text(path, text)
        card, header = paths[0].with_suffix(".md"), model.header
        write_text(card, model_card(metadata, golden, hashed, header.history, header.worst_classes))
    return Exported(paths, card, len(golden), len(model.learner.task.inputs))


def _described(metadata: Metadata, target: Target) -> str:
    """The metadata of a target's file, with its runtime and the oldest release of that, as JSON."""
    fields = {**metadata.fields, "runtime": target.label}
    if target.releases is not None:
        fields[FIELD] = target.releases.oldest
    return json.dumps(fields, ensure_ascii=False)


def folder_path(
    model: Path, target: Target, output: Path | None, others: Sequence[str], kind: str
) -> Path:
    """Where a target's folder goes; see output_paths.

    others: what was asked for beside it, which it has not; EdgetextError where there is any.
    """
    suffix = target.folder_suffix
    if others:
        raise EdgetextError(
            f"--target {target.name} writes {suffix} folders of one text a run alone; take "
            f"--target server for {catalog.in_words(others, 'and')}"
        )
    if output is not None and output.suffix == suffix:
        return output
    if output is not None and output.suffix and not output.is_dir():
        raise EdgetextError(f"{output}: give a folder, or a name that ends in {suffix}")
    return (model.parent if output is None else output) / f"{model.stem}{kind}{suffix}"


def _export_folder(
    model: Model,
    target: Target,
    source: Path,
    output: Path | None,
    others: Sequence[str],
    embed: bool,
) -> Exported:
    """Write a target's folder and its card; the folder is not run."""
    path = folder_path(source, target, output, others, "-embed" if embed else "")
    if embed:
        model = one_tower(model)
    target.check(model.header, str(model))
    metadata = model.metadata()
    metadata = replace(metadata, fields={**metadata.fields, **target.fields()})
    golden = golden_examples(model)
    texts = {METADATA: _described(metadata, target), GOLDEN: write_golden(golden, metadata)}
    with atomic_folder(path) as temporary:
        target.write_folder(temporary, model, texts)
        files = [
            (f"{path.name}/{file.relative_to(temporary)}", file.stat().st_size, sha256(file))
            for file in sorted(temporary.rglob("*"))
            if file.is_file()
        ]
    card, header = path.with_suffix(".md"), model.header
    write_text(card, model_card(metadata, golden, files, header.history, header.worst_classes))
    return Exported([path], card, len(golden), len(model.learner.task.inputs), ran=False)


def one_tower(model: Model) -> Model:
    """The model of two towers as one of task embed; EdgetextError where it has none."""
    header = model.header
    task = model.learner.embeds.get(header.recipe["head"]["type"])
    if task is None:
        raise EdgetextError(
            f"{model}: only a model of two towers makes a vector of one text; train task match "
            "with `head: {type: bi_encoder}`"
        )
    texts = [entry if isinstance(entry, str) else entry[0] for entry in header.golden]
    golden = list(dict.fromkeys(texts))[:TOWER_GOLDEN]
    return model.with_header(task=task, golden=golden, metrics={})


def check_android(project: Path, target: str = "mobile") -> None:
    """EdgetextError when `project` is not like android_demo, or no app for Android runs what is
    written for the target."""
    if target in catalog.folder_targets():
        raise EdgetextError(f"target {target}: no Android project takes it; take --target mobile")
    if not (project / ASSETS.parent).is_dir():
        raise EdgetextError(
            f"{project}: no {ASSETS.parent} in it; give the folder of an Android project such as "
            "android_demo"
        )


def copy_to_android(exported: Exported, project: Path) -> list[Path]:
    """Put artifacts, their hashes and the card into an Android project's assets, under the model's
    name and variant."""
    check_android(project)
    assets = project / ASSETS
    metadata = load(exported.files[0]).metadata
    name = f"{metadata.name}-{metadata.variant}"
    written = []
    for file in exported.files:
        copy = assets / f"{name}{file.suffix}"
        with atomic_path(copy) as temporary:
            shutil.copyfile(file, temporary)
        write_bytes(copy.with_name(copy.name + ".sha256"), (sha256(copy) + "\n").encode("ascii"))
        written.append(copy)
    card = assets / f"{name}.md"
    write_bytes(card, exported.card.read_bytes())
    return [*written, card]


def output_paths(
    model: Path, target: str, output: Path | None, also: Sequence[str] = (), kind: str = ""
) -> list[Path]:
    """Where the files of a target go; kind: what comes behind the model's name, before what the
    target's own form of files is called.

    A path for one file may end in any suffix that one of the target's runtimes writes.
    EdgetextError for a target that there is not, and for one that cannot be.
    """
    known = catalog.deployments()
    if target not in known:
        names = ", ".join([*known, *catalog.folder_targets()])
        raise EdgetextError(f"target {target}: there is no such target; take one of {names}")
    suffixes = known[target]
    edition = catalog.edition(target)
    if edition and also:
        raise EdgetextError(
            f"--target {target} writes {catalog.in_words(suffixes, 'and')} files alone; take "
            f"--target {next(iter(known))} for {catalog.in_words(also, 'and')}"
        )
    if output is not None and catalog.is_artifact(output):
        if output.suffix not in _written(target):
            fitting = next(name for name in known if output.suffix in _written(name))
            raise EdgetextError(
                f"{output}: target {target} has no {output.suffix} file; take --target {fitting}"
            )
        return [output]
    if output is not None and output.suffix and not output.is_dir():
        artifacts = [suffix for suffix, form in catalog.formats().items() if form.sealed]
        raise EdgetextError(
            f"{output}: give a folder, or a name that ends in {catalog.in_words(artifacts, 'or')}"
        )
    folder = model.parent if output is None else output
    name = f"{model.stem}{kind}-{edition}" if edition else f"{model.stem}{kind}"
    return [folder / f"{name}{suffix}" for suffix in (*suffixes, *also)]


def _written(target: str) -> set[str]:
    """The suffixes of all files that the writers of a target's own write."""
    writers = [catalog.writer(target, suffix) for suffix in catalog.deployments()[target]]
    return {form.suffix for writer in writers for form in writer.formats}


def check_written(temporary: Path, path: Path) -> None:
    """EdgetextError when the written file answers its golden examples in another way."""
    wrong = [result for result in replay(load(temporary)) if not result.same]
    if wrong:
        first = wrong[0]
        texts = first.example.texts
        text = texts[-1].encode("utf-8")
        raise EdgetextError(
            f"{path}: the exported file answers {len(wrong)} golden example(s) in another way than "
            f"the checkpoint, as {' | '.join(texts)!r} with {first.answer.as_line(text)} instead "
            f"of {first.example.expected.as_line(text)}; nothing was written"
        )
