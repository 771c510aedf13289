"""An ONNX graph under its passes, a step a call, each of which gives the tester back:

GraphTester.of(Positions(), x).check(Transpose=2).apply(a_pass).check(Transpose=1).same(x)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from edgetext.targets.onnx.passes import Pass, rewrite
from edgetext.targets.onnx.write import export_graph

Answer = Callable[..., Sequence[np.ndarray]]


class GraphTester:
    """A graph, and what it must answer. model: what the passes change."""

    def __init__(self, model: onnx.ModelProto, expected: Answer) -> None:
        self.model = model
        self.expected = expected

    @classmethod
    def of(cls, module: nn.Module, example: Tensor, dynamic: int = 0) -> GraphTester:
        """Export a module of one input, whose dimension `dynamic` may be of any length."""
        shape = {dynamic: torch.export.Dim("n", min=1)}

        def expected(x: np.ndarray) -> list[np.ndarray]:
            outputs = module(torch.from_numpy(x))
            several = outputs if isinstance(outputs, tuple) else (outputs,)
            return [output.detach().numpy() for output in several]

        return cls(export_graph(module.eval(), {"x": (example, shape)}), expected)

    @classmethod
    def written(cls, text: str, **constants: np.ndarray) -> GraphTester:
        """Parse a graph of ONNX's text format with these constants, and infer its shapes."""
        model = onnx.parser.parse_model(text)
        tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
        model.graph.initializer.extend(tensors)
        before = onnx.shape_inference.infer_shapes(model)
        return cls(before, lambda *inputs: _run(model, inputs))

    def apply(self, *passes: Pass) -> GraphTester:
        """Apply passes, and what follows each."""
        rewrite(self.model, passes)
        names = Counter(tensor.name for tensor in self.model.graph.initializer)
        assert all(count == 1 for count in names.values()), names
        return self

    def check(self, **counts: int) -> GraphTester:
        """Hold the graph to so many nodes of each operator that is named."""
        kinds = Counter(node.op_type for node in self.model.graph.node)
        assert {operator: kinds[operator] for operator in counts} == counts
        return self

    def outputs(self, *inputs: np.ndarray) -> list[np.ndarray]:
        """Give the graph's outputs as it is now."""
        return _run(self.model, inputs)

    def same(self, *inputs: np.ndarray, within: float = 0.0) -> GraphTester:
        """Hold the graph's outputs to what they were before the passes."""
        pairs = zip(self.expected(*inputs), self.outputs(*inputs), strict=True)
        for expected, output in pairs:
            np.testing.assert_allclose(output, expected, rtol=0, atol=within)
            assert output.shape == expected.shape
        return self


def _run(model: onnx.ModelProto, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Run a graph as it is written."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    names = [tensor.name for tensor in session.get_inputs()]
    outputs: list[np.ndarray] = session.run(None, dict(zip(names, inputs, strict=True)))
    return outputs
