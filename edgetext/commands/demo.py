"""`edgetext demo`: the whole job on the built-in data, and what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.data.example import Example
    from edgetext.evaluation.answers import Measured
    from edgetext.evaluation.result import Evaluation
    from edgetext.model.header import Header
    from edgetext.recipe import Recipe

RECIPE = "assistant_joint"
SENTENCE = "wake me up at 7:30 tomorrow and play Björk in Zürich"


@click.command("demo")
@click.argument("recipe", default=RECIPE)
@options.output(
    "The folder to write.  [default: runs/RECIPE]", options.WRITTEN_FOLDER, formerly="--out"
)
@options.overrides("Override a field of the recipe, as in `training.epochs=5`.")
@options.force("Do every step again, also where its file is there.", formerly="--fresh")
def command(recipe: str, output: Path | None, overrides: tuple[str, ...], force: bool) -> None:
    """Train, distil, quantize, export and measure RECIPE, by default the built-in assistant.

    Nothing is downloaded. A step whose file is there already, made from the same recipe, is not
    done again; an interrupted training goes on.
    """
    from edgetext.recipe import Recipe
    from edgetext.targets.catalog import deployments

    loaded = Recipe.load(recipe, overrides)
    folder = output or Path("runs") / loaded.name
    teacher = folder / "teacher.pt"
    # Without a student the network that was trained is the one that ships.
    student = teacher if loaded.student is None else folder / "student.pt"
    int8 = student.with_name(f"{student.stem}-int8.pt")
    _step(f"train {recipe}", teacher, force, _is_of(loaded), lambda: _train(loaded, teacher))
    if student != teacher:
        _step(
            f"distill {teacher}", student, force, _child_of(teacher),
            lambda: _distill(loaded, teacher, student),
        )  # fmt: skip
    _step(
        f"quantize --int8 {student}", int8, force, _child_of(student),
        lambda: _quantize(loaded, student, int8),
    )  # fmt: skip
    artifacts = []
    trained = list(dict.fromkeys([teacher, student, int8]))
    for model in trained:
        artifacts += _exported(model, "server" if model == teacher else "mobile", force)

    click.echo("\nmeasuring every file on the test split, from bytes, on one thread")
    evaluated = _measure(loaded, trained, artifacts)
    click.echo()
    click.echo(_table(evaluated.examples, evaluated.measured))
    for line in _baseline(loaded, evaluated.measured[0].metrics(evaluated.examples)):
        click.echo(line)
    best = int8.with_suffix(deployments()["server"][0])
    click.echo("\nnext:")
    text = SENTENCE if loaded.name == RECIPE else evaluated.examples[0].text
    click.echo(f"  edgetext predict {options.quoted(best)} {shlex.quote(text)}")
    click.echo(f"  edgetext inspect {options.quoted(best)}")
    others = [int8.with_suffix(x) for x in deployments()["mobile"] if x != best.suffix]
    click.echo(f"  edgetext verify {' '.join(map(str, (best, *others)))}")
    click.echo(f"  edgetext export {int8} --target mobile --android android_demo")
    click.echo("  edgetext init joint YOUR_DATA.tsv -o mine.yaml     # your own data")


def _step(
    name: str, path: Path, force: bool, is_current: Callable[[Header], bool],
    make: Callable[[], None],
) -> None:  # fmt: skip
    from edgetext.core.errors import EdgetextError, StoppedError
    from edgetext.model.checkpoint import Checkpoint

    click.echo(f"\n$ edgetext {name}")
    if path.exists() and not force:
        try:
            if is_current(Checkpoint.load(path).header):
                click.echo(f"{path} is there already")
                return
        except EdgetextError:
            pass  # a damaged file is made again
    try:
        make()
    except StoppedError:
        raise StoppedError("stopped; the same command goes on") from None
    click.echo(f"wrote {path}")


def _is_of(recipe: Recipe) -> Callable[[Header], bool]:
    from edgetext.recipe import Recipe

    # Read anew, so that a field that has come since then has its default.
    return lambda header: Recipe.from_dict(header.recipe).resolved() == recipe.resolved()


def _child_of(parent: Path) -> Callable[[Header], bool]:
    from edgetext.core.files import sha256

    def check(header: Header) -> bool:
        return bool(header.history[-1].parent_sha256 == sha256(parent))

    return check


def _train(recipe: Recipe, output: Path) -> None:
    from edgetext.api.train import train
    from edgetext.training.run import run_folder, state_path

    state = state_path(output)
    train(recipe, state=state, resume=state.exists(), folder=run_folder(output)).save(output)


def _distill(recipe: Recipe, teacher: Path, output: Path) -> None:
    from edgetext.api.distill import distill
    from edgetext.training.run import run_folder, state_path

    state, folder = state_path(output), run_folder(output)
    resume = state.exists()
    distill(teacher, recipe=recipe, state=state, resume=resume, folder=folder).save(output)


def _quantize(recipe: Recipe, model: Path, output: Path) -> None:
    from edgetext.api.quantize import quantize

    quantize(model, recipe=recipe).model.save(output)


def _exported(model: Path, target: str, force: bool) -> list[Path]:
    from edgetext.api.export import export
    from edgetext.artifacts.export import output_paths
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import sha256
    from edgetext.predictor import load

    click.echo(f"\n$ edgetext export --target {target} {model}")
    paths = output_paths(model, target, None)
    if not force and all(path.exists() for path in paths):
        try:
            digests = {load(path).metadata.fields["checkpoint_sha256"] for path in paths}
            if digests == {sha256(model)}:
                click.echo(f"{' and '.join(map(str, paths))} there already")
                return paths
        except EdgetextError:
            pass
    exported = export(model, target=target)
    for path in exported.files:
        click.echo(f"wrote {path}, {exported.golden} golden examples answered alike")
    return exported.files


def _measure(recipe: Recipe, models: list[Path], artifacts: list[Path]) -> Evaluation:
    from edgetext.api.evaluate import evaluate

    files = [f for m in models for f in (m, *(a for a in artifacts if a.stem == m.stem))]
    return evaluate(files, recipe=recipe)


def _baseline(recipe: Recipe, metrics: dict[str, float]) -> list[str]:
    """Where the teacher stands beside a linear model; no line where there can be none."""
    from edgetext.api.baseline import check_baseline, standings
    from edgetext.core.errors import EdgetextError

    try:
        check_baseline(recipe)
    except EdgetextError:
        return []
    return [f"teacher: {standing.sentence}" for standing in standings(recipe, metrics)]


def _table(examples: list[Example], measured: list[Measured]) -> str:
    """The first model is the teacher in PyTorch, whose time the others' are compared with."""
    from edgetext.core.tables import aligned
    from edgetext.evaluation.answers import disagreements
    from edgetext.targets.catalog import is_checkpoint, owner
    from edgetext.tasks.metrics import in_points

    rows, names = [], []
    (int8,) = (m for m in measured if is_checkpoint(m.predictor.path) and _is_int8(m))
    for model in measured:
        alike = 1 - len(disagreements(model, int8)) / len(examples)
        metrics = model.metrics(examples)
        names = list(metrics)
        path = model.predictor.path
        rows.append(
            (
                f"{model.predictor.metadata.variant} ({path.stem})",
                owner(path.suffix).title,
                *(f"{in_points(name, value):.2f}" for name, value in metrics.items()),
                f"{path.stat().st_size:,}",
                f"{100 * alike:.2f}",
                f"{model.percentile(50):.3f}",
                f"{measured[0].percentile(50) / model.percentile(50):.1f}",
            )
        )
    headings = [name.replace("_", " ") for name in names]
    return aligned(
        ["variant", "runtime", *headings, "bytes", "as int8 .pt", "p50 ms", "times faster"], rows
    )


def _is_int8(model: Measured) -> bool:
    from edgetext.model.variants import INT8

    return model.predictor.metadata.variant == INT8
