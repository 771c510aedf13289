"""One training on the answers of teachers, from a network to a model: for `distill`, after
`prune`, and before `quantize`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext.model.history import next_header
from edgetext.model.model import Model
from edgetext.models import Network
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import DistillationConfig, Recipe
from edgetext.tasks.learner import learner_of
from edgetext.text.tokenization import Tokenization
from edgetext.training.answer_store import AnswerStore
from edgetext.training.distill_objective import DistillationObjective, soft_weight
from edgetext.training.distillation_set import DistillationSet
from edgetext.training.kept import Kept, in_words
from edgetext.training.loop import AfterEpoch, Job, better, fit, ignore
from edgetext.training.run import fuse_layers
from edgetext.training.setup import Setup, weighted
from edgetext.training.splits import Splits
from edgetext.training.streaming import StreamedExamples
from edgetext.training.teachers import Answered, Teacher
from edgetext.training.unlabeled import pseudo_labeled

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class DistillationRun:
    """A network that learns from teachers.

    recipe: the network's own, resolved. header, parent: of the checkpoint that it was made of.
    variant: what it becomes. tested: whether the test split is measured. fake: what stands in its
    layers' places in the last `distillation.qat_epochs`. keeps: whether it stays as it was where
    training does not improve it. folder: see `train`. origin: what tells the weights that it begins
    with from others.
    """

    teachers: Sequence[Teacher]
    network: Network
    vocabulary: Tokenization
    header: Header
    parent: str | None
    recipe: Recipe
    splits: Splits
    distillation: DistillationConfig
    variant: str
    tested: bool = True
    fake: FakeQuantization = field(default_factory=FakeQuantization)
    keeps: bool = False
    folder: Path | None = None
    origin: Sequence[str] = ()
    # Of each teacher, what it was asked before; empty where nothing of it is kept.
    _answered: list[Answered] = field(default_factory=list)

    def learn(
        self, state: Path | None, resume: bool = False, after_epoch: AfterEpoch = ignore
    ) -> Model:
        """Train the network and give the model that it becomes. state, after_epoch: see Job."""
        labels = self.header.labels
        learner = learner_of(self.header.task, labels, self.header.calibration)
        learner = weighted(learner, self.recipe, self.splits.train, labels)
        setup = Setup(
            self.recipe, self._with_unlabeled(), learner, labels, self.vocabulary, self.network,
            self.folder,
        )  # fmt: skip
        setup.describe()
        kept = self._fit(self._job(setup, state, after_epoch), resume)
        recipe = fuse_layers(self.network, self.recipe)
        setup.calibrate()
        metrics = {"valid": setup.stored(kept.metrics)}
        worst_classes: list[dict[str, Any]] = []
        if self.tested:
            metrics["test"], worst_classes = setup.tested(setup.encode(setup.splits.test))
        _log.info(kept.sentence(metrics.get("test")))
        header = next_header(
            self.header,
            self.parent,
            self.variant,
            metrics,
            worst_classes,
            recipe=recipe.resolved(),
            vocabulary=self.vocabulary.to_header(),
            max_bytes=recipe.text.max_bytes,
        )
        return Model.of(Checkpoint(header, self.network.state_dict()))

    def _job(self, setup: Setup, state: Path | None, after_epoch: AfterEpoch) -> Job:
        epochs = self.recipe.training.epochs
        faked_from = epochs - self.distillation.qat_epochs

        def before_epoch(epoch: int, trained: nn.Module, metrics: Mapping[str, float]) -> None:
            if epoch >= faked_from:
                self.fake.start(self.network)
            if isinstance(trained, DistillationObjective):
                trained.soft_weight = soft_weight(self.distillation, epoch, epochs)

        parts = [self.variant, *(teacher.model.digest() for teacher in self.teachers)]
        parts += self.origin
        if self.fake.name:
            parts += [self.parent or "", self.fake.name]
        return setup.job(
            DistillationObjective(
                self.network,
                self.teachers,
                setup.learner,
                self.distillation,
                self.recipe.training,
                self.vocabulary,
            ),
            partial(self._set, setup),
            state,
            parts,
            before_epoch=before_epoch,
            judged_from=faked_from % epochs,
            after_epoch=after_epoch,
        )

    def _set(self, setup: Setup, examples: Sequence[Example]) -> DistillationSet:
        """An epoch's examples as student and teachers read them."""
        store = self._store()
        encoded = DistillationSet(
            setup,
            self.teachers,
            examples,
            remembered=store is not None or self._repeats(),
            config=self.distillation,
            store=store,
            answered=self._answered,
        )
        if self.distillation.variants is None:
            # The one set has them, or the store, which keeps them out of memory.
            for scores in self._answered:
                scores.clear()
        return encoded

    def _fit(self, job: Job, resume: bool) -> Kept:
        """Run the job; say which weights the network has then."""
        begun = None
        if self.keeps:
            # A network that rounds from the beginning is judged by what it answers rounded.
            job.before_epoch(0, job.objective, {})
            begun = _begun(job)
        kept = fit(job, resume=resume)
        self.fake.stop(self.network)
        if begun is None or better(kept.metrics, begun[0], job.monitor):
            return kept
        _log.info("the training did not improve on what it began with, which is kept")
        self.network.load_state_dict(begun[1])
        return Kept(0, kept.epochs, begun[0])

    def _store(self) -> AnswerStore | None:
        """Where the teachers' answers are kept; EdgetextError where they cannot be."""
        folder = self.distillation.cache
        if folder is None:
            return None
        self._check_kept("cache")
        return AnswerStore(Path(folder))

    def _check_kept(self, field: str) -> None:
        """EdgetextError for a field that says how answers are kept, where they cannot be."""
        if not self._is_kept():
            raise EdgetextError(
                f"student.distillation.{field}: what is kept are scores of tasks classify, "
                "multi_label, joint and tag; leave it out with hidden_weight, relation_weight, "
                "data.stream and other tasks"
            )

    def _repeats(self) -> bool:
        """Whether epochs ask the teachers the same, and scores are all that they ask for."""
        same = self.splits.augment is None or self.distillation.variants is not None
        return same and self._is_kept()

    def _is_kept(self) -> bool:
        """Whether the answers to a whole epoch can be kept."""
        config = self.distillation
        scores_alone = not config.hidden_weight and not config.relation_weight
        few = learner_of(self.recipe.task).few_scores
        return scores_alone and few and not isinstance(self.splits.train, StreamedExamples)

    def _with_unlabeled(self) -> Splits:
        """The splits, the teachers' answers to texts without labels among the training's."""
        splits = self.splits
        again = self.distillation.variants is not None or self.distillation.unlabeled is not None
        # Teachers are asked texts without labels before the first epoch, and variants have many in
        # common: none of them is asked again.
        if again and (self._store() is not None or self._repeats()):
            self._answered.extend({} for _ in self.teachers)
        if self.distillation.variants is not None:
            self._check_kept("variants")
            splits = replace(splits, variants=self.distillation.variants)
        files = self.distillation.unlabeled
        if files is None:
            return splits
        names = [files] if isinstance(files, str) else files
        confidence = self.distillation.confidence
        labeled = pseudo_labeled(
            names, self.teachers, self.recipe, splits, confidence, self._answered
        )
        _log.info(
            f"{labeled.read:,} unlabeled texts, {len(labeled.examples):,} of them new and "
            f"answered with confidence {confidence:g}"
        )
        return splits.joined_by(labeled.examples)


def _begun(job: Job) -> tuple[dict[str, float], dict[str, Tensor]]:
    """What a job's network answers before it is trained, which is shown, and its weights."""
    tensors = {name: tensor.clone() for name, tensor in job.network.state_dict().items()}
    metrics = job.validate(job.network)
    _log.info("before training  %s", in_words(metrics))
    return metrics, tensors
