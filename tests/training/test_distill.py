"""Distillation: several teachers, relations between words, unlabeled text, and what is refused."""

import logging
from dataclasses import replace

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.recipe import DistillationConfig
from edgetext.training.answer_store import AnswerStore
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.distill_objective import soft_weight
from edgetext.training.distillation_run import DistillationRun
from edgetext.training.relations import AttentionTap, at_words, attention_loss, states_loss
from edgetext.training.teachers import asked, teachers_of
from edgetext.training.unlabeled import pseudo_labeled


def reordered(path, target):
    """The same model with its intents and tags in another order."""
    checkpoint = Checkpoint.load(path)
    header, tensors = checkpoint.header, dict(checkpoint.tensors)
    labels = {kind: list(reversed(names)) for kind, names in header.labels.items()}
    for layer in ("head.intent", "head.tags"):
        for name in (f"{layer}.weight", f"{layer}.bias"):
            tensors[name] = tensors[name].flip(0)
    # The tags see the intents.
    tensors["head.from_intent.weight"] = tensors["head.from_intent.weight"].flip(1)
    Checkpoint(replace(header, labels=labels), tensors).save(target)
    return target


def test_labels_in_another_order_are_put_in_the_first_teachers(splits, recipe, teacher, tmp_path):
    models = [Model.load(teacher), Model.load(reordered(teacher, tmp_path / "other.pt"))]
    one, other = teachers_of(models, "joint")
    batch = EncodedSet.of(one.model.header, splits.valid).batch(torch.arange(4))
    wanted, given = one.answer(batch), other.answer(batch)
    assert other.orders and not one.orders
    torch.testing.assert_close(wanted, given)


def test_a_teacher_in_mixed_precision_answers_nearly_as_ever(splits, teacher, tmp_path):
    (one,) = teachers_of([Model.load(teacher)], "joint")
    mixed = replace(one, mixed=True)
    data = EncodedSet.of(one.model.header, splits.valid)
    exact, rounded = (each.answer(data.batch(torch.arange(4)))["intent"] for each in (one, mixed))
    assert rounded.dtype == torch.float32
    assert 0 < (exact - rounded).abs().max() < 0.2
    # What is kept of one is no answer of the other.
    store = AnswerStore(tmp_path / "answers")
    for each in (one, mixed):
        each.memory(splits.valid, data, store)
        each._known.clear()
    assert len(list((tmp_path / "answers").glob("*/about.json"))) == 2


@pytest.mark.parametrize(
    ("of_student", "of_teachers", "mixed"),
    [("fp32", None, False), ("bf16", None, True), ("fp32", "bf16", True), ("bf16", "fp32", False)],
)
def test_teachers_answer_in_their_own_precision(
    of_student, of_teachers, mixed, recipe, teacher, monkeypatch
):
    begun = []

    class Begun(DistillationRun):
        def learn(self, *given):
            begun.extend(self.teachers)

    monkeypatch.setattr("edgetext.training.distill.DistillationRun", Begun)
    recipe.student.training.precision = of_student
    recipe.student.distillation.precision = of_teachers
    distill([Model.load(teacher)], recipe)
    assert [each.mixed for each in begun] == [mixed]


def test_a_student_of_two_teachers_learns_their_mean(splits, recipe, teacher, tmp_path):
    recipe.student.training.epochs = 12
    both = [Model.load(teacher), Model.load(reordered(teacher, tmp_path / "other.pt"))]
    student = distill(both, recipe)
    assert student.header.labels == Checkpoint.load(teacher).header.labels
    assert student.header.metrics["test"]["accuracy"] == 1.0


def test_teachers_of_other_labels_are_refused(recipe, teacher, tmp_path):
    checkpoint = Checkpoint.load(teacher)
    labels = {**checkpoint.header.labels, "intent": ["weather", "hotel"]}
    other = replace(checkpoint.header, labels=labels)
    Checkpoint(other, checkpoint.tensors).save(tmp_path / "o.pt")
    with pytest.raises(EdgetextError, match=r"o\.pt: its labels are not those of .*'flight'"):
        distill([Model.load(teacher), Model.load(tmp_path / "o.pt")], recipe)


