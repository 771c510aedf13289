"""`edgetext.explain`: what in a text speaks for a model's answer."""

from __future__ import annotations

import os

from edgetext.core import console
from edgetext.interpretation.explain import explain as explain_answer
from edgetext.interpretation.explanation import Explanation
from edgetext.interpretation.manner import Baseline, Manner, Method, Unit
from edgetext.predictor import Predictor, load
from edgetext.tasks.explaining import Asked


def explain(
    model: str | os.PathLike[str] | Predictor,
    text: str | bytes,
    text_b: str | bytes | None = None,
    *,
    label: str | None = None,
    span: int | None = None,
    part: str | None = None,
    method: Method | None = None,
    by: Unit = "words",
    layer: str | None = None,
    baseline: Baseline | None = None,
    steps: int | None = None,
    runtime: str | None = None,
) -> Explanation:
    """Weigh the words of a text by how much they speak for the answer of a model file.

    text_b: of a model that reads two. label: what is explained, by default the likeliest label;
    span: the number of a span, node or sentence of the answer, from 1; part: a task of a model of
    several. method: "search" (what is lost as words go in the order that loses most), "gradients"
    (integrated gradients, of checkpoints; needs `edgetext[explain]`) or "occlusion" (what is lost
    without each word); by default search for a checkpoint's labels, gradients for whatever else it
    answers, and occlusion for other files. by: "words", "pieces" of gradients or "bytes" of
    occlusion. layer: of gradients, a module of the network whose output is weighed. baseline,
    steps: of gradients, by default "unknown" and 16; see interpretation.gradients. runtime: the
    engine that runs the file.

    >>> edgetext.explain("student.pt", "wake me up at 7:30").strongest(3)
    """
    predictor = model if isinstance(model, Predictor) else load(model, runtime=runtime)
    texts = (text,) if text_b is None else (text, text_b)
    manner = Manner(method, by, layer, baseline, steps)
    with console.bar() as progress:
        task = progress.add_task("explaining", total=None)
        return explain_answer(
            predictor,
            texts,
            Asked(label, span, part),
            manner,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
