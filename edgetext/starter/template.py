"""A complete, commented recipe for a user's own data: what `edgetext init` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

from edgetext.core.integers import ceil_div
from edgetext.starter.shape import Shape
from edgetext.starter.starter import Starter


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recipe follows from.

    examples: texts to train on; bytes_p99: of a text. cased: whether capitals tell where a span is;
    open_values: whether spans to come will have other values. marked: whether marks are letters.
    labels: of texts, how many; unlike: labels of which training texts have another share than texts
    in use, with that share.
    """

    examples: int
    bytes_p99: int
    cased: bool = False
    open_values: bool = False
    marked: bool = False
    labels: int = 0
    unlike: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataSection:
    """type and fields of the reader; files of train, valid and test; shares taken from train by a
    hash of `divided_by`; notes: comments, a line each; unseen: whether valid or test have labels
    that train lacks."""

    type: str
    fields: Mapping[str, Any]
    files: Mapping[str, str | list[str]]
    shares: Mapping[str, float]
    divided_by: str = "text"
    notes: Sequence[str] = ()
    unseen: bool = False


_RECIPE = """\
# {words}.
#
#   edgetext data check {file}
#   edgetext train {file}
#   edgetext distill {name}.pt                # writes student.pt, small and fast
#   edgetext quantize --int8{static} student.pt
#   edgetext export --target mobile student-int8.pt
#
name: {name}
task: {task}
seed: 1                     # the same seed gives the same model

data:
{data}
  # on_error: skip          # leave out lines that cannot be read, instead of stopping
{augment}
text:
{text}\
  max_bytes: {max_bytes:<14} # {too_long}

encoder:                    # the teacher: as good as it gets; nobody ships it
{encoder}

head:
{head}

training:
  epochs: {epochs}
  batch_size: {batch}
  learning_rate: {rate}
{label_smoothing}\
{label_shares}\
{r_drop}\
{tuning}\
  token_dropout: {token_dropout:<10} # hide {units} now and then, as unknown words will be
  ema_decay: {average:<14} # of the weights over time; 0 = off
  patience: 0               # epochs without a better validation before stopping; 0 = never stop
{accelerator}
student:                    # what `edgetext distill` makes for the device
{student_text}\
{student_augment}\
  encoder:
{student_encoder}
  head:
{student_head}
  distillation:
    temperature: {temperature}
    soft_weight: {soft_weight:<10} # the teacher's scores against the labels
{qat_epochs}\
{unlabeled}\
  training:
    epochs: {student_epochs}
    batch_size: {batch}
    learning_rate: {student_rate}
{student_label_shares}\
    token_dropout: {student_token_dropout}
    ema_decay: {average}
    patience: 0
{student_accelerator}"""
# Texts from which on batches may be large, and how much higher the rate is then.
_MANY = 10_000
_LARGE_BATCH = 64
_FASTER = 1.5
# Labels of texts that take twice the steps of two: each is seen less often.
_LABELS_FOR_TWICE = 200
# Bytes of texts whose attention sees all pieces; of longer ones it would cost most of the time.
_WHOLE = 512
_WINDOW = "\nattention_window: 64    # a block of so many pieces sees itself and the two beside it"
_AUGMENT = """\
  augment:                  # other values in the slots, anew in each epoch
    type: slots
    probability: 0.3
"""
_STUDENT_AUGMENT = """\
  augment:                  # the teacher answers these
    type: slots
    probability: 0.5
"""
_LOWERCASE = "true           # fold case and strip accents; false if case carries meaning"
_CASED = "false          # words are suggested as they are written"
_CAPITALS = "false          # capitals tell where a span is"
_FOLD_CASE = "true           # fold case"
_FOLD_ASCII = "true           # fold the case of ASCII letters; false if case carries meaning"
_ACCENTS = "keep_accents: true        # vowel signs, marks of voicing and the like are letters\n"
_LABEL_SMOOTHING = "  label_smoothing: {smoothing:<8} # don't be too sure of the labels\n"
_LABEL_SHARES = "  label_shares: {{{shares}}}  # of texts in use, which say more than those here\n"
_STUDENT_LABEL_SHARES = "    label_shares: {{{shares}}}\n"
_QAT_EPOCHS = "    qat_epochs: {qat_epochs:<11} # the last ones, with the rounding of int8\n"
_ACCELERATOR = "accelerator: auto"
_R_DROP = "  r_drop: {r_drop:<17} # two passes, of which each drops other values, must agree\n"
_TUNING = """\
  learning_rate_decay: 0.85 # of the rate of the layer above; the head has the full one
  freeze: embeddings        # they know words that are not among the examples
  warmup: 0.1
  schedule: linear
"""
_UNLABELED = """\
    unlabeled: {file} # the teacher answers these, and the student learns them
    confidence: 0.0         # how sure it must be of one: the student learns how sure it is
"""
_PIECES = """\
vocabulary: {vocabulary:<13} # {why}
lowercase: {lowercase}
{accents}"""
_LEARNT = "pieces to learn from the training texts, at most"
_STUDENT_LEARNT = "embeddings are half of a student"
_HASHED = """\
hashed:                   # no vocabulary: a word is the sum of the rows of its n-grams
  buckets: {vocabulary:<14} # rows, which n-grams share
  lengths: {grams:<14} # of n-grams, in bytes
lowercase: {lowercase}
"""
_STATIC = " --static"


