"""A recipe's encoder that begins with the weights of a folder."""

import json
import sys

import pytest
import torch
from huggingface_models import CLASSES, PIECES, PLACES, replace_tokenizer, write_model
from safetensors.torch import load_file, save_file
from tokenizer_files import byte_level, unigram
from tokenizers import Tokenizer

from edgetext.artifacts.export import export
from edgetext.core.errors import EdgetextError
from edgetext.huggingface.import_model import import_model
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training import distillation_set
from edgetext.training.distill import distill
from edgetext.training.run import train

RECIPE = """\
task: {task}
data: {{{data}}}
text: {{max_bytes: 64}}
encoder: {{type: pretrained, path: folder}}
training: {{epochs: 2, batch_size: 8, learning_rate: 0.002, threads: 1, patience: 0, \
token_dropout: 0.1}}
student:
  text: {{vocabulary: 200}}
  encoder: {{type: conv, embedding: 8, hidden: 16, layers: 2}}
  training: {{epochs: 1, batch_size: 8, threads: 1}}
"""
PAIRS = "".join(f"{i % 2}\tplay music {i}\tis it cold\n" for i in range(24))
# A word of one piece, and one of four that is the answer.
PASSAGE = "the rain in rome is cold"
QUESTIONS = [
    {"question": "where?", "context": f"{PASSAGE} {i}", "id": str(i),
     "answers": {"text": ["rome"], "answer_start": [PASSAGE.index("rome")]}}
    for i in range(24)
]  # fmt: skip
LABELS = "".join(f'"rain {i} music","{("a", "b", "a|b")[i % 3]}"\n' for i in range(24))


@pytest.fixture
def recipe(data, tmp_path):
    """recipe(task, *overrides, family): over the tiny requests and a folder of that family."""

    def make(task, *overrides, family="bert"):
        write_model(tmp_path / "folder", family)
        (tmp_path / "pairs.tsv").write_text(PAIRS)
        (tmp_path / "labels.csv").write_text("text,label\n" + LABELS)
        kinds = {"classify": ("csv", ".csv"), "parse": ("top", ".top")}
        kind, suffix = kinds.get(task, ("pytext_tsv", ".tsv"))
        files = [data / f"train{suffix}"] + [data / f"test{suffix}"] * 2
        more = ""
        if task == "match":
            kind, files = "pairs", ["pairs.tsv"] * 3
            more = ", label: 0, text: 1, text_b: 2"
        if task == "qa":
            (tmp_path / "qa.jsonl").write_text("".join(f"{json.dumps(q)}\n" for q in QUESTIONS))
            kind, files = "squad", ["qa.jsonl"] * 3
        if task == "multi_label":
            kind, files, more = "csv", ["labels.csv"] * 3, ', label_separator: "|"'
        names = zip(("train", "valid", "test"), files, strict=True)
        data_section = f"type: {kind}, " + ", ".join(f"{k}: {v}" for k, v in names) + more
        path = tmp_path / f"{task}.yaml"
        path.write_text(RECIPE.format(task=task, data=data_section))
        return Recipe.load(path, overrides)

    return make


@pytest.mark.parametrize(
    "task", ["classify", "multi_label", "joint", "tag", "parse", "match", "qa"]
)
def test_every_task_learns_from_a_folder_and_teaches(recipe, tmp_path, task):
    # No student has more parameters than this tiny teacher.
    small = {"match": "cross_encoder", "qa": "qa"}
    sizes = [f"student.head={{type: {small[task]}, hidden: 8}}"] if task in small else []
    loaded = recipe(task, *sizes)
    teacher = train(loaded)
    published = import_model(str(tmp_path / "folder")).tensors
    assert set(published).intersection(teacher.tensors) >= {"embedding.weight"}
    moved = [
        (teacher.tensors[name] - published[name][: len(teacher.tensors[name])]).abs().max()
        for name in published
        if name.startswith("encoder.layers")
    ]
    # Each layer has learned, and is where it began but for a few steps.
    assert all(0 < distance < 0.2 for distance in moved)
    teacher.save(tmp_path / "teacher.pt")
    (tmp_path / "folder" / "model.safetensors").unlink()
    read = Model.load(tmp_path / "teacher.pt")
    assert read.header.recipe["encoder"]["type"] == "bert"
    assert len(read.header.pieces) == len(PIECES)
    student = distill([read], loaded)
    assert student.header.recipe["encoder"]["type"] == "conv"


