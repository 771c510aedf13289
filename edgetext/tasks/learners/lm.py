"""lm: what comes next in a text, as a keyboard asks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.models.decoders.lm import AnswerNext, NextDecoder, ReadUnfinished
from edgetext.models.network import Network
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.lm import Lm
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.next_piece_loss import Pieces, Teacher, table_loss
from edgetext.tasks.learning import BatchLike, Labels, Numbers
from edgetext.tasks.windows import windows
from edgetext.tasks.words import IGNORE
from edgetext.text.encoding import Encoding
from edgetext.text.tokenization import Tokenization, trained_vocabulary
from edgetext.text.vocabulary import CLS

# Labels of the span that marks what is new in a window, and whether the text ends with it.
NEW, LAST = "new", "last"
SCORED = 512  # rows at a time


@register("learner", "lm")
class LmLearner(Learner):
    """No labels. Scores as of heads.lm; target "next" int64[B, T]: the piece after each, [CLS]
    after a text's last.

    A text is read in windows of `max_bytes`, from the end of a longer one. In training they do not
    overlap; when a model is measured every window but a text's first repeats half of the one
    before, whose pieces are not counted again.
    """

    task = Lm()
    in_windows = True
    same_pieces = True
    as_written = True
    takes_imported = False
    by_gradients = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        return {"intent": [], "tags": []}

    def shown(
        self, examples: Sequence[Example], max_bytes: int, *, training: bool
    ) -> Sequence[Example]:
        again = 0 if training else max_bytes // 2
        shown = []
        for example in examples:
            raw = example.text.encode("utf-8")
            for window in windows(raw, max_bytes, again):
                label = LAST if window.end == len(raw) else NEW
                span = Span(label, window.new - window.start, window.end - window.start)
                text = raw[window.start : window.end].decode("utf-8", "replace")
                shown.append(replace(example, text=text, spans=(span,)))
        return shown

    def encode(self, example: Example, vocabulary: Tokenization, max_bytes: int) -> Encoding:
        check_vocabulary(vocabulary)
        return vocabulary.encode(example.text)

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        (new,) = example.spans
        target = np.append(encoding.ids[1:], CLS if new.label == LAST else IGNORE)
        target[:-1][encoding.start[1:] < new.start] = IGNORE
        return {"next": target}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        target = batch.targets["next"]
        counted = target != IGNORE
        goal = Pieces(target[counted], config.label_smoothing)
        return table_loss(scores["query"][counted], scores["table"], scores["bias"], goal)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        counted = batches[0].targets["next"] != IGNORE
        goal = Teacher(teacher["query"][counted], teacher["table"], teacher["bias"], temperature)
        return table_loss(scores["query"][counted], scores["table"], scores["bias"], goal)

    def score(
        self, network: Network, batches: Iterable[BatchLike], parts: Sequence[Example]
    ) -> dict[str, float]:
        """Measure "perplexity" a word, "bits_per_byte" and "next_piece_top3".

        A word is what stands between spaces; the end of a text counts as one word and one byte. So
        perplexity does not depend on how words are cut into pieces, and compares with that of
        models of words.
        """
        words = pieces = among = 0
        size = loss = 0.0
        for example in parts:
            (new,) = example.spans
            raw = example.text.encode("utf-8")[new.start : new.end]
            words += len(raw.split()) + (new.label == LAST)
            size += len(raw) + (new.label == LAST)
        for batch in batches:
            target = batch.targets["next"]
            counted = target != IGNORE
            outputs = network(batch.ids, batch.mask)
            embedding: Any = network.embedding
            rows = zip(
                outputs["query"][counted].split(SCORED), target[counted].split(SCORED), strict=True
            )
            for query, right in rows:
                scores = embedding.scores(query.unsqueeze(0), outputs["bias"]).squeeze(0).float()
                own = scores.gather(1, right.unsqueeze(1))
                loss += float((torch.logsumexp(scores, dim=-1, keepdim=True) - own).sum())
                among += int(((scores > own).sum(dim=-1) < 3).sum())
                pieces += len(right)
        return {
            "perplexity": math.exp(loss / words),
            "bits_per_byte": loss / math.log(2) / size,
            "next_piece_top3": among / pieces,
        }

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the logarithm of the probability of the piece where it begins, which may be before
        the letters of it that stand in the text."""
        begin = int(encoding.end.max()) + goal.start
        at = int(np.flatnonzero(encoding.end <= begin)[-1])
        each = scores["query"][:, at] @ scores["table"].t() + scores["bias"]
        return each.log_softmax(dim=-1)[:, goal.number]

    def first_stage(
        self, vocabulary: Tokenization, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        own = trained_vocabulary(vocabulary, "task lm")
        return ReadUnfinished(own, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        head: Any = network.head
        own = trained_vocabulary(vocabulary, "task lm")
        return AnswerNext(network, NextDecoder(own, head.best))


def check_vocabulary(tokenization: Tokenization) -> None:
    """EdgetextError where pieces do not tell how a word is written."""
    vocabulary = trained_vocabulary(tokenization, "task lm")
    if vocabulary.rules["clusters"]:
        raise EdgetextError(
            "task lm tells finished words by the spaces after them, which clusters do without; set "
            "`text.clusters: false`"
        )
    if vocabulary.lowercase:
        raise EdgetextError(
            "task lm suggests words as they are written, so it needs their case; set "
            "`text.lowercase: false`"
        )
