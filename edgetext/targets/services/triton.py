"""Triton: a model repository for its ONNX Runtime backend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgetext.registry import register
from edgetext.targets.services.service import Files, Served, Service, under

# ONNX's types of elements by their number there, as Triton's configurations call them.
_TYPES = {1: "TYPE_FP32", 2: "TYPE_UINT8", 6: "TYPE_INT32", 7: "TYPE_INT64"}
# A text has any length, and Triton's own batches would need all of one.
_CONFIG = """\
name: "{name}"
backend: "onnxruntime"
max_batch_size: 0
{inputs}{outputs}instance_group [ {{ kind: KIND_CPU count: 2 }} ]
# The graph is optimized already: level 2 leaves it as it is. An answer takes one thread.
optimization {{ graph {{ level: 2 }} }}
parameters {{ key: "intra_op_thread_count" value {{ string_value: "1" }} }}
parameters {{ key: "inter_op_thread_count" value {{ string_value: "1" }} }}
"""


@register("service", "triton")
class Triton(Service):
    """Write NAME/config.pbtxt and NAME/1/model.onnx; operators beside ONNX's own are those of
    ONNX Runtime itself, which Triton's backend has."""

    name = "triton"
    next_step = "tritonserver --model-repository {folder}"

    def files(self, served: Served) -> Files:
        import onnx

        graph = onnx.load_from_string(served.content).graph
        config = _CONFIG.format(
            name=served.name,
            inputs="".join(_value("input", value) for value in graph.input),
            outputs="".join(_value("output", value) for value in graph.output),
        )
        return under(
            served.name,
            {"config.pbtxt": config.encode("utf-8"), "1/model.onnx": served.content},
        )


def _value(kind: str, value: Any) -> str:
    """An input or output of the graph, as a configuration describes it."""
    tensor = value.type.tensor_type
    dims = _listed(
        [axis.dim_value if axis.HasField("dim_value") else -1 for axis in tensor.shape.dim]
    )
    element = _TYPES[tensor.elem_type]
    return f'{kind} [ {{ name: "{value.name}" data_type: {element} dims: {dims} }} ]\n'


def _listed(numbers: Sequence[int]) -> str:
    return f"[ {', '.join(map(str, numbers))} ]"
