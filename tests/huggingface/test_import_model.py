"""A folder of Hugging Face becomes a model that answers as transformers does, or one sentence."""

import json
import logging

import pytest
import torch
from huggingface_models import CLASSES, PIECES, WIDTH, linear, values, write_model
from safetensors.torch import load_file, save_file

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.golden import TEXTS
from edgetext.huggingface.import_model import Choices, import_model
from edgetext.huggingface.kinds import Asked
from edgetext.model.model import Model
from edgetext.predictor import load

TEXT = "The rain in Paris is cold!"
SEQUENCE, TOKEN, ANSWER = (
    "ForSequenceClassification",
    "ForTokenClassification",
    "ForQuestionAnswering",
)
# What transformers 5.24 gives for these weights: the labels' scores, those of the second piece, and
# those of the third last piece of a passage.
EXPECTED = [
    ("bert", SEQUENCE, [-0.8841, 1.002, -0.6308]),
    ("bert", TOKEN, [0.8532, -0.7071, 1.0474]),
    ("bert", ANSWER, [-2.8989, 2.8331]),
    ("roberta", SEQUENCE, [0.7363, -0.4176, 0.1852]),
    ("roberta", TOKEN, [2.4367, -2.3435, 2.7339]),
    ("roberta", ANSWER, [2.0664, -2.142]),
    ("electra", SEQUENCE, [0.0016, 0.3224, -0.5589]),
    ("electra", TOKEN, [-0.4435, 0.6682, -0.4043]),
    ("electra", ANSWER, [-2.3382, 2.1777]),
    ("distilbert", SEQUENCE, [-0.3723, 0.5362, -0.2118]),
    ("distilbert", TOKEN, [-0.0659, 0.2481, 0.0575]),
    ("distilbert", ANSWER, [0.4702, -0.5483]),
    ("modernbert", SEQUENCE, [-0.8298, 0.9687, -0.6185]),
    ("modernbert", TOKEN, [0.3586, -0.2151, 0.5587]),
    ("modernbert", ANSWER, [0.3107, -0.167]),
    ("mpnet", SEQUENCE, [0.7366, -0.4378, 0.2252]),
    ("mpnet", TOKEN, [-1.0684, 1.1907, -0.8235]),
    ("mpnet", ANSWER, [0.9192, -1.062]),
]


@pytest.mark.parametrize(("family", "head", "expected"), EXPECTED)
@torch.no_grad()
def test_every_family_scores_as_in_transformers(tmp_path, family, head, expected):
    write_model(tmp_path, family, head)
    model = import_model(str(tmp_path))
    if head == ANSWER:
        ids = torch.from_numpy(model.vocabulary.encode_pair("is it cold", TEXT).ids)[None]
        scores = model.network(ids)["answer"][0, -3]
    else:
        ids = torch.from_numpy(model.vocabulary.encode(TEXT).ids)[None]
        scores = model.network(ids)["intent" if head == SEQUENCE else "tags"][0]
        scores = scores if head == SEQUENCE else scores[2]
    assert scores.tolist() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("family", CLASSES)
@torch.no_grad()
def test_padding_changes_no_score(tmp_path, family):
    write_model(tmp_path, family)
    network = import_model(str(tmp_path)).network
    ids = torch.tensor([[2, *range(5, 15), 3]])
    padded = torch.nn.functional.pad(ids, (0, 4))
    mask = torch.arange(padded.shape[1])[None] < ids.shape[1]
    torch.testing.assert_close(network(padded, mask)["intent"], network(ids)["intent"])


@torch.no_grad()
def test_a_checkpoint_answers_bytes_and_is_read_again(tmp_path):
    write_model(tmp_path / "some model")
    model = import_model(str(tmp_path / "some model"))
    assert (model.header.name, model.header.task) == ("some-model", "classify")
    assert model.header.labels["intent"] == ["no", "yes", "so"]
    model.save(tmp_path / "model.pt")
    text = torch.tensor([list(TEXT.encode())], dtype=torch.uint8)
    scores, truncated = Model.load(tmp_path / "model.pt").pipeline()(text)
    expected = torch.softmax(torch.tensor([-0.8841, 1.002, -0.6308]), 0)
    torch.testing.assert_close(scores[0], expected, atol=1e-4, rtol=0)
    assert not truncated


@torch.no_grad()
def test_a_text_of_too_many_pieces_is_cut_and_says_so(tmp_path):
    write_model(tmp_path)
    pipeline = import_model(str(tmp_path), Choices(max_pieces=10)).pipeline()
    long, short = (torch.tensor([list((b"the " * n).strip())], dtype=torch.uint8) for n in (9, 8))
    (scores, cut), (same, whole) = pipeline(long), pipeline(short)
    torch.testing.assert_close(scores, same)
    assert (cut.item(), whole.item()) == (1, 0)


