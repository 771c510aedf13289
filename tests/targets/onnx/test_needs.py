"""What of ONNX Runtime a file needs, told from the kernels that ONNX Runtime says it has."""

import pytest
from onnxruntime.capi._pybind_state import get_all_opkernel_def
from onnxruntime.tools.reduced_build_config_parser import parse_config

from edgetext.targets.onnx.needs import needs_of, used_kernels, used_nodes
from edgetext.targets.onnx.ort import required_operators, to_ort

NAMES = ["int8", "classify", "tag", "parse"]


@pytest.mark.parametrize("name", NAMES)
def test_each_operator_has_one_kernel(predictors, name):
    """One that has none could not run, and of two the runtime would have to choose."""
    kernels = get_all_opkernel_def()
    nodes = set(used_nodes(to_ort(predictors[name].onnx.path.read_bytes())))
    assert len(nodes) > 40
    for node in nodes:
        assert len(used_kernels([node], kernels)) == 1, node


@pytest.mark.parametrize("name", NAMES)
def test_the_operators_are_those_of_the_build_config(predictors, tmp_path, name):
    """As ONNX Runtime's own build reads it."""
    content = predictors[name].onnx.path.read_bytes()
    needs = needs_of(content, ".onnx")
    assert needs.build_config == required_operators(to_ort(content))
    (tmp_path / "config").write_text(needs.build_config)
    listed, _ = parse_config(str(tmp_path / "config"), enable_type_reduction=True)
    assert {(one.name, one.since) for one in needs.operators} == {
        (f"{domain or 'ai.onnx'}::{operator}", str(since))
        for domain, versions in listed.items()
        for since, operators in versions.items()
        for operator in operators
    }


def test_how_many_are_needed_of_how_many(predictors):
    needs = needs_of(predictors["int8"].onnx.path.read_bytes(), ".onnx")
    counts = {name: (needed, total) for name, needed, total in needs.counts}
    kernels = get_all_opkernel_def()
    assert counts["kernels"][1] == len(kernels) > 1000
    assert counts["operators"][1] == len({(x.domain, x.op_name) for x in kernels})
    assert counts["operators"][0] == len({one.name for one in needs.operators})
    assert 20 < counts["operators"][0] <= counts["kernels"][0] < 100
    types = {one.name: one.types for one in needs.operators}
    assert types["com.microsoft::DynamicQuantizeMatMul"] == ("uint8", "float32")
    assert needs.delegates == ()
