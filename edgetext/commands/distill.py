"""`edgetext distill`: a small student from a trained teacher."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("distill")
@click.argument(
    "teachers",
    metavar="TEACHER...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option(
    "--recipe",
    metavar="RECIPE",
    help="Where the data and the student come from.  [default: the recipe in the teacher]",
)
@click.option(
    "--student",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A YAML file with another `student:` section (its fields at the top level).",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Override a field of the recipe, as in `student.encoder.layers=2`.",
)
@click.option(
    "--unlabeled",
    metavar="FILE",
    multiple=True,
    help="Texts without labels, one a line, for the teachers to answer "
    "(student.distillation.unlabeled).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The checkpoint to write.  [default: student.pt beside the teacher]",
)
@click.option("--resume", is_flag=True, help="Go on with the interrupted run of this student.")
def command(
    teachers: tuple[Path, ...],
    recipe: str | None,
    student: Path | None,
    overrides: tuple[str, ...],
    unlabeled: tuple[str, ...],
    output: Path | None,
    resume: bool,
) -> None:
    """Train a small student on the answers of TEACHER, a checkpoint, and write it as one.

    The student is the recipe's `student:` section, or --student. The data is the recipe's. Of
    several teachers the student learns the mean.
    """
    from edgetext.model.checkpoint import Checkpoint
    from edgetext.recipe import Recipe, load_student

    teacher = teachers[0]
    path = output or teacher.with_name("student.pt")
    if recipe is not None:
        loaded = Recipe.load(recipe, overrides)
    else:
        header = Checkpoint.load(teacher).header
        loaded = Recipe.from_dict(header["recipe"], source=str(teacher), overrides=overrides)
    if student is not None:
        loaded.student = load_student(student, loaded)

    if unlabeled and loaded.student is not None:
        loaded.student.distillation.unlabeled = list(unlabeled)

    from edgetext.training.distill import distill

    distill(teachers, loaded, path, resume=resume)
    click.echo(f"wrote {path}")
    click.echo(f"next: edgetext quantize --int8 {path}   or   edgetext evaluate {path}")
