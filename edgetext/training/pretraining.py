"""`pretrain`: a small network that learns from an embedder, on texts without labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.data.sample import evenly
from edgetext.huggingface.pretrained import is_pretrained
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header, Step
from edgetext.model.history import command_line
from edgetext.model.model import Model
from edgetext.recipe import DistillationConfig, PretrainingConfig, Recipe
from edgetext.tasks.learner import learner_of
from edgetext.training.dataset import Batch, EncodedSet
from edgetext.training.distillation_set import DistillationSet
from edgetext.training.evaluation import BATCH_SIZE, device_of
from edgetext.training.golden import choose_golden
from edgetext.training.loop import fit
from edgetext.training.pretraining_objective import PretrainingObjective
from edgetext.training.run import begun, fuse_layers, set_threads
from edgetext.training.setup import Setup
from edgetext.training.splits import load_splits
from edgetext.training.teachers import Teacher, teachers_of
from edgetext.training.whole import check_whole

_log = logger(__name__)
_LABELS: dict[str, list[str]] = {"intent": [], "tags": []}
# Texts by which it is measured, each with each, at most.
MEASURED = 2000
# Fewer say nothing.
LEAST = 3
# Cosines of texts that are alike differ by no more: float32 rounds them.
ALIKE = 1e-6


def pretrain(
    model: Model,
    recipe: Recipe,
    state: Path | None = None,
    resume: bool = False,
    folder: Path | None = None,
) -> Model:
    """Train the recipe's network, of task embed, on the vectors and the words' states of `model`.

    state, resume, folder: see `train`. EdgetextError for a recipe of another task, and for a
    teacher that gives no vectors.
    """
    learner = learner_of(recipe.task, _LABELS)
    if not learner.gives_vectors or is_pretrained(recipe) or not _is_small(recipe):
        raise EdgetextError(
            f"recipe {recipe.name}: what is pretrained is a small network of `task: embed` with "
            "`head: {type: vector}`, as `encoder: {type: conv}`; write such a recipe"
        )
    check_whole(recipe.training, "training")
    set_threads(recipe.training)
    (teacher,) = teachers_of([model], recipe.task)
    splits = load_splits(recipe)
    recipe, vocabulary, network, origin = begun(recipe, learner, splits, _LABELS)
    setup = Setup(recipe, splits, learner, _LABELS, vocabulary, network, folder)
    setup.describe()
    config = recipe.pretraining or PretrainingConfig()
    by_words = DistillationConfig(hidden_weight=config.word_weight)
    measured, tested = (_Measured(setup, teacher, split) for split in ("valid", "test"))
    job = setup.job(
        PretrainingObjective(
            network, teacher, measured.width, config, recipe.training.token_dropout, vocabulary
        ),
        lambda examples: DistillationSet(
            setup, [teacher], examples, remembered=False, config=by_words
        ),
        state,
        ["pretrained", model.digest(), *origin],
        validate=measured.judge,
        monitor=recipe.training.monitor or ("similarity",),
        fallback=(),
    )
    kept = fit(job, resume=resume)
    recipe = fuse_layers(network, recipe)
    figures = tested.judge(network)
    _log.info(kept.sentence(figures))
    header = Header(
        task=recipe.task,
        name=recipe.name,
        variant="distilled",
        recipe=recipe.resolved(),
        vocabulary=vocabulary.to_header(),
        labels=_LABELS,
        max_bytes=recipe.text.max_bytes,
        history=(Step(command_line(), model.digest(), figures),),
        metrics={"valid": kept.metrics, "test": figures},
        golden=choose_golden(splits.test),
    )
    return Model.of(Checkpoint(header, network.state_dict()))


def _is_small(recipe: Recipe) -> bool:
    return recipe.head is not None and recipe.head.type == "vector"


class _Measured:
    """Texts of a split, how the teacher places them, and how the student does.

    width: how many values a vector of the teacher has; taught: float[N, N], its cosines.
    """

    def __init__(self, setup: Setup, teacher: Teacher, split: str) -> None:
        examples = evenly(getattr(setup.splits, split), MEASURED)
        if len(examples) < LEAST:
            raise EdgetextError(
                f"recipe {setup.recipe.name}: {len(examples)} texts are in the {split} split, and "
                f"{LEAST} are needed to measure which are alike; give more texts, or raise "
                f"data.split.{split}"
            )
        self.data = setup.encode(examples)
        theirs = setup.encode(examples, teacher.vocabulary)
        vectors = _vectors(theirs, lambda batch: teacher.answer(batch)["vector"])
        self.width = vectors.shape[1]
        self.taught = vectors @ vectors.T
        if np.isnan(_correlation(self.taught, self.taught)):
            raise EdgetextError(
                f"recipe {setup.recipe.name}: the texts of the {split} split are all alike to the "
                "teacher, as those are that begin with the same text.max_bytes bytes; give others"
            )

    def judge(self, network: nn.Module) -> dict[str, float]:
        """Measure a network: "similarity", the correlation of its cosines between all pairs of
        texts with the teacher's (Pearson's; 0 where all texts are alike to it), and "same_nearest",
        the share of texts that have the teacher's nearest other text."""
        network.eval()
        device = device_of(network)

        def answer(batch: Batch) -> Tensor:
            moved = batch.to(device)
            vector: Tensor = network(moved.ids, moved.mask)["vector"]
            return vector.cpu()

        vectors = _vectors(self.data, answer)
        alike = vectors @ vectors.T
        similarity = float(np.nan_to_num(_correlation(alike, self.taught)))
        same = float((_nearest(alike) == _nearest(self.taught)).mean())
        return {"similarity": similarity, "same_nearest": same}


def _correlation(cosines: np.ndarray, others: np.ndarray) -> float:
    """Give Pearson's correlation of the cosines float[N, N] between all pairs of texts with others;
    NaN where one of them places all texts alike."""
    pairs = np.triu_indices(len(cosines), 1)
    both = np.stack([cosines[pairs], others[pairs]]).astype(np.float64)
    if (both.std(axis=1) < ALIKE).any():
        return float("nan")
    table: np.ndarray = np.asarray(np.corrcoef(both))
    return float(table[0, 1])


def _nearest(cosines: np.ndarray) -> np.ndarray:
    """Give the number of the nearest other text of each, int64[N]."""
    itself = np.eye(len(cosines), dtype=np.bool_)
    nearest: np.ndarray = np.where(itself, -np.inf, cosines).argmax(1)
    return nearest


@torch.no_grad()
def _vectors(data: EncodedSet, answer: Callable[[Batch], Tensor]) -> np.ndarray:
    """Give the vectors float32[N, D] of a set's texts, in their order."""
    rows: dict[int, np.ndarray] = {}
    for index in data.rows_in_order(BATCH_SIZE):
        rows |= dict(zip(index.tolist(), answer(data.batch(index)).numpy(), strict=True))
    return np.stack([rows[number] for number in range(len(data))])
