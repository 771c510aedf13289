"""A portable `.onnx` artifact in OpenVINO."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import openvino
from openvino import properties

from edgetext.core.errors import EdgetextError
from edgetext.model.contract import damaged
from edgetext.targets.openvino.limits import check_widths
from edgetext.targets.portable.file import read_portable
from edgetext.targets.releases import is_older

# The oldest release whose answers were compared.
OLDEST = "2026.4.1"


class OpenVinoSession:
    """See target.Session.

    All is computed in float32. By itself OpenVINO takes bfloat16 where the processor has it, which
    neither holds the hashes of hashed words nor decides as float32 does, and rounds what layers of
    8-bit weights read.
    """

    def __init__(self, path: Path, content: bytes, threads: int = 1) -> None:
        self.source = source = str(path)
        if is_older(openvino.__version__, OLDEST):
            raise EdgetextError(
                f"{source}: OpenVINO {openvino.__version__} is installed, and {OLDEST} is the "
                f'oldest that was tried; upgrade it (pip install "openvino>={OLDEST}")'
            )
        file = read_portable(content, source, "OpenVINO")
        self.metadata, self.golden, self.inputs = file.metadata, file.golden, file.inputs
        self.outputs = list(file.outputs)
        check_widths(file.model, source)
        core = openvino.Core()
        try:
            self.compiled = core.compile_model(core.read_model(content), "CPU", settings(threads))
        except Exception as error:  # the bindings raise RuntimeError, with a page of C++
            raise damaged(
                source, f"OpenVINO {openvino.__version__} cannot read it ({reason(error)})"
            ) from error
        self.request: Any = self.compiled.create_infer_request()
        # A request has one place for its answer, whichever thread asks.
        self.alone = Lock()

    def run(self, *texts: np.ndarray) -> tuple[np.ndarray, ...]:
        feeds = dict(zip(self.inputs, texts, strict=True))
        with self.alone:
            answer = self.request.infer(feeds, share_inputs=True)
            return tuple(answer[name] for name in self.outputs)


def settings(threads: int) -> dict[Any, Any]:
    """Give the properties by which answers are those of the file, on so many threads."""
    return {
        properties.hint.inference_precision(): openvino.Type.f32,
        properties.hint.execution_mode(): properties.hint.ExecutionMode.ACCURACY,
        properties.hint.dynamic_quantization_group_size(): 0,
        properties.hint.performance_mode(): properties.hint.PerformanceMode.LATENCY,
        properties.inference_num_threads(): threads,
        properties.num_streams(): 1,
        # With it, and with no name in `properties`: an answer depended on those before it, of
        # models with attention (findings/openvino_attention_after_one_row.sh).
        "SNIPPETS_MODE": "DISABLE",
    }


def reason(error: Exception) -> str:
    """Give the line of an error of OpenVINO that says what is wrong, without paths and columns."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    return (telling or lines or [type(error).__name__])[-1][:200]
