"""Models whose words are hashed."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import HashedConfig, Recipe, TextConfig
from edgetext.tasks.learner import learner_of
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.distillation_set import DistillationSet
from edgetext.training.evaluation import answers
from edgetext.training.hashed_words import hashed_words
from edgetext.training.run import train
from edgetext.training.teachers import teachers_of

CONV = "{type: conv, embedding: 32, hidden: 32, layers: 2}"
STUDENT = """\
student:
  text: {hashed: {buckets: 300}}
  encoder: {type: conv, embedding: 24, hidden: 24, layers: 1}
  training: {epochs: 2, batch_size: 8, threads: 1}
"""


@pytest.fixture(scope="session")
def floats(hashed):
    """The model before its layers became integers."""
    return Model.load(hashed.with_name("hashed.pt"))


def test_it_learns(floats):
    assert floats.header.metrics["test"]["accuracy"] > 0.9
    assert floats.header.metrics["test"]["span_f1"] > 0.9


def test_many_texts_at_once_are_answered_as_one_is(hashed, floats, texts):
    given = [text.decode("utf-8", "ignore")[:16] for text in texts]
    data = EncodedSet.of_model(floats, [Example(text, None) for text in given])
    with torch.inference_mode():
        together = answers(floats.network, data, len(given))
    alone = load(hashed.with_name("hashed.pt"))
    for text, answer in zip(given, together, strict=True):
        one = alone.predict(text)
        assert one.spans == answer.spans, text
        assert one.scores == pytest.approx(answer.scores, abs=1e-4), text


def test_a_file_answers_as_its_checkpoint(hashed_files, texts):
    checkpoint, file = load(hashed_files.pt), load(hashed_files.onnx)
    for text in texts:
        expected, found = checkpoint.predict(text), file.predict(text)
        assert found.spans == expected.spans, text
        assert found.scores == pytest.approx(expected.scores, abs=0.02)


def test_the_row_of_no_n_gram_stays_nothing(hashed, floats):
    assert not floats.tensors["embedding.weight"][0].any()
    table = Checkpoint.load(hashed).tensors
    assert table["embedding.scale"].shape == (1, 1)
    assert not table["embedding.weight"][0].any()


def test_a_model_of_pieces_teaches_one_of_hashed_words(joint, write_recipe, data, tmp_path):
    path = write_recipe(data, "hashed-student", encoder=CONV)
    path.write_text(path.read_text("utf-8") + STUDENT, "utf-8")
    model = distill([Model.load(joint)], Recipe.load(path))
    assert model.header.vocabulary["type"] == "hashed"
    saved = tmp_path / "student.pt"
    model.save(saved)
    assert Model.load(saved).header.recipe["text"]["hashed"]["buckets"] == 300


class Words:
    """What DistillationSet takes of a Setup: a learner, and how examples are encoded."""

    def __init__(self, model):
        self.model = model
        self.learner, self.vocabulary = model.learner, model.vocabulary

    def encode(self, examples, vocabulary, *, training):
        header = self.model.header
        learner, labels = self.learner, header.labels
        return EncodedSet(examples, learner, vocabulary, labels, header.max_bytes, strict=False)


def test_texts_that_are_not_split_alike_are_left_out(joint, floats, caplog):
    # BERT's rules drop U+FFFD; by its first byte it stands alone.
    alike = [Example(f"is it cold in town {n}", "weather") for n in range(9)]
    examples = [Example("a \ufffd b", "weather"), *alike]
    setup, teachers = Words(floats), teachers_of([Model.load(joint)], "joint")
    with caplog.at_level("INFO"):
        data = DistillationSet(setup, teachers, examples, remembered=False)
    assert len(data) == 9
    batch = data.batch(torch.arange(9))
    assert batch.student.first.sum(1).tolist() == batch.teachers[0].first.sum(1).tolist()
    whole = setup.encode(alike, setup.vocabulary, training=True).batch(torch.arange(9))
    assert batch.student.ids.tolist() == whole.ids.tolist()
    for name, target in batch.student.targets.items():
        assert target.tolist() == whole.targets[name].tolist()
    assert "1 of 10 texts are left out" in caplog.text
    with pytest.raises(EdgetextError, match="split 10 into other words"):
        DistillationSet(setup, teachers, examples[:1] * 10, remembered=False)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["task=lm"], "text.hashed: task lm needs pieces"),
        (["text.keep_accents=true"], "text.keep_accents: words that are hashed are told apart by"),
        (["text.clusters=[thai]"], "text.clusters: words that are hashed are told apart by"),
    ],
)
def test_what_needs_more_than_bytes_is_refused(overrides, message, write_recipe, data):
    path = write_recipe(data, "hashed-refused", encoder=CONV, text="hashed: {}")
    with pytest.raises(EdgetextError, match=message):
        train(Recipe.load(path, overrides))


@pytest.mark.parametrize("task", ["lm", "match", "parse", "qa", "summarize"])
def test_a_task_without_a_graph_for_hashed_words_is_refused(task):
    text = TextConfig(hashed=HashedConfig())
    with pytest.raises(EdgetextError, match=f"text.hashed: task {task} needs pieces; remove"):
        hashed_words(text, text.hashed, {task: learner_of(task)}, list)


def test_lengths_are_named_once(write_recipe, data):
    path = write_recipe(data, "hashed-twice", text="hashed: {lengths: [2, 2]}")
    with pytest.raises(EdgetextError, match="holds a length twice"):
        Recipe.load(path)