def test_several_labels_a_text(tmp_path):
    write_model(tmp_path, problem_type="multi_label_classification")
    model = import_model(str(tmp_path))
    assert model.header.task == "multi_label"
    assert model.metadata().fields["raw_threshold"] == 0.5


def test_labels_of_nli_are_of_pairs(tmp_path):
    write_model(tmp_path, labels=["entailment", "neutral", "contradiction"])
    assert import_model(str(tmp_path)).header.task == "match"
    asked = Asked(pair=False)
    assert import_model(str(tmp_path), Choices(head=asked)).header.task == "classify"


@torch.no_grad()
def test_a_score_of_one_number_is_a_probability_of_pairs(tmp_path):
    write_model(tmp_path, labels=["relevant"])
    model = import_model(str(tmp_path), Choices(head=Asked(pair=True)))
    assert model.header.labels["intent"] == ["not relevant", "relevant"]
    texts = (torch.tensor([list(t)], dtype=torch.uint8) for t in (b"is it cold", b"the rain"))
    scores, _ = model.pipeline()(*texts)
    (raw,) = model.network(
        torch.from_numpy(model.vocabulary.encode_pair("is it cold", "the rain").ids)[None]
    )["intent"][0, 1:]
    torch.testing.assert_close(scores[0, 1], torch.sigmoid(raw))


def test_regression_is_refused(tmp_path):
    write_model(tmp_path, labels=["stars"])
    refused(tmp_path, "answers with a number")
    write_model(tmp_path, problem_type="regression")
    refused(tmp_path, "answers with a number")


def test_unnamed_labels_are_taken_with_a_sentence(tmp_path, caplog):
    write_model(tmp_path, labels=["LABEL_0", "LABEL_1"])
    with caplog.at_level(logging.WARNING, "edgetext"):
        labels = import_model(str(tmp_path)).header.labels["intent"]
    assert labels == ["LABEL_0", "LABEL_1"]
    assert "does not say what the labels mean" in caplog.text


def refused(folder, sentence, choices=None):
    with pytest.raises(EdgetextError, match=sentence) as error:
        import_model(str(folder), choices)
    assert "\n" not in str(error.value)


def test_labels_must_fit_the_head(tmp_path):
    write_model(tmp_path)
    change(tmp_path, id2label={"0": "no", "1": "yes"})
    refused(tmp_path, "id2label names 2 labels, and the head of the weights has 3 outputs")
    change(tmp_path, id2label={"0": "no", "2": "yes"})
    refused(tmp_path, "without a gap")
    change(tmp_path, id2label={"0": "no", "1": "yes", "2": "no"})
    refused(tmp_path, "has 'no' twice")


def change(folder, **fields):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_what_is_no_folder_of_such_a_model(tmp_path):
    refused(tmp_path / "none", "there is no such folder")
    refused(tmp_path, "config.json: there is no such file")
    (tmp_path / "file").write_text("{}")
    refused(tmp_path / "file", "this is a file")
    (tmp_path / "config.json").write_text("{broken")
    refused(tmp_path, "config.json: it is not JSON")


