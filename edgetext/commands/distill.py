"""`edgetext distill`: a small student from a trained teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from edgetext.commands import options


@click.command("distill")
@click.argument("teachers", metavar="TEACHER...", nargs=-1, required=True, type=options.FILE)
@options.recipe("Where the data and the student come from.  [default: the recipe in the teacher]")
@click.option(
    "--student",
    metavar="FILE",
    type=options.FILE,
    help="A YAML file with another `student:` section (its fields at the top level).",
)
@options.overrides("Override a field of the recipe, as in `student.encoder.layers=2`.")
@click.option(
    "--unlabeled",
    metavar="FILE",
    multiple=True,
    help="Texts without labels, one a line, for the teachers to answer "
    "(student.distillation.unlabeled).",
)
@options.output(
    "The checkpoint to write.  [default: student.pt beside the teacher]", options.WRITTEN_CHECKPOINT
)
@options.resume("Go on with the interrupted run of this student.")
@options.on_ray
def command(teachers: tuple[Path, ...], output: Path | None, **given: Any) -> None:
    """Train a small student on the answers of TEACHER, a checkpoint, and write it as one.

    The student is the recipe's `student:` section, or --student. The data is the recipe's. Of
    several teachers the student learns the mean. A --recipe of several tasks takes a teacher of all
    of them, or one of each, and then -o.
    """
    from edgetext.api.distill import distill, student_path
    from edgetext.core.processes import place
    from edgetext.training.run import alone_at, goes_on, run_folder, state_path

    path = output or options.beside(student_path(teachers, given["recipe"], given["overrides"]))
    state = state_path(path)
    with alone_at(path):
        given["resume"] = goes_on(state, given["resume"])
        student = distill(teachers, state=state, folder=run_folder(path), **given)
        if not place().is_first:
            return
        student.save(path)
    click.echo(f"wrote {path}")
    data = options.whose_data(given["recipe"])
    named = options.quoted(path)
    click.echo(
        f"next: edgetext quantize --int8 {named}{data}   or   edgetext evaluate {named}{data}"
    )