def recipe_text(
    name: str,
    task: str,
    starter: Starter,
    shape: Shape,
    file: str,
    words: str,
    data: DataSection,
    facts: Facts,
) -> str:
    """The YAML of a recipe that will be saved as `file`; sizes and epochs follow the facts.

    shape: one of the starter's. words: what it is for, in its first line.
    """
    size = asdict(shape.size(facts.examples + shape.unlabeled_texts))
    batch = _batch(shape, facts)
    faster = _FASTER if batch == _LARGE_BATCH else 1.0
    epochs = _epochs(shape, facts, batch)
    student_epochs = round(epochs * shape.student_epochs)
    fills = starter.fills_slots and facts.open_values
    max_bytes = _max_bytes(shape, facts.bytes_p99)
    window = _WINDOW if max_bytes > _WHOLE else ""
    return _RECIPE.format(
        words=words,
        file=file,
        name=scalar(name),
        task=task,
        data=_data(data),
        augment=_AUGMENT if fills else "",
        static=_STATIC if shape.static else "",
        **_reading(shape, facts, size),
        max_bytes=max_bytes,
        too_long=shape.too_long,
        encoder=_indented(shape.encoder.format(**size, window=window), "  "),
        head=_indented(shape.head.format(**size), "  "),
        epochs=epochs,
        batch=batch,
        rate=round(faster * shape.rates[0], 4),
        **_losses(shape, facts),
        token_dropout=shape.token_dropout[0],
        units="words" if shape.grams[0] else "pieces",
        average=_average(epochs * ceil_div(facts.examples, batch)) if shape.ema else 0.0,
        accelerator=f"  {_ACCELERATOR}         # a GPU where there is one\n"
        if shape.accelerator
        else "",
        student_augment=_STUDENT_AUGMENT if fills else "",
        student_encoder=_indented(shape.student_encoder.format(**size, window=window), "    "),
        student_head=_indented(shape.student_head.format(**size), "    "),
        temperature=shape.temperature,
        soft_weight=shape.soft_weight,
        qat_epochs=_QAT_EPOCHS.format(qat_epochs=max(3, student_epochs // 5)) if shape.qat else "",
        student_epochs=student_epochs,
        student_rate=round(faster * shape.rates[1], 4),
        student_token_dropout=shape.token_dropout[1],
        student_accelerator=f"    {_ACCELERATOR}\n" if shape.accelerator else "",
    )


def _losses(shape: Shape, facts: Facts) -> dict[str, str]:
    """Give the lines of what changes the losses of teacher and student, "" for what does not."""
    smoothing, r_drop, unlabeled = shape.label_smoothing, shape.r_drop, shape.unlabeled
    shares = ", ".join(f"{scalar(label)}: {share}" for label, share in facts.unlike.items())
    return {
        "label_smoothing": _LABEL_SMOOTHING.format(smoothing=smoothing) if smoothing else "",
        "label_shares": _LABEL_SHARES.format(shares=shares) if shares else "",
        "student_label_shares": _STUDENT_LABEL_SHARES.format(shares=shares) if shares else "",
        "r_drop": _R_DROP.format(r_drop=r_drop) if r_drop else "",
        "tuning": _TUNING if shape.pretrained else "",
        "unlabeled": _UNLABELED.format(file=scalar(unlabeled)) if unlabeled else "",
    }


def _batch(shape: Shape, facts: Facts) -> int:
    if facts.examples < 1000:
        return 16
    return _LARGE_BATCH if shape.large_batches and facts.examples >= _MANY else 32


def _epochs(shape: Shape, facts: Facts, batch: int) -> int:
    """More the fewer the examples and the more their labels are."""
    least, most = shape.epochs
    texts = min(batch, 32) * shape.steps * (1 + facts.labels / _LABELS_FOR_TWICE)
    return min(most, max(least, round(texts / max(1, facts.examples))))


def _reading(shape: Shape, facts: Facts, size: Mapping[str, int]) -> dict[str, str]:
    """Give the lines of `text`, and those of the student's, which are none where it reads with the
    teacher's pieces."""
    teacher, student = shape.grams
    text = _words(shape, facts, teacher, size["vocabulary"], _LEARNT)
    own = _words(shape, facts, student, size["student_vocabulary"], _STUDENT_LEARNT)
    return {
        # Published weights have pieces and rules of their own.
        "text": "" if shape.pretrained else _indented(text, "  ") + "\n",
        "student_text": f"  text:\n{_indented(own, '    ')}\n" if shape.own_pieces else "",
    }


def _words(shape: Shape, facts: Facts, grams: Sequence[int], vocabulary: int, why: str) -> str:
    """Give the lines that say how text becomes words, and how their case and accents are read."""
    hashed = bool(grams)
    folds = shape.lowercase and not facts.cased
    marked = folds and facts.marked and not hashed
    fold = _FOLD_ASCII if hashed else _FOLD_CASE if marked else _LOWERCASE
    return (_HASHED if hashed else _PIECES).format(
        vocabulary=vocabulary,
        why=why,
        grams=str(list(grams)),
        lowercase=fold if folds else _CAPITALS if facts.cased else _CASED,
        accents=_ACCENTS if marked else "",
    )


def _data(data: DataSection) -> str:
    """The lines of the data section, two spaces deep."""
    lines = [f"type: {data.type}"]
    lines += [f"{split}: {scalar(path)}" for split, path in data.files.items()]
    lines += [f"{field}: {scalar(value)}" for field, value in data.fields.items()]
    if data.unseen:
        lines.append("unseen: miss              # labels that train never shows count as misses")
    lines += [f"# {note}" for note in data.notes]
    if data.shares:
        lines.append(
            "split:                    # shares of the training file, by a hash of each "
            f"{data.divided_by}"
        )
        lines += [f"  {split}: {share}" for split, share in data.shares.items()]
    return _indented("\n".join(lines), "  ")


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line for line in text.splitlines())


def scalar(value: Any) -> str:
    """Write a value as YAML has it within a line."""
    flow = isinstance(value, list)
    text: str = yaml.safe_dump(
        value, allow_unicode=True, width=float("inf"), default_flow_style=flow
    )
    return text.removesuffix("\n").removesuffix("\n...")


def _average(steps: int) -> float:
    """Over about a tenth of the steps: a longer memory would keep the untrained weights."""
    return 0.999 if steps >= 3000 else 0.99 if steps >= 300 else 0.9


def _max_bytes(shape: Shape, bytes_p99: int) -> int:
    """At least the task's least; else the power of two that leaves nearly every text whole."""
    size = shape.least_bytes
    while size < min(bytes_p99, shape.most_bytes):
        size *= 2
    return min(size, shape.most_bytes)
