"""Pruning: what goes is what matters least, the rest keeps its place, and files shrink."""

import pytest
import torch

from edgetext.cli import main
from edgetext.compression.pruning.importance import of_channels
from edgetext.compression.pruning.low_rank import by_importance
from edgetext.compression.pruning.prune import parse_keep, prune
from edgetext.compression.pruning.structure import cut, width_of, widths
from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.models import build_network
from edgetext.recipe import TrainingConfig
from edgetext.training.dataset import EncodedSet

LABELS = {"intent": ["a", "b", "c"], "tags": ["O", "B-x", "I-x"]}
HEAD = {"type": "joint", "hidden": 12}
ENCODERS = [
    {"type": "bag", "embedding": 8, "hidden": 16},
    {"type": "cnn", "embedding": 8, "hidden": 16, "layers": 2},
    {"type": "cnn", "embedding": 16, "hidden": 16, "layers": 3, "heads": 2},
    {"type": "lstm", "embedding": 8, "hidden": 8, "layers": 2, "heads": 2},
    {"type": "transformer", "embedding": 8, "hidden": 24, "heads": 2, "feed_forward": 32},
]
each_encoder = pytest.mark.parametrize("encoder", ENCODERS, ids=lambda e: f"{e['type']}-{len(e)}")


def built(encoder):
    torch.manual_seed(0)
    model = {"encoder": encoder, "head": HEAD}
    return model, build_network(model, 50, LABELS).eval()


@each_encoder
def test_every_width_can_be_cut_and_the_network_still_fits(encoder):
    model, network = built(encoder)
    found = widths(model, 50, LABELS)
    # An LSTM's states stand beside those of its attention, and which is which no shape tells.
    fields = {"head.hidden"} if encoder["type"] == "lstm" else {"encoder.hidden", "head.hidden"}
    assert fields <= {width.field for width in found}
    for width in found:
        kept = torch.arange(width.size).reshape(width.groups, -1)[:, ::2].reshape(-1)
        section, name = width.field.split(".")
        smaller = {**model, section: {**model[section], name: len(kept)}}
        made = build_network(smaller, 50, LABELS)
        made.load_state_dict(cut(network.state_dict(), width, kept))


@each_encoder
def test_channels_that_nothing_reads_can_go_without_a_change(encoder):
    model, network = built(encoder)
    width = width_of("head.hidden", model, 50, LABELS)
    with torch.no_grad():
        network.head.tags.weight[:, ::2] = 0
    kept = torch.arange(1, 12, 2)
    smaller = build_network({**model, "head": {**HEAD, "hidden": 6}}, 50, LABELS).eval()
    smaller.load_state_dict(cut(network.state_dict(), width, kept))
    ids = torch.randint(2, 50, (2, 9))
    torch.testing.assert_close(network(ids)["tags"], smaller(ids)["tags"])


def test_a_channel_that_nothing_reads_matters_nothing(data, joint):
    checkpoint = Checkpoint.load(joint)
    header = checkpoint.header
    network = load_network(checkpoint)
    with torch.no_grad():
        network.head.tags.weight[:, :3] = 0
    from edgetext.recipe import Recipe
    from edgetext.training.splits import load_split

    examples = load_split(Recipe.from_dict(header.recipe), "train")[:32]
    encoded = EncodedSet.of(header, examples)
    width = width_of("head.hidden", header.recipe, len(header.pieces), header.labels)
    found = of_channels(network, encoded, [width], TrainingConfig(batch_size=8))["head.hidden"]
    assert (found[:3] == 0).all() and (found[3:] > 0).sum() > len(found) / 2


def test_pruned_models_are_smaller_in_every_file(joint, tmp_path):
    made = prune(Model.load(joint), {"hidden": 16, "head.hidden": 40, "vocabulary": 120})
    assert made.parameters[1] < 0.6 * made.parameters[0]
    assert made.changes == [
        ("encoder.hidden", 32, 16),
        ("head.hidden", 128, 40),
        ("vocabulary", made.changes[2][1], 120),
    ]
    path = tmp_path / "small.pt"
    made.model.save(path)
    assert path.stat().st_size < 0.8 * joint.stat().st_size
    header = Checkpoint.load(path).header
    assert header.variant == "pruned" and len(header.pieces) == 120
    assert header.history[-1].metrics == made.after


def test_a_layer_less(joint):
    made = prune(Model.load(joint), {"layers": 1})
    assert made.model.header.recipe["encoder"]["layers"] == 1
    assert made.model.network.encoder.config.layers == 1