def test_an_answer_of_a_folder_begins_and_ends_with_words(recipe, tmp_path):
    teacher = train(recipe("qa", "training.epochs=8", "training.learning_rate=0.005"))
    assert teacher.header.recipe["head"]["by_words"]
    assert teacher.header.metrics["test"]["f1"] > 0.9
    teacher.save(tmp_path / "teacher.pt")
    export(Model.load(tmp_path / "teacher.pt"), "server")
    eager, exported = (load(tmp_path / f"teacher.{suffix}") for suffix in ("pt", "onnx"))
    for passage in (PASSAGE, "zurich, " + PASSAGE, "abcdefgh", "", PASSAGE + " abc" * 9):
        answers = [model.predict("where?", passage) for model in (eager, exported)]
        assert answers[0].spans == answers[1].spans
        assert answers[0].score == pytest.approx(answers[1].score, abs=1e-4)
        assert answers[0].no_answer == pytest.approx(answers[1].no_answer, abs=1e-4)


@pytest.mark.parametrize("task", ["joint", "match"])
def test_an_exported_teacher_answers_as_its_checkpoint(recipe, tmp_path, task):
    train(recipe(task)).save(tmp_path / "teacher.pt")
    export(Model.load(tmp_path / "teacher.pt"), "server")
    eager, exported = (load(tmp_path / f"teacher.{suffix}") for suffix in ("pt", "onnx"))
    texts = ["will it rain in paris tomorrow?", "book me a seat to 東京 " + "a" * 50]
    for text in texts:
        given = [text] if task == "joint" else [text, "is it cold"]
        answers = [model.predict(*given) for model in (eager, exported)]
        assert answers[0].intent == answers[1].intent
        assert answers[0].score == pytest.approx(answers[1].score, abs=1e-4)
        assert answers[0].truncated == answers[1].truncated


def test_parts_of_passages_that_are_split_otherwise_are_left_out(recipe, monkeypatch):
    # Each passage is read in several parts, so that there are more rows than questions.
    sizes = ["text.max_bytes=24", "student.head={type: qa, hidden: 8}"]
    loaded = recipe("qa", *sizes)
    teacher = train(loaded)
    counted = []

    def all_but_the_last(sets):
        alike = torch.ones(len(sets[0]), dtype=torch.bool)
        alike[-1] = False
        counted.append(len(alike))
        return alike

    monkeypatch.setattr(distillation_set, "split_alike", all_but_the_last)
    distill([teacher], loaded)
    assert counted and all(count > len(QUESTIONS) for count in counted)


# Pairs of the same words: the label is whether the first two change places.
MOVED = [
    (one, other, label)
    for one, label, other in (
        ("rain in paris", "same", "in paris rain"),
        ("rain in paris", "different", "paris in rain"),
        ("play music cold", "same", "music cold play"),
        ("play music cold", "different", "cold music play"),
    )
]


def test_pairs_of_the_same_words_are_told_apart_by_their_order(recipe, tmp_path):
    head = "head={type: pretrained_match, order: 8, pooling: mean}"
    epochs = ("training.epochs=30", "training.learning_rate=0.01", "training.token_dropout=0")
    loaded = recipe("match", head, *epochs)
    rows = "".join(f"{label}\t{one}\t{other}\n" for one, other, label in MOVED)
    (tmp_path / "pairs.tsv").write_text(rows * 6)
    train(loaded).save(tmp_path / "teacher.pt")
    for target in ("server", "mobile"):
        export(Model.load(tmp_path / "teacher.pt"), target)
    files = [load(tmp_path / f"teacher.{suffix}") for suffix in ("pt", "onnx", "pte")]
    for one, other, label in [*MOVED, ("rain", "", None), ("", "", None), ("it is", "so", None)]:
        answers = [model.predict(one, other) for model in files]
        assert {a.intent for a in answers} == {label or answers[0].intent}
        for answer in answers[1:]:
            assert answer.score == pytest.approx(answers[0].score, abs=1e-4)


