"""What a task is: from labels and targets over loss and decoding to the artifact's contract.

A task is a class registered as `task`, without state. Everything else in edgetext, from the loop to
the runtimes, asks it and knows no task by name.

Who only reads answers, as a server that runs ONNX files, has no PyTorch: a task's module imports
what training and export need inside the methods that need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.registry import lookup
from edgetext.tasks.prediction import Prediction

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.models import Network
    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding, Vocabulary

# A checkpoint's labels by kind, as its network counts them.
Labels = Mapping[str, Sequence[str]]
# The number of each label, by kind.
Numbers = Mapping[str, Mapping[str, int]]
# The labels that an artifact publishes, by kind.
Names = Mapping[str, Sequence[str]]
# The largest difference of a score that counts as the same: int8 rounds as each runtime does.
SCORE_TOLERANCE = 0.05
# Labels whose probabilities differ by no more are a tie, which rounding decides.
TIE = 0.002


class BatchLike(Protocol):
    """What a loss looks at: see training.dataset.Batch."""

    @property
    def ids(self) -> Tensor: ...

    @property
    def mask(self) -> Tensor: ...

    @property
    def first(self) -> Tensor: ...

    @property
    def targets(self) -> Mapping[str, Tensor]: ...


class Task:
    """One kind of question and answer.

    head: the head it takes by default; heads: others that answer it. inputs: the texts it reads.
    outputs: of an artifact, in their order, "truncated" last.
    monitor: the metrics that early stopping maximises ("-name": minimises), later ones deciding
    between equals.
    needs_words: whether decoding looks at words (see `decoder`). mark_row: whether a row for [CLS]
    stands before those of the words. keeps_end: whether a text that is
    too long loses its beginning, not its end. same_pieces: whether a student needs its teacher's
    vocabulary. has_parts: whether it is made of the tasks under `tasks:` of a recipe.
    """

    name: ClassVar[str]
    head: ClassVar[str]
    heads: ClassVar[tuple[str, ...]] = ()
    inputs: ClassVar[tuple[str, ...]] = ("text",)
    outputs: tuple[str, ...]
    monitor: ClassVar[tuple[str, ...]]
    needs_words: ClassVar[bool] = False
    mark_row: ClassVar[bool] = True
    keeps_end: ClassVar[bool] = False
    same_pieces: ClassVar[bool] = False
    has_parts: ClassVar[bool] = False

    @property
    def watched(self) -> tuple[str, ...]:
        """The metrics of `measure` that tell how good answers are: none may fall."""
        return (self.monitor[0].removeprefix("-"),)

    def bound(self, names: Names) -> Task:
        """The task as these labels (a checkpoint's or an artifact's) make it; itself, but for a
        task that is made of others."""
        return self

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        """The labels of a training split; EdgetextError when it cannot be learnt from."""
        raise NotImplementedError

    def names(self, labels: Labels) -> dict[str, list[str]]:
        """What an artifact publishes: "intent" and "slots" (both may be empty, as by default), and
        the task's own kinds."""
        return {"intent": [], "slots": []}

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        """The labels of an example that must be known: (kind in `names`, kind in words, label); by
        default none."""
        return iter(())

    def encode(self, example: Example, vocabulary: Vocabulary, max_bytes: int) -> Encoding:
        """What the network reads of an example, cut as an artifact cuts it."""
        return encode_cut(vocabulary, example.text, max_bytes)

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        """What the loss compares with, by name: int64[T], a value a piece; one int; or int64[S, k],
        as many rows as the example has."""
        raise NotImplementedError

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """The supervised loss of the head's scores, a scalar."""
        raise NotImplementedError

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        """How far a student's scores are from its teacher's, a scalar.

        batches: the same texts as the student and as the teacher reads them; the pieces marked
        `first` correspond one to one.
        """
        raise NotImplementedError

    def decoder(self, labels: Labels) -> nn.Module:
        """The module from the scores of one text to the artifact's outputs without `truncated`.

        forward(scores), each with a leading 1; with `needs_words` forward(scores, first, start,
        end), int64[1 + W] each: [CLS] and each word's first piece, and its bytes (see
        text.graph.Pieces).
        """
        raise NotImplementedError

    def first_stage(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        """The module from uint8[1, n] to what the second stage takes, truncated int32[1] last."""
        from edgetext.models.pipeline import ReadText

        return ReadText(vocabulary, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Vocabulary) -> Any:
        """The module from there to the artifact's outputs: see models.pipeline.AnswerText."""
        from edgetext.models.pipeline import AnswerText, AnswerWords

        stage = AnswerWords if self.needs_words else AnswerText
        return stage(network, self.decoder(labels))

    def shown(
        self, examples: Sequence[Example], max_bytes: int, *, training: bool
    ) -> Sequence[Example]:
        """What a network is shown of the examples, one after the other."""
        return examples

    def questions(self, examples: Sequence[Example]) -> Sequence[Example]:
        """What an artifact is asked, to see whether it answers the examples."""
        return examples

    def score(
        self, network: Network, batches: Iterable[BatchLike], parts: Sequence[Example]
    ) -> dict[str, float] | None:
        """Metrics that need no decoding, of a network in evaluation mode over all `parts`.

        None, the default, has every part answered and measured.
        """
        return None

    def pipeline(self, read: nn.Module, answer: Any) -> Any:
        """Both stages as one module from the task's inputs."""
        from edgetext.models.pipeline import Pipeline

        return Pipeline(read, answer)

    def answer(self, ask: Callable[..., Prediction], *texts: bytes, max_bytes: int) -> Prediction:
        """The answer to as many texts as `inputs`; `ask` runs the artifact once on such texts."""
        return ask(*texts)

    def row(self, scores: Mapping[str, Tensor], row: int, length: int) -> dict[str, Tensor]:
        """One text's scores out of a padded batch's, with a leading 1."""
        return {
            name: part[row : row + 1, :length] if part.dim() > 2 else part[row : row + 1]
            for name, part in scores.items()
        }

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        """An artifact's outputs as an answer."""
        raise NotImplementedError

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """Metrics of answers against the examples' labels, each 0 to 1 unless its name says
        otherwise."""
        raise NotImplementedError

    def decisions(self, example: Example, answer: Prediction) -> Iterator[tuple[str, str, str]]:
        """(kind, true label, answered label) of all that was decided, "" where one is missing.

        Spans are compared where their bounds are the same.
        """
        if example.intent is not None and answer.intent is not None:
            yield "intent", example.intent, answer.intent
        gold = {(span.start, span.end): span.label for span in example.spans}
        found = {(span.start, span.end): span.label for span in answer.spans}
        for where in sorted(gold.keys() | found.keys()):
            yield "span", gold.get(where, ""), found.get(where, "")

    def same(self, one: Prediction, other: Prediction) -> bool:
        """Whether two answers say the same, whatever their scores."""
        return (one.intent, one.spans) == (other.intent, other.spans)

    def settled(self, answer: Prediction) -> bool:
        """Whether the likeliest label is no tie, so that the text can be a golden example."""
        best = sorted(answer.scores.values())[-2:]
        return len(best) < 2 or best[1] - best[0] > TIE

    def finds_nothing(self, answer: Prediction) -> bool:
        """Tell whether an answer holds nothing of what the task looks for in a text; a task that
        always answers something never does."""
        return False

    def agree(self, expected: Prediction, found: Prediction) -> bool:
        """Whether a golden answer was given again: the same, the score within SCORE_TOLERANCE."""
        return (
            self.same(expected, found)
            and expected.truncated == found.truncated
            and abs(expected.score - found.score) <= SCORE_TOLERANCE
        )

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        """A golden answer as JSON values, labels as their numbers in `names`."""
        row: dict[str, Any] = {}
        if names["intent"]:
            row["intent"] = names["intent"].index(str(answer.intent))
        return {
            **row,
            "score": round(answer.score, 4),
            "spans": [[names["slots"].index(s.label), s.start, s.end] for s in answer.spans],
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        """What `to_row` gave; KeyError, IndexError, TypeError or ValueError where it did not."""
        return Prediction(
            intent=names["intent"][row["intent"]] if names["intent"] else None,
            score=float(row["score"]),
            spans=tuple(Span(names["slots"][x], int(s), int(e)) for x, s, e in row["spans"]),
            truncated=bool(row["truncated"]),
        )


def task_of(name: str, names: Names | None = None) -> Task:
    """The task of a recipe, checkpoint or artifact; EdgetextError when there is none.

    names: the labels of the checkpoint or artifact, where there is one already (see `Task.bound`).
    """
    task: Task = lookup("task", name)()
    return task if names is None else task.bound(names)


def numbered(labels: Labels) -> Numbers:
    """Each label's place among those of its kind."""
    return {kind: {name: i for i, name in enumerate(names)} for kind, names in labels.items()}


def check_texts(task: Task, example: Example) -> Example:
    """The example; EdgetextError when it has two texts and the task reads one, or the reverse."""
    if len(example.texts) != len(task.inputs):
        have, want = ("two texts", "one") if example.text_b is not None else ("one text", "two")
        raise EdgetextError(
            f"{example.source}: the line has {have} and task {task.name} reads {want}; give the "
            "data of that task"
        )
    return example


def encode_cut(vocabulary: Vocabulary, text: str, max_bytes: int) -> Encoding:
    """Encode the text's first `max_bytes` bytes, cut at a character as an artifact cuts them."""
    return vocabulary.encode(text.encode("utf-8")[:max_bytes].decode("utf-8", errors="ignore"))
