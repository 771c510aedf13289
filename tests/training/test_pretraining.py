"""What a small network learns of an embedder, and the trainings that begin with it."""

import json

import numpy as np
import pytest
import torch
from embedders import write_embedder

from edgetext.api.export import export
from edgetext.api.pretrain import pretrain
from edgetext.api.quantize import quantize
from edgetext.compression.quantization.yardstick import AGREEMENT
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.models.quantized import weights
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training import pretraining
from edgetext.training.run import train

TRAINING = {"epochs": 8, "batch_size": 8, "learning_rate": 0.01, "threads": 1, "patience": 0}
ENCODER = {"type": "conv", "embedding": 16, "hidden": 24, "layers": 2, "normalize": True}
WORDS = ["rain", "music", "Paris", "cold", "play", "is", "it", "in", "today", "a"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("embedder")
    write_embedder(path)
    return path


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """A file of texts, no two alike."""
    rng = np.random.default_rng(1)
    lines = {" ".join(rng.choice(WORDS, rng.integers(2, 7))) for _ in range(300)}
    path = tmp_path_factory.mktemp("texts") / "some texts.txt"
    path.write_text("\n".join(sorted(lines)) + "\n")
    return path


def recipe_file(folder, **changes):
    section = {
        "name": "small",
        "task": "embed",
        "text": {"vocabulary": 60, "max_bytes": 64},
        "encoder": ENCODER,
        "head": {"type": "vector", "dimension": 12},
        "training": TRAINING,
        "data": {"split": {"valid": 0.1, "test": 0.1}},
        **changes,
    }
    path = folder / "small.yaml"
    path.write_text(json.dumps({name: x for name, x in section.items() if x is not None}))
    return path


@pytest.fixture(scope="module")
def small(folder, texts, tmp_path_factory):
    """A pretrained model, and where its file is."""
    path = tmp_path_factory.mktemp("small")
    shares = ["data.split.valid=0.1", "data.split.test=0.1"]
    model = pretrain(recipe_file(path), folder, texts=[texts], overrides=shares)
    model.save(path / "small.pt")
    return model, path / "small.pt"


def test_it_places_texts_as_its_teacher_does(small, folder, texts, tmp_path):
    model, _ = small
    shares = ["data.split.valid=0.1", "data.split.test=0.1", "training.epochs=1"]
    shares.append("training.learning_rate=1e-9")
    begun = pretrain(recipe_file(tmp_path), folder, texts=[texts], overrides=shares)
    before, after = (each.header.metrics["test"]["similarity"] for each in (begun, model))
    assert after > max(0.6, before + 0.1)
    assert (model.header.task, model.header.variant) == ("embed", "distilled")
    assert model.header.history[0].parent_sha256 is not None


def test_the_same_seed_gives_the_same_tensors(small, folder, texts, tmp_path):
    shares = ["data.split.valid=0.1", "data.split.test=0.1"]
    again = pretrain(recipe_file(tmp_path), folder, texts=[texts], overrides=shares)
    assert all(torch.equal(x, again.tensors[name]) for name, x in small[0].tensors.items())


def test_a_stopped_run_goes_on(small, folder, texts, tmp_path, monkeypatch):
    shares = ["data.split.valid=0.1", "data.split.test=0.1"]
    state = tmp_path / "state"
    whole = pretraining.fit

    def stopped(job, *, resume):
        def stop(epoch, metrics):
            raise KeyboardInterrupt

        job.after_epoch = stop
        return whole(job, resume=resume)

    path = recipe_file(tmp_path)
    monkeypatch.setattr(pretraining, "fit", stopped)
    with pytest.raises(StoppedError, match="after epoch 1 of 8"):
        pretrain(path, folder, texts=[texts], overrides=shares, state=state)
    monkeypatch.setattr(pretraining, "fit", whole)
    model = pretrain(path, folder, texts=[texts], overrides=shares, state=state, resume=True)
    assert all(torch.equal(x, model.tensors[name]) for name, x in small[0].tensors.items())


@pytest.mark.parametrize("name", ["vector", "neighbor", "word"])
def test_each_loss_teaches_by_itself(name, folder, texts, tmp_path):
    weights = {f"{x}_weight": float(x == name) for x in ("vector", "neighbor", "word")}
    path = recipe_file(tmp_path, pretraining=weights)
    shares = ["data.split.valid=0.1", "data.split.test=0.1"]
    losses = []
    whole = pretraining.fit

    def fit(job, *, resume):
        job.monitors.epoch = lambda epoch: losses.append(epoch.loss)
        return whole(job, resume=resume)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretraining, "fit", fit)
        pretrain(path, folder, texts=[texts], overrides=shares)
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("pairs", [False, True])
def test_hashed_words_and_streamed_texts(pairs, folder, texts, tmp_path):
    hashed = {"buckets": 400, "lengths": [2, 3], "pairs": pairs}
    text = {"hashed": hashed, "max_bytes": 64}
    shares = ["data.split.valid=0.1", "data.split.test=0.1", "data.stream=40"]
    model = pretrain(recipe_file(tmp_path, text=text), folder, texts=[texts], overrides=shares)
    assert model.header.metrics["test"]["similarity"] > 0.5
    model.save(tmp_path / "hashed.pt")
    export(tmp_path / "hashed.pt", target="server")
    for given in ("play music in Paris", ""):
        one, other = (load(tmp_path / f"hashed.{x}").predict(given).vector for x in ("pt", "onnx"))
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_its_file_embeds_as_the_checkpoint_does(small):
    _, path = small
    export(path, target="server")
    files = [load(path), load(path.with_suffix(".onnx"))]
    vectors = [np.array(each.predict("play music in Paris").vector) for each in files]
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"task": "classify", "head": None}, "task: embed"),
        ({"head": {"type": "bi_encoder"}}, "head: {type: vector}"),
        ({"pretraining": dict.fromkeys(("vector_weight", "neighbor_weight", "word_weight"), 0)},
         "all weights are 0"),
        ({"training": {**TRAINING, "lora": {"rank": 2}}}, r"training\.lora: .*leave it out"),
        ({"pretraining": {"word_wieght": 1}}, "did you mean word_weight"),
        ({"training": {**TRAINING, "monitor": "accuracy"}}, "known: similarity, same_nearest"),
    ],
)  # fmt: skip
def test_a_recipe_that_does_not_fit(changes, fault, folder, texts, tmp_path):
    with pytest.raises(EdgetextError, match=fault):
        pretrain(recipe_file(tmp_path, **changes), folder, texts=[texts])


