"""A teacher's answers in a folder, for a second student."""

import logging
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from edgetext.core import files
from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.recipe import DistillationConfig, Recipe
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.lexicon import lexicon_of
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.training.answer_store import ABOUT, AnswerStore, key_of
from edgetext.training.distill import distill
from edgetext.training.ragged import Ragged
from edgetext.training.run import train
from edgetext.training.teachers import teachers_of


def taught(teacher, recipe, splits, **fields):
    """A student, and how often the teacher's network ran for it."""
    changed = recipe.model_copy(deep=True)
    distillation = changed.student.distillation
    distillation.hidden_weight = 0.0
    for name, value in fields.items():
        setattr(distillation, name, value)
    teachers = teachers_of([Model.load(teacher)], changed.task)
    asked = []
    teachers[0].network.register_forward_hook(lambda *_: asked.append(1))
    student = distill([], changed, teachers=teachers, splits=splits, tested=False)
    return student, len(asked)


def same(one, other):
    return all(torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def test_a_second_student_asks_no_teacher(splits, recipe, teacher, tmp_path, caplog):
    plain = replace(splits, augment=None)
    folder = str(tmp_path / "answers")
    without, _ = taught(teacher, recipe, plain)
    first, passes = taught(teacher, recipe, plain, cache=folder)
    assert passes == 1 and len(list((tmp_path / "answers").iterdir())) == 1
    with caplog.at_level(logging.INFO, "edgetext"):
        second, passes = taught(teacher, recipe, plain, cache=folder)
    assert passes == 0 and "64 texts: the teacher's answers are read from" in caplog.text
    assert same(without, first) and same(first, second)
    assert "cache" not in first.header.recipe["student"]["distillation"]


def test_made_up_texts_of_each_epoch_are_kept_too(splits, recipe, teacher, tmp_path):
    assert splits.augment is not None
    folder = str(tmp_path / "answers")
    first, passes = taught(teacher, recipe, splits, cache=folder)
    entries = list((tmp_path / "answers").iterdir())
    assert passes == len(entries) == recipe.student.training.epochs
    second, passes = taught(teacher, recipe, splits, cache=folder, soft_weight=0.7)
    assert passes == 0 and not same(first, second)


@pytest.mark.parametrize("damage", ["cut", "no number", "missing", "pickle"])
def test_a_damaged_entry_is_written_anew(splits, recipe, teacher, tmp_path, caplog, damage):
    plain = replace(splits, augment=None)
    folder = tmp_path / "answers"
    first, _ = taught(teacher, recipe, plain, cache=str(folder))
    (entry,) = folder.iterdir()
    scores = entry / "intent.npy"
    if damage == "cut":
        scores.write_bytes(scores.read_bytes()[:-8])
    elif damage == "no number":
        (entry / ABOUT).write_text('{"texts": "many", "scores": 3}')
    elif damage == "missing":
        scores.unlink()
    else:
        np.save(scores, np.array([{"code": 1}], dtype=object), allow_pickle=True)
    again, passes = taught(teacher, recipe, plain, cache=str(folder))
    assert passes == 1 and same(first, again)
    assert "it is damaged" in caplog.text
    assert taught(teacher, recipe, plain, cache=str(folder))[1] == 0


def test_another_teacher_or_other_texts_have_entries_of_their_own(
    splits, recipe, teacher, tmp_path
):
    plain = replace(splits, augment=None)
    folder = tmp_path / "answers"
    taught(teacher, recipe, plain, cache=str(folder))
    model = Model.load(teacher)
    model.with_header(name="another").save(tmp_path / "other.pt")
    assert taught(tmp_path / "other.pt", recipe, plain, cache=str(folder))[1] == 1
    fewer = replace(plain, train=plain.train[:-1])
    assert taught(teacher, recipe, fewer, cache=str(folder))[1] == 1
    assert len(list(folder.iterdir())) == 3


def test_hashed_words_are_told_apart_in_every_process():
    """Their numbers are those of one process: the first word that it sees is the same everywhere,
    whatever it is."""
    keys = []
    for texts in (["book it"], ["is cold"], ["so it goes", "book it"]):
        words = HashedWords(Grams(300, (2, 4), True))
        # One of its own, as in another process.
        words.lexicon = lexicon_of.__wrapped__(words.grams)
        for text in texts:
            read = words.encode(text)
        ids = Ragged.of([read.ids], np.int32)
        keys.append(key_of("", {}, SimpleNamespace(ids=ids, length=ids.length), words))
    assert keys[0] == keys[2] != keys[1]


def test_of_two_processes_one_asks_and_the_other_waits_for_its_answers(tmp_path):
    rows = [{"a": torch.ones(2)}]
    asked, results = [], []

    def other():
        results.append(AnswerStore(tmp_path / "x").rows("key", 1, lambda: asked.append(2) or rows))

    def ask():
        # Another description of the folder waits as another process does.
        waiting.start()
        waiting.join(0.3)
        asked.append(1)
        return rows

    waiting = threading.Thread(target=other)
    AnswerStore(tmp_path / "x").rows("key", 1, ask)
    waiting.join()
    assert asked == [1] and torch.equal(results[0][0]["a"], rows[0]["a"])


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    # NumPy says how many bytes it wrote, and no number of an error.
    def save(file, values):
        raise OSError("8630 requested and 3040 written")

    monkeypatch.setattr(np, "save", save)
    monkeypatch.setattr(files, "is_full", lambda folder: True)
    with pytest.raises(EdgetextError, match="the disk is full; nothing was written"):
        AnswerStore(tmp_path / "x").rows("key", 1, lambda: [{"a": torch.ones(2)}])
    assert not list((tmp_path / "x").iterdir())


def test_distill_finds_the_folder_in_the_recipe_of_its_teacher(splits, recipe, tmp_path):
    recipe.student.distillation.cache = str(tmp_path / "answers")
    recipe.student.distillation.hidden_weight = 0.0
    teacher = train(recipe.model_copy(deep=True))
    distill([teacher], Recipe.from_dict(teacher.header.recipe))
    assert list((tmp_path / "answers").iterdir())


def test_an_empty_name_is_refused():
    with pytest.raises(ValueError, match="at least 1 character"):
        DistillationConfig(cache="")


def test_a_teacher_is_in_memory_once(teacher):
    model = Model.load(teacher)
    (reader,) = teachers_of([model], "joint")
    tensors, whole = reader.network.state_dict(), model.network.state_dict()
    assert all(tensors[name].data_ptr() == whole[name].data_ptr() for name in whole)
    assert not any(p.requires_grad for p in reader.network.parameters())
    assert all(p.requires_grad for p in model.copied_network().parameters())


def test_rows_of_any_length_are_read_as_they_were(tmp_path):
    rows = [{"a": torch.ones(2), "b": torch.arange(n * 3.0).view(n, 3)} for n in (2, 1, 4)]
    read = AnswerStore(tmp_path / "x").rows("key", 3, lambda: rows)
    for row, kept in zip(read, rows, strict=True):
        assert row.keys() == kept.keys()
        assert all(torch.equal(row[name], kept[name]) for name in kept)


def test_what_cannot_be_kept_is_refused(splits, recipe, teacher, tmp_path):
    with pytest.raises(EdgetextError, match="what is kept are scores of tasks classify"):
        taught(teacher, recipe, splits, cache=str(tmp_path / "x"), relation_weight=0.5)
    (tmp_path / "file").write_text("")
    with pytest.raises(EdgetextError, match="file"):
        taught(teacher, recipe, splits, cache=str(tmp_path / "file"))
