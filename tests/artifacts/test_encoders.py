"""Every encoder in both runtimes, with the answers of eager PyTorch."""

import pytest

from edgetext.cli import main
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.run import train

ENCODERS = {
    "bag": "{type: bag, embedding: 16, hidden: 32}",
    "cnn": "{type: cnn, embedding: 16, hidden: 32, layers: 1}",
    "after": "{type: cnn, embedding: 16, hidden: 32, layers: 2, kernel: 5, heads: 1, after: 1}",
    "window": "{type: conv, embedding: 16, hidden: 32, kernels: [5, 3], normalize: true, "
    "attend: 1}",
    "transformer": "{type: transformer, embedding: 16, hidden: 32, layers: 1, heads: 2, "
    "feed_forward: 64, positions: 8}",
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
    path = train_tiny(tmp_path / f"{encoder}.pt", encoder=ENCODERS[encoder], epochs=3)
    if precision != "float32":
        options = {
            "int8": ["--int8"],
            "static": ["--int8", "--static"],
            "int4": ["--int4", "--int4-layers", "all"],
        }[precision]
        assert main(["quantize", *options, str(path)]) == 0
        path = path.with_name(f"{encoder}-{'int4' if precision == 'int4' else 'int8'}.pt")
    assert main(["export", str(path)]) == 0
    eager = load(path)
    for suffix in (".onnx", ".pte"):
        exported = load(path.with_suffix(suffix))
        alike = 0
        # As many pieces as there are bytes at most.
        for text in (*texts, b"." * 64):
            expected, found = eager.predict(text), exported.predict(text)
            alike += (found.intent, found.spans) == (expected.intent, expected.spans)
            if precision == "float32":
                assert found.scores == pytest.approx(expected.scores, abs=1e-4), text
        assert alike >= (1 if precision == "float32" else 0.95) * len(texts)


@pytest.mark.slow
@pytest.mark.parametrize("limit", [8, 64])
def test_a_classifier_and_the_shortest_limit(data, tmp_path, texts, limit):
    path = tmp_path / "short.pt"
    overrides = [f"text.max_bytes={limit}", "training.epochs=2"]
    train(Recipe.load(data / "classify.yaml", overrides), path)
    assert main(["export", str(path)]) == 0
    eager = load(path)
    for suffix in (".onnx", ".pte"):
        exported = load(path.with_suffix(suffix))
        for text in texts:
            assert exported.predict(text).scores == pytest.approx(
                eager.predict(text).scores, abs=1e-4
            )
