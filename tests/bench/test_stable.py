"""What is the same on every machine, however busy: a change here is a change of the product."""

import onnx

from edgetext.targets.executorch.program import instructions
from edgetext.timing.work import work

# Operators of the tiny int8 joint model. Each costs time at batch 1: fewer is welcome (write the
# new number), more needs a reason.
NODES = 239
# The same of the `.pte`, by method; a delegate's call is one.
INSTRUCTIONS = {"tokenize": 129, "forward": 98}


def test_the_graph_has_no_more_operators_than_before(int8_files):
    model = onnx.load(int8_files.onnx)
    assert len(model.graph.node) <= NODES


def test_a_pte_executes_no_more_instructions_than_before(int8_files):
    content = int8_files.pte.read_bytes()
    found = {m: len(instructions(content, m)) for m in INSTRUCTIONS}
    assert all(found[method] <= most for method, most in INSTRUCTIONS.items()), found


def test_every_large_product_of_int8_is_one_of_integers(int8_files):
    for path in (int8_files.onnx, int8_files.pte):
        counted = work(path, ["book me a seat to Oslo next week"])
        assert counted["int8_macs"] > 0.7 * (counted["int8_macs"] + counted["fp32_macs"]), path


def test_int8_quarters_what_the_weights_take(int8_files, joint_files):
    from edgetext.model.checkpoint import Checkpoint

    def weights(path):
        tensors = Checkpoint.load(path).tensors.values()
        return sum(t.numel() * t.element_size() for t in tensors if t.ndim > 1)

    assert weights(int8_files.pt) < 0.35 * weights(joint_files.pt)
    assert int8_files.onnx.stat().st_size < joint_files.onnx.stat().st_size
