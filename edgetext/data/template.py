"""A complete, commented recipe for a user's own data: what `edgetext init` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sizes of a recipe follow from. examples: texts to train on; bytes_p99: of a text."""

    examples: int
    bytes_p99: int
    intents: int
    slots: int


@dataclass(frozen=True, slots=True)
class DataSection:
    """type and fields of the reader; files of train, valid and test; shares taken from train."""

    type: str
    fields: Mapping[str, Any]
    files: Mapping[str, str]
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Size:
    vocabulary: int
    embedding: int
    hidden: int
    student_vocabulary: int
    student_embedding: int
    student_hidden: int


_SIZES = (  # training texts below which it is taken
    (2_000, _Size(800, 96, 128, 800, 48, 64)),
    (10_000, _Size(1500, 128, 128, 1000, 48, 96)),
    (float("inf"), _Size(4000, 256, 256, 2500, 64, 128)),
)
_STEPS = 3000  # of training, about; more data takes more

_ENCODERS = {
    "classify": """\
  type: cnn
  embedding: {embedding}
  hidden: {hidden}
  layers: 2
  heads: 4
  dropout: 0.3""",
    "spans": """\
  type: lstm
  embedding: {embedding}
  hidden: {hidden}
  kernel: 3
  heads: 4
  dropout: 0.3""",
}
_HEADS = {
    "classify": "  type: classify\n  dropout: {dropout}",
    "joint": "  type: joint\n  hidden: {hidden}\n  dropout: {dropout}",
    "tag": "  type: tag\n  hidden: {hidden}\n  dropout: {dropout}",
    "parse": "  type: parse\n  hidden: {hidden}\n  dropout: {dropout}",
}
_WORDS = {
    "classify": "The intent of a text, one of {intents}",
    "joint": "The intent of a text and its slots ({intents} intents, {slots} slots)",
    "tag": "The labelled spans of a text ({slots} labels)",
    "parse": "The tree of a text ({slots} labels of nodes)",
}

_RECIPE = """\
# {words}.
#
#   edgetext data check {file}
#   edgetext train {file}
#   edgetext distill {name}.pt                # writes student.pt, small and fast
#
name: {name}
task: {task}
seed: 1                     # the same seed gives the same model

data:
{data}
  # on_error: skip          # leave out lines that cannot be read, instead of stopping
{augment}
text:
  vocabulary: {vocabulary:<13} # pieces to learn from the training texts, at most
  lowercase: true           # fold case and strip accents; false if case carries meaning
  max_bytes: {max_bytes:<14} # longer texts are cut

encoder:                    # the teacher: as good as it gets; nobody ships it
{encoder}

head:
{head}

training:
  epochs: {epochs}
  batch_size: {batch}
  learning_rate: 0.002
  label_smoothing: 0.05     # don't be too sure of the labels
  piece_dropout: 0.1        # hide pieces now and then, as unknown words will be
  average: {average:<16} # of the weights over time
  patience: 0               # epochs without a better validation before stopping; 0 = never stop

student:                    # what `edgetext distill` makes for the device
  text:
    vocabulary: {student_vocabulary:<11} # embeddings are half of a student
    lowercase: true
  encoder:
    type: cnn
    embedding: {student_embedding}
    hidden: {student_hidden}
    layers: 2
    heads: 1                # one head needs no reshaping, and each operation costs time
    dropout: 0.05
  head:
{student_head}
  distillation:
    temperature: 2.0
    soft_weight: 0.9        # the teacher's scores against the labels
  training:
    epochs: {student_epochs}
    batch_size: {batch}
    learning_rate: 0.004
    piece_dropout: 0.03
    average: {average}
    patience: 0
"""
_AUGMENT = """\
  # augment:                # other values in the slots, anew in each epoch
  #   type: slots
  #   probability: 0.3
"""


def recipe_text(name: str, task: str, file: str, data: DataSection, facts: Facts) -> str:
    """The YAML of a recipe that will be saved as `file`; sizes and epochs follow the facts."""
    size = next(size for limit, size in _SIZES if facts.examples < limit)
    batch = 16 if facts.examples < 1000 else 32
    epochs = min(60, max(12, round(_STEPS * batch / max(1, facts.examples))))
    # Averaging over about a tenth of the steps: a longer memory would keep the untrained weights.
    steps = epochs * -(-facts.examples // batch)
    return _RECIPE.format(
        words=_WORDS[task].format(intents=facts.intents, slots=facts.slots),
        file=file,
        name=name,
        task=task,
        data=_data(data),
        augment=_AUGMENT if task in ("joint", "tag") else "",
        vocabulary=size.vocabulary,
        max_bytes=_max_bytes(facts.bytes_p99),
        encoder=_ENCODERS["classify" if task == "classify" else "spans"].format(
            embedding=size.embedding, hidden=size.hidden
        ),
        head=_HEADS[task].format(hidden=size.hidden, dropout=0.3),
        epochs=epochs,
        batch=batch,
        average=0.999 if steps >= 3000 else 0.99 if steps >= 300 else 0.9,
        student_vocabulary=size.student_vocabulary,
        student_embedding=size.student_embedding,
        student_hidden=size.student_hidden,
        student_head=_indented(_HEADS[task].format(hidden=size.student_hidden, dropout=0.05), "  "),
        student_epochs=round(epochs * 1.3),
    )


def _data(data: DataSection) -> str:
    """The lines of the data section, two spaces deep."""
    lines = [f"type: {data.type}"]
    lines += [f"{split}: {_scalar(path)}" for split, path in data.files.items()]
    lines += [f"{field}: {_scalar(value)}" for field, value in data.fields.items()]
    if data.shares:
        lines.append(
            "split:                    # shares of the training file, by a hash of each text"
        )
        lines += [f"  {split}: {share}" for split, share in data.shares.items()]
    return _indented("\n".join(lines), "  ")


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line for line in text.splitlines())


def _scalar(value: Any) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True, width=float("inf"))
    return text.removesuffix("\n").removesuffix("\n...")


def _max_bytes(bytes_p99: int) -> int:
    """At least the default; else the power of two that leaves nearly every text whole."""
    size = 512
    while size < min(bytes_p99, 8192):
        size *= 2
    return size
