"""`edgetext.quantize` and `edgetext.prune` make what their commands write."""

import pytest

import edgetext
from edgetext.api.prune import pruned_path
from edgetext.api.quantize import quantized_path


def test_the_tensors_are_those_of_the_file(joint, int8):
    result = edgetext.quantize(joint)
    assert set(result.before) == set(result.after)
    made, known = result.model, edgetext.Model.load(int8)
    assert all(known.tensors[name].equal(x) for name, x in made.tensors.items())


def test_a_model_is_taken_as_its_checkpoint_is(joint, int8):
    model = edgetext.Model.load(joint)
    made = edgetext.quantize(model).model
    assert made.header.history[-1].parent_sha256 == model.digest()
    assert made.tensors.keys() == edgetext.Model.load(int8).tensors.keys()
    with pytest.raises(
        edgetext.EdgetextError, match=r"model joint \(int8\): this checkpoint is int8"
    ):
        edgetext.quantize(made)


def test_a_drop_over_the_limit_is_shown_and_refused(joint):
    seen = []
    with pytest.raises(edgetext.EdgetextError, match="more than --max-drop"):
        edgetext.quantize(joint, int4="all", max_drop=-100, measured=seen.append)
    assert len(seen) == 1


def test_a_cut_is_shown_before_it_is_trained(joint):
    seen = []
    made = edgetext.prune(joint, keep={"hidden": 24}, epochs=0, after_cut=seen.append)
    assert seen == [made.cut] and made.model.header.recipe["encoder"]["hidden"] == 24


def test_where_files_go_by_default(tmp_path):
    assert quantized_path(tmp_path / "a.pt") == tmp_path / "a-int8.pt"
    assert quantized_path(tmp_path / "a.pt", "all") == tmp_path / "a-int4.pt"
    assert pruned_path(tmp_path / "a.pt") == tmp_path / "a-pruned.pt"
