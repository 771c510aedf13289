"""What is changed in the exporter is there while a file is written, and gone behind it."""

import pytest
from executorch.backends.xnnpack._passes.conv1d_unsqueeze_pass import Conv1dUnsqueezePass
from executorch.backends.xnnpack.operators import node_visitor
from torch import nn
from torch.fx import symbolic_trace

from edgetext.model.model import Model
from edgetext.targets.executorch import patches
from edgetext.targets.executorch.patches import KEY_DIGITS, NEEDED, patched
from edgetext.targets.executorch.write import to_executorch


def changed():
    """All that `patched` changes, as it is now."""
    calls = [which.call for which in NEEDED]
    return [node_visitor.hashlib, Conv1dUnsqueezePass.unsqueeze_kernel_weights, *calls]


def test_all_is_put_back_even_behind_an_error():
    before = changed()
    with pytest.raises(ValueError, match="no file"), patched():
        assert all(now is not then for now, then in zip(changed(), before, strict=True))
        raise ValueError("no file")
    assert all(now is then for now, then in zip(changed(), before, strict=True))


def test_constants_have_short_names_that_tell_them_apart():
    with patched():
        names = [node_visitor.hashlib.sha256(data).hexdigest() for data in (b"a", b"b", b"a")]
    assert {len(name) for name in names} == {KEY_DIGITS}
    assert names[0] == names[2] != names[1]


def test_a_pass_that_finds_nothing_of_its_own_leaves_the_graph_alone():
    graph = symbolic_trace(nn.Sequential(nn.ReLU()))
    with patched():
        for which in NEEDED:
            result = which.call(None, graph)
            assert result.graph_module is graph and not result.modified


@pytest.mark.slow
@pytest.mark.parametrize("name", ["joint", "int8", "parse_int8", "lm"])
def test_the_passes_that_are_left_out_would_change_no_byte(name, request, monkeypatch):
    model = Model.load(request.getfixturevalue(name))
    content = to_executorch(model, {})
    monkeypatch.setattr(patches, "NEEDED", {})
    assert to_executorch(Model.load(model.source), {}) == content