def test_a_student_larger_than_its_teacher_is_refused(recipe, teacher, tmp_path):
    wide = {**recipe.student.encoder.model_dump(), "hidden": 128}
    recipe.student.encoder = type(recipe.student.encoder).model_validate(wide)
    with pytest.raises(EdgetextError, match=r"the student has .* parameters and its teacher"):
        distill([Model.load(teacher)], recipe)
    assert not (tmp_path / "student.pt").exists()


def test_words_are_compared_at_their_first_pieces():
    first = torch.tensor([[False, True, False, True], [False, True, False, False]])
    x = torch.arange(8.0).reshape(2, 4, 1)
    picked, words = at_words(x, first)
    assert picked[words].flatten().tolist() == [1.0, 3.0, 5.0]
    assert words.tolist() == [[True, True], [True, False]]


def test_relations_of_states_ignore_rotation_and_size():
    torch.manual_seed(0)
    first = torch.ones(2, 5, dtype=torch.bool)
    x = torch.randn(2, 5, 8)
    turned = 3 * x @ torch.linalg.qr(torch.randn(8, 8)).Q
    assert states_loss(turned, x, (first, first)) < 1e-10
    assert states_loss(torch.randn(2, 5, 4), x, (first, first)) > 0.01


def test_relations_of_attention_are_zero_for_the_same_network(splits, teacher):
    (one,) = teachers_of([Model.load(teacher)], "joint")
    tap = AttentionTap(one.network, "teacher")
    batch = EncodedSet.of(one.model.header, splits.valid).batch(torch.arange(4))
    one.answer(batch)
    assert attention_loss(tap.seen, tap.seen, (batch.first, batch.first)) < 1e-6
    assert attention_loss(tap.seen.flip(0), tap.seen, (batch.first, batch.first)) > 0


@pytest.mark.parametrize("relations", ["states", "attention"])
def test_a_student_learns_with_relations(splits, recipe, teacher, tmp_path, relations):
    recipe.student.distillation.relation_weight = 1.0
    recipe.student.distillation.relations = relations
    if relations == "attention":  # the student of one layer has none
        with pytest.raises(EdgetextError, match=r"set student\.distillation\.relations"):
            distill([Model.load(teacher)], recipe)
        changed = {**recipe.student.encoder.model_dump(), "heads": 4}
        recipe.student.encoder = type(recipe.student.encoder).model_validate(changed)
    student = distill([Model.load(teacher)], recipe)
    assert student.header.metrics["test"]["accuracy"] > 0.8


def test_unlabeled_texts_are_labeled_where_the_teachers_are_sure(splits, recipe, teacher, tmp_path):
    known = splits.test[0].text
    lines = [known, "", "book me to Lima today", "book me to Lima today", "is it cold in Rome?"]
    path = tmp_path / "more.txt"
    write_text(path, "\n".join(lines))
    teachers = teachers_of([Model.load(teacher)], "joint")
    found = pseudo_labeled([str(path)], teachers, recipe, splits, 0.0)
    assert found.read == 4
    assert [e.text for e in found.examples] == [lines[2], lines[4]]
    assert found.examples[0].intent == "flight" and found.examples[0].source.endswith(":3")
    with pytest.raises(EdgetextError, match="none of 4 texts is new"):
        pseudo_labeled([str(path)], teachers, recipe, splits, 1.0)


def test_a_student_sees_the_unlabeled_texts(splits, recipe, teacher, tmp_path, caplog):
    write_text(tmp_path / "more.txt", "book me to Lima today\nis it cold in Rome?\n")
    recipe.student.distillation.unlabeled = [str(tmp_path / "more.txt")]
    recipe.student.distillation.confidence = 0.0
    with caplog.at_level(logging.INFO, "edgetext"):
        distill([Model.load(teacher)], recipe)
    assert "2 unlabeled texts, 2 of them new" in caplog.text
    assert "66 / 16 / 16 texts" in caplog.text


@pytest.mark.parametrize("cached", [False, True])
def test_unlabeled_texts_are_asked_once(splits, recipe, teacher, tmp_path, cached):
    write_text(tmp_path / "more.txt", "book me to Lima today\nis it cold in Rome?\n")
    config = recipe.student.distillation
    config.unlabeled, config.confidence = [str(tmp_path / "more.txt")], 0.0
    config.hidden_weight = 0.0
    config.cache = str(tmp_path / "answers") if cached else None
    teachers, counts = teachers_of([Model.load(teacher)], "joint"), []
    network = teachers[0].network
    network.register_forward_hook(lambda _, given, *__: counts.append(len(given[0])))
    plain = replace(splits, augment=None)
    distill([], recipe, teachers=teachers, splits=plain, tested=False)
    # A text of the training split that comes twice is asked once, too.
    assert counts == [2, len({example.text for example in splits.train})]


