"""What a network is trained with, whatever it learns from, and the job that trains it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from torch import nn

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.processes import place
from edgetext.data.example import Example
from edgetext.models import Network
from edgetext.recipe import Recipe
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import Labels
from edgetext.tasks.metrics import worst
from edgetext.text.tokenization import Tokenization
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.batch_feed import Feed, HeldFeed, StreamedFeed, TrainingSet
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import answers, calibrate, judge
from edgetext.training.kept import classes_in_words
from edgetext.training.loop import BeforeEpoch, Job, ignore
from edgetext.training.monitors.monitor import Sample, Start
from edgetext.training.monitors.together import Monitors, monitors_of
from edgetext.training.parameter_groups import freeze
from edgetext.training.segmentation import random_cuts
from edgetext.training.splits import Splits
from edgetext.training.streaming import StreamedExamples

_log = logger(__name__)
# Texts of the validation split whose answers monitors may show.
SAMPLES = 16


@dataclass(frozen=True, slots=True)
class Setup:
    """A network and what it is trained with.

    recipe: the resolved one of the network, whose `training` says how. learner: bound to `labels`.
    folder: where monitors may write; None for nowhere.
    """

    recipe: Recipe
    splits: Splits
    learner: Learner
    labels: Labels
    vocabulary: Tokenization
    network: Network
    folder: Path | None = None

    def encode(
        self,
        examples: Sequence[Example],
        vocabulary: Tokenization | None = None,
        *,
        training: bool = False,
    ) -> EncodedSet:
        """Encode examples by a vocabulary, by default the network's own."""
        limit, strict = self.recipe.text.max_bytes, self.recipe.strict
        by = vocabulary or self.vocabulary
        return EncodedSet(examples, self.learner, by, self.labels, limit, strict, training=training)

    def job(
        self,
        objective: nn.Module,
        encode: Callable[[Sequence[Example]], TrainingSet],
        state: Path | None,
        parts: Sequence[str],
        before_epoch: BeforeEpoch = ignore,
        **hooks: Any,
    ) -> Job:
        """Make the job that trains the network.

        objective: of the batches of what `encode` makes of the training split, or of an epoch's
        made-up variant of it. state: see Job.state_path. parts: what tells
        this run from others of its recipe and data. before_epoch: see Job. hooks: further fields of
        Job, and others than the task has.
        """
        config, splits, seed = self.recipe.training, self.splits, self.recipe.seed
        freeze(self.network, config)
        cuts = random_cuts(config.segmentation, self.learner, self.vocabulary)
        feed: Feed
        if isinstance(splits.train, StreamedExamples):
            feed = StreamedFeed(splits.train, encode, config.batch_size, seed, cuts)
        else:
            feed = HeldFeed(splits, encode, config.batch_size, seed, cuts)
        measure = validate = hooks.pop("validate", None)
        if validate is None:
            valid_set = self.encode(splits.valid)
            measure = partial(_figures, data=valid_set)
            validate = partial(_validated, data=valid_set)
        if config.monitor:
            check_monitor(config.monitor, measure(self.network))

        def begin(epoch: int, trained: nn.Module, metrics: Mapping[str, float]) -> None:
            feed.heed(metrics)
            before_epoch(epoch, trained, metrics)

        job = Job(
            objective=objective,
            before_epoch=begin,
            network=self.network,
            batches=feed.batches,
            steps=feed.steps,
            validate=validate,
            monitor=config.monitor or self.learner.task.monitor,
            fallback=() if config.monitor else self.learner.task.fallback,
            fingerprint=fingerprint(self.recipe, splits, *parts),
            config=config,
            state_path=state,
            resume_hint="the same command with --resume",
            monitors=self._monitors(feed.steps),
            # A batch may have examples of some parts alone.
            uses_all=not self.learner.task.has_parts,
        )
        return replace(job, **hooks)

    def _monitors(self, steps: int) -> Monitors:
        """Make who is told how the training goes; of several processes the first tells."""
        if not place().is_first:
            return Monitors()
        return monitors_of(self.recipe, self._start(steps))

    def _start(self, steps: int) -> Start:
        """Say what monitors are told when a training with so many steps an epoch begins."""
        vocabulary = self.vocabulary
        return Start(
            name=self.recipe.name,
            folder=self.folder,
            recipe=self.recipe.resolved(),
            network=self.network,
            epochs=self.recipe.training.epochs,
            steps=steps,
            pieces=vocabulary.pieces if isinstance(vocabulary, Vocabulary) else (),
            samples=self._samples,
        )

    def _samples(self) -> list[Sample]:
        """Answer the first texts of the validation split; none of a task without answers to show,
        as one that predicts the next word everywhere."""
        examples = self.splits.valid[:SAMPLES]
        self.network.eval()
        try:
            answered = answers(self.network, self.encode(examples), whole=False)
        except NotImplementedError:  # its learner reads no single answer out of a batch
            return []
        return [
            Sample(" | ".join(example.texts), answer.as_line(example.texts[-1].encode()))
            for example, answer in zip(examples, answered, strict=True)
        ]

    def stored(self, figures: Mapping[str, float]) -> dict[str, float]:
        """The figures that a model keeps: the task's metrics, and what the recipe monitors."""
        monitored = [name.removeprefix("-") for name in self.recipe.training.monitor or ()]
        left_out = set(self.learner.task.unstored).difference(monitored)
        return {name: value for name, value in figures.items() if name not in left_out}

    def calibrate(self) -> None:
        """Let the trained network's head choose what it decides by, on the validation split."""
        calibrate(self.network, self.learner, lambda: self.encode(self.splits.valid))

    def tested(self, test_set: EncodedSet) -> tuple[dict[str, float], list[dict[str, Any]]]:
        """Judge the trained network, log its classes, and give what a model keeps of that: its
        figures, and its worst classes."""
        test = judge(self.network, test_set)
        if test.classes:
            _log.info(classes_in_words(test.classes))
        return self.stored(test.figures), worst(test.classes)

    def describe(self) -> None:
        """Log how much there is to learn from, and how large the network is."""
        splits, network = self.splits, self.network
        count = sum(p.numel() for p in network.parameters())
        table = sum(p.numel() for p in network.embedding.parameters())
        _log.info(
            f"{len(splits.train):,} / {len(splits.valid):,} / {len(splits.test):,} texts · "
            f"{len(self.vocabulary):,} pieces · {count:,} parameters, {table:,} of them embeddings"
        )


