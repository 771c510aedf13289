"""`train`: from a recipe to a checkpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch

from edgetext.core.console import logger
from edgetext.core.integers import ceil_div
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header, Step
from edgetext.model.history import command_line
from edgetext.models import Network, build_network
from edgetext.recipe import Recipe, TextConfig, TrainingConfig
from edgetext.tasks.learner import learner_of
from edgetext.tasks.words import cut_words
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import Batch, EncodedSet
from edgetext.training.evaluation import score
from edgetext.training.golden import choose_golden
from edgetext.training.loop import Job, fit
from edgetext.training.objective import SupervisedObjective
from edgetext.training.splits import Splits, load_splits

_log = logger(__name__)


def train(recipe: Recipe, output: Path, resume: bool = False) -> Checkpoint:
    """Train what the recipe says, write the checkpoint to `output` and return it.

    data -> vocabulary -> network -> loop -> test metrics -> checkpoint. The same recipe, data,
    machine and thread count give the same tensors, byte for byte.
    """
    set_threads(recipe.training)
    splits = load_splits(recipe)
    learner = learner_of(recipe.task)
    labels = learner.labels(splits.train)
    learner = learner.bound(labels)
    task = learner.task
    vocabulary = make_vocabulary(recipe.text, recipe, splits)
    torch.manual_seed(recipe.seed)
    network = build_network(recipe.resolved(), len(vocabulary), labels)
    warn_of_cut_words(splits, vocabulary)
    describe(network, vocabulary, splits)

    def encode(examples: Sequence[Example], training: bool = False) -> EncodedSet:
        limit, strict = recipe.text.max_bytes, recipe.strict
        return EncodedSet(examples, learner, vocabulary, labels, limit, strict, training=training)

    train_set = encode(splits.train, training=True)
    valid_set, test_set = map(encode, (splits.valid, splits.test))
    size = recipe.training.batch_size

    def batches(epoch: int) -> Iterable[Batch]:
        made_up = splits.augmented(epoch)
        data = train_set if made_up is None else encode(made_up, training=True)
        return data.batches(size, epoch_generator(recipe.seed, epoch))

    job = Job(
        objective=SupervisedObjective(network, learner, recipe.training),
        network=network,
        batches=batches,
        steps=ceil_div(len(train_set), size),
        validate=lambda net: score(net, valid_set),
        monitor=task.monitor,
        fingerprint=fingerprint(recipe, splits, "train"),
        config=recipe.training,
        state_path=state_path(output),
        resume_hint="the same command with --resume",
    )
    valid = fit(job, resume=resume)
    recipe = settle(network, recipe)
    test = score(network, test_set)
    checkpoint = Checkpoint(
        Header(
            task=recipe.task,
            name=recipe.name,
            recipe=recipe.resolved(),
            vocabulary=vocabulary.to_header(),
            labels=labels,
            max_bytes=recipe.text.max_bytes,
            history=(Step(command_line(), None, test),),
            metrics={"valid": valid, "test": test},
            golden=choose_golden(task.questions(splits.test)),
        ),
        network.state_dict(),
    )
    checkpoint.save(output)
    return checkpoint


def settle(network: Network, recipe: Recipe) -> Recipe:
    """Fold away, in place, what only training needed; the recipe of the network that remains."""
    encoder = recipe.encoder.model_copy(update=network.fuse())
    return recipe.model_copy(update={"encoder": encoder})


def make_vocabulary(text: TextConfig, recipe: Recipe, splits: Splits) -> Vocabulary:
    """Load the vocabulary file that the recipe names, or train one on the training texts; with the
    lowest limit of pieces that leaves their words whole."""
    texts = [text for example in splits.train for text in example.texts]
    if text.vocabulary_file is not None:
        vocabulary = Vocabulary.load(recipe.find(text.vocabulary_file), **text.rules)
    else:
        vocabulary = Vocabulary.train(
            texts, size=text.vocabulary, min_frequency=text.min_frequency, **text.rules
        )
    return vocabulary.limited(texts)


def epoch_generator(seed: int, epoch: int) -> torch.Generator:
    """The randomness of an epoch's batches; of its number alone, so that resuming repeats it."""
    return torch.Generator().manual_seed(seed * 100_003 + epoch)


def set_threads(config: TrainingConfig) -> None:
    if config.threads is not None:
        torch.set_num_threads(config.threads)


def state_path(output: Path) -> Path:
    """Where an interrupted run waits: beside its output."""
    return output.with_name(output.name + ".resume")


def fingerprint(recipe: Recipe, splits: Splits, *parts: str) -> str:
    """Equal for two runs only when recipe, training data and `parts` are equal."""
    digest = hashlib.sha256(json.dumps([recipe.resolved(), *parts], sort_keys=True).encode())
    for example in splits.train:
        labels = (example.intent, example.spans, example.nodes)
        summaries = (example.references, example.sentences)
        digest.update(repr((*example.texts, *labels, *summaries)).encode())
    return digest.hexdigest()


def warn_of_cut_words(splits: Splits, vocabulary: Vocabulary) -> None:
    """Log how many gold spans no tagging can reach, and the first of them."""
    problems = cut_words([*splits.train, *splits.valid, *splits.test], vocabulary)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        _log.warning("%s%s", problems[0], more)


def describe(network: Network, vocabulary: Vocabulary, splits: Splits) -> None:
    count = sum(p.numel() for p in network.parameters())
    table = sum(p.numel() for p in network.embedding.parameters())
    _log.info(
        f"{len(splits.train):,} / {len(splits.valid):,} / {len(splits.test):,} texts · "
        f"{len(vocabulary):,} pieces · {count:,} parameters, {table:,} of them embeddings"
    )
