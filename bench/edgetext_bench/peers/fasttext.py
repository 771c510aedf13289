"""fastText, supervised, and its quantized form. Intents alone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from edgetext.core.files import atomic_path
from edgetext.data.example import Example
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.prediction import Prediction
from edgetext.timing.contenders import IN_TURN, Entry
from edgetext.timing.texts import digest
from edgetext_bench.peers.peer import (
    Context,
    MissingPeer,
    Peer,
    Untimed,
    described,
    need,
    trained_on,
)

RUNTIME = "fasttext"
MAKER, LIBRARIES = f"{__name__}:FastText", ("fasttext",)
PREFIX = "__label__"
SPACE = "\u2423"
# The last is fastText's own. Higher ones learn better, where they do not end in numbers that are
# none.
LEARNING_RATES = (0.5, 0.2, 0.1)


def prepare(context: Context) -> list[Peer]:
    package = need("fasttext", "fasttext")
    examples = trained_on(context.splits.train)
    base = context.folder / f"fasttext-{digest(examples)[:12]}"
    full, small = base.with_suffix(".bin"), base.with_suffix(".ftz")
    if not (full.exists() and small.exists()):
        _train(package, examples, full, small, context.seed)
    return [
        Peer(
            Entry(name, str(path), RUNTIME, maker=MAKER, libraries=LIBRARIES),
            described("fasttext", path, "classify", context.name),
        )
        for name, path in (("fastText", full), ("fastText quantized", small))
    ]


def _train(package: Any, examples: list[Example], full: Path, small: Path, seed: int) -> None:
    # A label may hold spaces, fastText's may not.
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "train.txt")
        lines = [
            f"{PREFIX}{str(e.intent).replace(' ', SPACE)} {_plain(e.text)}\n" for e in examples
        ]
        data.write_text("".join(lines), "utf-8")
        model = learnt(package, data, seed)
        with atomic_path(full) as path:
            model.save_model(str(path))
        model.quantize(input=str(data), retrain=False)
        with atomic_path(small) as path:
            model.save_model(str(path))


def learnt(package: Any, data: Path, seed: int) -> Any:
    """A model of the texts; MissingPeer where no learning rate gives one."""
    for rate in LEARNING_RATES:
        try:
            return package.train_supervised(
                str(data), epoch=25, lr=rate, wordNgrams=2, minn=2, maxn=4, dim=64, bucket=50_000,
                thread=1, seed=seed, verbose=0,
            )  # fmt: skip
        except RuntimeError as error:
            reason = error
    raise MissingPeer(f"fastText cannot learn these texts: {reason}")


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


class FastText(Untimed):
    """See contenders.Contender."""

    batching = IN_TURN

    def __init__(self, path: str, threads: int) -> None:
        import fasttext

        self.model = fasttext.load_model(path)

    def answer(self, text: str) -> Prediction:
        # Below the package's own predict, which fails with NumPy 2.
        found = self.model.f.predict(_plain(text) + "\n", 1, 0.0, "strict")
        if not found:
            return LabelAnswer("", 0.0)
        score, label = found[0]
        return LabelAnswer(label.removeprefix(PREFIX).replace(SPACE, " "), float(score))

    def answer_batch(self, texts: list[str]) -> list[Prediction]:
        return [self.answer(text) for text in texts]
