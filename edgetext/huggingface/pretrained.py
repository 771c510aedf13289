"""`encoder: {type: pretrained, path: FOLDER}`: where a training begins with published weights."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from edgetext.configs.pretrained import PRETRAINED
from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.huggingface.architectures import architecture_of
from edgetext.huggingface.folder import CONFIG, check_tokenizer, find_folder, read_config
from edgetext.huggingface.text_rules import check_text
from edgetext.huggingface.tokenizer import at_words, piece_limit, read_tokenizer, tokenizer_config
from edgetext.huggingface.weights import Weights
from edgetext.models import Network
from edgetext.models.layers.gain import enlarge
from edgetext.models.pretrained.head import JoinedHead
from edgetext.recipe import ComponentConfig, Recipe
from edgetext.recipe.components import completed, config_of
from edgetext.registry import lookup
from edgetext.tasks.learner import Learner
from edgetext.text.imported.cutters import cutter_of
from edgetext.text.imported.tokenizer import ImportedTokenizer

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Pretrained:
    """What a folder gives a training.

    recipe: with the encoder that the folder describes, and the fields of `text` and `head` that its
    tokenizer says. tensors: of the network, "embedding.weight" and "encoder...".
    """

    recipe: Recipe
    tokenizer: ImportedTokenizer
    tensors: Mapping[str, Tensor] = field(repr=False)

    def load(self, network: Network) -> None:
        """Put the weights into a fresh network, in place; its head stays as it was drawn, and what
        it reads is about as large as a head expects."""
        network.load_state_dict(dict(self.tensors), strict=False)
        encoder: Any = network.encoder
        enlarge(encoder.last_norm)
        segment = getattr(network.encoder, "segment", None)
        if segment is not None and not isinstance(network.head, JoinedHead):
            # What marks the second of two texts is in no step of one text.
            segment.requires_grad_(False)

    def digest(self) -> str:
        """Give the SHA-256 of the weights and the tokenizer, in hexadecimal."""
        digest = hashlib.sha256(repr(self.tokenizer.to_header()).encode())
        for name, tensor in sorted(self.tensors.items()):
            digest.update(name.encode())
            digest.update(tensor.contiguous().numpy().tobytes())
        return digest.hexdigest()


def is_pretrained(recipe: Recipe) -> bool:
    """Tell whether the recipe's encoder is one of a folder."""
    return recipe.encoder.type == PRETRAINED


def read_pretrained(recipe: Recipe, learner: Learner) -> Pretrained:
    """Read the folder that the recipe's encoder names.

    EdgetextError for what is missing or broken in it, an architecture that `import` does not know,
    a task or head that needs edgetext's own pieces, and fields of `text` that the tokenizer of the
    folder contradicts.
    """
    _check_task(recipe, learner)
    fields = recipe.encoder.own_fields
    folder = find_folder(str(recipe.find(fields["path"])))
    architecture = architecture_of(read_config(folder), str(folder / CONFIG))
    path = check_tokenizer(folder)
    settings = tokenizer_config(folder)
    asked = fields["max_pieces"]
    limit = piece_limit(folder, architecture, asked, settings, "encoder.max_pieces")
    tokenizer = at_words(read_tokenizer(path, limit, settings))
    check_text(recipe.text, tokenizer, folder)
    if len(learner.task.inputs) == 1:
        tokenizer = _needed(tokenizer, recipe.text.max_bytes)
    weights = Weights.read(folder)
    section = architecture.encoder(tokenizer.max_length)
    tensors = architecture.take(weights, tokenizer.max_length, len(tokenizer))
    _say_left_out(folder, weights)
    encoder = completed("encoder", ComponentConfig(**section), str(folder / CONFIG))
    changes: dict[str, Any] = {"encoder": encoder, "head": _head(recipe, tokenizer, folder)}
    # The fields that say how pieces are trained would say nothing of these.
    changes["text"] = type(recipe.text)(max_bytes=recipe.text.max_bytes)
    return Pretrained(recipe.model_copy(update=changes), tokenizer, tensors)


def _check_task(recipe: Recipe, learner: Learner) -> None:
    """EdgetextError where a task, or the head that was chosen, needs edgetext's own pieces."""
    for task in [recipe.task, *(part.task for part in (recipe.tasks or {}).values())]:
        of_task: Learner = lookup("learner", task)()
        if not of_task.takes_imported:
            raise EdgetextError(
                f"encoder: task {task} needs pieces that edgetext trained, and a {PRETRAINED} "
                "encoder has those of its folder; take another encoder"
            )
    if len(learner.task.inputs) > 1 and not _reads_joined(recipe.head):
        raise EdgetextError(
            f"head: two texts are read by pieces that edgetext trained, and a {PRETRAINED} "
            "encoder has those of its folder; leave the head out"
        )


def _reads_joined(head: ComponentConfig | None) -> bool:
    """Whether a head reads two texts in one sequence as published encoders do."""
    return head is not None and issubclass(lookup("head", head.type), JoinedHead)


def _needed(tokenizer: ImportedTokenizer, max_bytes: int) -> ImportedTokenizer:
    """The tokenizer, for as many pieces as the longest text can have, where those are fewer: places
    that no text reaches take room in files, and memory on a device."""
    single = tokenizer.template.single.added
    most = max_bytes * cutter_of(tokenizer, widen=True).pieces_a_byte + single
    most = max(most, tokenizer.template.pair.added + 1)
    if most >= tokenizer.max_length:
        return tokenizer
    return ImportedTokenizer.from_header({**tokenizer.to_header(), "max_length": most})


def _head(recipe: Recipe, tokenizer: ImportedTokenizer, folder: Path) -> ComponentConfig | None:
    """The recipe's head; of two texts with the piece that ends the first one, and of answers by
    words, as targets are."""
    head = recipe.head
    if head is None or not _reads_joined(head):
        return head
    after = tokenizer.template.single.marks[1]
    if not after:
        raise EdgetextError(f"{folder}: its tokenizer puts no special piece between two texts")
    fields: dict[str, Any] = {"end": after[0].id}
    if "by_words" in config_of("head", head.type).model_fields:
        fields["by_words"] = True
    return head.model_copy(update=fields)


def _say_left_out(folder: Path, weights: Weights) -> None:
    """Log what of the folder's weights is not of the encoder, as the head that it was trained
    with."""
    left = weights.left()
    if left:
        _log.info("%s: left out %s, which is not of the encoder", folder, left)
