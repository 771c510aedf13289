"""`train`: from a recipe to a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_with
from edgetext.core.processes import place
from edgetext.huggingface.pretrained import is_pretrained, read_pretrained
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header, Step
from edgetext.model.history import command_line
from edgetext.model.model import Model
from edgetext.models import Network, build_network
from edgetext.recipe import Recipe, TextConfig, TrainingConfig
from edgetext.tasks.learner import Learner, learner_of
from edgetext.tasks.learning import Labels
from edgetext.tasks.words import cut_words
from edgetext.text.clusters import AUTO, chosen_scripts
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.look_alikes import own_scripts
from edgetext.text.tokenization import Tokenization
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.adapters import adapt, merge
from edgetext.training.golden import choose_golden
from edgetext.training.hashed_words import hashed_words
from edgetext.training.initial import Initial
from edgetext.training.loop import AfterEpoch, fit, ignore
from edgetext.training.objective import SupervisedObjective
from edgetext.training.setup import Setup, weighted
from edgetext.training.splits import Splits, load_splits
from edgetext.training.streaming import held

_log = logger(__name__)


def train(
    recipe: Recipe,
    state: Path | None = None,
    resume: bool = False,
    splits: Splits | None = None,
    folder: Path | None = None,
    *,
    after_epoch: AfterEpoch = ignore,
) -> Model:
    """Train what the recipe says.

    data -> vocabulary -> network -> loop -> test metrics -> model. The same recipe, data, machine
    and thread count give the same tensors, byte for byte. state: the file in which a run that is
    interrupted waits; without it there is nothing to resume. splits: the recipe's data, where it
    was read already. folder: where monitors may write, as `run_folder` has it. after_epoch:
    see loop.Job.
    """
    set_threads(recipe.training)
    splits = splits or load_splits(recipe)
    learner = learner_of(recipe.task)
    labels = learner.labels(splits.train)
    learner = weighted(learner.bind(labels), recipe, splits.train, labels)
    recipe, vocabulary, network, origin = begun(recipe, learner, splits, labels)
    warn_of_cut_words(splits, vocabulary)
    if recipe.training.lora is not None:
        adapt(network, recipe.training.lora)
    setup = Setup(recipe, splits, learner, labels, vocabulary, network, folder)
    setup.describe()
    job = setup.job(
        SupervisedObjective(network, learner, recipe.training, vocabulary),
        partial(setup.encode, training=True),
        state,
        ["train", *origin],
        after_epoch=after_epoch,
    )
    # A fault in the test split is found before the training, not after it.
    test_set = setup.encode(splits.test)
    kept = fit(job, resume=resume)
    if recipe.training.lora is not None:
        merge(network)
    recipe = fuse_layers(network, recipe)
    setup.calibrate()
    stored, worst_classes = setup.tested(test_set)
    _log.info(kept.sentence(stored))
    checkpoint = Checkpoint(
        Header(
            task=recipe.task,
            name=recipe.name,
            recipe=recipe.resolved(),
            vocabulary=vocabulary.to_header(),
            labels=labels,
            max_bytes=recipe.text.max_bytes,
            history=(Step(command_line(), None, stored),),
            metrics={"valid": setup.stored(kept.metrics), "test": stored},
            worst_classes=worst_classes,
            golden=choose_golden(learner.task.questions(splits.test)),
        ),
        network.state_dict(),
    )
    return Model.of(checkpoint)


def begun(
    recipe: Recipe, learner: Learner, splits: Splits, labels: Labels
) -> tuple[Recipe, Tokenization, Network, list[str]]:
    """Give what a training begins with: the recipe of its network, the vocabulary, the network, and
    what tells published weights from others, nothing of a network that is drawn by the seed."""
    initial = Initial.of(recipe)
    if is_pretrained(recipe):
        if initial is not None:
            raise EdgetextError(
                "init: the encoder is one of a folder, which it begins with; leave init out"
            )
        return _of_folder(recipe, learner, labels)
    if initial is None:
        vocabulary = make_vocabulary(recipe.text, recipe, splits)
    else:
        initial.check(learner)
        vocabulary = initial.vocabulary
        recipe = recipe.model_copy(update={"text": initial.text(recipe.text, "text")})
    torch.manual_seed(recipe.seed)
    network = build_network(recipe.resolved(), len(vocabulary), labels)
    if initial is None:
        return recipe, vocabulary, network, []
    initial.begin(network, splits.train, learner, labels, recipe)
    return recipe, vocabulary, network, [initial.model.digest()]


def _of_folder(
    recipe: Recipe, learner: Learner, labels: Labels
) -> tuple[Recipe, Tokenization, Network, list[str]]:
    """Begin with the weights and the tokenizer of a folder."""
    published = read_pretrained(recipe, learner)
    recipe = published.recipe
    torch.manual_seed(recipe.seed)
    network = build_network(recipe.resolved(), len(published.tokenizer), labels)
    published.load(network)
    return recipe, published.tokenizer, network, [published.digest()]


def fuse_layers(network: Network, recipe: Recipe) -> Recipe:
    """Fold away, in place, what only training needed; the recipe of the network that remains."""
    encoder = recipe.encoder.model_copy(update=network.fuse())
    return recipe.model_copy(update={"encoder": encoder})


def make_vocabulary(
    text: TextConfig, recipe: Recipe, splits: Splits, fixed: Mapping[str, Any] | None = None
) -> Tokenization:
    """Load the vocabulary file that the recipe names, or train one on what is read of the training
    texts; with the lowest limit of pieces that leaves their words whole. Hash words where the
    recipe says so.

    fixed: rules for words that the recipe does not choose, as those of a teacher.
    """
    learner, limit = learner_of(recipe.task), text.max_bytes

    def read() -> list[str]:
        examples = held(splits.train)
        return [learner.read_part(each, limit) for example in examples for each in example.texts]

    if text.hashed is not None:
        parts = [part.task for part in (recipe.tasks or {}).values()] or [recipe.task]
        return hashed_words(text, text.hashed, {task: learner_of(task) for task in parts}, read)
    texts = read()
    rules = text.rules
    if learner.as_written:
        rules["canonical"] = False
        rules["clusters"] = () if text.clusters == AUTO else text.clusters
    rules["clusters"] = chosen_scripts(rules["clusters"], texts)
    if text.look_alikes:
        rules["own_scripts"] = own_scripts(texts)
    rules.update(fixed or {})
    if text.vocabulary_file is not None:
        vocabulary = Vocabulary.load(recipe.find(text.vocabulary_file), **rules)
    else:
        vocabulary = Vocabulary.train(
            texts, size=text.vocabulary, min_frequency=text.min_frequency, **rules
        )
    return vocabulary.limited(texts)


def set_threads(config: TrainingConfig) -> None:
    if config.threads is not None:
        torch.set_num_threads(config.threads)


def state_path(output: Path) -> Path:
    """Where an interrupted run waits: beside its output."""
    return output.with_name(output.name + ".resume")


@contextmanager
def alone_at(output: Path) -> Iterator[None]:
    """Keep other runs from an output, its state and its folder while the block runs; EdgetextError
    where one is there. Of the processes of a run the first does."""
    if not place().is_first:
        yield
        return
    with alone_with(output.with_name(output.name + ".lock")):
        yield


def goes_on(state: Path, resume: bool) -> bool:
    """Tell whether a run is to be resumed: where it is asked for, and where torchrun started its
    processes again."""
    return resume or (place().restarts > 0 and state.exists())


def run_folder(output: Path) -> Path:
    """Where monitors write of a run: beside its output."""
    return output.with_suffix(".run")


def warn_of_cut_words(splits: Splits, vocabulary: Tokenization) -> None:
    """Log how many gold spans no tagging can reach, and the first of them; EdgetextError where a
    tokenizer that came with published weights leaves less than half of them."""
    examples = [*held(splits.train), *splits.valid, *splits.test]
    problems = cut_words(examples, vocabulary)
    count = sum(len(example.spans) + len(example.nodes) for example in examples)
    if problems and isinstance(vocabulary, ImportedTokenizer) and 2 * len(problems) > count:
        raise EdgetextError(
            f"{problems[0]} of the encoder's tokenizer, as do {len(problems):,} of {count:,} "
            "spans, which no model could find; give an encoder whose tokenizer splits words at "
            "spaces and punctuation, as BERT's"
        )
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        _log.warning("%s%s", problems[0], more)
