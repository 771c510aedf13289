"""A linear model of texts: TF-IDF of words and characters, and a linear SVM a label.

It learns in seconds, so it tells whether a network was worth its training (Wang & Manning 2012).
It needs scikit-learn, of the extra `edgetext[baseline]`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.sample import evenly
from edgetext.tasks.labeled_texts import LabeledTexts, LabelSet

# Texts times labels: an SVM a label is fitted on all texts, so this many take half a minute.
MOST_WORK = 10_000_000
MOST_TEXTS = 50_000
# Features times labels: the weights take eight bytes each.
MOST_WEIGHTS = 30_000_000


@dataclass(frozen=True, slots=True)
class LinearScore:
    """value: of the metric, 0 to 1. learnt, given: how many of the training texts it learnt
    from."""

    value: float
    learnt: int
    given: int


def check_installed() -> None:
    """EdgetextError, which says how it is installed, where scikit-learn is not there."""
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise EdgetextError(
            "a linear model is trained with the library scikit-learn, which is not installed; "
            "`pip install 'edgetext[baseline]'`"
        ) from error


def linear_score(train: LabeledTexts, test: LabeledTexts, seed: int = 0) -> LinearScore | None:
    """Train a linear model on the one and measure it on the other.

    Of very many texts it learns from a part, evenly out of all; None where there are so many labels
    that it would have to be a small part.
    """
    check_installed()
    kinds = len({label for labels in train.labels for label in labels})
    usable = min(MOST_TEXTS, len(train.texts))
    most = min(MOST_TEXTS, MOST_WORK // max(1, kinds))
    if 2 * most < usable:
        return None
    pairs = evenly(zip(train.texts, train.labels, strict=True), most)
    features = _features(MOST_WEIGHTS // max(1, kinds))
    vectors = features.fit_transform([text for text, _ in pairs])
    labels = [labels for _, labels in pairs]
    predict = _several if train.several else _single
    predicted = predict(vectors, labels, features.transform(test.texts), seed)
    return LinearScore(test.measure(test.labels, list(predicted)), len(pairs), len(train.texts))


def _features(most: int) -> Any:
    """Words, pairs of words, and runs of 2 to 4 characters within words; `most` in all."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    both = {"sublinear_tf": True, "max_features": max(1, most // 2)}
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]+", **both)
    characters = TfidfVectorizer(ngram_range=(2, 4), analyzer="char_wb", **both)
    return FeatureUnion([("words", words), ("characters", characters)])


def _single(vectors: Any, labels: Sequence[LabelSet], others: Any, seed: int) -> Iterator[LabelSet]:
    names = [next(iter(each)) for each in labels]
    for name in _fitted(_svm(seed), vectors, names).predict(others):
        yield frozenset((str(name),))


def _several(
    vectors: Any, labels: Sequence[LabelSet], others: Any, seed: int
) -> Iterator[LabelSet]:
    """An SVM a label, each by itself."""
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    columns = MultiLabelBinarizer()
    rows = columns.fit_transform([sorted(each) for each in labels])
    fitted = _fitted(OneVsRestClassifier(_svm(seed)), vectors, rows)
    for names in columns.inverse_transform(fitted.predict(others)):
        yield frozenset(map(str, names))


def _svm(seed: int) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(random_state=seed)


def _fitted(model: Any, vectors: Any, labels: Any) -> Any:
    with warnings.catch_warnings():
        # Of a fit that goes on for long, and of a label that all texts have: both are good enough.
        warnings.simplefilter("ignore")
        return model.fit(vectors, labels)
