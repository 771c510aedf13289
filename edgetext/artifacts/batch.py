"""Batch files, which answer several texts in a run: which models have them, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.model.batches import INPUTS, MOST_TEXTS
from edgetext.model.contract import BATCH_CONTRACT, Metadata, as_metadata
from edgetext.model.model import Model
from edgetext.registry import names
from edgetext.targets.target import Target
from edgetext.tasks.learner import decoder_of, learner_of
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.vocabulary import Vocabulary


def as_batch(metadata: Metadata) -> Metadata:
    """Give what a batch file says of itself, by what the file of one text says."""
    changed = {"contract": BATCH_CONTRACT, "inputs": list(INPUTS), "batch": MOST_TEXTS}
    return as_metadata({**metadata.fields, **changed})


def check_batch(model: Model, targets: Mapping[Path, Target]) -> None:
    """Raise EdgetextError for a model, or a file of one of these targets, that answers one text a
    run alone."""
    for path, target in targets.items():
        if not target.batches:
            kind = f"{target.edition} {path.suffix}".lstrip()
            raise EdgetextError(
                f"{path}: a {kind} file answers one text a run; --batch goes with --target server"
            )
    header, network = model.header, model.network
    decoder = decoder_of(network, model.learner, header.labels)
    if not model.learner.several:
        reason = f"its task is {header.task}"
    elif not isinstance(model.vocabulary, Vocabulary | HashedWords):
        reason = "its tokenizer came with an imported model"
    elif not hasattr(network.encoder, "reach"):
        reason = f"its encoder is {header.recipe['encoder']['type']}"
    elif not hasattr(network.head, "reach") or not hasattr(decoder, "of_batch"):
        reason = f"its head is {header.recipe['head']['type']}"
    else:
        return
    raise EdgetextError(
        f"{model}: --batch is for models of task {_tasks()} with pieces or hashed words of "
        f"edgetext's own and an encoder bag, cnn, conv or transformer, and {reason}; export it "
        "without --batch"
    )


def _tasks() -> str:
    *others, last = (name for name in names("learner") if learner_of(name).several)
    return f"{', '.join(others)} or {last}"
