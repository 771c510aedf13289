"""Imported models are cut as our own are: layers, heads, widths, and pieces that no text uses."""

import pytest
import torch
from huggingface_models import HEADS, LAYERS, WIDTH, replace_tokenizer, write_model
from tokenizer_files import byte_level, modern, unigram

from edgetext.artifacts.export import export
from edgetext.cli import main
from edgetext.compression.pruning.prune import parse_keep, prune
from edgetext.compression.pruning.structure import per_channel, rows, width_of
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.huggingface.import_model import import_model
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import Splits, load_splits

TEXTS = ["the rain", "it is cold", "some music, please", "is it 35 degrees"]
LABELS = ["no", "yes", "so"]


def splits():
    examples = [
        Example(text=text, intent=LABELS[i % len(LABELS)]) for i, text in enumerate(TEXTS * 4)
    ]
    return Splits(train=examples, valid=examples, test=examples, augment=None, seed=1)


@pytest.fixture
def model(tmp_path, recipe):
    write_model(tmp_path / "model")
    return with_data(import_model(str(tmp_path / "model")), recipe)


@pytest.fixture
def recipe(data):
    return Recipe.load(data / "classify.yaml")


def with_data(model, recipe):
    """What a command gives: the data of a recipe."""
    return model.with_header(recipe={**model.header.recipe, "data": recipe.resolved()["data"]})


def width(model, field):
    header = model.header
    return width_of(field, header.recipe, len(header.pieces), header.labels)


def test_heads_are_a_width_of_what_is_theirs(model):
    heads = width(model, "encoder.heads")
    assert heads.size == HEADS
    axis = next(a for a in heads.axes if a.name == "encoder.layers.0.attention.qkv.weight")
    each = WIDTH // HEADS
    assert (axis.blocks, axis.each) == (3, each)
    places = rows(heads, axis, torch.tensor([1])).reshape(3, each)
    assert (places[:, 0] == torch.arange(3) * WIDTH + each).all()
    tensors = {name: torch.zeros_like(t) for name, t in model.network.state_dict().items()}
    tensors[axis.name][places[2]] = 1
    assert per_channel(tensors, heads).nonzero().tolist() == [[1]]