def test_recovery_learns_from_the_whole_model(joint, tmp_path, capsys):
    path = tmp_path / "small.pt"
    arguments = ["--keep", "hidden=24,vocabulary=130", "--epochs", "6", "--learning-rate", "0.01"]
    assert main(["prune", str(joint), *arguments, "-o", str(path)]) == 0
    row = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("frame_accuracy"))
    _, before, after_cut, recovered = row.split()
    assert float(recovered) > float(after_cut) and float(recovered) > 0.8 * float(before)
    checkpoint = Checkpoint.load(path)
    assert checkpoint.header.variant == "pruned"
    assert checkpoint.header.recipe["encoder"]["hidden"] == 24
    assert not path.with_name("small.pt.resume").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--keep", "hiden=16"], "no such width; did you mean hidden"),
        (["--keep", "hidden"], "give a field and how much of it stays"),
        (["--keep", "hidden=0"], "give a field and how much of it stays"),
        (["--keep", "hidden=64"], "there are only 32"),
        (["--keep", "hidden=15"], "each of the 2 heads keeps as many"),
        (["--keep", "vocabulary=9"], "single characters and have to stay"),
        (["--ratio", "0.999"], "nothing would be left of encoder"),
        ([], "--ratio or --keep"),
    ],
)
def test_what_cannot_be_cut_is_refused(joint, tmp_path, capsys, arguments, words):
    path = tmp_path / "small.pt"
    assert main(["prune", str(joint), *arguments, "-o", str(path)]) == 2
    assert words in capsys.readouterr().err
    assert not path.exists()


def test_int8_models_are_refused(int8):
    with pytest.raises(EdgetextError, match="prune the one that it came from"):
        prune(Model.load(int8), {"hidden": 16})


def test_keep_is_read():
    assert parse_keep("hidden=64, head.hidden=48") == {"hidden": 64, "head.hidden": 48}


def test_the_table_is_cut_by_what_its_readers_need():
    model, network = built({"type": "conv", "embedding": 16, "hidden": 24, "heads": 1})
    tensors = network.state_dict()
    # Half of the directions carry next to nothing, whichever columns they lie in.
    turn = torch.linalg.qr(torch.randn(16, 16)).Q
    weak = turn @ torch.diag(torch.tensor([1.0] * 8 + [1e-3] * 8)) @ turn.T
    network.load_state_dict({**tensors, "embedding.weight": tensors["embedding.weight"] @ weak})
    ids = torch.arange(2, 40)[None]
    whole = network(ids)["tags"]
    width = width_of("encoder.embedding", model, 50, LABELS)
    ordered = by_importance(network.state_dict(), width, torch.ones(50, dtype=torch.int64))
    narrow = {**model, "encoder": {**model["encoder"], "embedding": 8}}
    for recipe, found in ((model, ordered), (narrow, cut(ordered, width, torch.arange(8)))):
        made = build_network(recipe, 50, LABELS).eval()
        made.load_state_dict(found)
        torch.testing.assert_close(made(ids)["tags"], whole, rtol=0.01, atol=0.01)


def test_a_table_that_is_more_than_multiplied_is_cut_by_channels(joint):
    # Its first layer adds what it reads to what it makes: the columns cannot be mixed.
    made = prune(Model.load(joint), {"embedding": 20})
    assert made.model.header.recipe["encoder"]["embedding"] == 20
    assert made.model.network.embedding.weight.shape[1] == 20


def test_what_training_does_not_improve_is_kept_as_it_was_cut(joint, tmp_path, capsys):
    path = tmp_path / "small.pt"
    # A rate that undoes what the network has learnt.
    arguments = ["--keep", "head.hidden=120", "--epochs", "2", "--learning-rate", "0.9"]
    assert main(["prune", str(joint), *arguments, "-o", str(path)]) == 0
    rows = [x.split() for x in capsys.readouterr().out.splitlines() if x.startswith("span_f1")]
    assert rows[0][2] == rows[0][3]


def test_another_teacher_may_help_it_recover(joint, train_tiny, tmp_path):
    teacher = train_tiny(tmp_path / "teacher.pt", epochs=4)
    path = tmp_path / "small.pt"
    arguments = ["--keep", "hidden=16", "--epochs", "2", "--teacher", str(teacher)]
    assert main(["prune", str(joint), *arguments, "-o", str(path)]) == 0
    made, whole = Checkpoint.load(path).header, Checkpoint.load(joint).header
    assert len(made.history) == len(whole.history) + 1
    assert made.history[-1].parent_sha256 == sha256(joint)


def test_buckets_are_no_pieces(hashed):
    model = Model.load(hashed.with_name("hashed.pt"))
    with pytest.raises(EdgetextError, match="--keep vocabulary=100 needs a vocabulary"):
        prune(model, keep={"vocabulary": 100})
    cut = prune(model, ratio=0.5).model
    assert cut.network.embedding.weight.shape == (400, 16)
    assert not cut.network.embedding.weight[0].any()
