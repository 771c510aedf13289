"""The network alone answers as the whole file does, in every runtime, and the report pairs it."""

import copy

import numpy as np
import onnx
import pytest
import torch

from edgetext.predictor import as_array, load
from edgetext.targets.onnx.network import cut
from edgetext.timing.network import network_alone
from edgetext_bench.report import network as report
from edgetext_bench.report.figures import numbered
from edgetext_bench.report.markdown import markdown
from edgetext_bench.rows import cell_of, read_rows

TEXTS = ["book me a seat to São Paulo next week", "will it rain today?", "x"]


def arrays(outputs):
    return [np.asarray(output).reshape(-1) for output in outputs]


@pytest.mark.parametrize("suffix", ["onnx", "pte", "pt"])
def test_the_network_alone_gives_the_answer_of_the_whole(int8_files, suffix):
    path = getattr(int8_files, suffix)
    prepare, whole = network_alone(path, 1), load(path)
    # All are prepared before the first runs: one text's pieces must not overwrite another's.
    calls = [prepare(text) for text in TEXTS]
    for text, call in zip(TEXTS, calls, strict=True):
        outputs = whole.session.run(as_array(text.encode(), whole.metadata.max_bytes))
        for found, expected in zip(arrays(call()), arrays(outputs[:2]), strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_task_without_words_is_cut_as_well(classify_files):
    call = network_alone(classify_files.onnx, 1)(TEXTS[0])
    expected = load(classify_files.onnx).predict(TEXTS[0])
    assert float(np.max(call()[0])) == pytest.approx(expected.score, abs=1e-6)


def test_the_cut_leaves_the_text_graph_out(int8_files):
    model = onnx.load(int8_files.onnx)
    network, inputs = cut(model)
    text_graph = [t for t in network.graph.initializer if t.name.startswith("read.")]
    # Equal constants are stored once, whoever's they are; the tables must be gone.
    assert sum(len(t.raw_data) for t in text_graph) < 100
    # Once it was less than half; the text graph has fewer operators since.
    assert len(network.graph.node) < 0.52 * len(model.graph.node)
    kinds = {node.op_type for node in network.graph.node}
    assert "LabelEncoder" in {node.op_type for node in model.graph.node} - kinds
    assert "text" not in inputs and inputs


def test_without_decoding_it_ends_at_the_scores(int8_files):
    path = int8_files.onnx
    call, whole = network_alone(path, 1, decoded=False)(TEXTS[0]), load(int8_files.pt)
    pipeline = whole.session.pipeline
    with torch.inference_mode():
        ids = pipeline.read(torch.from_numpy(as_array(TEXTS[0].encode(), 512).copy()))[0]
        scores = pipeline.answer.network(ids)
    made = {x.size: x for x in call()}
    intent, tags = scores["intent"].softmax(-1).numpy(), scores["tags"].numpy()
    # In the file all begins stand before all insides, and the outside last: see order_tags.
    count = tags.shape[-1]
    tags = tags[..., [*range(1, count, 2), *range(2, count, 2), 0]]
    assert set(made) == {intent.size, tags.size}
    np.testing.assert_allclose(made[intent.size].reshape(-1), intent.reshape(-1), atol=0.05)
    assert np.corrcoef(made[tags.size].reshape(-1), tags.reshape(-1))[0, 1] > 0.99
    model = onnx.load(path)
    assert len(cut(model, decoded=False)[0].graph.node) < len(cut(model)[0].graph.node) - 20


def test_int8_is_paired_with_its_float32_and_the_verdict_follows_the_ratio(measured):
    rows = read_rows(measured[0])
    able = numbered(rows)
    gain, scores = report.gains(able)
    assert (gain.kind, scores.kind) == ("network", "scores")
    assert "without decoding" in report.in_words(scores)
    assert gain.int8.subject.file["variant"] == "int8"
    assert list(gain.by_length) == ["test", 8, 16, 32]
    fast = copy.deepcopy(rows)
    for row in fast:
        if cell_of(row).kind == "network" and row["file"]["variant"] == "int8":
            figures = row["measured"]
            figures["round_p50_us"] = [x / 10 for x in figures["round_p50_us"]]
    gained, _ = report.gains(numbered(fast))
    for length, (ratio, _, _) in gained.by_length.items():
        assert ratio == pytest.approx(10 * gain.by_length[length][0])
    assert gained.reached == ["test", 8, 16, 32]
    assert "The network alone" in markdown(rows) and "1.8×" in markdown(rows)


def test_another_vocabulary_is_no_pair(measured):
    rows = copy.deepcopy(read_rows(measured[0]))
    for row in rows:
        if row["file"]["variant"] == "int8":
            row["file"]["vocabulary_sha256"] = "other"
    assert report.gains(numbered(rows)) == []