def test_it_begins_with_another(small, folder, texts, tmp_path):
    model, path = small
    still = {**TRAINING, "epochs": 1, "learning_rate": 1e-9}
    given = {"text": {"max_bytes": 64}, "init": str(path), "training": still}
    # Given by itself, the file is the one of texts.
    shares = ["data.split.valid=0.1", "data.split.test=0.1"]
    again = pretrain(recipe_file(tmp_path, **given), folder, texts=texts, overrides=shares)
    name = "embedding.weight"
    torch.testing.assert_close(again.tensors[name], model.tensors[name], atol=1e-4, rtol=0)
    with pytest.raises(EdgetextError, match=r"text\.vocabulary: the pieces are those of"):
        given["text"] = {"vocabulary": 70}
        pretrain(recipe_file(tmp_path, **given), folder, texts=texts, overrides=shares)


def test_texts_that_are_all_alike_measure_nothing(folder, tmp_path):
    path = tmp_path / "alike.txt"
    path.write_text("".join(f"{'rain ' * 40}{number}\n" for number in range(60)))
    shares = ["data.split.valid=0.1", "data.split.test=0.1"]
    with pytest.raises(EdgetextError, match="valid split are all alike to the teacher"):
        pretrain(recipe_file(tmp_path), folder, texts=[path], overrides=shares)


@pytest.mark.parametrize(("others", "similarity"), [("same", 1), ("alike", None)])
def test_similarity_is_told_of_what_differs(others, similarity):
    vectors = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    other = vectors if others == "same" else np.ones((5, 4), np.float32)
    figure = pretraining._correlation(vectors @ vectors.T, other @ other.T)
    assert np.isnan(figure) if similarity is None else figure == pytest.approx(similarity)


def test_texts_and_teachers_that_do_not_fit(small, folder, texts, joint, tmp_path):
    path = recipe_file(tmp_path)
    with pytest.raises(EdgetextError, match=r"none\.txt: no such file"):
        pretrain(path, folder, texts=[tmp_path / "none.txt"])
    few = tmp_path / "few.txt"
    few.write_text("rain\nmusic\nParis\ncold\n")
    with pytest.raises(EdgetextError, match="valid split"):
        pretrain(path, folder, texts=[few])
    with pytest.raises(EdgetextError, match="its task is joint"):
        pretrain(path, joint, texts=[texts])
    files = ", ".join(f"{split}: '{texts}'" for split in ("train", "valid", "test"))
    with pytest.raises(EdgetextError, match="edgetext pretrain"):
        train(Recipe.load(path, [f"data={{type: text, {files}}}"]))


def test_what_its_quantization_costs_is_told_without_labels(small, monkeypatch):
    model, _ = small
    result = quantize(model)
    assert result.before == {AGREEMENT: 1.0} and result.model.header.metrics == {"test": {}}
    monkeypatch.setattr(weights, "INT8_MAX", 1)
    assert quantize(model).after[AGREEMENT] < 1
