"""What is the same on every machine, however busy: a change here is a change of the product."""

import onnx

# Operators of the tiny int8 joint model. Each costs time at batch 1: fewer is welcome (write the
# new number), more needs a reason.
NODES = 239


def test_the_graph_has_no_more_operators_than_before(int8_files):
    model = onnx.load(int8_files.onnx)
    assert len(model.graph.node) <= NODES


def test_int8_quarters_what_the_weights_take(int8_files, joint_files):
    from edgetext.training.checkpoint import Checkpoint

    def weights(path):
        tensors = Checkpoint.load(path).tensors.values()
        return sum(t.numel() * t.element_size() for t in tensors if t.ndim > 1)

    assert weights(int8_files.pt) < 0.35 * weights(joint_files.pt)
    assert int8_files.onnx.stat().st_size < joint_files.onnx.stat().st_size