def test_a_head_that_nothing_reads_goes_without_a_change(model):
    for layer in model.network.encoder.layers:
        layer.attention.output.weight.data[:, WIDTH // HEADS : 2 * WIDTH // HEADS] = 0
    cut = prune(model, {"heads": HEADS - 1}, splits=splits())
    ids = torch.from_numpy(model.vocabulary.encode(TEXTS[0]).ids)[None]
    before, after = (m.network(ids)["intent"] for m in (model, cut.model))
    torch.testing.assert_close(before, after, atol=1e-5, rtol=0)
    assert cut.model.header.recipe["encoder"]["heads"] == HEADS - 1


def test_layers_and_widths_and_pieces_go(model, tmp_path):
    keep = parse_keep("layers=1,heads=2,feed_forward=16,vocabulary=used")
    cut = prune(model, keep, splits=splits())
    sizes = {name: after for name, _, after in cut.changes}
    assert sizes["layers"] == LAYERS - 1
    assert sizes["encoder.feed_forward"] == 16
    assert sizes["vocabulary"] == len(cut.model.vocabulary) < len(model.vocabulary)
    assert cut.recut.texts == 0
    cut.model.save(tmp_path / "cut.pt")
    export(cut.model, "server", tmp_path / "cut.onnx")
    checkpoint, file = load(tmp_path / "cut.pt"), load(tmp_path / "cut.onnx")
    for text in (*TEXTS, "unbelievable", ""):
        assert checkpoint.task.agree(checkpoint.predict(text), file.predict(text)), text


def test_texts_of_the_corpus_are_cut_as_before(model):
    cut = prune(model, {"vocabulary": 0}, splits=splits()).model
    for text in TEXTS:
        pieces = [
            [m.vocabulary.pieces[i] for i in m.vocabulary.encode(text).ids] for m in (model, cut)
        ]
        assert pieces[0] == pieces[1]
    kept = {piece: row for row, piece in enumerate(cut.vocabulary.pieces)}
    tables = [m.network.embedding.weight for m in (model, cut)]
    for old, piece in enumerate(model.vocabulary.pieces):
        if piece in kept:
            assert tables[0][old].equal(tables[1][kept[piece]])
    assert "music" in kept
    assert "cold" in kept


def test_the_command_cuts_and_trains_by_a_recipe(tmp_path, recipe, data, capsys):
    labels = sorted({example.intent for example in load_splits(recipe).train})
    write_model(tmp_path / "model", labels=labels)
    path, cut = tmp_path / "model.pt", tmp_path / "cut.pt"
    import_model(str(tmp_path / "model")).save(path)
    keep = ["--keep", "layers=1,vocabulary=used", "-o", str(cut)]
    assert main(["prune", str(path), *keep]) == 2
    assert "data is missing" in capsys.readouterr().err
    assert not cut.exists()
    by = ["--recipe", str(data / "classify.yaml"), "--epochs", "2", "--qat-epochs", "1"]
    assert main(["prune", str(path), *keep, *by]) == 0
    said = capsys.readouterr().out
    assert " test texts are cut into more pieces: " in said
    assert "recovered" in said
    model = Model.load(cut)
    assert model.header.variant == "pruned"
    assert model.recipe().data == recipe.data


FAMILIES = {
    "bytes": ("roberta", byte_level),
    "unigram": ("roberta", unigram),
    "modern": ("modernbert", modern),
}


@pytest.mark.parametrize("kind", FAMILIES)
@pytest.mark.parametrize("suffix", [".onnx", pytest.param(".pte", marks=pytest.mark.slow)])
def test_pieces_of_every_tokenizer_go(tmp_path, recipe, kind, suffix):
    family, content = FAMILIES[kind]
    write_model(tmp_path / "model", family)
    replace_tokenizer(tmp_path / "model", content())
    model = with_data(import_model(str(tmp_path / "model")), recipe)
    cut = prune(model, {"vocabulary": 0}, splits=splits())
    assert len(cut.model.vocabulary) < len(model.vocabulary)
    assert (cut.recut.texts, cut.before) == (0, cut.after)
    cut.model.save(tmp_path / "cut.pt")
    checkpoint = load(tmp_path / "cut.pt")
    target = {".onnx": "server", ".pte": "executorch"}[suffix]
    export(cut.model, target, tmp_path / f"cut{suffix}")
    file = load(tmp_path / f"cut{suffix}")
    for text in (*TEXTS, "unbelievable", "na\u00efve \u65e5\u672c", ""):
        assert checkpoint.task.agree(checkpoint.predict(text), file.predict(text)), text


def test_layers_go_with_what_their_encoder_says_of_each(tmp_path, recipe):
    write_model(tmp_path / "model", "modernbert", global_attn_every_n_layers=2)
    model = with_data(import_model(str(tmp_path / "model")), recipe)
    assert model.header.recipe["encoder"]["windows"] == [0, 2]
    cut = prune(model, {"layers": 1}, splits=splits()).model
    # The first has no norm before it, as the one layer that is left.
    assert cut.header.recipe["encoder"]["windows"] == [0]


def test_a_head_goes_with_its_scores_of_distances(tmp_path, recipe):
    write_model(tmp_path / "model", "mpnet")
    model = with_data(import_model(str(tmp_path / "model")), recipe)
    before = model.network.encoder.distances.weight
    cut = prune(model, {"heads": HEADS - 1}, splits=splits()).model
    after = cut.network.encoder.distances.weight
    assert after.shape == (len(before), HEADS - 1)
    columns = [column.tolist() for column in before.T]
    assert all(column.tolist() in columns for column in after.T)


def test_more_pieces_have_to_stay_than_are_asked_for(tmp_path, recipe):
    write_model(tmp_path / "model", "roberta")
    replace_tokenizer(tmp_path / "model", byte_level())
    model = with_data(import_model(str(tmp_path / "model")), recipe)
    with pytest.raises(EdgetextError, match="261 pieces are special or single characters and have"):
        prune(model, {"vocabulary": 100}, splits=splits())


def test_positions_are_no_width(model):
    with pytest.raises(EdgetextError, match="--keep positions: this model has no such width"):
        prune(model, {"positions": 8}, splits=splits())
