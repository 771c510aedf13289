"""A student of several tasks whose teachers know one each."""

import pytest
import torch

from edgetext.artifacts.export import export
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import HashedConfig, Recipe, TextConfig
from edgetext.tasks.learner import learner_of
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.hashed_words import hashed_words
from edgetext.training.part_teachers import part_teachers
from edgetext.training.run import train
from edgetext.training.splits import load_splits

STUDENT = [
    "student={encoder: {type: bag, embedding: 16, hidden: 16, dropout: 0}, "
    "text: {vocabulary: 150}, "
    "training: {epochs: 8, batch_size: 16, learning_rate: 0.02, threads: 1, patience: 0}}"
]


def alone(several, name):
    """The recipe of one part."""
    fields = several.resolved()
    part = fields.pop("tasks")[name]
    shared = {kind: fields[kind] for kind in ("seed", "text", "encoder", "training")}
    return Recipe.from_dict({"name": name, **shared, **part}, name)


@pytest.fixture(scope="module")
def several(data, write_recipe):
    return Recipe.load(write_recipe(data, "apart", "multi"), STUDENT)


@pytest.fixture(scope="module")
def teachers(several):
    """A teacher a part, in another order than the parts."""
    return [train(alone(several, name)) for name in reversed(several.tasks)]


def test_a_teacher_answers_the_rows_of_its_part_alone(several, teachers):
    splits = load_splits(several)
    learner = learner_of("multi")
    labels = learner.labels(splits.train)
    learner = learner.bind(labels)
    made = part_teachers(teachers, several, labels)
    assert [each.part for each in made] == ["names", "kind", "trips"]
    kind = made[1]
    data = EncodedSet(splits.valid, learner, kind.vocabulary, labels, several.text.max_bytes)
    batch = data.batch(torch.arange(len(splits.valid)))
    answers = kind.answer(batch)
    assert set(answers) == {"kind.intent"}
    own = torch.tensor([example.task == "kind=classify" for example in splits.valid])
    alone = kind.scores(batch)["intent"]
    torch.testing.assert_close(answers["kind.intent"][own], alone[own])
    assert not answers["kind.intent"][~own].any()


HASHED = "student.text={hashed: {buckets: 300, lengths: [2, 4]}, lowercase: false}"
# A text of a part, one of two, one without a word, and the empty one.
TEXTS = ["book a flight to Oslo tomorrow at 7", "stop", " , ", ""]


def test_words_of_several_tasks_may_be_hashed(several, teachers, data, write_recipe, tmp_path):
    recipe = Recipe.load(write_recipe(data, "hashed", "multi"), [*STUDENT, HASHED])
    student = distill(teachers, recipe)
    assert student.header.metrics["test"]["trips.accuracy"] > 0.8
    student.save(tmp_path / "s.pt")
    for target in ("server", "mobile"):
        export(Model.load(tmp_path / "s.pt"), target)
    files = [load(tmp_path / f"s.{suffix}") for suffix in ("pt", "onnx", "pte")]
    for text in TEXTS + [example.text for example in load_splits(several).test[:20]]:
        eager, *exported = [model.predict(text) for model in files]
        for answer in exported:
            for name, part in eager.parts.items():
                other = answer.parts[name]
                assert (other.intent, other.spans) == (part.intent, part.spans)


def test_hashed_words_need_tasks_that_take_them():
    with pytest.raises(EdgetextError, match=r"text.hashed: task parse needs pieces"):
        hashed_words(
            TextConfig(hashed=HashedConfig()),
            HashedConfig(),
            {"joint": learner_of("joint"), "parse": learner_of("parse")},
            list,
        )


def test_a_student_learns_all_parts(several, teachers, tmp_path):
    student = distill(teachers, several)
    header = student.header
    assert header.task == "multi" and header.variant == "distilled" and header.golden
    # As a teacher of all parts has them.
    assert header.labels == learner_of("multi").labels(load_splits(several).train)
    assert header.metrics["test"]["trips.accuracy"] > 0.8
    assert header.metrics["test"]["kind.accuracy"] > 0.8
    again = distill(teachers, several)
    assert all(
        torch.equal(a, b)
        for a, b in zip(
            student.network.state_dict().values(), again.network.state_dict().values(), strict=True
        )
    )


def test_what_does_not_fit_is_refused(several, teachers):
    with pytest.raises(EdgetextError, match=r"no teacher is of task joint, as tasks\.trips is"):
        distill(teachers[:2], several)
    hidden = several.model_copy(deep=True)
    hidden.student.distillation.hidden_weight = 1.0
    with pytest.raises(EdgetextError, match=r"hidden_weight: teachers of one task each"):
        distill(teachers, hidden)
    twice = several.model_copy(deep=True)
    twice.tasks["more"] = twice.tasks["kind"]
    with pytest.raises(EdgetextError, match=r"several parts have that task and its labels"):
        distill(teachers, twice)
    student = several.resolved()["student"] | {"head": None}
    joint = Recipe.from_dict({**alone(several, "trips").resolved(), "student": student}, "trips")
    with pytest.raises(EdgetextError, match=r"the teacher's task is classify"):
        distill(teachers[1:2], joint)


def test_the_student_is_not_written_where_the_first_teachers_would_be(
    several, teachers, data, write_recipe, tmp_path, capsys
):
    paths = [tmp_path / f"{number}.pt" for number in range(3)]
    for path, model in zip(paths, teachers, strict=True):
        model.save(path)
    recipe = write_recipe(data, "apart", "multi")
    arguments = ["distill", *map(str, paths), "--recipe", str(recipe), "--set", STUDENT[0]]
    assert main(arguments) == 2
    assert "say with -o where to write it" in capsys.readouterr().err
    assert not (tmp_path / "student.pt").exists()


def test_passes_show_a_part_more_often(data, write_recipe):
    recipe = write_recipe(data, "passes", "multi")
    by_size = "sampling_temperature=1"
    one = load_splits(Recipe.load(recipe, [by_size]))
    more = load_splits(Recipe.load(recipe, [by_size, "tasks.kind.passes=2.5"]))
    for epoch in (0, 1, 2):
        shown = more.augmented(epoch) or more.train
        assert len(shown) == len(more.train)
        for spec in ("trips=joint", "kind=classify", "names=tag"):
            before = [e.text for e in one.train if e.task == spec]
            after = [e.text for e in shown if e.task == spec]
            factor = 2.5 if spec == "kind=classify" else 1
            assert abs(len(after) - factor * len(before)) <= 2
            if spec == "kind=classify":
                counts = {text: after.count(text) / before.count(text) for text in before}
                assert min(counts.values()) >= 2 and max(counts.values()) <= 3 + 1
    assert [e.text for e in more.valid] == [e.text for e in one.valid]
    with pytest.raises(EdgetextError, match=r"passes"):
        Recipe.load(recipe, ["tasks.kind.passes=0.5"])
