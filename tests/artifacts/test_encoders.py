"""Every encoder in both runtimes, with the answers of eager PyTorch."""

import pytest
from tester import Tester

from edgetext.recipe import Recipe
from edgetext.training.run import train

SUFFIXES = (".onnx", ".pte")
OPTIONS = {
    "int8": ["--int8"],
    "static": ["--int8", "--static"],
    "int4": ["--int4", "--int4-layers", "all"],
}
ENCODERS = {
    "bag": "{type: bag, embedding: 16, hidden: 32}",
    "cnn": "{type: cnn, embedding: 16, hidden: 32, layers: 1}",
    "after": "{type: cnn, embedding: 16, hidden: 32, layers: 2, kernel: 5, "
    "heads: 1, attention_after: 1}",
    "window": "{type: conv, embedding: 16, hidden: 32, layers: 2, kernel: [5, 3], "
    "normalize: true, heads: 1, attention_after: 1}",
    "transformer": "{type: transformer, embedding: 16, hidden: 32, layers: 1, heads: 2, "
    "feed_forward: 64, positions: 8}",
    "windows": "{type: conv, embedding: 16, hidden: 32, heads: 1, attention_window: 3}",
    "heads_in_windows": "{type: transformer, embedding: 16, hidden: 32, layers: 1, heads: 2, "
    "feed_forward: 64, attention_window: 4}",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoder", "precision"),
    [
        *((encoder, precision) for encoder in ENCODERS for precision in ("float32", "int8")),
        ("after", "static"),
        ("window", "static"),
        ("transformer", "int4"),
    ],
)
def test_both_runtimes_answer_as_pytorch(train_tiny, tmp_path, texts, encoder, precision):
    tester = Tester(train_tiny(tmp_path / f"{encoder}.pt", encoder=ENCODERS[encoder], epochs=3))
    # As many pieces as there are bytes at most.
    asked = (*texts, b"." * 64)
    if precision == "float32":
        tester.export(*SUFFIXES).compare(asked, scores=1e-4)
    else:
        small = tester.quantize(*OPTIONS[precision], name=precision)
        small.export(*SUFFIXES).compare(asked, alike=0.95)


@pytest.mark.slow
@pytest.mark.parametrize("limit", [8, 64])
def test_a_classifier_and_the_shortest_limit(data, tmp_path, texts, limit):
    overrides = [f"text.max_bytes={limit}", "training.epochs=2"]
    path = tmp_path / "short.pt"
    train(Recipe.load(data / "classify.yaml", overrides)).save(path)
    Tester(path).export(*SUFFIXES).compare(texts, scores=1e-4)
