"""A Triton model repository: its configuration by Triton's own schema, its file as its backend
loads it."""

import json
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import onnxruntime
import pytest

from edgetext.predictor import load


def test_the_repository_is_as_triton_wants_it(joint_files, folder_of):
    folder = folder_of("triton", joint_files.onnx)
    name = joint_files.onnx.stem
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {".edgetext-service", f"{name}/config.pbtxt", f"{name}/1/model.onnx"}
    assert (folder / name / "1/model.onnx").read_bytes() == joint_files.onnx.read_bytes()


def test_the_file_answers_as_the_backend_runs_it(joint_files, folder_of):
    """Level 2 of the configuration is no optimization; the backend sets nothing else."""
    folder = folder_of("triton", joint_files.onnx)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    file = folder / joint_files.onnx.stem / "1/model.onnx"
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    model = load(joint_files.onnx)
    texts = json.loads(session.get_modelmeta().custom_metadata_map["edgetext_golden"])
    assert texts
    for example in model.golden:
        data = example.texts[0].encode()
        outputs = session.run(None, {"text": np.frombuffer(data or b" ", np.uint8)[None]})
        assert model.task.agree(example.expected, model.decode(tuple(outputs), data))


# In a process of its own: other packages have messages of the same names.
PARSE = """
import sys
from google.protobuf import json_format, text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig
print(json_format.MessageToJson(text_format.Parse(sys.stdin.read(), ModelConfig())))
"""
TYPES = {
    "TYPE_UINT8": "tensor(uint8)",
    "TYPE_INT32": "tensor(int32)",
    "TYPE_INT64": "tensor(int64)",
    "TYPE_FP32": "tensor(float)",
}


@pytest.mark.parametrize("batch", [False, True])
def test_the_configuration_fits_its_schema_and_the_graph(int8_files, batch_files, folder_of, batch):
    if find_spec("tritonclient") is None or find_spec("grpc") is None:
        pytest.skip("tritonclient[grpc] is not installed")
    file = batch_files.int8 if batch else int8_files.onnx
    folder = folder_of("triton", file)
    text = (folder / file.stem / "config.pbtxt").read_text()
    command = [sys.executable, "-c", PARSE]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    config = json.loads(done.stdout)
    assert (config["name"], config["backend"]) == (file.stem, "onnxruntime")
    assert config.get("maxBatchSize", 0) == 0
    session = onnxruntime.InferenceSession(file)
    for described, values in (
        (config["input"], session.get_inputs()),
        (config["output"], session.get_outputs()),
    ):
        shapes = [[x if isinstance(x, int) else -1 for x in value.shape] for value in values]
        assert [x["name"] for x in described] == [value.name for value in values]
        assert [TYPES[x["dataType"]] for x in described] == [value.type for value in values]
        assert [list(map(int, x["dims"])) for x in described] == shapes
