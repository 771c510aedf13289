"""One explanation of one answer, by what the model's file allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.interpretation.explanation import Explanation
from edgetext.interpretation.manner import STEPS, Manner, Method
from edgetext.interpretation.occlusion import explain_by_occlusion
from edgetext.interpretation.search import explain_by_search
from edgetext.interpretation.units import single_bytes, words
from edgetext.interpretation.worths import scores_in_batches
from edgetext.predictor import Predictor
from edgetext.targets.catalog import is_checkpoint
from edgetext.tasks.explaining import Asked, Goal
from edgetext.tasks.prediction import Prediction


def explain(
    predictor: Predictor,
    texts: Sequence[str | bytes],
    asked: Asked | None = None,
    manner: Manner | None = None,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Explanation:
    """Explain the answer to a text, or to two where the model reads two.

    advance: see interpretation.occlusion. EdgetextError for a label, span, layer or manner that the
    model does not have, and for texts without a word.
    """
    given = tuple(x.encode("utf-8", "replace") if isinstance(x, str) else x for x in texts)
    if asked is not None and asked.part is not None and not predictor.task.has_parts:
        raise EdgetextError(
            f"--part: {predictor.path} has one task, {predictor.task.name}; leave it out"
        )
    answer = predictor.predict(*given)
    goal = predictor.task.goal(answer, predictor.metadata.labels, asked or Asked())
    if not any(map(words, given)):
        raise EdgetextError("the text has no word, so nothing in it speaks for an answer; give one")
    chosen = manner or Manner()
    method, why = _method(predictor, goal, chosen)
    if method == "gradients":
        explanation = _by_gradients(predictor, given, answer, goal, chosen)
    elif method == "search":
        explanation = explain_by_search(predictor, given, answer, goal, advance)
    else:
        ranges = single_bytes if chosen.by == "bytes" else words
        explanation = explain_by_occlusion(predictor, given, answer, goal, ranges, advance)
    notes = [f"{why} So words were left out, one by one."] if why else []
    if any(len(text) > predictor.metadata.max_bytes for text in given):
        notes.append("The text is longer than the model reads at once; the rest has no weight.")
    return replace(explanation, notes=tuple(notes))


def _by_gradients(
    predictor: Predictor,
    texts: tuple[bytes, ...],
    answer: Prediction,
    goal: Goal,
    manner: Manner,
) -> Explanation:
    from edgetext.interpretation.gradients import explain_by_gradients

    return explain_by_gradients(
        _model(predictor),
        texts,
        answer,
        goal,
        layer=manner.layer,
        steps=STEPS if manner.steps is None else manner.steps,
        baseline=manner.baseline or "unknown",
        by_piece=manner.by == "pieces",
    )


def _method(predictor: Predictor, goal: Goal, manner: Manner) -> tuple[Method, str]:
    """Choose the method, and say why where it is another than a checkpoint's own; EdgetextError
    where the manner asks for what there is not."""
    needs = manner.of_gradients
    if manner.by == "bytes":
        if needs or manner.method not in (None, "occlusion"):
            raise EdgetextError(
                "--by bytes: only occlusion weighs bytes; leave out "
                f"{needs or f'--method {manner.method}'}"
            )
        return "occlusion", ""
    if manner.method in ("occlusion", "search"):
        if needs:
            raise EdgetextError(f"{needs} is of gradients; leave out --method {manner.method}")
        return manner.method, ""
    if manner.method is None and not needs and scores_in_batches(predictor, goal):
        return "search", ""
    why = _why_not(predictor)
    if not why:
        return "gradients", ""
    if needs or manner.method == "gradients":
        raise EdgetextError(
            f"{needs or '--method gradients'}: {predictor.path} has no gradients. {why} Leave it "
            "out, and words are left out one by one"
        )
    return "occlusion", why if is_checkpoint(predictor.path) else ""


def _why_not(predictor: Predictor) -> str:
    """Say why a model has no gradients; "" where it has."""
    if not is_checkpoint(predictor.path):
        return "Only checkpoints have them."
    from edgetext.interpretation.gradients import why_not

    return why_not(_model(predictor))


def _model(predictor: Predictor) -> Any:
    """Give the model of a checkpoint's predictor."""
    session: Any = predictor.session
    return session.model