def test_a_folder_without_a_tokenizer(tmp_path):
    write_model(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    refused(tmp_path, "there is no tokenizer.json in it")
    (tmp_path / "vocab.txt").write_text("a\n")
    refused(tmp_path, "vocab.txt, which only a slow tokenizer reads")


def test_a_vocabulary_that_does_not_fit_the_embedding(tmp_path):
    tensors = write_model(tmp_path)
    name = "bert.embeddings.word_embeddings.weight"
    save_file({**tensors, name: tensors[name][:50].clone()}, str(tmp_path / "model.safetensors"))
    refused(tmp_path, f"the vocabulary has {len(PIECES)} pieces, and the table {name} is of 50")


def test_rows_that_no_piece_has_are_left_out(tmp_path):
    tensors = write_model(tmp_path)
    name = "bert.embeddings.word_embeddings.weight"
    more = torch.cat([tensors[name], torch.zeros(7, WIDTH)])
    save_file({**tensors, name: more}, str(tmp_path / "model.safetensors"))
    assert len(import_model(str(tmp_path)).network.embedding.weight) == len(PIECES)


def test_architectures_and_classes_that_are_not_imported(tmp_path):
    write_model(tmp_path)
    change(tmp_path, model_type="gpt2")
    refused(tmp_path, "models of type 'gpt2' are not imported")
    change(tmp_path, model_type="bert", architectures=["BertForMaskedLM"])
    refused(tmp_path, "BertForMaskedLM has no head that edgetext imports")
    change(tmp_path, architectures=[])
    refused(tmp_path, "architectures is missing")
    write_model(tmp_path, hidden_act="mish")
    refused(tmp_path, "hidden_act is 'mish'")
    write_model(tmp_path, position_embedding_type="relative_key")
    refused(tmp_path, "only absolute positions")
    write_model(tmp_path, "mpnet", relative_attention_num_buckets=64)
    refused(tmp_path, "relative_attention_num_buckets is 64; only 32 are imported")
    write_model(tmp_path, auto_map={"AutoModel": "modeling.Model"})
    refused(tmp_path, "no code of a checkpoint is run")


def test_weights_that_could_run_code_are_not_read(tmp_path):
    write_model(tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    refused(tmp_path, "could run code and are not read")
    (tmp_path / "pytorch_model.bin").unlink()
    refused(tmp_path, "there is no model.safetensors in it")


def test_weights_cut_short(tmp_path):
    write_model(tmp_path)
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    refused(tmp_path, "cut short or no safetensors file")


def test_shards(tmp_path):
    tensors = write_model(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    places = {name: f"part-{i % 2}.safetensors" for i, name in enumerate(tensors)}
    for part in set(places.values()):
        own = {name: tensor for name, tensor in tensors.items() if places[name] == part}
        save_file(own, str(tmp_path / part))
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    assert import_model(str(tmp_path)).header.task == "classify"
    part = tmp_path / "part-1.safetensors"
    content = part.read_bytes()
    part.write_bytes(content[: len(content) // 2])
    refused(tmp_path, "part-1.safetensors: this file is cut short")
    part.unlink()
    refused(tmp_path, "names this file, but it is missing")
    index.write_text(json.dumps({"weight_map": {"x": "../part-0.safetensors"}}))
    refused(tmp_path, "is no file of this folder")


def test_a_missing_tensor_and_one_too_many_are_named(tmp_path):
    tensors = write_model(tmp_path)
    path = str(tmp_path / "model.safetensors")
    lost = "bert.encoder.layer.1.output.dense.bias"
    save_file({name: tensor for name, tensor in tensors.items() if name != lost}, path)
    refused(tmp_path, f"no tensor {lost}")
    more = {name: values(name, *shape) for name, shape in linear("cls.more", 2, 2).items()}
    save_file({**tensors, **more}, path)
    refused(tmp_path, "hold cls.more.bias and 1 more")
    save_file({**tensors, lost: torch.zeros(7)}, path)
    refused(tmp_path, f"{lost} is of 7, and config.json calls for {WIDTH}")


def test_a_pooler_that_no_class_uses_is_left_out(tmp_path):
    tensors = write_model(tmp_path, head=TOKEN)
    pooler = {n: values(n, *s) for n, s in linear("bert.pooler.dense", WIDTH, WIDTH).items()}
    save_file({**tensors, **pooler}, str(tmp_path / "model.safetensors"))
    assert import_model(str(tmp_path)).header.task == "tag"


def test_old_names_of_norms_and_half_precision(tmp_path):
    write_model(tmp_path)
    path = str(tmp_path / "model.safetensors")
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): tensor.half()
        for name, tensor in load_file(path).items()
    }
    save_file(old, path)
    weight = import_model(str(tmp_path)).network.encoder.layers[0].norm.weight
    assert weight.dtype == torch.float32


def test_golden_texts_are_those_that_the_model_is_surest_of(tmp_path):
    write_model(tmp_path)
    predictor = saved(tmp_path)
    kept = predictor.session.texts
    scores = {text: predictor.predict(text).score for text in TEXTS}
    assert [text for (text,) in kept] == [
        text for text in TEXTS if scores[text] >= sorted(scores.values())[len(TEXTS) // 2]
    ]


def saved(folder):
    import_model(str(folder)).save(folder / "model.pt")
    return load(folder / "model.pt")


def test_golden_texts_of_a_file(tmp_path):
    write_model(tmp_path)
    golden = tmp_path / "golden.txt"
    golden.write_text("the rain\n\nis it cold\nthe rain\n")
    assert import_model(str(tmp_path), Choices(golden=golden)).header.golden == [
        "the rain",
        "is it cold",
    ]
    golden.write_text("\n")
    refused(tmp_path, "there is no text in it", Choices(golden=golden))
    golden.write_text("one\tb\nalone\n")
    asked = Asked(pair=True)
    refused(tmp_path, "golden.txt:2: the model reads 2 texts", Choices(golden=golden, head=asked))


def test_more_pieces_than_there_are_places(tmp_path):
    write_model(tmp_path)
    refused(tmp_path, "--max-pieces 40: the weights of .* read at most 32", Choices(max_pieces=40))