def test_what_is_kept_of_unlabeled_texts_is_what_a_teacher_answers(
    splits, recipe, teacher, tmp_path
):
    write_text(tmp_path / "more.txt", "book me to Lima today\nis it cold in Rome?\nbook it\n")
    models = [Model.load(teacher), Model.load(reordered(teacher, tmp_path / "other.pt"))]
    other = teachers_of(models, "joint")[1]
    files, answered = [str(tmp_path / "more.txt")], [{}]
    found = pseudo_labeled(files, [other], recipe, splits, 0.0, answered)
    data = EncodedSet.of(other.model.header, found.examples)
    expected = asked(other, data)
    other.network.register_forward_hook(lambda *_: pytest.fail("a text is asked again"))
    for row, scores in zip(asked(other, data, answered[0]), expected, strict=True):
        for name in scores:
            torch.testing.assert_close(row[name], scores[name], rtol=1e-4, atol=1e-4)


def test_what_a_teacher_remembers_is_what_it_answers(splits, teacher):
    (one,) = teachers_of([Model.load(teacher)], "joint")
    data = EncodedSet.of(one.model.header, splits.train)
    memory = one.memory(splits.train, data)
    assert one.memory(splits.train, data) is memory
    index = torch.tensor([3, 0, 7])
    batch = data.batch(index)
    asked, known = one.answer(batch), memory.batch(index)
    torch.testing.assert_close(known["intent"], asked["intent"], rtol=1e-4, atol=1e-4)
    assert known["tags"].shape == asked["tags"].shape
    there = batch.mask
    torch.testing.assert_close(known["tags"][there], asked["tags"][there], rtol=1e-4, atol=1e-4)


def test_a_teacher_is_asked_once_where_no_epoch_is_made_up(splits, recipe, teacher, tmp_path):
    plain = replace(splits, augment=None)
    recipe.student.distillation.hidden_weight = 0.0
    teachers = teachers_of([Model.load(teacher)], "joint")
    asked = []
    teachers[0].network.register_forward_hook(lambda *_: asked.append(1))
    student = distill([], recipe, teachers=teachers, splits=plain, tested=False)
    assert len(asked) == 1  # 64 texts are one batch
    assert "test" not in student.header.metrics


def test_a_calibrated_teacher_has_a_student_that_is_not(splits, recipe, teacher, caplog):
    """Nothing teaches a student how high all of its scores are, which the added label is told by:
    with its teacher's calibration it may answer that to every text."""
    recipe.student.training.epochs = 1
    calibration = {"temperature": 0.1, "outside": "oos", "score": 99.0, "added": True}
    calibrated = Model.load(teacher).with_header(calibration=calibration)
    student = distill([calibrated], recipe, splits=replace(splits, augment=None))
    assert not student.header.calibration and "oos" not in student.metadata().labels["intent"]
    assert student.header.metrics["test"]["accuracy"] > 0
    assert "run `edgetext calibrate` on the student" in caplog.text


def test_the_teachers_scores_count_less_from_epoch_to_epoch():
    config = DistillationConfig(soft_weight=0.9, soft_weight_end=0.1)
    weights = [soft_weight(config, epoch, 5) for epoch in range(5)]
    assert weights == pytest.approx([0.9, 0.7, 0.5, 0.3, 0.1])
    assert soft_weight(config, 0, 1) == 0.9
    assert soft_weight(DistillationConfig(soft_weight=0.9), 3, 5) == 0.9
    assert "soft_weight_end" not in DistillationConfig().model_dump()


def test_a_student_learns_by_an_objective_whose_weight_changes(splits, recipe, teacher):
    recipe.student.distillation.hidden_weight = 0.0
    same = distill([Model.load(teacher)], recipe)
    recipe.student.distillation.soft_weight_end = recipe.student.distillation.soft_weight
    equal = distill([Model.load(teacher)], recipe)
    recipe.student.distillation.soft_weight_end = 0.0
    annealed = distill([Model.load(teacher)], recipe)

    def differ(one, other):
        return any((one.tensors[name] != other.tensors[name]).any() for name in one.tensors)

    assert not differ(same, equal) and differ(same, annealed)
