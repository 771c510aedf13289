"""Fine-tune a Hugging Face encoder on a recipe's data, to have real checkpoints to import.

python -m edgetext_bench.experiments.fine_tune ENCODER RECIPE OUTPUT [--steps N] [--texts N]

It takes the recipe's task: classify and joint (the intents), tag, match, qa. What it writes is
what `save_pretrained` of transformers writes, model and tokenizer.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoTokenizer

from edgetext.data.example import Example
from edgetext.recipe import Recipe
from edgetext.tasks.words import IGNORE, tag_names
from edgetext.text.encoding import character_starts
from edgetext.training.splits import load_split

BATCH = 32
RATE = 1e-4
# Pieces of a passage with its question, and how many of them the next window has again.
QA_LENGTH, QA_STRIDE, QA_BATCH = 256, 64, 12
# An encoding, and what the loss compares with.
Row = tuple[dict[str, list[int]], Any]


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("encoder", type=Path)
    parser.add_argument("recipe")
    parser.add_argument("output", type=Path)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--texts", type=int, help="of the training split, at most")
    given = parser.parse_args()
    recipe = Recipe.load(given.recipe)
    examples = load_split(recipe, "train")
    random.Random(1).shuffle(examples)
    examples = examples[: given.texts]
    tokenizer = AutoTokenizer.from_pretrained(given.encoder)
    name, labels, encode = TASKS[recipe.task](examples, tokenizer)
    fields: dict[str, Any] = {}
    if labels:
        fields["id2label"] = dict(enumerate(labels))
        fields["label2id"] = {label: i for i, label in enumerate(labels)}
    torch.manual_seed(1)
    model = getattr(transformers, name).from_pretrained(given.encoder, **fields)
    rows = [row for example in examples for row in encode(example)]
    train(model, tokenizer, rows, given.steps, QA_BATCH if recipe.task == "qa" else BATCH)
    model.save_pretrained(given.output)
    tokenizer.save_pretrained(given.output)


def train(model: Any, tokenizer: Any, rows: Sequence[Row], steps: int, size: int) -> None:
    """AdamW, the rate rising for a tenth of the steps and then falling to zero."""
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.01)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    model.train()
    for step, batch in zip(range(1, steps + 1), batches(rows, size), strict=False):
        inputs = tokenizer.pad([row for row, _ in batch], return_tensors="pt")
        loss = model(**inputs, **targets(batch, inputs["input_ids"].shape[1])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if step % 20 == 0:
            sys.stderr.write(f"step {step} of {steps}: loss {float(loss):.3f}\n")
    model.eval()


def batches(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """Shuffled batches for ever."""
    order = random.Random(2)
    while True:
        mixed = order.sample(list(rows), len(rows))
        for at in range(0, len(mixed), size):
            yield mixed[at : at + size]


def targets(batch: Sequence[Row], width: int) -> dict[str, torch.Tensor]:
    """What the model's own loss takes."""
    answers = [answer for _, answer in batch]
    if isinstance(answers[0], tuple):
        starts, ends = zip(*answers, strict=True)
        return {"start_positions": torch.tensor(starts), "end_positions": torch.tensor(ends)}
    if isinstance(answers[0], list):
        answers = [answer + [IGNORE] * (width - len(answer)) for answer in answers]
    return {"labels": torch.tensor(answers)}


Prepared = tuple[str, list[str], Callable[[Example], Iterator[Row]]]


def sequences(examples: Sequence[Example], tokenizer: Any) -> Prepared:
    """One label a text, or a pair."""
    labels = sorted({str(example.intent) for example in examples})

    def encode(example: Example) -> Iterator[Row]:
        row = dict(tokenizer(*example.texts, truncation=True, max_length=128))
        yield row, labels.index(str(example.intent))

    return "AutoModelForSequenceClassification", labels, encode


def tokens(examples: Sequence[Example], tokenizer: Any) -> Prepared:
    """One tag a word, at its first piece."""
    tags = tag_names(examples)

    def encode(example: Example) -> Iterator[Row]:
        row = tokenizer(example.text, truncation=True, max_length=128)
        labels, last = [], None
        places = character_starts(example.text)
        for i, word in enumerate(row.word_ids()):
            tag = IGNORE
            if word is not None and word != last:
                start = places[row.token_to_chars(i).start]
                inside = [span for span in example.spans if span.start <= start < span.end]
                kind = "B" if inside and inside[0].start == start else "I"
                tag = tags.index(f"{kind}-{inside[0].label}" if inside else "O")
            labels.append(tag)
            last = word
        yield dict(row), labels

    return "AutoModelForTokenClassification", tags, encode


def answers(examples: Sequence[Example], tokenizer: Any) -> Prepared:
    """Where the answer begins and ends; the first piece for none."""

    def encode(example: Example) -> Iterator[Row]:
        passage = str(example.text_b)
        places = character_starts(passage)
        bounds = [places.searchsorted([span.start, span.end]).tolist() for span in example.spans]
        rows = tokenizer(
            example.text,
            passage,
            truncation="only_second",
            max_length=QA_LENGTH,
            stride=QA_STRIDE,
            return_overflowing_tokens=True,
        )
        for i in range(len(rows["input_ids"])):
            row = {name: rows[name][i] for name in tokenizer.model_input_names if name in rows}
            place = (0, 0)
            if bounds:
                first = rows.char_to_token(i, bounds[0][0], 1)
                last = rows.char_to_token(i, bounds[0][1] - 1, 1)
                place = (0, 0) if first is None or last is None else (first, last)
            if place != (0, 0):
                yield row, place

    return "AutoModelForQuestionAnswering", [], encode


TASKS: dict[str, Callable[[Sequence[Example], Any], Prepared]] = {
    "classify": sequences,
    "joint": sequences,
    "match": sequences,
    "tag": tokens,
    "qa": answers,
}


if __name__ == "__main__":
    main()
