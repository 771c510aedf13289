"""`edgetext verify`: does an artifact answer as the checkpoint that it was made of."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


@click.command("verify")
@click.argument("files", type=options.FILE, nargs=-1, required=True)
@options.runtime("The engine that runs FILES, as openvino.  [default: each file's own]")
@options.option(
    "--public-key",
    "keys",
    type=options.FILE,
    multiple=True,
    metavar="PEM",
    help="A key, one of which must have signed each file, as `models fetch` writes it.",
)
def command(files: tuple[Path, ...], runtime: str | None, keys: tuple[Path, ...]) -> int:
    """Replay the golden examples that FILES (.onnx, .pte) carry; exit 1 when one is answered
    in another way.

    A checkpoint (.pt) carries none, since it is what gives the answers: it is loaded and answers.
    """
    from edgetext.evaluation.verify import replay
    from edgetext.predictor import load
    from edgetext.targets.catalog import is_checkpoint

    _check_signatures(files, keys)
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


def _check_signatures(files: tuple[Path, ...], keys: tuple[Path, ...]) -> None:
    """EdgetextError where no one of the keys has signed a file under the name that it has; nothing
    is asked where there are no keys."""
    if not keys:
        return
    from edgetext.core.files import sha256
    from edgetext.publishing.fetching import signatures_beside
    from edgetext.publishing.signing import check_signature, trusted_key

    trusted = list(map(trusted_key, keys))
    for file in files:
        signer = check_signature(
            file.stem, sha256(file), signatures_beside(file), trusted, str(file)
        )
        click.echo(f"{file}: signed by {signer.id}")
