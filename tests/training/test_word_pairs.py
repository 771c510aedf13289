"""Models of hashed words with a row for each word and the one before it, in whole files."""

import pytest
import torch
from once import made_once

from edgetext.artifacts.export import export
from edgetext.compression.pruning.prune import prune
from edgetext.compression.quantization.quantize import Choices, quantize
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.models import build_network
from edgetext.predictor import load
from edgetext.recipe import Recipe, TextConfig
from edgetext.training.dataset import EncodedSet
from edgetext.training.distill import distill
from edgetext.training.evaluation import answers
from edgetext.training.run import train

CONV = "{type: conv, embedding: 32, hidden: 32, layers: 2}"
BAG = "{type: bag, embedding: 32, hidden: 32}"
PAIRS = "hashed: {buckets: 400, lengths: [2, 4], pairs: true}"
STUDENT = """\
student:
  encoder: {type: bag, embedding: 16, hidden: 16}
  training: {epochs: 1, batch_size: 8, threads: 1}
"""
LONG = "to Oslo " + "tomorrow" * 6 + " " + "é" * 40
HARD = ["", " ", "\n\t ", "hotel", "fly to Rome", "Rome to fly", LONG, b"\xff a \xc3", "x" * 200]
# What a model is of: its task, its encoder, what is added to `text`, and how it is quantized.
KINDS = {
    "floats": ("joint", CONV, "", None),
    "static": ("joint", CONV, "", Choices(static="percentile")),
    "bag of integers": ("classify", BAG, "", Choices()),
    "four bits": ("classify", BAG, "", Choices(int4="all")),
    "tags": ("tag", "{type: cnn, embedding: 32, hidden: 32, layers: 1}", "", Choices()),
    "states": ("joint", "{type: lstm, embedding: 16, hidden: 16}", "", None),
    "attention": (
        "classify",
        "{type: transformer, embedding: 16, hidden: 32, layers: 1, heads: 2, feed_forward: 64}",
        "",
        None,
    ),
    "folded": ("joint", CONV, ", look_alikes: true", None),
}
SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS if kind != "floats"]


@pytest.fixture(scope="session")
def paired(train_tiny, models):
    """paired(kind) -> the checkpoint of that kind."""

    def make(kind):
        task, encoder, more, choices = KINDS[kind]
        path = models / f"pairs-{kind.replace(' ', '-')}.pt"
        if choices is None:
            return made_once(path, lambda: train_tiny(path, task, encoder, text=PAIRS + more))
        floats = path.with_name(f"{path.stem}-floats.pt")
        made_once(floats, lambda: train_tiny(floats, task, encoder, text=PAIRS + more))
        made = lambda: quantize(Model.load(floats), choices=choices).model.save(path)  # noqa: E731
        return made_once(path, made)

    return make


def file_of(checkpoint, target, suffix, **options):
    path = checkpoint.with_name(checkpoint.stem + suffix)
    output = path.parent if suffix == "-batch.onnx" else path
    return made_once(path, lambda: export(Model.load(checkpoint), target, output, **options))


def check_same(one, other, within, text):
    assert (one.spans, one.truncated) == (other.spans, other.truncated), text
    if one.scores is not None:
        assert other.scores == pytest.approx(one.scores, abs=within), text


@pytest.mark.parametrize("kind", ["floats", *SLOW])
def test_a_file_answers_as_its_checkpoint(kind, paired, texts):
    checkpoint = paired(kind)
    expected = load(checkpoint)
    file = load(file_of(checkpoint, "mobile", ".onnx"))
    for text in [*HARD, *texts]:
        check_same(expected.predict(text), file.predict(text), 0.02, text)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "states"])
def test_a_program_answers_as_its_checkpoint(kind, paired, texts):
    checkpoint = paired(kind)
    expected, file = load(checkpoint), load(file_of(checkpoint, "mobile", ".pte"))
    # Of random bytes two tags may score alike, and integers that round otherwise choose the other.
    for text in [*HARD, *texts[:-20]]:
        check_same(expected.predict(text), file.predict(text), 0.02, text)


@pytest.mark.parametrize("kind", ["floats", *(x for x in SLOW if x.values[0] != "states")])
def test_the_first_word_of_a_text_sees_no_text_before_it(kind, paired, texts):
    checkpoint = paired(kind)
    batch = load(file_of(checkpoint, "server", "-batch.onnx", batch=True))
    given = [*HARD, *texts]
    # Integers of layers may be rounded to their neighbors, by a mean that was added up otherwise.
    within = 1e-5 if KINDS[kind][3] is None else 2e-3
    for text, answer in zip(given, batch.predict_many(given), strict=True):
        check_same(batch.predict(text), answer, within, text)
    one = load(file_of(checkpoint, "mobile", ".onnx"))
    for text in HARD:
        check_same(one.predict(text), batch.predict(text), 0.03, text)


@pytest.mark.slow
def test_an_engine_of_32_bits_answers_alike(paired, texts):
    pytest.importorskip("openvino")
    checkpoint = paired("floats")
    expected = load(checkpoint)
    file = load(file_of(checkpoint, "portable", "-portable.onnx"), runtime="openvino")
    for text in HARD + texts[:40]:
        check_same(expected.predict(text), file.predict(text), 1e-3, text)


