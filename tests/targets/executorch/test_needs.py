"""What of ExecuTorch a program needs, as its own selective build writes it."""

import yaml

from edgetext.targets.executorch.needs import needs_of, selected
from edgetext.targets.executorch.program import instructions


def test_the_operators_are_those_that_its_methods_call(int8_files):
    content = int8_files.pte.read_bytes()
    needs = needs_of(content)
    called = {
        step.name
        for method in ("tokenize", "forward")
        for step in instructions(content, method)
        if not step.nodes and not step.name.endswith("Call")
    }
    assert len(called) > 20
    names = {one.name for one in needs.operators}
    assert all(any(name.split("::")[-1] in one for one in names) for name in called)
    assert needs.delegates == ("XnnpackBackend",)
    (counted,) = needs.counts
    assert counted[0] == "operators" and counted[1] == len(needs.operators) < counted[2]


def test_the_build_config_is_executorch_s_own(int8_files):
    content = int8_files.pte.read_bytes()
    listed = yaml.safe_load(needs_of(content).build_config)
    assert listed == selected(content)
    assert set(listed["operators"]) == {one.name for one in needs_of(content).operators}
    assert listed["include_all_operators"] is False
    assert "debug_info" not in str(listed)
    (softmax,) = (one for one in needs_of(content).operators if one.name == "aten::_softmax.out")
    assert softmax.types == ("float32",)
