"""Integrated gradients of a checkpoint's answer, over what its encoder reads or a layer gives.

Sundararajan et al. (2017, §3), by captum. The steps on the way from the baseline to the text are
those of Gauss and Legendre's rule, and rows of one batch.

The baseline is the text with [UNK] for each piece: the row of a word about which nothing is known,
which training with `token_dropout` puts in the place of others, so that the network has learned to
do without them. Its marks, as [CLS], stay. Rows of zeros, [PAD]'s row and the mean of all rows are
vectors that no text has; docs/explain.md has what each is worth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.interpretation.explanation import Explanation, Part
from edgetext.interpretation.manner import STEPS, Baseline
from edgetext.interpretation.states import States
from edgetext.interpretation.units import mended, words
from edgetext.model.model import Model
from edgetext.models.pretrained.head import JoinedHead
from edgetext.models.quantized.layer import QuantizedEmbedding, QuantizedLayer
from edgetext.tasks.explaining import Goal
from edgetext.tasks.prediction import Prediction
from edgetext.text.encoding import Encoding
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.vocabulary import UNK

if TYPE_CHECKING:
    from captum.attr import IntegratedGradients

# What imported tokenizers call a word about which nothing is known.
_UNKNOWN = ("[UNK]", "<unk>", "[MASK]", "<mask>")


def why_not(model: Model) -> str:
    """Say in a sentence why gradients do not explain a model; "" where they do."""
    if not model.learner.by_gradients:
        return f"Task {model.learner.task.name} says nothing of how its scores are explained."
    if isinstance(model.network.head, JoinedHead):
        return "An imported model of two texts reads them in one sequence of its own."
    layers = (x for x in model.network.modules() if isinstance(x, QuantizedLayer))
    if any(not isinstance(layer, QuantizedEmbedding) for layer in layers):
        return "Rounding to integers has no gradient."
    return ""


def explain_by_gradients(
    model: Model,
    texts: tuple[bytes, ...],
    answer: Prediction,
    goal: Goal,
    *,
    layer: str | None = None,
    steps: int = STEPS,
    baseline: Baseline = "unknown",
    by_piece: bool = False,
) -> Explanation:
    """Weigh the words of the texts, or their pieces, by integrated gradients.

    The weights of a word's pieces add up to its own. layer: see States. EdgetextError where captum
    is not installed, and for a layer that there is not.
    """
    method = _captum()
    encoding, whose = encoded(model, texts)
    ids = torch.from_numpy(encoding.ids.astype(np.int64)).unsqueeze(0)
    states = States(model.network, layer)
    at, begin = states.at(ids), _baseline(model, encoding, ids, baseline, layer)

    def score(values: Tensor, repeated: Tensor) -> Tensor:
        with states.replaced(values):
            scores = model.network(repeated)
        return model.learner.goal_score(scores, goal, encoding, model.header.labels)

    weights = method(score).attribute(at, begin, additional_forward_args=(ids,), n_steps=steps)
    each = _by_piece(weights.detach().sum(dim=-1)[0], encoding)
    with torch.no_grad():
        change = float(score(torch.cat([at, begin]), ids.expand(2, -1)).diff()) * -1
    rows = _pieces(encoding, whose, each) if by_piece else _words(texts, encoding, whose, each)
    place = "" if layer is None else f" at {layer}"
    return Explanation(
        model=str(model),
        answer=answer,
        goal=goal,
        texts=texts,
        parts=tuple(rows),
        method=f"integrated gradients{place}, from {_WORDS[baseline]}",
        unit="log-probability",
        change=change,
        # Marks have weights, too, which no word has.
        missing=change - sum(part.weight for part in rows),
    )


_WORDS: dict[Baseline, str] = {
    "unknown": "[UNK]",
    "padding": "[PAD]",
    "zero": "zero",
    "mean": "the mean row",
}


def encoded(model: Model, texts: tuple[bytes, ...]) -> tuple[Encoding, np.ndarray]:
    """Encode texts as the network reads them, offsets in their own bytes, and tell of each piece
    whose it is: int64[T], the number of the text, -1 of a mark."""
    limit = model.header.max_bytes
    shift = max(0, len(texts[0]) - limit) if model.learner.task.keeps_end else 0
    both = [mended(text[shift:]) for text in texts]
    example = Example(both[0][0], None, text_b=both[1][0] if len(both) > 1 else None)
    encoding = model.learner.encode(example, model.vocabulary, limit)
    number = np.zeros(len(encoding.ids), np.int64)
    if len(texts) > 1:
        number[_second(encoding) :] = 1
    origin = [np.array(places, np.int32) + shift for _, places in both]
    start, end = (
        np.array([origin[n][x] for n, x in zip(number, offsets, strict=True)], np.int32)
        for offsets in (encoding.start, encoding.end)
    )
    whose = np.where(encoding.start < encoding.end, number, -1)
    return Encoding(encoding.ids, encoding.first, start, end), whose


def _baseline(
    model: Model, encoding: Encoding, ids: Tensor, kind: Baseline, layer: str | None
) -> Tensor:
    """Give float[1, R, T, D], where the way to the text begins."""
    is_word = torch.from_numpy(encoding.start < encoding.end)
    states = States(model.network, layer)
    if kind in ("unknown", "padding"):
        row = unknown_id(model) if kind == "unknown" else model.vocabulary.pad
        return states.at(ids.masked_fill(is_word, row))
    inputs = States(model.network)
    begin = inputs.at(ids)
    if begin.shape[1] > 1 or begin.shape[2] != ids.shape[1]:
        raise EdgetextError(
            f"--baseline {kind}: a model of two towers is explained from `unknown` or `padding`"
        )
    table: Tensor = model.network.embedding.table()  # type: ignore[operator]
    fill = table.mean(dim=0) if kind == "mean" else torch.zeros(begin.shape[-1])
    begin = torch.where(is_word[:, None], fill, begin)
    if layer is None:
        return begin
    with inputs.replaced(begin):
        return states.at(ids)


def unknown_id(model: Model) -> int:
    """Give the id of a word about which nothing is known, that of padding where there is none."""
    if not isinstance(model.vocabulary, ImportedTokenizer):
        return UNK
    pieces = list(model.vocabulary.pieces)
    return next((pieces.index(name) for name in _UNKNOWN if name in pieces), model.vocabulary.pad)


def _by_piece(rows: Tensor, encoding: Encoding) -> np.ndarray:
    """Give float[T] in the order of the joined pieces, of float[R, T']."""
    if len(rows) == 1:
        return np.asarray(rows[0].numpy())
    begins = _second(encoding)
    one, other = rows[0, :begins], rows[1, : len(encoding.ids) - begins]
    return np.asarray(torch.cat([one, other]).numpy())


def _second(encoding: Encoding) -> int:
    """Give the place of the second text's first piece, the mark that the first text has, too."""
    return int(np.flatnonzero(encoding.ids == encoding.ids[0])[1])


def _pieces(encoding: Encoding, whose: np.ndarray, weights: np.ndarray) -> list[Part]:
    rows = zip(whose, encoding.start, encoding.end, weights, strict=True)
    return [Part(int(n), int(s), int(e), float(w)) for n, s, e, w in rows if n >= 0]


def _words(
    texts: tuple[bytes, ...], encoding: Encoding, whose: np.ndarray, weights: np.ndarray
) -> list[Part]:
    """Add up the weights of the pieces that end in each word of the texts: some tokenizers' begin
    with the space before it."""
    parts = []
    for number, text in enumerate(texts):
        mine = whose == number
        ranges = words(text)
        begins = np.array([start for start, _ in ranges])
        place = np.searchsorted(begins, encoding.end[mine] - 1, side="right") - 1
        sums = np.bincount(place.clip(min=0), weights[mine], minlength=len(ranges))
        rows = zip(ranges, sums.tolist(), strict=False)
        parts += [Part(number, start, end, weight) for (start, end), weight in rows]
    return parts


def _captum() -> type[IntegratedGradients]:
    try:
        from captum.attr import IntegratedGradients
    except ImportError as error:
        raise EdgetextError(
            "checkpoints are explained with the library captum, which is not installed; `pip "
            "install 'edgetext[explain]'`, or leave words out with --method occlusion"
        ) from error
    method: type[IntegratedGradients] = IntegratedGradients
    return method
