"""The files of one model that may be served, and what they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.arrivals import Arrivals
from edgetext.loadtest.questions import Text
from edgetext.loadtest.trace import Trace
from edgetext.predictor import Predictor, load


def questions(
    models: Sequence[Path], texts: Path | None, arrivals: Arrivals | None = None
) -> list[Text]:
    """Give what is asked in turns: the texts of a file, or those of the golden examples.

    EdgetextError where the files are not of one model, where there is no text, and where the
    arrivals are a trace with one text each and the model reads two.
    """
    first = load(models[0])
    inputs = first.task.inputs
    if isinstance(arrivals, Trace) and arrivals.whole.texts is not None and len(inputs) > 1:
        raise EdgetextError(
            f"{arrivals.path}: the model reads {' and '.join(inputs)}, and a trace has one text a "
            "request; leave out its column `text`, and give pairs with --texts"
        )
    for path in models[1:]:
        _check_same(first, load(path))
    if texts is None:
        asked: list[Text] = [tuple(example.texts) for example in first.golden]
        if not any(map(any, asked)):
            raise EdgetextError(
                f"{models[0]}: it carries no golden examples; give texts with --texts"
            )
        return asked
    from edgetext.data.texts import read_texts

    asked = [tuple(row) for _, row in read_texts(texts, len(inputs))]
    if not asked:
        raise EdgetextError(f"{texts}: there is no text in it; give one a line")
    return asked


def _check_same(first: Predictor, other: Predictor) -> None:
    """EdgetextError where two files do not answer the same question."""
    a, b = first.metadata, other.metadata
    if (a.task, a.labels) != (b.task, b.labels):
        raise EdgetextError(
            f"{other.path}: its task or labels are not those of {first.path}; give files of one "
            "model alone"
        )
