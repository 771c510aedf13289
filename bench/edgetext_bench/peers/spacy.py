"""spaCy from scratch: one pipeline with a text classifier and, for slots, an entity recogniser."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

from edgetext.data.example import Example, Span
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.prediction import Prediction
from edgetext.timing.contenders import Entry
from edgetext.timing.texts import digest
from edgetext_bench.peers.peer import Context, Peer, Untimed, described, need, trained_on

RUNTIME = "spacy"
MAKER, LIBRARIES = f"{__name__}:Spacy", ("spacy",)
EPOCHS, BATCH, DROPOUT = 20, 64, 0.2
# Epochs without a better one on the validation split, after which it has learnt what it can.
PATIENCE = 3


def prepare(context: Context) -> list[Peer]:
    need("spacy", "spaCy")
    train, valid = trained_on(context.splits.train), trained_on(context.splits.valid)
    joint = context.task == "joint"
    path = context.folder / f"spacy-best-{digest([*train, *valid])[:12]}"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=context.folder) as folder:
            made = Path(folder, path.name)
            _train(train, valid, joint, context.seed, made)
            made.rename(path)
    name = "spaCy textcat + NER" if joint else "spaCy textcat"
    file = described("spacy", path, context.task, context.name)
    return [Peer(Entry(name, str(path), RUNTIME, maker=MAKER, libraries=LIBRARIES), file)]


def _train(train: list[Example], valid: list[Example], joint: bool, seed: int, path: Path) -> None:
    """Write the pipeline of the best epoch to `path`, a folder."""
    import spacy
    from spacy.training import Example as Training
    from spacy.util import compounding, fix_random_seed, minibatch

    fix_random_seed(seed)
    pipeline = spacy.blank("en")
    classifier: Any = pipeline.add_pipe("textcat")
    for label in sorted({str(e.intent) for e in train}):
        classifier.add_label(label)
    if joint:
        pipeline.add_pipe("ner")

    def learnable(examples: list[Example]) -> list[Any]:
        return [Training.from_dict(pipeline.make_doc(e.text), _gold(e, joint)) for e in examples]

    learnt, held = learnable(train), learnable(valid)
    optimizer = pipeline.initialize(lambda: learnt)
    generator = random.Random(seed)
    sizes = compounding(8.0, float(BATCH), 1.01)
    best, since = -1.0, 0
    for _ in range(EPOCHS):
        generator.shuffle(learnt)
        for batch in minibatch(learnt, size=sizes):
            pipeline.update(batch, sgd=optimizer, drop=DROPOUT)
        scores = pipeline.evaluate(held)
        score = float(scores["cats_score"] or 0) + float(scores["ents_f"] or 0 if joint else 0)
        since += 1
        if score > best:
            best, since = score, 0
            pipeline.to_disk(path)
        if since == PATIENCE:
            break


def _gold(example: Example, joint: bool) -> dict[str, Any]:
    gold: dict[str, Any] = {"cats": {str(example.intent): 1.0}}
    if joint:
        data = example.text.encode("utf-8")
        gold["entities"] = [
            (_characters(data, span.start), _characters(data, span.end), span.label)
            for span in example.spans
        ]
    return gold


def _characters(data: bytes, position: int) -> int:
    return len(data[:position].decode("utf-8", "ignore"))


class Spacy(Untimed):
    """See contenders.Contender."""

    batching = "spaCy's own batches"

    def __init__(self, path: str, threads: int) -> None:
        import spacy

        self.pipeline = spacy.load(Path(path))

    def answer(self, text: str) -> Prediction:
        return _answer(self.pipeline(text), text)

    def answer_batch(self, texts: list[str]) -> list[Prediction]:
        found = self.pipeline.pipe(texts, batch_size=len(texts))
        return [_answer(doc, text) for doc, text in zip(found, texts, strict=True)]


def _answer(doc: Any, text: str) -> Prediction:
    best = max(doc.cats, key=doc.cats.__getitem__)
    spans = tuple(
        Span(
            entity.label_,
            len(text[: entity.start_char].encode("utf-8", "replace")),
            len(text[: entity.end_char].encode("utf-8", "replace")),
        )
        for entity in doc.ents
    )
    return LabelAnswer(best, doc.cats[best], spans)
