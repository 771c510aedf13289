"""A model as a Core ML package."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch._dynamo.exc import UserError
from torch.export import ExportedProgram
from torch.fx.experimental import _config

from edgetext.core.errors import EdgetextError
from edgetext.core.quiet import quiet
from edgetext.model.model import Model
from edgetext.targets.coreml.check import check_package
from edgetext.targets.coreml.graph import check_integers, respell
from edgetext.targets.onnx.write import SIZES, sample_texts
from edgetext.targets.portable.reading import prepare_reading

# Else a text's length would be tied to those of the example.
ANY_LENGTH = {"backed_size_oblivious": True}
INSTALL = "pip install 'edgetext[coreml]'"


def to_package(model: Model, texts: Mapping[str, str], folder: Path) -> None:
    """Write the package `folder`: the task's texts, as int32[1, n], to its outputs, in float32.

    texts: what goes into its user-defined metadata. EdgetextError where coremltools is missing,
    where it does not convert the model, and where what it made of it has other inputs or outputs.
    """
    tools = coremltools()
    source = f"model {model.header.name}"
    try:
        program = exported_program(model)
    except UserError as error:
        raise EdgetextError(
            f"{source}: torch.export {torch.__version__} does not give it "
            "for a text of any length, which the package takes; nothing was written; take --target "
            "mobile"
        ) from error
    outputs = promised(program, model)
    respell(program)
    check_integers(program, source)
    package = _converted(tools, program, model, source)
    for key, text in texts.items():
        package.user_defined_metadata[key] = text
    package.save(str(folder))
    spec = tools.utils.load_spec(str(folder))
    check_package(spec, model.learner.task.inputs, outputs, source)


def coremltools() -> Any:
    """Give the package; EdgetextError with the command that installs it."""
    try:
        with quiet():
            import coremltools
    except ImportError as error:
        raise EdgetextError(
            f"target coreml: coremltools, which writes such packages, is not installed; {INSTALL}"
        ) from error
    return coremltools


def exported_program(model: Model) -> ExportedProgram:
    """Give the whole model as PyTorch exports it, with no key beyond 32 bits (targets.portable)."""
    learner, inputs = model.learner, model.learner.task.inputs
    read = model.first_stage()
    prepare_reading(read)
    pipeline = learner.pipeline(read, model.second_stage(model.copied_network())).eval()
    examples = tuple(text.to(torch.int32) for text in sample_texts(inputs))
    sizes = [{1: torch.export.Dim(size, min=1)} for size in SIZES[: len(inputs)]]
    with quiet(), torch.no_grad(), _config.patch(**ANY_LENGTH):  # type: ignore[attr-defined]
        program = torch.export.export(
            pipeline,
            examples,
            dynamic_shapes=tuple(sizes),
            strict=False,
        )
        return program.run_decompositions({})


def _converted(tools: Any, program: ExportedProgram, model: Model, source: str) -> Any:
    """Give coremltools' package, unsaved; EdgetextError with its words where it has none."""
    longest = model.header.max_bytes + 1
    inputs = [
        tools.TensorType(name, shape=(1, tools.RangeDim(1, longest)), dtype=np.int32)
        for name in model.learner.task.inputs
    ]
    passes = tools.PassPipeline.DEFAULT
    # It makes places in tables shorter integers, by what it takes their range for.
    passes.remove_passes(["common::add_int16_cast"])
    # Its bars of progress are on stderr.
    hidden = contextlib.redirect_stderr(io.StringIO())
    try:
        with quiet(), hidden, torch.no_grad():
            return tools.convert(
                program,
                inputs=inputs,
                outputs=[tools.TensorType(name) for name in model.outputs],
                pass_pipeline=passes,
                minimum_deployment_target=tools.target.iOS17,
                compute_precision=tools.precision.FLOAT32,
                skip_model_load=True,
            )
    except Exception as error:  # coremltools raises what it comes across
        words = " ".join(str(error).split())
        raise EdgetextError(
            f"{source}: coremltools {tools.__version__} does not convert it ({words[:300]}); "
            "nothing was written; take --target mobile"
        ) from error


def promised(program: ExportedProgram, model: Model) -> dict[str, tuple[str, int]]:
    """Give the type and number of dimensions of each output, by name; see check.check_package."""
    graph_outputs = program.graph.output_node().args[0]
    assert isinstance(graph_outputs, tuple)
    values = [node.meta["val"] for node in graph_outputs]
    return {
        name: ("float32" if value.is_floating_point() else "int32", value.dim())
        for name, value in zip(model.outputs, values, strict=True)
    }
