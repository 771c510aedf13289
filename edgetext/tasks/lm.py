"""lm: what comes next in a text, as a keyboard asks."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.registry import register
from edgetext.tasks.completion import Piece, complete
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import SCORE_TOLERANCE, BatchLike, Labels, Names, Numbers, Task
from edgetext.tasks.windows import windows
from edgetext.tasks.words import IGNORE

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.models import Network
    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding, Vocabulary

# Labels of the span that marks what is new in a window, and whether the text ends with it.
NEW, LAST = "new", "last"
# Words that `predict` completes.
WORDS = 3
SCORED = 512  # rows at a time
# Letters given of a word that is to be completed, and the least letters of such a word.
GIVEN, LONG = 2, 4


@register("task", "lm")
class Lm(Task):
    """No labels. Scores as of heads.lm; target "next" int64[B, T]: the piece after each, [CLS]
    after a text's last.

    A text is read in windows of `max_bytes`, from the end of a longer one. In training they do not
    overlap; when a model is measured every window but a text's first repeats half of the one
    before, whose pieces are not counted again.
    """

    name = "lm"
    head = "lm"
    outputs = ("ids", "scores", "typed", "bytes", "truncated")
    monitor = ("-perplexity",)
    watched = ("next_word_top3", "completion_top3")
    keeps_end = True
    same_pieces = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        return {"intent": [], "tags": []}

    def shown(
        self, examples: Sequence[Example], max_bytes: int, *, training: bool
    ) -> Sequence[Example]:
        again = 0 if training else max_bytes // 2
        found = []
        for example in examples:
            raw = example.text.encode("utf-8")
            for window in windows(raw, max_bytes, again):
                label = LAST if window.end == len(raw) else NEW
                span = Span(label, window.new - window.start, window.end - window.start)
                text = raw[window.start : window.end].decode("utf-8", "replace")
                found.append(replace(example, text=text, spans=(span,)))
        return found

    def encode(self, example: Example, vocabulary: Vocabulary, max_bytes: int) -> Encoding:
        check_vocabulary(vocabulary)
        return vocabulary.encode(example.text)

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        from edgetext.text.vocabulary import CLS

        (new,) = example.spans
        target = np.append(encoding.ids[1:], CLS if new.label == LAST else IGNORE)
        target[:-1][encoding.start[1:] < new.start] = IGNORE
        return {"next": target}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        from edgetext.tasks.next_piece_loss import Pieces, table_loss

        target = batch.targets["next"]
        counted = target != IGNORE
        goal = Pieces(target[counted], config.label_smoothing)
        return table_loss(scores["query"][counted], scores["table"], scores["bias"], goal)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        from edgetext.tasks.next_piece_loss import Teacher, table_loss

        counted = batches[0].targets["next"] != IGNORE
        teacher = Teacher(wanted["query"][counted], wanted["table"], wanted["bias"], temperature)
        return table_loss(scores["query"][counted], scores["table"], scores["bias"], teacher)

    def first_stage(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        from edgetext.models.decoders.lm import ReadUnfinished

        return ReadUnfinished(vocabulary, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Vocabulary) -> Any:
        from edgetext.models.decoders.lm import AnswerNext, NextDecoder

        head: Any = network.head
        return AnswerNext(network, NextDecoder(vocabulary, head.best))

    def questions(self, examples: Sequence[Example]) -> Sequence[Example]:
        return [question for example in examples for question in _questions(example)]

    def score(
        self, network: Network, batches: Iterable[BatchLike], parts: Sequence[Example]
    ) -> dict[str, float]:
        """ "perplexity" a word, "bits_per_byte" and "next_piece_top3".

        A word is what stands between spaces; the end of a text counts as one word and one byte. So
        perplexity does not depend on how words are cut into pieces, and compares with that of
        models of words.
        """
        import torch

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
            found = network(batch.ids, batch.mask)
            embedding: Any = network.embedding
            rows = zip(
                found["query"][counted].split(SCORED), target[counted].split(SCORED), strict=True
            )
            for query, right in rows:
                scores = embedding.scores(query.unsqueeze(0), found["bias"]).squeeze(0).float()
                own = scores.gather(1, right.unsqueeze(1))
                loss += float((torch.logsumexp(scores, dim=-1, keepdim=True) - own).sum())
                among += int(((scores > own).sum(dim=-1) < 3).sum())
                pieces += len(right)
        return {
            "perplexity": math.exp(loss / words),
            "bits_per_byte": loss / math.log(2) / size,
            "next_piece_top3": among / pieces,
        }

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        ids, scores, typed, data, truncated = (output.reshape(-1) for output in outputs)
        rows = data.reshape(len(ids), -1)
        found = tuple(
            Piece(number, score, row.tobytes().rstrip(b"\0"), begun)
            for number, score, row, begun in zip(
                ids.tolist(), scores.tolist(), rows, typed.tolist(), strict=True
            )
            if score > 0
        )
        best = found[0].score if found else 0.0
        return Prediction(score=best, next=found, truncated=bool(truncated[0]))

    def answer(self, ask: Callable[..., Prediction], *texts: bytes, max_bytes: int) -> Prediction:
        (text,) = texts
        first = ask(text)
        words = complete(lambda typed: ask(typed).next, text, first.next, WORDS)
        return replace(first, words=words)

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """Of `questions`: "next_word_accuracy" and "next_word_top3" where the word has not begun,
        "completion_accuracy" and "completion_top3" where GIVEN letters of it stand there.

        A word is right when it is the very word that follows, from its first to its last byte.
        """
        metrics: dict[str, float] = {}
        for kind, begun in (("next_word", False), ("completion", True)):
            places = [
                _place(wanted, answer)
                for example, answer in zip(examples, found, strict=True)
                if example.text.endswith(" ") is not begun
                for wanted in example.references
            ]
            metrics[f"{kind}_accuracy"] = _share(place == 0 for place in places)
            metrics[f"{kind}_top3"] = _share(place < WORDS for place in places)
        return metrics

    def same(self, one: Prediction, other: Prediction) -> bool:
        return [p.id for p in one.next[:1]] == [p.id for p in other.next[:1]]

    def agree(self, expected: Prediction, found: Prediction) -> bool:
        """Whether the likeliest piece is the expected one, or no likelier than that by more than
        SCORE_TOLERANCE: of two pieces alike in probability, rounding decides which comes first."""
        if not expected.next or not found.next:
            return not expected.next and not found.next
        least = found.next[0].score - SCORE_TOLERANCE
        near = {piece.id for piece in found.next if piece.score >= least}
        return expected.next[0].id in near and expected.truncated == found.truncated

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        row = super().to_row(answer, names)
        return {**row, "next": [piece.id for piece in answer.next]}

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        pieces = tuple(Piece(int(number), 0.0, b"", 0) for number in row["next"])
        return replace(super().from_row(row, names), next=pieces)


def check_vocabulary(vocabulary: Vocabulary) -> None:
    """EdgetextError where pieces do not tell how a word is written."""
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


def _questions(example: Example) -> Iterator[Example]:
    """At a word of the text that a hash chooses: the text before it, then that and its beginning.

    `references` hold what is missing. A word that the text does not tell is not asked for.
    """
    from edgetext.data.formats.plain_text import UNKNOWN_WORD

    words = example.text.split(" ")
    at = int.from_bytes(hashlib.sha256(example.text.encode("utf-8")).digest()[:4], "big")
    index = 1 + at % max(1, len(words) - 1)
    if index >= len(words) or UNKNOWN_WORD in words[index] or not words[index]:
        return
    word, before = words[index], " ".join([*words[:index], ""])
    yield replace(example, text=before, spans=(), references=(word,))
    if len(word) >= LONG and word.isalpha():
        yield replace(example, text=before + word[:GIVEN], spans=(), references=(word[GIVEN:],))


def _place(wanted: str, answer: Prediction) -> int:
    """Where among the suggested words one stands; WORDS where it does not."""
    words = [word.rest.decode("utf-8", "replace") for word in answer.words]
    return words.index(wanted) if wanted in words else WORDS


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found) if found else 0.0
