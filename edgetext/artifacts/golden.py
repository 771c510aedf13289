"""The golden examples of an artifact: real texts, and some at the edges, with the checkpoint's own
answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from edgetext.artifacts.edges import Texts, too_long, without_findings, without_words
from edgetext.core.errors import EdgetextError
from edgetext.model.contract import GoldenExample
from edgetext.model.model import Model
from edgetext.models.quantized.activations import Rounding
from edgetext.models.quantized.layer import QuantizedLayer, first_linear
from edgetext.predictor import Predictor
from edgetext.targets.pytorch.session import PyTorchSession
from edgetext.tasks.prediction import Prediction

# How the first integer layer rounds its inputs, which are embeddings, and how the others do: as the
# checkpoint does, by one range, as a layer of 4 bits and as int8 in ONNX Runtime, and not at all.
_CHECKPOINT: tuple[Rounding, Rounding] = ("rows", "rows")
_RUNTIMES: Sequence[tuple[Rounding, Rounding]] = (
    ("tensor", "tensor"),
    ("blocks", "blocks"),
    ("blocks", "tensor"),
    ("none", "none"),
)


def golden_examples(model: Model) -> list[GoldenExample]:
    """Answer the texts of the model's header, and then texts at the edges (see `edges`): without a
    word, without anything to find, and too long.

    Without those whose answer depends on how inputs are rounded: every runtime rounds an int8
    layer's inputs in its own way, so such a text says nothing about a device; and without those to
    which two answers are as likely. EdgetextError when that leaves less than half of those texts.
    """
    session = PyTorchSession(model)
    answerer = _Answerer(Predictor(model.source or Path(str(model)), session), session)
    texts = session.texts
    try:
        kept = [example for example in map(answerer.example, texts) if example]
        if 2 * len(kept) < len(texts):
            tied = sum(map(answerer.is_tied, texts))
            if 2 * (len(texts) - tied) < len(texts):
                raise EdgetextError(
                    f"{model}: to {tied} of {len(texts)} example texts two answers are as likely, "
                    "so that no file can be checked by them; train it longer (more "
                    "`training.epochs`), or on more texts of each label"
                )
            raise EdgetextError(
                f"{model}: {len(texts) - len(kept)} of {len(texts)} example texts change their "
                "answer with the rounding of int8; train it longer, or export the model before "
                "`quantize`"
            )
        return kept + answerer.edges(texts, kept)
    finally:
        # The files are written from the same network, and the caller goes on with it.
        answerer.round_by(*_CHECKPOINT)


class _Answerer:
    """A checkpoint asked with each rounding of its layers' inputs."""

    def __init__(self, predictor: Predictor, session: PyTorchSession) -> None:
        self.predictor = predictor
        self.task = predictor.task
        self.layers = [
            module
            for module in session.pipeline.modules()
            if isinstance(module, QuantizedLayer) and module.dynamic
        ]
        self.first = first_linear(session.pipeline)

    def example(self, texts: Texts) -> GoldenExample | None:
        """Answer a text, or two; None where the answer depends on the rounding."""
        answer = self._answer(texts, *_CHECKPOINT)
        if not self.task.is_decided(answer):
            return None
        # Nothing else rounds, so that the answer is one and the same.
        ways = _RUNTIMES if self.layers else ()
        if not all(self.task.agree(answer, self._answer(texts, *way)) for way in ways):
            return None
        return GoldenExample(texts[0], answer, *texts[1:])

    def is_tied(self, texts: Texts) -> bool:
        """Tell whether two answers to a text are as likely, whatever is rounded."""
        return not self.task.is_decided(self._answer(texts, *_CHECKPOINT))

    def edges(self, texts: list[Texts], known: list[GoldenExample]) -> list[GoldenExample]:
        """Answer one text of each kind of edge that none of the `known` shows already."""
        task = self.task
        limit = self.predictor.metadata.max_bytes
        edges = [example for example in map(self.example, without_words(task, texts)) if example]
        for candidates, is_edge in (
            (without_findings(task, texts), task.finds_nothing),
            (too_long(task, texts, limit), lambda answer: answer.truncated),
        ):
            if not any(is_edge(example.expected) for example in known):
                edges += self._first(candidates, is_edge)
        return edges

    def _first(
        self, candidates: Iterable[Texts], is_edge: Callable[[Prediction], bool]
    ) -> list[GoldenExample]:
        """Find the first candidate with such an answer; there may be none."""
        for texts in candidates:
            # Asked once before it is asked with each rounding: most candidates are none.
            if is_edge(self._answer(texts, *_CHECKPOINT)):
                example = self.example(texts)
                if example:
                    return [example]
        return []

    def _answer(self, texts: Texts, first: Rounding, others: Rounding) -> Prediction:
        self.round_by(first, others)
        return self.predictor.predict(*texts)

    def round_by(self, first: Rounding, others: Rounding) -> None:
        """Let the layers round their inputs in this way from now on."""
        for layer in self.layers:
            chosen = first if layer is self.first else others
            layer.rounding = "blocks" if layer.uneven and chosen == "tensor" else chosen