def test_counts_of_the_order_are_those_of_other_encoders(recipe):
    network = train(recipe("match", "head={type: pretrained_match, order: 8}")).network
    mark, end = 2, network._end
    one, other = [11, 12, 13, 14], [14, 12, 13, 15]
    # Padded, as in a batch.
    ids = torch.tensor([[mark, *one, end, *other, end, 0, 0]])
    mask = torch.arange(ids.shape[1]).unsqueeze(0) < 11
    second = (torch.arange(ids.shape[1]) > 5).unsqueeze(0)
    found = network._order(ids, mask, second)
    assert network._order(ids[:, :11], None, second[:, :11]).equal(found)
    expected = network.order.apart(torch.tensor([one]), torch.tensor([other]))
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("family", CLASSES)
def test_every_family_begins_with_the_weights_of_its_folder(recipe, tmp_path, family):
    # A rate so low that no weight moves by as much as is looked at.
    teacher = train(recipe("classify", "training.learning_rate=1e-9", family=family))
    published = import_model(str(tmp_path / "folder")).tensors
    same = [name for name in published if name.startswith(("encoder.", "embedding."))]
    assert len(same) > 10
    for name in same:
        torch.testing.assert_close(teacher.tensors[name], published[name], atol=1e-6, rtol=0)


def test_what_is_small_begins_as_large_as_a_head_expects(recipe, tmp_path):
    loaded = recipe("classify", "training.epochs=1", "training.learning_rate=1e-9")
    path = tmp_path / "folder" / "model.safetensors"
    tensors = load_file(str(path))
    name = "bert.encoder.layer.1.output.LayerNorm"
    for kind in ("weight", "bias"):
        tensors[f"{name}.{kind}"] *= 0.1
    save_file(tensors, str(path))
    trained = train(loaded).tensors
    for kind in ("weight", "bias"):
        expected = 8 * tensors[f"{name}.{kind}"]
        torch.testing.assert_close(trained[f"encoder.layers.1.norm.{kind}"], expected)


def test_the_seed_decides_all(recipe):
    one, same, other = (train(recipe("classify", f"seed={seed}")).tensors for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["head.intent.weight"], other["head.intent.weight"])


