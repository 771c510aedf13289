"""Asking an engine, and holding its answers to the checkpoint's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edgetext.conformance.checkpoints import (
    check_same_labels,
    checkpoint_of,
    given_texts,
    opened_checkpoint,
)
from edgetext.conformance.engines import Engine, in_words
from edgetext.conformance.likeness import (
    OTHER,
    MalformedAnswer,
    check_answer,
    difference,
    gap,
    likeness,
    read_outputs,
)
from edgetext.conformance.reference import Advance, Reference, answered
from edgetext.conformance.result import SHOWN, Asked, Difference, Row, as_row
from edgetext.conformance.texts import EVERY_SORT, Question, questions
from edgetext.core.console import bar
from edgetext.core.errors import EdgetextError
from edgetext.predictor import Predictor, as_array
from edgetext.tasks.prediction import Prediction

# Texts that a batch file is given at once.
TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked. texts: how many seeded ones; data: a file of further texts."""

    texts: int
    seed: int
    data: Path | None = None


@dataclass(slots=True)
class Conformance:
    """Files in engines against checkpoints, of which each is asked once."""

    asking: Asking
    against: Path | None

    def rows(self, engines: Iterable[Engine]) -> Iterator[Row]:
        """A row for each engine, as they come.

        engines: what can be gone through twice, since each is looked at before any is asked; no
        more than one is held. EdgetextError for a checkpoint that is missing or of another task or
        other labels, for data of another task, and for an engine that cannot run the file at all.
        """
        keys = list(map(self._key, engines))
        truths: dict[tuple[Path, str], Reference] = {}
        for engine in engines:
            checkpoint, _ = key = keys.pop(0)
            if key not in truths:
                truths[key] = self._truth(checkpoint, engine.predictor)
            check_same_labels(checkpoint, truths[key].predictor.metadata, engine.predictor)
            yield self._row(engine, truths[key])
            if key not in keys:
                del truths[key]
            # Else it would be there until the next one is loaded.
            del engine

    def _key(self, engine: Engine) -> tuple[Path, str]:
        """Give the checkpoint that a file is held to, and the task that both answer."""
        predictor = engine.predictor
        return checkpoint_of(predictor, self.against), predictor.metadata.task

    def _truth(self, checkpoint: Path, predictor: Predictor) -> Reference:
        session = opened_checkpoint(checkpoint, predictor.metadata.task)
        metadata, asking = session.metadata, self.asking
        check_same_labels(checkpoint, metadata, predictor)
        inputs = len(metadata.rules().inputs)
        examples = session.texts
        if asking.data is not None:
            examples = [*examples, *given_texts(asking.data, metadata.task, inputs)]
        asked = questions(
            examples, metadata.max_bytes, inputs, asking.texts, seed=asking.seed, sorts=EVERY_SORT
        )
        with bar() as progress:
            entry = progress.add_task(f"{checkpoint.name} in PyTorch", total=len(asked))
            return answered(checkpoint, session, asked, lambda: progress.advance(entry))

    def _row(self, engine: Engine, truth: Reference) -> Row:
        golden = golden_of(truth, engine.predictor)
        with bar() as progress:
            entry = progress.add_task(
                f"{engine.predictor.path.name} in {engine.title}",
                total=len(golden.questions) + len(truth.questions),
            )
            first, then = (
                compare(part, engine, lambda: progress.advance(entry), golden=part is golden)
                for part in (golden, truth)
            )
        return as_row(engine, truth, self.asking.seed, first, then)


def golden_of(truth: Reference, predictor: Predictor) -> Reference:
    """Give the golden examples of a file as questions, whose answers are those that it carries."""
    golden = predictor.golden
    return replace(
        truth,
        questions=[
            Question("a golden example", tuple(text.encode() for text in example.texts))
            for example in golden
        ],
        answers=[example.expected for example in golden],
        settled=[True] * len(golden),
    )


def compare(
    truth: Reference, engine: Engine, advance: Advance = lambda: None, *, golden: bool = False
) -> Asked:
    """Ask an engine the questions, and count how like the answers are; advance: called after each.

    golden: the answers are those of `predict`, which may take several runs, and not of one run.
    EdgetextError where the engine cannot answer the first.
    """
    answers: dict[int, Prediction] = {}
    asked = Asked()
    for index, answer in _answers(truth, engine, golden):
        advance()
        if isinstance(answer, str):
            asked.counts[OTHER] += 1
            asked.differences.append(_different(truth, index, OTHER, answer))
        else:
            answers[index] = answer
    agree = truth.predictor.task.agree
    if truth.predictor.task.asks_once or not golden:
        truth.settle(i for i, answer in answers.items() if not agree(truth.answers[i], answer))
    for index, answer in answers.items():
        like = likeness(truth, index, answer)
        asked.counts[like] += 1
        if agree(truth.answers[index], answer):
            asked.widest = max(asked.widest, gap(truth.answers[index], answer))
        else:
            what = difference(truth, index, answer, SHOWN)
            asked.differences.append(_different(truth, index, like, what))
    return asked


def _different(truth: Reference, index: int, like: str, what: str) -> Difference:
    return Difference(like, truth.describe(index), truth.questions[index].texts, what)


def _answers(
    truth: Reference, engine: Engine, golden: bool
) -> Iterator[tuple[int, Prediction | str]]:
    """Each question's number with the answer, or with what is wrong with it in words."""
    step = TOGETHER if engine.predictor.metadata.batch else 1
    for start in range(0, len(truth.questions), step):
        indices = range(start, min(start + step, len(truth.questions)))
        try:
            yield from zip(indices, _asked(truth, engine.predictor, indices, golden), strict=True)
        except MalformedAnswer as error:
            yield from ((index, str(error)) for index in indices)
        except EdgetextError:
            raise
        except Exception as error:  # engines raise many kinds
            if not start:
                raise EdgetextError(
                    f"{engine.predictor.path}: {engine.title} cannot run it ({in_words(error)})"
                ) from error
            yield from ((index, in_words(error)) for index in indices)


def _asked(
    truth: Reference, predictor: Predictor, indices: Sequence[int], golden: bool
) -> list[Prediction]:
    """The answers of one run each; of a batch file of one run together, and golden ones, where that
    may take several runs, those of `predict`."""
    given = [truth.questions[index].texts for index in indices]
    if predictor.metadata.batch or (golden and not predictor.task.asks_once):
        answers = predictor.predict_many(given)
        return [check_answer(truth, *pair) for pair in zip(indices, answers, strict=True)]
    limit, keeps_end = predictor.metadata.max_bytes, predictor.task.keeps_end
    names = predictor.metadata.fields["outputs"]
    ((index, texts),) = zip(indices, given, strict=True)
    outputs = predictor.session.run(*(as_array(text, limit, keeps_end) for text in texts))
    return [read_outputs(truth, index, dict(zip(names, outputs, strict=True)))]
