"""A model as an `.onnx` file that keeps to the operators of ai.onnx."""

from __future__ import annotations

from collections.abc import Mapping

import onnx

from edgetext.model.model import Model
from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.promise import check_promise
from edgetext.targets.onnx.write import pipeline_graph
from edgetext.targets.portable.layers import prepare_for_portable
from edgetext.targets.portable.operators import check_operators
from edgetext.targets.portable.passes import PASSES
from edgetext.targets.portable.reading import prepare_reading


def to_portable(model: Model, texts: Mapping[str, str]) -> bytes:
    """Write the file's bytes: see targets.onnx.write.to_onnx.

    EdgetextError where a part of the model has no form in these operators, and where a release of
    ONNX Runtime that files are promised for may not run it.
    """
    graph = pipeline_graph(model, prepare_for_portable, prepare_reading)
    rewrite(graph, PASSES)
    check_operators(graph, f"model {model.header.name}")
    check_promise(graph, f"model {model.header.name}")
    onnx.helper.set_model_props(graph, dict(texts))
    return bytes(graph.SerializeToString(deterministic=True))
