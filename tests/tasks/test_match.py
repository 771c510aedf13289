"""Two texts in, one label out: from a file of pairs to three runtimes, from bytes."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from once import made_once

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.example import Example
from edgetext.models import build_network
from edgetext.models.networks.cross_encoder import PairFeatures, in_second
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.tasks.learner import learner_of
from edgetext.tasks.metrics import label_scores, macro_f1
from edgetext.text.vocabulary import CLS, Vocabulary
from edgetext.training.dataset import EncodedSet

WORDS = ["see", "Rome", "rain", "Zürich", "taxi", "blue", "東京", "late", "now", "tea"]
RECIPE = """\
task: match
seed: 1
data: {{type: pairs, train: {folder}/pairs.tsv, valid: {folder}/pairs.tsv, \
test: {folder}/pairs.tsv}}
text: {{vocabulary: 100, max_bytes: 48}}
encoder: {{type: cnn, embedding: 16, hidden: 32, layers: 1, dropout: 0}}
head: {head}
training: {{epochs: {epochs}, batch_size: 8, learning_rate: 0.01, threads: 1, patience: 0}}
student: {{encoder: {{type: conv, embedding: 16, hidden: 32, layers: 1, kernel: 3, dropout: 0}}, \
head: {head}, text: {{vocabulary: 80}}, \
training: {{epochs: 2, batch_size: 8, learning_rate: 0.01, threads: 1}}}}
"""
HEADS = {
    "match": "{type: cross_encoder, hidden: 32, dropout: 0, order: true}",
    "towers": "{type: bi_encoder, dimension: 16, compare: weighted, dropout: 0}",
}
ASKED = [
    (b"see Rome now", b"see Rome now"),
    ("Zürich late".encode(), b"tea rain blue"),
    (b"", b""),
    (b" ", b"see"),
    (b"\xff\xfe", "東京 tea".encode()),
    (b"rain " * 30, b"taxi"),
    (b"taxi", "é".encode() * 40),
]


def pairs(count, seed):
    """Two texts of the same words in the same order, or of other words."""
    rng = random.Random(seed)
    for _ in range(count):
        one = rng.sample(WORDS, 3)
        same = rng.random() < 0.5
        other = one if same else rng.sample([w for w in WORDS if w not in one], 3)
        yield " ".join(one), " ".join(other), "same" if same else "different"


def embed_path(checkpoint, suffix):
    return checkpoint.with_name(f"{checkpoint.stem}-embed{suffix}")


@pytest.fixture(scope="module", params=HEADS)
def files(request, models):
    """A tiny model with each head as pt and onnx, in int8 as pt, and of the towers one as onnx."""
    folder = models / f"match-{request.param}"
    model, int8 = folder / "match.pt", folder / "match-int8.pt"
    last = model.with_suffix(".onnx") if request.param == "match" else embed_path(int8, ".onnx")
    if not last.exists():
        write_text(folder / "pairs.tsv", "".join("\t".join(p) + "\n" for p in pairs(80, 1)))
        fields = {"folder": folder, "head": HEADS[request.param], "epochs": 12}
        write_text(folder / "match.yaml", RECIPE.format(**fields))
        assert main(["train", str(folder / "match.yaml"), "-o", str(model)]) == 0
        assert main(["quantize", "--int8", str(model), "-o", str(int8)]) == 0
        assert main(["export", "--target", "server", str(model)]) == 0
        if request.param == "towers":
            assert main(["export", "--target", "server", "--embed", str(int8)]) == 0
    return SimpleNamespace(folder=folder, model=model, int8=int8)


@pytest.fixture
def program(files):
    """The int8 cross-encoder as pte, which takes long to write; of two towers one."""
    towers = files.folder.name == "match-towers"
    path = embed_path(files.int8, ".pte") if towers else files.int8.with_suffix(".pte")
    command = ["export", *(["--embed"] if towers else []), str(files.int8), "-o", str(path)]

    def make():
        assert main(command) == 0

    return made_once(path, make)


def test_every_runtime_gives_the_same_answer_from_bytes(files):
    answer_alike(files.model, files.model.with_suffix(".onnx"))


def test_files_conform_to_their_checkpoint(files):
    written = [files.model.with_suffix(".onnx")]
    if files.folder.name == "match-towers":
        written.append(embed_path(files.int8, ".onnx"))
    assert main(["conformance", *map(str, written), "--texts", "14"]) == 0


@pytest.mark.slow
def test_executorch_gives_the_same_answer_from_bytes(files, program):
    if embed_path(files.int8, ".pte") == program:
        pytest.skip("one tower has vectors")
    answer_alike(files.int8, program)


def answer_alike(path, *written):
    one, *others = map(load, (path, *written))
    assert one.metadata.fields["inputs"] == ["text", "text_b"]
    for texts in [*ASKED, *((a, b) for a, b, _ in pairs(20, 2))]:
        answer = one.predict(*texts)
        for other in others:
            found = other.predict(*texts)
            assert found.intent == answer.intent and found.truncated == answer.truncated, texts
            assert found.score == pytest.approx(answer.score, abs=0.05), texts
    assert one.predict(*ASKED[0]).intent == "same"
    assert one.predict(*ASKED[1]).intent == "different"
    assert [one.predict(*texts).truncated for texts in ASKED[-2:]] == [True, True]


def test_artifacts_prove_themselves_and_are_measured(files, capsys):
    paths = [str(files.model.with_suffix(".onnx")), str(files.int8)]
    assert main(["verify", paths[0]]) == 0
    recipe = str(files.folder / "match.yaml")
    report = str(files.folder / "report.md")
    arguments = ["evaluate", *paths, "--recipe", recipe, "--limit", "20", "--report", report]
    capsys.readouterr()
    assert main(arguments) == 0
    assert "macro f1" in capsys.readouterr().out
    assert "inputs" not in (card := files.model.with_suffix(".md").read_text()) and "text_b" in card


def test_a_student_learns_from_pairs_with_its_own_pieces(files, tmp_path):
    recipe = ["--recipe", str(files.folder / "match.yaml")]
    assert main(["distill", str(files.model), *recipe, "-o", str(tmp_path / "s.pt")]) == 0
    assert main(["prune", str(files.model), *recipe, "--keep", "embedding=12,vocabulary=60",
                 "-o", str(tmp_path / "p.pt")]) == 0  # fmt: skip
    for name in ("s.pt", "p.pt"):
        assert load(tmp_path / name).predict("see Rome", "see Rome").intent


def test_pairs_are_given_as_arguments_lines_or_stdin(files, tmp_path, capsys):
    model = str(files.model.with_suffix(".onnx"))
    write_text(tmp_path / "lines.tsv", "see Rome now\tsee Rome now\n")
    for given in (
        ["--pair", "see Rome now", "see Rome now"],
        ["see Rome now\tsee Rome now"],
        ["--file", str(tmp_path / "lines.tsv")],
    ):
        capsys.readouterr()
        assert main(["predict", model, *given]) == 0
        assert capsys.readouterr().out.startswith("same ")
    assert main(["predict", model, "--json", "--pair", "a", "b"]) == 0
    assert '"text": "a", "text_b": "b"' in capsys.readouterr().out


def test_one_text_too_many_or_too_few_is_refused(files, joint_files, tmp_path, capsys):
    model = files.model.with_suffix(".onnx")
    write_text(tmp_path / "lines.tsv", "a\tb\nalone\n")
    assert main(["predict", str(model), "--file", str(tmp_path / "lines.tsv")]) == 2
    assert "lines.tsv:2: " in capsys.readouterr().err
    assert main(["predict", str(joint_files.onnx), "--pair", "a", "b"]) == 2
    assert "reads text, so leave out text_b" in capsys.readouterr().err
    with pytest.raises(EdgetextError, match="text_b is missing"):
        load(model).predict("a")
    assert main(["evaluate", str(model), "--recipe", "assistant_joint"]) == 2
    assert "the line has one text and task match reads two" in capsys.readouterr().err


def test_a_task_of_one_text_refuses_pairs():
    vocabulary = Vocabulary.train(WORDS, size=60)
    examples = [Example("a", "x", source="f:1", text_b="b")]
    with pytest.raises(EdgetextError, match="f:1: the line has two texts and task classify"):
        EncodedSet(examples, learner_of("classify"), vocabulary, {"intent": ["x"], "tags": []}, 24)


def test_pairs_are_no_part_of_a_model_of_several_tasks(files, tmp_path):
    part = "{task: match, data: {type: pairs, train: a, valid: a, test: a}}"
    write_text(tmp_path / "m.yaml", f"task: multi\ntasks: {{x: {part}}}\nencoder: {{type: cnn}}\n")
    with pytest.raises(EdgetextError, match="task match reads two texts"):
        Recipe.load(tmp_path / "m.yaml")


def test_features_find_what_the_other_text_has_too():
    a, b, c = 5, 6, 7
    ids = torch.tensor([[CLS, a, b, c, CLS, b, c, 9]])
    second = in_second(ids)
    assert second.tolist() == [[False] * 4 + [True] * 4]
    features = PairFeatures(1)
    features.weight.data = torch.arange(16.0)[:, None]
    # 1: there, 2: also after the same piece, 4: also before the same piece, 8: of the second text.
    assert features(ids, second)[0, :, 0].tolist() == [1, 0, 5, 3, 9, 13, 11, 8]


@pytest.mark.parametrize(
    ("head", "fields"),
    [("cross_encoder", {}), ("cross_encoder", {"order": True}), ("bi_encoder", {})],
)
def test_padding_changes_no_score(head, fields):
    network = tiny_network(head, **fields)
    ids = torch.tensor([[CLS, 4, 5, CLS, 5, 6, 7]])
    padded = torch.cat([ids, torch.zeros(1, 3, dtype=torch.int64)], 1)
    mask = torch.arange(10)[None] < 7
    with torch.no_grad():
        one, other = network(ids, hidden=True), network(padded, mask, hidden=True)
    assert torch.allclose(one["intent"], other["intent"], atol=1e-6)
    assert torch.allclose(one["hidden"], other["hidden"][:, :7], atol=1e-6)


def tiny_network(head, **fields):
    torch.manual_seed(1)
    encoder = {"type": "cnn", "embedding": 8, "hidden": 8}
    model = {"encoder": encoder, "head": {"type": head, **fields}}
    return build_network(model, 20, {"intent": ["x", "y"]}).eval()


@pytest.mark.parametrize("order", [False, True])
def test_texts_apart_give_the_scores_of_the_joined_ones(order):
    network = tiny_network("cross_encoder", order=order)
    for a, b in (([4, 5, 6, 1], [5, 6, 7, 4, 1]), ([], []), ([4], []), ([], [5, 5])):
        one, other = (torch.tensor([[CLS, *ids]]) for ids in (a, b))
        with torch.no_grad():
            joined = network(torch.cat([one, other], 1))["intent"]
            assert torch.allclose(joined, network.apart(one, other)["intent"], atol=1e-5), (a, b)


def test_a_tower_does_not_see_the_other_text():
    network = tiny_network("bi_encoder")
    a, b = torch.tensor([[CLS, 4, 5, 6]]), torch.tensor([[CLS, 7]])
    with torch.no_grad():
        joined = network(torch.cat([a, b], 1))["intent"]
        alone = network.compare(network.vector(a), network.vector(b))["intent"]
        assert torch.allclose(joined, alone, atol=1e-6)
        assert network.vector(a).norm() == pytest.approx(1, abs=1e-5)


def test_macro_f1_is_that_of_the_definition():
    gold, found = ["a", "a", "a", "b"], ["a", "a", "b", "b"]
    scores = label_scores(gold, found)
    assert {label: (round(x.f1, 3), x.support) for label, x in scores.items()} == {
        "a": (0.8, 3), "b": (0.667, 1),
    }  # fmt: skip
    assert macro_f1(scores) == pytest.approx(np.mean([0.8, 2 / 3]))
    assert macro_f1({}) == 0


def test_one_tower_alone_gives_vectors_to_search(models, files, capsys):
    folder = models / "match-towers"
    if files.folder != folder:
        pytest.skip("a cross-encoder has no vector of one text")
    path = embed_path(files.int8, ".onnx")
    assert main(["verify", str(path)]) == 0
    onnx, whole = load(path), load(files.int8)
    network = whole.session.pipeline.answer.network
    for text in ("see Rome now", "Zürich late", "", "tea " * 60):
        vector = onnx.predict(text)
        assert vector.truncated == (len(text) > 48)
        kept = torch.tensor([list(text.encode()[:48] or b" ")]).byte()
        with torch.no_grad():
            expected = network.vector(whole.session.pipeline.read.read(kept)[0])[0].numpy()
        assert np.dot(vector.vector, expected) > 0.99
    assert main(["predict", str(path), "--json", "see Rome now"]) == 0
    assert '"vector": [' in capsys.readouterr().out


@pytest.mark.slow
def test_one_tower_alone_is_small_and_the_same_in_executorch(models, files, program):
    if files.folder != models / "match-towers":
        pytest.skip("a cross-encoder has no vector of one text")
    path = embed_path(files.int8, ".onnx")
    assert main(["verify", str(program)]) == 0
    onnx, pte = load(path), load(program)
    for text in ("see Rome now", "Zürich late", "", "tea " * 60):
        vector, other = onnx.predict(text), pte.predict(text)
        assert vector.truncated == other.truncated == (len(text) > 48)
        assert onnx.task.same(vector, other) and np.dot(vector.vector, other.vector) > 0.99
    both = files.int8.with_suffix(".onnx")
    if not both.exists():
        assert main(["export", "--target", "server", str(files.int8)]) == 0
    assert path.stat().st_size < both.stat().st_size + 2000


def test_a_cross_encoder_has_no_tower(models, files, tmp_path, capsys):
    if files.folder != models / "match-match":
        pytest.skip("two towers have one")
    assert main(["export", "--embed", str(files.model), "-o", str(tmp_path)]) == 2
    assert "only a model of two towers" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_vector_is_measured_by_its_nearest():
    task = learner_of("embed").task
    texts = [Example("", "x"), Example("", "x"), Example("", "y")]
    rows = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    found = [task.read((row, np.zeros(1)), {}) for row in rows]
    assert task.measure(texts, found) == {"nearest_same": pytest.approx(2 / 3)}
    partly = [*texts[:2], Example("", None)]
    assert task.measure(partly, found) == {"nearest_same": 1.0}
    assert task.measure([Example("", None)] * 3, found) == {}
    with pytest.raises(EdgetextError, match="embed has no labels to train on"):
        learner_of("embed").labels(texts)