def test_places_that_no_text_reaches_are_left_out(recipe):
    assert PLACES > 20
    # As many pieces as bytes, and a mark on both sides.
    tensors = train(recipe("classify", "text.max_bytes=18", "training.epochs=1")).tensors
    assert len(tensors["encoder.positions.weight"]) == 20


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("text.lowercase=false", "text.lowercase: case is folded by the tokenizer of"),
        ("text.keep_accents=true", "text.keep_accents: accents are taken off by the tokenizer"),
        ("text.vocabulary=50", f"text.vocabulary: {len(PIECES)} pieces are given by"),
        ("text.hashed={}", "text.hashed: pieces and words are given by"),
        ("text.look_alikes=true", "text.look_alikes: pieces and words are given by"),
        ("text.clusters=[hangul]", "text.clusters: words are given by the tokenizer"),
        ("encoder.path=nowhere", "nowhere: recipe classify names this file, but it is in none"),
        ("encoder.path=classify.yaml", "this is a file; give the folder with config.json in it"),
        ("encoder.max_pieces=99", "encoder.max_pieces 99: the weights of .* read at most 32"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(recipe, override, sentence):
    with pytest.raises(EdgetextError, match=sentence):
        train(recipe("classify", override))


@pytest.mark.parametrize("fields", [{"roberta": False}, {"trims": False}, {"adds_space": True}])
def test_spans_of_byte_level_pieces_begin_behind_the_space(recipe, tmp_path, caplog, fields):
    loaded = recipe("tag", "training.epochs=1", family="roberta")
    content = byte_level(**{"adds_space": False, **fields})
    replace_tokenizer(tmp_path / "folder", content)
    teacher = train(loaded)
    assert "begins or ends inside a word" not in caplog.text
    text = "rain in paris"
    encoding, published = teacher.vocabulary.encode(text), Tokenizer.from_str(content).encode(text)
    assert encoding.ids.tolist() == published.ids
    assert encoding.start[encoding.first].tolist() == [0, 5, 8]
    teacher.save(tmp_path / "teacher.pt")
    export(Model.load(tmp_path / "teacher.pt"), "server")
    eager, exported = (load(tmp_path / f"teacher.{suffix}") for suffix in ("pt", "onnx"))
    assert eager.predict(text).spans == exported.predict(text).spans


def test_a_tokenizer_whose_words_no_span_fits_is_refused(recipe, tmp_path):
    loaded = recipe("tag", family="roberta")
    replace_tokenizer(tmp_path / "folder", unigram(splits=False))
    with pytest.raises(EdgetextError, match=r"inside a word of the encoder's tokenizer, as do \d+"):
        train(loaded)


def test_without_safetensors_there_is_a_sentence(recipe, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(EdgetextError, match=r"is read by safetensors; install it with .pip"):
        train(recipe("classify"))


def test_fields_of_text_that_say_the_same_are_taken(recipe):
    fields = ["text.lowercase=true", f"text.vocabulary={len(PIECES)}", "training.epochs=1"]
    assert train(recipe("classify", *fields)).header.max_bytes == 64


def test_a_folder_that_lacks_something_is_refused(recipe, tmp_path):
    loaded, folder = recipe("classify"), tmp_path / "folder"
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    with pytest.raises(EdgetextError, match="models of type 'gpt2' are not imported"):
        train(loaded)
    (folder / "config.json").write_text(json.dumps({**config, "hidden_size": 48}))
    with pytest.raises(EdgetextError, match=r"config.json\s+calls for|is of"):
        train(loaded)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EdgetextError, match="there is no tokenizer"):
        train(loaded)
    write_model(folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EdgetextError, match="could run code and are not read"):
        train(loaded)


def test_what_needs_pieces_of_edgetext_is_refused(recipe, data, tmp_path):
    loaded = recipe("match", "head={type: bi_encoder}")
    with pytest.raises(EdgetextError, match="head: two texts are read by pieces that edgetext"):
        train(loaded)
    texts = tmp_path / "texts.txt"
    texts.write_text("rain in paris\nplay music\n" * 10)
    lines = [
        "task: lm",
        f"data: {{type: text, train: {texts}, valid: {texts}, test: {texts}}}",
        "encoder: {type: pretrained, path: folder}",
    ]
    (tmp_path / "lm.yaml").write_text("\n".join(lines))
    with pytest.raises(EdgetextError, match="task lm needs pieces that edgetext trained"):
        train(Recipe.load(tmp_path / "lm.yaml"))


def test_a_student_cannot_begin_with_a_folder(recipe):
    teacher = train(recipe("classify", "training.epochs=1"))
    student = "student.encoder={type: pretrained, path: folder}"
    with pytest.raises(EdgetextError, match=r"encoder.type pretrained \(folder\) is for `encoder`"):
        distill([teacher], recipe("classify", student))


def test_an_interrupted_run_goes_on_from_other_weights_no_more(recipe, tmp_path):
    state = tmp_path / "t.resume"

    def stop(epoch, metrics):
        raise RuntimeError("stopped")

    loaded = recipe("classify")
    whole = train(loaded)
    with pytest.raises(RuntimeError, match="stopped"):
        train(loaded, state, after_epoch=stop)
    again = train(loaded, state, resume=True)
    assert all(torch.equal(again.tensors[name], whole.tensors[name]) for name in whole.tensors)
    with pytest.raises(RuntimeError, match="stopped"):
        train(loaded, state, after_epoch=stop)
    write_model(tmp_path / "folder", "electra")
    with pytest.raises(EdgetextError, match="another recipe or other data"):
        train(loaded, state, resume=True)


def test_the_checkpoint_holds_weights_and_header_alone(recipe, tmp_path):
    train(recipe("classify", "training.epochs=1")).save(tmp_path / "t.pt")
    header = Checkpoint.load(tmp_path / "t.pt").header
    assert header.vocabulary["type"] == "tokenizer"
    assert "path" not in header.recipe["encoder"]
