"""What a file answers, as a search looks at it."""

from edgetext.recipe import Recipe
from edgetext.search.measure import quality
from edgetext.training.splits import load_split


def test_macro_f1_is_measured_where_it_is_watched(classify_files, data):
    examples = load_split(Recipe.load(data / "classify.yaml"), "test")
    assert set(quality(classify_files.onnx, examples)) == {"accuracy"}
    watched = quality(classify_files.onnx, examples, ["macro_f1"])
    assert set(watched) == {"accuracy", "macro_f1"} and 0 <= watched["macro_f1"] <= 1