def test_the_row_of_nothing_learns_nothing_of_dropped_words(paired):
    model = Model.load(paired("floats"))
    assert model.header.recipe["training"]["token_dropout"] > 0
    assert not model.tensors["embedding.weight"][0].any()


def test_many_texts_at_once_are_answered_as_one_is(paired, texts):
    checkpoint = paired("floats")
    model, alone = Model.load(checkpoint), load(checkpoint)
    given = [text.decode("utf-8", "ignore")[:16] for text in texts]
    data = EncodedSet.of_model(model, [Example(text, None) for text in given])
    with torch.inference_mode():
        together = answers(model.network, data, len(given))
    for text, answer in zip(given, together, strict=True):
        one = alone.predict(text)
        assert one.spans == answer.spans, text
        assert one.scores == pytest.approx(answer.scores, abs=1e-4), text


def network(pairs):
    torch.manual_seed(1)
    hashed = {"buckets": 400, "lengths": [2, 4], **({"pairs": True} if pairs else {})}
    model = {
        "text": {"lowercase": True, "hashed": hashed},
        "encoder": {"type": "bag", "embedding": 16, "hidden": 16},
        "head": {"type": "classify"},
    }
    return build_network(model, 400, {"intent": ["a", "b"]}).eval()


def test_a_bag_tells_orders_of_words_apart_by_pairs_alone(paired):
    encode = Model.load(paired("floats")).vocabulary.encode
    one, other = (torch.from_numpy(encode(x).ids)[None] for x in ("Oslo to Rome", "Rome to Oslo"))
    for pairs in (False, True):
        with torch.no_grad():
            scores = [network(pairs)(ids)["intent"] for ids in (one, other)]
        assert torch.allclose(*scores, atol=1e-6) is not pairs


def test_pruned_widths_keep_the_pairs(paired, tmp_path):
    smaller = prune(Model.load(paired("floats")), {"hidden": 24, "embedding": 24}).model
    smaller.save(tmp_path / "smaller.pt")
    expected = load(tmp_path / "smaller.pt")
    file = load(export(Model.load(tmp_path / "smaller.pt"), "server", tmp_path).files[0])
    assert smaller.header.vocabulary["pairs"] is True
    for text in HARD:
        check_same(expected.predict(text), file.predict(text), 1e-3, text)


def test_pieces_of_a_vocabulary_that_nobody_trained_cannot_be_pruned(paired):
    with pytest.raises(EdgetextError, match="hashes words instead"):
        prune(Model.load(paired("floats")), {"vocabulary": 100})


def test_a_checkpoint_says_it_where_there_are_pairs_alone(paired, hashed):
    header = Checkpoint.load(paired("floats")).header
    assert header.recipe["text"]["hashed"]["pairs"] is True
    assert (header.vocabulary["pairs"], header.as_dict()["format_version"]) == (True, 5)
    without = Checkpoint.load(hashed.with_name("hashed.pt")).header
    assert "pairs" not in without.recipe["text"]["hashed"] and "pairs" not in without.vocabulary
    assert without.as_dict()["format_version"] == 1
    assert TextConfig(hashed={"pairs": False}).model_dump()["hashed"] == {
        "buckets": 2000,
        "lengths": [1, 2, 3, 4, 5],
    }


def test_a_student_without_text_of_its_own_has_its_teachers(paired, write_recipe, data):
    path = write_recipe(data, "pairs-student", encoder=CONV, text=PAIRS)
    path.write_text(path.read_text("utf-8") + STUDENT, "utf-8")
    header = distill([Model.load(paired("floats"))], Recipe.load(path)).header
    assert header.vocabulary["pairs"] and header.recipe["text"]["hashed"]["pairs"]


@pytest.mark.slow
def test_several_tasks_may_have_pairs(write_recipe, data, tmp_path):
    path = write_recipe(data, "pairs-multi", "multi", epochs=2)
    train(Recipe.load(path, [f"text={{{PAIRS}, max_bytes: 64}}"])).save(tmp_path / "multi.pt")
    export(Model.load(tmp_path / "multi.pt"), "mobile")
    expected, *files = [load(tmp_path / f"multi.{suffix}") for suffix in ("pt", "onnx", "pte")]
    for text in HARD:
        parts = expected.predict(text).parts
        for file in files:
            for name, part in file.predict(text).parts.items():
                assert (part.intent, part.spans) == (parts[name].intent, parts[name].spans), text


@pytest.mark.parametrize(
    ("text", "encoder", "message"),
    [
        ("hashed: {pairs: often}", CONV, r"text\.hashed\.pairs"),
        ("hashed: {pair: true}", CONV, r"pair.*pairs"),
        ("hashed: {pairs: true}, keep_accents: true", CONV, r"text\.keep_accents: words that are"),
    ],
)
def test_what_is_no_choice_is_refused(text, encoder, message, write_recipe, data):
    path = write_recipe(data, "pairs-refused", encoder=encoder, text=text)
    with pytest.raises(EdgetextError, match=message):
        train(Recipe.load(path))
