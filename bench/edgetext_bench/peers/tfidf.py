"""scikit-learn: TF-IDF of words and letters, and a linear classifier. Intents alone."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edgetext.core.files import write_bytes
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.prediction import Prediction
from edgetext.timing.contenders import Entry
from edgetext.timing.texts import digest
from edgetext_bench.peers.peer import Context, Peer, Untimed, described, need, trained_on

RUNTIME = "scikit-learn"
MAKER, LIBRARIES = f"{__name__}:Tfidf", ("sklearn.pipeline", "sklearn.linear_model")


def prepare(context: Context) -> list[Peer]:
    need("sklearn", "scikit-learn")
    examples = trained_on(context.splits.train)
    path = context.folder / f"tfidf-{digest(examples)[:12]}.pickle"
    if not path.exists():
        write_bytes(path, pickle.dumps(fit(examples)))
    entry = Entry(
        "TF-IDF + logistic regression", str(path), RUNTIME, maker=MAKER, libraries=LIBRARIES
    )
    return [Peer(entry, described("tfidf", path, "classify", context.name))]


def fit(examples: Sequence[Any]) -> Any:
    """Train it on examples with intents."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    )
    model = make_pipeline(features, LogisticRegression(C=20, max_iter=500))
    return model.fit([e.text for e in examples], [str(e.intent) for e in examples])


class Tfidf(Untimed):
    """The pickle was written by `prepare` on this machine; no other is ever loaded."""

    batching = "one matrix of features"

    def __init__(self, path: str, threads: int) -> None:
        self.model = pickle.loads(Path(path).read_bytes())
        self.labels = [str(label) for label in self.model.classes_]

    def answer(self, text: str) -> Prediction:
        return self.answer_batch([text])[0]

    def answer_batch(self, texts: list[str]) -> list[Prediction]:
        scores = self.model.predict_proba(texts)
        best = scores.argmax(axis=1)
        return [
            LabelAnswer(self.labels[i], float(row[i])) for i, row in zip(best, scores, strict=True)
        ]
