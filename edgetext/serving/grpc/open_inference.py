"""The messages of the Open Inference Protocol, version 2.

Names, types and numbers are those of
https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto
"""

from __future__ import annotations

from edgetext.serving.grpc.schema import Schema

SERVICE = "GRPCInferenceService"
TENSOR = (
    "string name = 1",
    "string datatype = 2",
    "repeated int64 shape = 3",
    "map<string, InferParameter> parameters = 4",
    "InferTensorContents contents = 5",
)
NAME_AND_VERSION = ("string name = 1", "string version = 2")

SCHEMA = Schema(
    package="inference",
    messages={
        "ServerLiveRequest": (),
        "ServerLiveResponse": ("bool live = 1",),
        "ServerReadyRequest": (),
        "ServerReadyResponse": ("bool ready = 1",),
        "ModelReadyRequest": NAME_AND_VERSION,
        "ModelReadyResponse": ("bool ready = 1",),
        "ServerMetadataRequest": (),
        "ServerMetadataResponse": (*NAME_AND_VERSION, "repeated string extensions = 3"),
        "ModelMetadataRequest": NAME_AND_VERSION,
        "ModelMetadataResponse": (
            "string name = 1",
            "repeated string versions = 2",
            "string platform = 3",
            "repeated ModelMetadataResponse.TensorMetadata inputs = 4",
            "repeated ModelMetadataResponse.TensorMetadata outputs = 5",
        ),
        "ModelMetadataResponse.TensorMetadata": TENSOR[:3],
        "ModelInferRequest": (
            "string model_name = 1",
            "string model_version = 2",
            "string id = 3",
            "map<string, InferParameter> parameters = 4",
            "repeated ModelInferRequest.InferInputTensor inputs = 5",
            "repeated ModelInferRequest.InferRequestedOutputTensor outputs = 6",
            "repeated bytes raw_input_contents = 7",
        ),
        "ModelInferRequest.InferInputTensor": TENSOR,
        "ModelInferRequest.InferRequestedOutputTensor": (
            "string name = 1",
            "map<string, InferParameter> parameters = 2",
        ),
        "ModelInferResponse": (
            "string model_name = 1",
            "string model_version = 2",
            "string id = 3",
            "map<string, InferParameter> parameters = 4",
            "repeated ModelInferResponse.InferOutputTensor outputs = 5",
            "repeated bytes raw_output_contents = 6",
        ),
        "ModelInferResponse.InferOutputTensor": TENSOR,
        "InferParameter": (
            "parameter_choice| bool bool_param = 1",
            "parameter_choice| int64 int64_param = 2",
            "parameter_choice| string string_param = 3",
            "parameter_choice| double double_param = 4",
            "parameter_choice| uint64 uint64_param = 5",
        ),
        "InferTensorContents": (
            "repeated bool bool_contents = 1",
            "repeated int32 int_contents = 2",
            "repeated int64 int64_contents = 3",
            "repeated uint32 uint_contents = 4",
            "repeated uint64 uint64_contents = 5",
            "repeated float fp32_contents = 6",
            "repeated double fp64_contents = 7",
            "repeated bytes bytes_contents = 8",
        ),
    },
    services={
        SERVICE: (
            "ServerLive",
            "ServerReady",
            "ModelReady",
            "ServerMetadata",
            "ModelMetadata",
            "ModelInfer",
        )
    },
)
# The field of InferTensorContents that has the elements of a datatype.
CONTENTS = {
    "BOOL": "bool_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}