def _validated(network: nn.Module, data: EncodedSet) -> dict[str, float]:
    """Metrics on the validation set, by the head's best decisions there."""
    calibrate(network, data.learner, lambda: data)
    return _figures(network, data)


def _figures(network: nn.Module, data: EncodedSet) -> dict[str, float]:
    """Metrics on the validation set, as the head decides."""
    return judge(network, data).figures


def weighted(
    learner: Learner, recipe: Recipe, examples: Sequence[Example], labels: Labels
) -> Learner:
    """Give the learner whose loss weighs and expects labels as the recipe of the network says."""
    choice, shares = recipe.training.class_weights, recipe.training.label_shares
    if choice is not None:
        learner = learner.weighted(choice, examples, labels)
    return learner if shares is None else learner.expecting(shares, examples, labels)


def check_monitor(monitor: Sequence[str], known: Mapping[str, float]) -> None:
    """EdgetextError for a metric that the task does not have."""
    for name in monitor:
        if name.removeprefix("-") not in known:
            raise EdgetextError(
                f"training.monitor: this task has no metric {name} (known: {', '.join(known)})"
            )


def fingerprint(recipe: Recipe, splits: Splits, *parts: str) -> str:
    """Equal for two runs only when recipe, training data and `parts` are equal."""
    digest = hashlib.sha256(json.dumps([recipe.resolved(), *parts], sort_keys=True).encode())
    if isinstance(splits.train, StreamedExamples):
        digest.update(splits.train.digest().encode())
        return digest.hexdigest()
    for example in splits.train:
        several = () if example.intents is None else (example.intents,)
        labels = (example.intent, example.spans, example.nodes, *several)
        summaries = (example.references, example.sentences)
        digest.update(repr((*example.texts, *labels, *summaries)).encode())
    return digest.hexdigest()
