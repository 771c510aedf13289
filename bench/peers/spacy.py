"""spaCy from scratch: one pipeline with a text classifier and, for slots, an entity recogniser."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from edgetext.bench.contenders import Entry
from edgetext.bench.peers import Context, Peer, described, need, trained_on
from edgetext.bench.texts import digest
from edgetext.data.example import Example, Span
from edgetext.tasks.prediction import Prediction

RUNTIME = "spacy"
EPOCHS, BATCH = 3, 64


def prepare(context: Context) -> list[Peer]:
    need("spacy", "spaCy")
    examples, joint = trained_on(context.splits.train), context.task == "joint"
    path = context.folder / f"spacy-{digest(examples)[:12]}"
    if not (path / "meta.json").exists():
        _train(examples, joint, context.seed).to_disk(path)
    name = "spaCy textcat + NER" if joint else "spaCy textcat"
    file = described("spacy", path, context.task, context.name)
    return [Peer(Entry(name, str(path), RUNTIME), file)]


def _train(examples: list[Example], joint: bool, seed: int) -> Any:
    import spacy
    from spacy.training import Example as Training
    from spacy.util import compounding, fix_random_seed, minibatch

    fix_random_seed(seed)
    pipeline = spacy.blank("en")
    classifier: Any = pipeline.add_pipe("textcat")
    for label in sorted({str(e.intent) for e in examples}):
        classifier.add_label(label)
    if joint:
        pipeline.add_pipe("ner")
    made = [Training.from_dict(pipeline.make_doc(e.text), _gold(e, joint)) for e in examples]
    optimizer = pipeline.initialize(lambda: made)
    generator = random.Random(seed)
    sizes = compounding(8.0, float(BATCH), 1.01)
    for _ in range(EPOCHS):
        generator.shuffle(made)
        for batch in minibatch(made, size=sizes):
            pipeline.update(batch, sgd=optimizer, drop=0.2)
    return pipeline


def _gold(example: Example, joint: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"cats": {str(example.intent): 1.0}}
    if joint:
        data = example.text.encode("utf-8")
        found["entities"] = [
            (_characters(data, span.start), _characters(data, span.end), span.label)
            for span in example.spans
        ]
    return found


def _characters(data: bytes, position: int) -> int:
    return len(data[:position].decode("utf-8", "ignore"))


class Spacy:
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
    return Prediction(best, doc.cats[best], spans)
