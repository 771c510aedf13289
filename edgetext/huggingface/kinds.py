"""What a class of transformers answers, as a task and a head of edgetext, one function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.huggingface.architectures import Architecture
from edgetext.huggingface.labels import labels_of
from edgetext.huggingface.weights import Weights
from edgetext.text.imported.tokenizer import ImportedTokenizer

_log = logger(__name__)
# How the pieces of a word agree on a tag where nothing is said, as in the pipeline's own examples.
AGGREGATION = "simple"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said. pair: whether a text classifier reads two texts, None where it was not
    said. aggregation: of a token classifier. dimension: how many values of a vector are kept."""

    pair: bool | None = None
    aggregation: str | None = None
    dimension: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A head with its weights. task: its registered name; labels: a checkpoint's, by kind; head:
    the section of a recipe; tensors: "head..."."""

    task: str
    labels: dict[str, list[str]]
    head: dict[str, Any]
    tensors: dict[str, Tensor] = field(repr=False)


Kind = Callable[[Architecture, Weights, ImportedTokenizer, Asked], Imported]


def sequence_classification(
    architecture: Architecture, weights: Weights, tokenizer: ImportedTokenizer, asked: Asked
) -> Imported:
    """Labels of a text, or one of a pair."""
    config, source = architecture.config, architecture.source
    outputs = weights.rows_of("classifier.weight", "classifier.out_proj.weight")
    labels = labels_of(config, outputs, source)
    pair = _reads_pairs(config, labels) if asked.pair is None else asked.pair
    problem = config.get("problem_type")
    single = outputs == 1
    if problem == "regression" or (single and not pair):
        raise EdgetextError(
            f"{source}: the model answers with a number (regression), and edgetext with labels"
            + ("; for a cross-encoder of one score give --pair" if single else "")
        )
    head = architecture.sequence_head()
    tensors = architecture.take_sequence_head(weights, outputs)
    if pair:
        if single:
            labels = [f"not {labels[0]}", labels[0]]
        fields = {"type": "pretrained_match", **_joined(tokenizer, source), "single": single}
        return Imported("match", {"intent": labels, "tags": []}, {**fields, **head}, tensors)
    several = problem == "multi_label_classification"
    task = "multi_label" if several else "classify"
    if several:
        tensors["head.threshold"] = torch.zeros(1)
    return Imported(
        task, {"intent": labels, "tags": []}, {"type": f"pretrained_{task}", **head}, tensors
    )


def _reads_pairs(config: Mapping[str, Any], labels: list[str]) -> bool:
    """Guess whether a classifier reads two texts, by what cross-encoders and NLI models say."""
    crossing = any("sentence_transformers" in key or "sbert_ce" in key for key in config)
    pair = crossing or any(label.lower().startswith("entail") for label in labels)
    if pair:
        _log.info("the labels are of pairs of texts; --single says otherwise")
    return pair


def token_classification(
    architecture: Architecture, weights: Weights, tokenizer: ImportedTokenizer, asked: Asked
) -> Imported:
    """Labeled spans."""
    outputs = weights.rows_of("classifier.weight")
    tags = labels_of(architecture.config, outputs, architecture.source)
    head = {
        "type": "pretrained_tag",
        "aggregation": asked.aggregation or AGGREGATION,
        # Of these alone transformers takes the pieces' own word for what goes on with a word.
        "by_space": not tokenizer.settings["model"].get("continuing_subword_prefix"),
        **architecture.token_head(),
    }
    tensors = architecture.take_token_head(weights, "classifier", outputs)
    return Imported("tag", {"intent": [], "tags": tags}, head, tensors)


def question_answering(
    architecture: Architecture, weights: Weights, tokenizer: ImportedTokenizer, asked: Asked
) -> Imported:
    """A piece of a passage."""
    head = {
        "type": "pretrained_qa",
        **_joined(tokenizer, architecture.source),
        **architecture.token_head(),
    }
    tensors = architecture.take_token_head(weights, "qa_outputs", 2)
    return Imported("qa", {"intent": [], "tags": []}, head, tensors)


def _joined(tokenizer: ImportedTokenizer, source: str) -> dict[str, Any]:
    """The fields of a head of two texts."""
    after = tokenizer.template.single.marks[1]
    if not after:
        raise EdgetextError(f"{source}: its tokenizer puts no special piece between two texts")
    return {"end": after[0].id}


# By the end of the name of a class.
KINDS: Mapping[str, Kind] = {
    "ForSequenceClassification": sequence_classification,
    "ForTokenClassification": token_classification,
    "ForQuestionAnswering": question_answering,
}


def kind_of(config: Mapping[str, Any], source: str) -> Kind:
    """Choose by the class in config.json; EdgetextError where it answers nothing that is known."""
    classes = config.get("architectures") or [""]
    name = str(classes[0])
    for end, kind in KINDS.items():
        if name.endswith(end):
            return kind
    if not name:
        raise EdgetextError(f"{source}: architectures is missing, which says what the model is")
    raise EdgetextError(
        f"{source}: {name} has no head that edgetext imports; it takes classes that end in "
        f"{', '.join(KINDS)}, and embedders with a modules.json of sentence-transformers"
    )
