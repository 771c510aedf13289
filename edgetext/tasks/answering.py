"""How a task answers: from the outputs of an artifact to an answer, and to the rows of golden
answers.

Who only reads answers, as a server that runs ONNX files, has no PyTorch: nothing here, nor in
tasks.answers, imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from edgetext.tasks.apart import apart
from edgetext.tasks.columns import Columns
from edgetext.tasks.prediction import Prediction

# A task's own kind of answer.
A = TypeVar("A", bound=Prediction)
# The labels that an artifact publishes, by kind.
Names = Mapping[str, Sequence[str]]


class Answering(Generic[A]):
    """The half of a Task that reads outputs.

    inputs: the texts that it reads. described: the outputs of an artifact in their order, without
    `truncated`, which all have, each as a model card says what it is; "{intents}" there stands for
    the number of intents. needs_words: whether decoding looks at words (see `Reading.decoder`).
    reads_pieces: whether the network reads the pieces of one text, as a tokenizer gives them, and
    nothing else. keeps_end: whether a text that is too long loses its beginning, not its end.
    asks_once: whether one run of an artifact answers every text, so that `answer` need not be
    asked.
    """

    inputs: ClassVar[tuple[str, ...]] = ("text",)
    described: ClassVar[Mapping[str, str]]
    needs_words: ClassVar[bool] = False
    reads_pieces: ClassVar[bool] = True
    keeps_end: ClassVar[bool] = False
    asks_once: ClassVar[bool] = True

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs of an artifact, in their order, "truncated" last."""
        return (*self.described, "truncated")

    def describe(self, names: Names) -> dict[str, str]:
        """Say what each output but `truncated` is, as a model card does."""
        intents = len(names["intent"])
        return {output: words.format(intents=intents) for output, words in self.described.items()}

    def read(self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None) -> A:
        """Read an artifact's outputs as an answer.

        text: the one that spans stand in, the last of `inputs`; without it they have bytes alone.
        """
        raise NotImplementedError

    def read_many(
        self, outputs: Mapping[str, np.ndarray], names: Names, texts: Sequence[bytes]
    ) -> list[A]:
        """Read the outputs of a batch file by name, "truncated" last, as answers to its texts."""
        each = apart(list(outputs), list(outputs.values()), len(texts))
        return [self.read(own, names, text) for own, text in zip(each, texts, strict=True)]

    def read_each(
        self, outputs: Sequence[Sequence[np.ndarray]], names: Names, texts: Sequence[bytes]
    ) -> list[A]:
        """Read the outputs of as many runs of an artifact for one text as `read` reads each."""
        return [self.read(own, names, text) for own, text in zip(outputs, texts, strict=True)]

    def has_columns(self, outputs: Sequence[str]) -> bool:
        """Tell whether `columns` reads outputs of these names; by default of none."""
        return False

    def columns(
        self, outputs: Mapping[str, np.ndarray], names: Names, texts: Sequence[bytes]
    ) -> Columns:
        """Read what `read_many` does as a column for each field of `Prediction.json_answer`, in its
        order, without the scores of all labels."""
        raise NotImplementedError

    def answer(self, ask: Callable[..., A], *texts: bytes, max_bytes: int) -> A:
        """Answer as many texts as `inputs`; `ask` runs the artifact once on such texts."""
        return ask(*texts)

    def answer_whole(self, ask: Callable[..., A], *texts: bytes, max_bytes: int) -> A:
        """Answer texts of any length, all of them read; by default as `answer` does, which may cut
        them."""
        return self.answer(ask, *texts, max_bytes=max_bytes)

    def finds_nothing(self, answer: A) -> bool:
        """Tell whether an answer holds nothing of what the task looks for in a text; a task that
        always answers something never does."""
        return False

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        """Give the types of what `Prediction.json_fields` and `json_scores` give, by name, for
        tables that need them before the first answer.

        A type is str, int, float or bool, [TYPE] of a list, {NAME: TYPE, ...} of an object or
        {str: TYPE} of one whose names are labels; of a field that some answers lack, too. By
        default none, and such a task's answers are written without a table's types alone.
        """
        return {}

    def to_row(self, answer: A, names: Names) -> dict[str, Any]:
        """Give a golden answer as JSON values, labels as their numbers in `names`."""
        raise NotImplementedError

    def from_row(self, row: Mapping[str, Any], names: Names) -> A:
        """Read what `to_row` gave; KeyError, IndexError, TypeError or ValueError where it did
        not."""
        raise NotImplementedError
