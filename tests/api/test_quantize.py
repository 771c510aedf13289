"""`edgetext.quantize` and `edgetext.prune` write what their commands write."""

import pytest

import edgetext
from edgetext.api.prune import pruned_path
from edgetext.api.quantize import quantized_path


def test_the_file_is_the_commands(joint, int8, tmp_path):
    result = edgetext.quantize(joint, tmp_path / "a.pt")
    assert set(result.before) == set(result.after)
    made, known = edgetext.Model.load(tmp_path / "a.pt"), edgetext.Model.load(int8)
    assert all(known.tensors[name].equal(x) for name, x in made.tensors.items())


def test_a_drop_over_the_limit_is_shown_and_writes_nothing(joint, tmp_path):
    seen = []
    with pytest.raises(edgetext.EdgetextError, match="more than --max-drop"):
        edgetext.quantize(
            joint, tmp_path / "a.pt", int4="all", max_drop=-100, before_writing=seen.append
        )
    assert len(seen) == 1 and not list(tmp_path.iterdir())


def test_a_cut_is_shown_before_it_is_written(joint, tmp_path):
    seen = []
    made = edgetext.prune(
        joint, tmp_path / "a.pt", keep={"hidden": 24}, epochs=0, after_cut=seen.append
    )
    assert made.path == tmp_path / "a.pt" and made.path.exists()
    assert seen == [made.cut] and made.checkpoint.header.recipe["encoder"]["hidden"] == 24


def test_where_files_go_by_default(tmp_path):
    assert quantized_path(tmp_path / "a.pt") == tmp_path / "a-int8.pt"
    assert quantized_path(tmp_path / "a.pt", "all") == tmp_path / "a-int4.pt"
    assert pruned_path(tmp_path / "a.pt") == tmp_path / "a-pruned.pt"
