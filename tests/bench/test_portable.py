"""ExecuTorch without XNNPACK, made for the run from the checkpoint beside the `.pte`."""

import shutil

import pytest

from edgetext.data.example import Example
from edgetext.predictor import load
from edgetext.targets.executorch.program import instructions
from edgetext.targets.executorch.target import PORTABLE
from edgetext.timing.process import Worker
from edgetext_bench.run import load_files, portable

TEXTS = ["book me a seat to Oslo", "will it rain today?", "a cheap hotel in Łódź?"]
EXAMPLES = [Example(TEXTS[0], "flight")]


def test_without_its_checkpoint_it_is_missing_with_a_reason(int8_files, tmp_path):
    shutil.copy(int8_files.pte, tmp_path / "alone.pte")
    loaded, _ = load_files([tmp_path / "alone.pte"], EXAMPLES)
    found, missing = portable(loaded, (PORTABLE,), True, tmp_path / "made")
    assert found == [] and "alone.pt is not beside it" in missing[f"alone.pte in {PORTABLE}"]
    assert not (tmp_path / "made").exists()


def test_a_quick_run_leaves_it_out_unless_it_is_named(int8_files, tmp_path):
    loaded, _ = load_files([int8_files.pte], EXAMPLES)
    assert portable(loaded, (), True, tmp_path) == ([], {})
    assert portable(loaded, ("onnxruntime",), False, tmp_path) == ([], {})


@pytest.mark.slow
def test_it_answers_as_the_artifact_with_no_delegate_in_it(int8_files, tmp_path):
    loaded, _ = load_files([int8_files.pte], EXAMPLES)
    (one,), missing = portable(loaded, (), False, tmp_path)
    assert missing == {} and one.file["sha256"] != loaded[0].file["sha256"]
    content = (tmp_path / one.entry.path).read_bytes()
    assert not any("XNNPACK" in step.name for step in instructions(content, "forward"))
    worker = Worker(one.entry, 1, [0], TEXTS[0])
    try:
        expected = [load(int8_files.pte).predict(text) for text in TEXTS]
        for found, answer in zip(worker.answers(TEXTS), expected, strict=True):
            assert (found.intent, found.spans) == (answer.intent, answer.spans)
        worker.set_network(TEXTS, decoded=True)
        assert (worker.time(3) > 0).all()
    finally:
        worker.close()
