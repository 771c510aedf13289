"""`edgetext verify`: does an artifact answer as the checkpoint that it was made of."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


@click.command("verify")
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@options.runtime("The engine that runs FILES, as openvino.  [default: each file's own]")
def command(files: tuple[Path, ...], runtime: str | None) -> int:
    """Replay the golden examples that FILES (.onnx, .pte) carry; exit 1 when one is answered
    in another way.

    A checkpoint (.pt) carries none, since it is what gives the answers: it is loaded and answers.
    """
    from edgetext.evaluation.verify import replay
    from edgetext.predictor import load
    from edgetext.targets.catalog import is_checkpoint

    failed = False
    for file in files:
        predictor = load(file, runtime=runtime)
        if is_checkpoint(file):
            predictor.predict(*(b"hello" for _ in predictor.task.inputs))
            click.echo(f"{file}: loads and answers; a checkpoint has no golden examples")
            continue
        results = replay(predictor)
        wrong = [result for result in results if not result.same]
        failed |= bool(wrong) or not results
        verdict = "ok" if results and not wrong else "FAILED"
        click.echo(f"{file}: {verdict}, {len(results) - len(wrong)} of {len(results)} golden "
                   "examples answered alike")  # fmt: skip
        for result in wrong:
            expected, found = result.example.expected, result.answer
            click.echo(f"  {' | '.join(result.example.texts)!r}")
            click.echo(f"    expected {expected.intent} {expected.score:.3f} {expected.spans}")
            click.echo(f"    found    {found.intent} {found.score:.3f} {found.spans}")
    return 1 if failed else 0
