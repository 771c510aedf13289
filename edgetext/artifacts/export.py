"""`export`: the files that go into an app or onto a server, with their card, checked before use."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from edgetext.artifacts.card import model_card
from edgetext.artifacts.golden import golden_examples
from edgetext.core.errors import EdgetextError
from edgetext.core.files import atomic_path, sha256, write_bytes, write_text
from edgetext.core.quiet import native_quiet
from edgetext.evaluation.verify import replay
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.contract import GOLDEN, METADATA, write_golden
from edgetext.model.seal import seal
from edgetext.predictor import load
from edgetext.targets.executorch.limits import check_executorch
from edgetext.targets.pytorch.session import checkpoint_metadata
from edgetext.targets.releases import FIELD, OLDEST

TARGETS = {"mobile": (".pte", ".onnx"), "server": (".onnx",)}
RUNTIMES = {".onnx": "onnx", ".ort": "onnx", ".pte": "executorch"}
# Beside an `.ort` file: what a minimal build of ONNX Runtime must hold to run it.
OPERATORS = ".required_operators.config"
# Golden examples of one tower: each holds a vector.
TOWER_GOLDEN = 8
ASSETS = Path("app/src/main/assets")


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, the card among them, how many golden examples each replayed, and how many
    texts the model reads."""

    files: list[Path]
    card: Path
    golden: int
    inputs: int


def export(
    model: Path,
    target: str,
    output: Path | None = None,
    *,
    embed: bool = False,
    ort: bool = False,
) -> Exported:
    """Write a checkpoint for a target of TARGETS and replay the golden examples on the result.

    output: a folder, or a path ending in .onnx, .ort or .pte for that file alone; by default the
    checkpoint's folder. A file appears under its name only when all of them answer as the
    checkpoint does. embed: one tower of a model of two, whose files are called NAME-embed. ort:
    also an `.ort` file, and beside it the operators that it needs.
    """
    checkpoint = Checkpoint.load(model)
    paths = output_paths(model, target, output, ort)
    if embed:
        checkpoint = one_tower(checkpoint, str(model))
        if output is None or output.suffix not in RUNTIMES:
            paths = [path.with_stem(f"{path.stem}-embed") for path in paths]
    if any(path.suffix == ".pte" for path in paths):
        check_executorch(checkpoint, str(model))
    golden = golden_examples(model, checkpoint)
    metadata = checkpoint_metadata(checkpoint, model)
    answers = write_golden(golden, metadata)
    with contextlib.ExitStack() as stack:
        made = []
        operators: list[tuple[Path, str]] = []
        for path in paths:
            runtime = RUNTIMES[path.suffix]
            fields = {**metadata.fields, "runtime": runtime, FIELD: OLDEST[runtime]}
            texts = {METADATA: json.dumps(fields, ensure_ascii=False), GOLDEN: answers}
            temporary = stack.enter_context(atomic_path(path))
            content = _exported(checkpoint, path.suffix, texts)
            if path.suffix == ".ort":
                operators.append((path.with_suffix(OPERATORS), _operators(content)))
            temporary.write_bytes(seal(content, path.suffix))
            _check(temporary, path)
            made.append((path.name, temporary.stat().st_size, sha256(temporary)))
        for path, text in operators:
            write_text(path, text)
        card = paths[0].with_suffix(".md")
        write_text(card, model_card(metadata, golden, made, checkpoint.header.get("history", [])))
    return Exported(paths, card, len(golden), len(metadata.fields["inputs"]))


def one_tower(checkpoint: Checkpoint, source: str) -> Checkpoint:
    """The checkpoint of two towers as that of task embed; EdgetextError where it has none."""
    header = checkpoint.header
    if header["recipe"]["head"]["type"] != "towers":
        raise EdgetextError(
            f"{source}: only a model of two towers makes a vector of one text; train task match "
            "with `head: {type: towers}`"
        )
    texts = [entry if isinstance(entry, str) else entry[0] for entry in header.get("golden", [])]
    changes = {
        "task": "embed",
        "golden": list(dict.fromkeys(texts))[:TOWER_GOLDEN],
        "metrics": {},
    }
    return Checkpoint({**header, **changes}, checkpoint.tensors)


def check_android(project: Path) -> None:
    """EdgetextError when `project` is not like android_demo."""
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


def output_paths(model: Path, target: str, output: Path | None, ort: bool = False) -> list[Path]:
    """Where the files of a target go."""
    alone = output is not None and output.suffix == ".ort"
    suffixes = (*TARGETS[target], *([".ort"] if ort or alone else []))
    if output is not None and output.suffix in RUNTIMES:
        if output.suffix not in suffixes:
            raise EdgetextError(
                f"{output}: target {target} has no {output.suffix} file; take --target mobile"
            )
        return [output]
    if output is not None and output.suffix and not output.is_dir():
        raise EdgetextError(f"{output}: give a folder, or a name that ends in .onnx, .ort or .pte")
    folder = model.parent if output is None else output
    return [folder / f"{model.stem}{suffix}" for suffix in suffixes]


def _exported(checkpoint: Checkpoint, suffix: str, texts: dict[str, str]) -> bytes:
    if suffix in (".onnx", ".ort"):
        from edgetext.targets.onnx.write import to_onnx

        content = to_onnx(checkpoint, texts)
        if suffix == ".onnx":
            return content
        from edgetext.targets.onnx.ort import to_ort

        return to_ort(content)
    with native_quiet():
        from edgetext.targets.executorch.write import to_executorch
    return to_executorch(checkpoint, texts)


def _operators(content: bytes) -> str:
    from edgetext.targets.onnx.ort import required_operators

    return required_operators(content)


def _check(temporary: Path, path: Path) -> None:
    """EdgetextError when the written file answers its golden examples in another way."""
    wrong = [result for result in replay(load(temporary)) if not result.same]
    if wrong:
        first = wrong[0]
        texts = first.example.texts
        text = texts[-1].encode("utf-8")
        raise EdgetextError(
            f"{path}: the exported file answers {len(wrong)} golden example(s) in another way than "
            f"the checkpoint, as {' | '.join(texts)!r} with {first.found.as_line(text)} instead "
            f"of {first.example.expected.as_line(text)}; nothing was written"
        )
