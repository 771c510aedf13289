"""Models that read look-alikes as what they look like, in whole files."""

import pytest
from once import made_once

from edgetext.artifacts.export import export
from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.distill import distill

PLAIN = "book me a seat to Oslo tomorrow"
DISGUISED = (
    "b\u043e\u043ek m\u0435 a s\u0435\u200bat t\u03bf \u041es\u2066l\u043e tomorr\u043ew\u2069"
)
CONV = "{type: conv, embedding: 32, hidden: 32, layers: 2}"
TEXTS = {
    "pieces": "look_alikes: true",
    "hashed": "hashed: {buckets: 400, lengths: [2, 4]}, look_alikes: true",
}
STUDENT = """\
student:
  text: {vocabulary: 100}
  encoder: {type: conv, embedding: 24, hidden: 24, layers: 1}
  training: {epochs: 1, batch_size: 8, threads: 1}
"""


@pytest.fixture(scope="session", params=["pieces", "hashed"])
def folded(request, train_tiny, models):
    """A joint model with the option."""
    path = models / f"look-alikes-{request.param}.pt"
    text = TEXTS[request.param]
    return made_once(path, lambda: train_tiny(path, encoder=CONV, text=text))


# The fast tests write one graph of hashed words in tests/text/hashed; all files are the slow ones'.
FILES = [
    ("mobile", ".pt", {}),
    *(
        pytest.param(*each, marks=pytest.mark.slow)
        for each in (
            ("server", ".onnx", {}),
            ("server", "-batch.onnx", {"batch": True}),
            ("portable", "-portable.onnx", {}),
            ("mobile", ".pte", {}),
        )
    ),
]


@pytest.mark.parametrize(("target", "suffix", "options"), FILES)
def test_a_text_in_disguise_is_answered_as_the_plain_one(folded, target, suffix, options):
    path = folded.with_name(folded.stem + suffix)
    if path != folded:
        output = path if suffix == ".pte" else path.parent
        made_once(path, lambda: export(Model.load(folded), target, output, **options))
    predictor = load(path)
    plain, disguised = predictor.predict_many([PLAIN, DISGUISED])
    assert [span.text for span in plain.spans] == ["Oslo", "tomorrow"]
    assert disguised.intent == plain.intent
    assert disguised.score == pytest.approx(plain.score, abs=1e-4)
    places = [(span.start, span.end) for span in disguised.spans]
    content = DISGUISED.encode()
    # What is dropped behind the last letter is part of the word.
    assert [content[start:end].decode() for start, end in places] == [
        "\u041es\u2066l\u043e",
        "tomorr\u043ew\u2069",
    ]


def test_without_the_option_they_are_other_words(joint):
    predictor = load(joint)
    plain, disguised = predictor.predict_many([PLAIN, DISGUISED])
    assert [span.text for span in plain.spans] == ["Oslo", "tomorrow"]
    assert [span.text for span in disguised.spans] != [
        "\u041es\u2066l\u043e",
        "tomorr\u043ew\u2069",
    ]


def test_a_student_with_another_choice_is_refused(train_tiny, models, write_recipe, data):
    teacher = models / "look-alikes-pieces.pt"
    made_once(teacher, lambda: train_tiny(teacher, encoder=CONV, text=TEXTS["pieces"]))
    path = write_recipe(data, "look-alikes-student", encoder=CONV)
    path.write_text(path.read_text("utf-8") + STUDENT, "utf-8")
    with pytest.raises(EdgetextError, match=r"student\.text\.look_alikes is false .* is true"):
        distill([Model.load(teacher)], Recipe.load(path))


def test_a_value_that_is_no_choice_is_refused(write_recipe, data):
    path = write_recipe(data, "look-alikes-wrong", text="look_alikes: cyrillic")
    with pytest.raises(EdgetextError, match=r"text\.look_alikes"):
        Recipe.load(path)
