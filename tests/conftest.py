"""One tiny joint and one tiny classify model, as checkpoints and artifacts.

Writing a `.pte` takes half a minute of processor time, so what is made stays in pytest's cache for
as long as no module that makes it changes (`pytest --cache-clear` forgets it). Tests copy a file
before they change it or write beside it.
"""

import contextlib
import gc
import hashlib
import importlib.metadata
import os
import random
import re
import shutil
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from once import alone, made_once

from edgetext.core.files import write_text
from edgetext.recipe import Recipe

# No test counts seconds: how many an example takes is the machine's.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

CITIES = ["Paris", "Zürich", "New York", "Rome", "Oslo", "São Paulo", "東京", "Łódź"]
DAYS = ["today", "tomorrow", "on Monday", "next week", "at 10:30"]
PHRASES = [
    ("flight", "book me a seat to {city} {day}"),
    ("flight", "I want to fly to {city}"),
    ("hotel", "find a room in {city} {day}, please!"),
    ("hotel", "a cheap hotel in {city}?"),
    ("weather", "is it cold in {city} {day}?"),
    ("weather", "will it rain {day}"),
]
TINY = """\
task: {task}
seed: 1
data: {{type: {reader}, train: {folder}/train{suffix}, valid: {folder}/test{suffix}, \
test: {folder}/test{suffix}}}
text: {{{text}, max_bytes: 64}}
encoder: {encoder}
training: {{epochs: {epochs}, batch_size: 8, learning_rate: 0.01, threads: 1, patience: 0, \
token_dropout: 0.05}}
"""
MULTI = """\
task: multi
seed: 1
tasks:
  trips: {{task: joint, data: {{type: pytext_tsv, train: {folder}/train.tsv, \
valid: {folder}/test.tsv, test: {folder}/test.tsv}}}}
  kind: {{task: classify, data: {{type: csv, train: {folder}/train.csv, \
valid: {folder}/test.csv, test: {folder}/test.csv}}}}
  names: {{task: tag, data: {{type: pytext_tsv, train: {folder}/train.tsv, \
valid: {folder}/test.tsv, test: {folder}/test.tsv}}, head: {{type: tag, hidden: 32}}}}
sampling_temperature: 2
text: {{vocabulary: 200, max_bytes: 64}}
encoder: {encoder}
training: {{epochs: {epochs}, batch_size: 8, learning_rate: 0.01, threads: 1, patience: 0}}
"""
LM = """\
task: lm
seed: 1
data: {{type: text, train: {texts}, valid: {texts}, test: {texts}, unknown: <unk>}}
text: {{vocabulary: 200, lowercase: false, max_bytes: 64}}
encoder: {{type: transformer, causal: true, embedding: 32, hidden: 32, layers: 1, heads: 2, \
feed_forward: 64, dropout: 0}}
training: {{epochs: 20, batch_size: 8, learning_rate: 0.01, threads: 1, patience: 0}}
"""
ENCODER = "{type: cnn, embedding: 32, hidden: 32, layers: 2, heads: 2, dropout: 0}"


def made_examples(count, seed):
    """(intent, text, [(slot, value)]) drawn from PHRASES."""
    rng = random.Random(seed)
    for _ in range(count):
        intent, phrase = rng.choice(PHRASES)
        slots = {"city": rng.choice(CITIES), "day": rng.choice(DAYS)}
        yield intent, phrase.format(**slots), [s for s in slots.items() if f"{{{s[0]}}}" in phrase]


def _pytext(intent, text, slots):
    spans = ",".join(f"{text.index(v)}:{text.index(v) + len(v)}:{k}" for k, v in slots)
    return f"{intent}\t{spans}\t{text}\n"


def _top(intent, text, slots):
    """`[IN:HOTEL a room [SL:WHERE in [IN:PLACE [SL:CITY Rome ] ] ] ? ]` after text and words."""
    tree = re.sub(r"([?!,])(?= |$)", r" \1", text)
    for slot, value in slots:
        inner = f"[SL:{slot.upper()} {value} ]"
        if slot == "city":
            tree = re.sub(rf"(to|in) {value}", rf"[SL:WHERE \1 [IN:PLACE {inner} ] ]", tree)
        else:
            tree = tree.replace(value, inner)
    words = " ".join(word for word in tree.split() if word != "]" and word[0] != "[")
    return f"{text}\t{words}\t[IN:{intent.upper()} {tree} ]\n"


def _write_data(folder):
    """train and test as .tsv (joint), .csv (classify) and .top (parse)."""
    for split, count, seed in (("train", 96, 1), ("test", 24, 2)):
        rows = list(made_examples(count, seed))
        write_text(folder / f"{split}.tsv", "".join(_pytext(*row) for row in rows))
        lines = [f'"{text}",{intent}\n' for intent, text, _ in rows]
        write_text(folder / f"{split}.csv", "text,label\n" + "".join(lines))
        write_text(folder / f"{split}.top", "".join(_top(*row) for row in rows))


def _write_recipe(folder, name, task="joint", encoder=ENCODER, epochs=10, text="vocabulary: 200"):
    kinds = {"classify": ("csv", ".csv"), "parse": ("top", ".top")}
    reader, suffix = kinds.get(task, ("pytext_tsv", ".tsv"))
    fields = {"task": task, "reader": reader, "suffix": suffix, "folder": folder}
    path = folder / f"{name}.yaml"
    if task == "multi":
        write_text(path, MULTI.format(folder=folder, encoder=encoder, epochs=epochs))
        return path
    write_text(path, TINY.format(**fields, encoder=encoder, epochs=epochs, text=text))
    return path


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c():
    """A process that a shell put in the background ignores Ctrl-C, which tests send themselves."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    # Not above: the process that hands out the tests needs no torch, which takes seconds to import.
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _rare_collections():
    """Exporting makes millions of objects that stay: looking for garbage as often as Python does by
    itself takes a tenth of its time."""
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def write_recipe():
    """write_recipe(folder, name, task, encoder, epochs) -> a recipe over the folder's data."""
    return _write_recipe


def _fingerprint():
    """Of all that decides the bytes of a model and its artifacts: the package, the tests' own ways
    to make one, Python, and every library that the package asks for."""
    root = Path(__file__).parents[1]
    sources = [Path(__file__), *(path for path in (root / "edgetext").rglob("*") if path.is_file())]
    digest = hashlib.sha256(sys.version.encode())
    for source in sorted(path for path in sources if path.suffix != ".pyc"):
        digest.update(source.read_bytes())
    for needed in sorted(importlib.metadata.requires("edgetext") or []):
        library = re.match(r"[\w.-]+", needed)[0]
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def models(pytestconfig, tmp_path_factory):
    """The folder of what is made once, whatever the session."""
    cache = getattr(pytestconfig, "cache", None)
    if cache is None:
        return tmp_path_factory.mktemp("models")
    folder = cache.mkdir("edgetext-models")
    own = folder / _fingerprint()
    own.mkdir(exist_ok=True)
    os.utime(own)
    for other in folder.iterdir():
        # Not a newer one, which another session may be using.
        if time.time() - other.stat().st_mtime > 86400:
            shutil.rmtree(other, ignore_errors=True)
    return own


@pytest.fixture(scope="session")
def data(models):
    """The folder with the tiny data sets and the recipes joint.yaml and classify.yaml."""
    folder = models / "data"
    _write_data(folder)
    for task in ("joint", "classify"):
        _write_recipe(folder, task, task)
    return folder


@pytest.fixture(scope="session")
def train_tiny(data):
    """train_tiny(path, task, encoder, epochs, text) -> path, a checkpoint of that kind."""
    from edgetext.training.run import train

    def make(path, *args, **fields):
        train(Recipe.load(_write_recipe(data, path.stem, *args, **fields))).save(path)
        return path

    return make


@pytest.fixture(scope="session")
def joint(train_tiny, models):
    path = models / "joint.pt"
    return made_once(path, lambda: train_tiny(path))


@pytest.fixture(scope="session")
def classify(train_tiny, models):
    path = models / "classify.pt"
    return made_once(path, lambda: train_tiny(path, "classify"))


@pytest.fixture(scope="session")
def tag(train_tiny, models):
    path = models / "tag.pt"
    return made_once(path, lambda: train_tiny(path, "tag"))


@pytest.fixture(scope="session")
def multi(train_tiny, models):
    path = models / "multi.pt"
    return made_once(path, lambda: train_tiny(path, "multi", epochs=4))


@pytest.fixture(scope="session")
def hashed(train_tiny, models):
    """A joint model whose words are hashed, its convolutions and its table of integers."""
    from edgetext.compression.quantization.quantize import Choices, quantize
    from edgetext.model.model import Model

    path, floats = models / "hashed-static.pt", models / "hashed.pt"
    text = "hashed: {buckets: 400, lengths: [2, 4]}"
    encoder = "{type: conv, embedding: 32, hidden: 32, layers: 2}"

    def make():
        train_tiny(floats, encoder=encoder, text=text, epochs=8)
        quantize(Model.load(floats), choices=Choices(static="percentile")).model.save(path)

    return made_once(path, make)


@pytest.fixture(scope="session")
def int8(joint):
    """The joint checkpoint with int8 weights, beside it."""
    return _to_int8(joint)


def _to_int8(checkpoint):
    from edgetext.compression.quantization.quantize import quantize
    from edgetext.model.model import Model

    path = checkpoint.with_name(f"{checkpoint.stem}-int8.pt")
    return made_once(path, lambda: quantize(Model.load(checkpoint)).model.save(path))


@pytest.fixture(scope="session")
def parse(train_tiny, models):
    path = models / "parse.pt"
    return made_once(path, lambda: train_tiny(path, "parse", epochs=16))


@pytest.fixture(scope="session")
def parse_int8(parse):
    return _to_int8(parse)


def _artifacts(checkpoint, suffix=None):
    """The one of the suffix; by default `.onnx` and `.pte`."""
    from edgetext.artifacts.export import export, output_paths
    from edgetext.model.model import Model

    output = suffix and checkpoint.with_suffix(suffix)
    paths = output_paths(checkpoint, "mobile", output)
    made_once(paths[-1], lambda: export(Model.load(checkpoint), "mobile", output))
    files = {path.suffix[1:]: path for path in (checkpoint, *paths)}
    return SimpleNamespace(**files, card=checkpoint.with_suffix(".md"))


@pytest.fixture(scope="session")
def both_files(joint, int8):
    """What joint_files and int8_files are. One process writes them, whoever asks first: the second
    `.pte`, of the same vocabulary, takes half the time of the first."""
    with alone(int8.with_suffix(".both")):
        return _artifacts(joint), _artifacts(int8)


@pytest.fixture(scope="session")
def joint_files(both_files):
    """The tiny float32 joint model: paths pt, onnx, pte and card."""
    return both_files[0]


@pytest.fixture(scope="session")
def int8_files(both_files):
    return both_files[1]


@pytest.fixture(scope="session")
def hashed_files(hashed):
    """Without pte; the slow tests have those of more models of hashed words."""
    return _artifacts(hashed, ".onnx")


@pytest.fixture(scope="session")
def batch_files(int8, hashed, classify):
    """`.onnx` files that answer several texts in a run: of a joint model with int8 layers whose
    inputs are rounded as they come, of one of hashed words, static, and of a float32 classifier."""
    from edgetext.artifacts.export import export
    from edgetext.model.model import Model

    files = SimpleNamespace()
    for name, checkpoint in (("int8", int8), ("hashed", hashed), ("classify", classify)):
        path = checkpoint.with_name(f"{checkpoint.stem}-batch.onnx")
        made_once(path, lambda c=checkpoint: export(Model.load(c), "server", c.parent, batch=True))
        setattr(files, name, path)
    return files


@pytest.fixture(scope="session")
def portable_files(int8, parse):
    """`.onnx` files of ai.onnx's own operators: of a joint model with int8 layers, and of a float32
    one that decodes trees."""
    from edgetext.artifacts.export import export
    from edgetext.model.model import Model

    files = SimpleNamespace()
    for name, checkpoint in (("int8", int8), ("parse", parse)):
        path = checkpoint.with_name(f"{checkpoint.stem}-portable.onnx")
        made_once(path, lambda c=checkpoint: export(Model.load(c), "portable", c.parent))
        setattr(files, name, path)
    return files


@pytest.fixture(scope="session")
def classify_files(classify):
    """Without pte, which takes long to write; the slow tests have one."""
    return _artifacts(classify, ".onnx")


@pytest.fixture(scope="session")
def tag_files(tag):
    """Without pte; the slow tests have that of several tasks, this one among them."""
    return _artifacts(tag, ".onnx")


@pytest.fixture(scope="session")
def parse_files(parse):
    """Without pte, which the slow tests have of the int8 model."""
    return _artifacts(parse, ".onnx")


@pytest.fixture(scope="session")
def parse_int8_files(parse_int8):
    """Without onnx, which the float32 model has; for slow tests."""
    return _artifacts(parse_int8, ".pte")


@pytest.fixture(scope="session")
def multi_files(multi):
    """Without pte, which the slow tests have."""
    return _artifacts(multi, ".onnx")


@pytest.fixture(scope="session")
def multi_program(multi):
    """The same model as pte, for slow tests."""
    return _artifacts(multi, ".pte")


@pytest.fixture(scope="session")
def lm(data, models):
    """A language model of the joint model's texts, a word of them unknown."""
    from edgetext.training.run import train

    path, texts = models / "lm.pt", data / "train.txt"

    def make():
        rows = [text for _, text, _ in made_examples(96, 1)]
        write_text(texts, "".join(f"{text.replace('seat', '<unk>')}\n" for text in rows))
        recipe = data / "lm.yaml"
        write_text(recipe, LM.format(texts=texts))
        train(Recipe.load(recipe)).save(path)

    return made_once(path, make)


@pytest.fixture(scope="session")
def lm_files(lm):
    """The tiny language model with int8 weights: pt and onnx."""
    return _artifacts(_to_int8(lm), ".onnx")


@pytest.fixture(scope="session")
def lm_program(lm):
    """The same model as pte, for slow tests."""
    return _artifacts(_to_int8(lm), ".pte")


@pytest.fixture(scope="session")
def texts():
    """More than a hundred texts in bytes: like the training's, of other scripts, broken, long."""
    rng = random.Random(7)
    found = [text for _, text, _ in made_examples(100, 3)]
    found += [text.upper() for text in found[:10]]
    found += ["", " ", "\n\t ", "a", "😀👍🏽", "नमस्ते दुनिया", "안녕하세요", "naïve ﬁne ½", "ῼ Σς"]
    found += ["is it cold in " + "é" * 40, "東" * 40, "x" * 200]
    noise = [bytes(rng.randrange(256) for _ in range(rng.randrange(1, 90))) for _ in range(20)]
    return [text.encode() for text in found] + noise


def _predictors(files):
    """The predictors of a model's files, by their kind: pt, onnx, pte."""
    from edgetext.predictor import load

    return SimpleNamespace(**{k: load(path) for k, path in vars(files).items() if k != "card"})


@pytest.fixture(scope="session")
def predictors(joint_files, int8_files, classify_files, tag_files, multi_files, parse_files):
    """Model's name → its predictors, by kind of file: pt and onnx, of the first two pte as well."""
    made = {
        "joint": joint_files,
        "int8": int8_files,
        "classify": classify_files,
        "tag": tag_files,
        "multi": multi_files,
        "parse": parse_files,
    }
    return {name: _predictors(files) for name, files in made.items()}


@pytest.fixture(scope="session")
def programs(parse_int8_files, multi_program):
    """The same of the models whose pte the slow tests make."""
    return {"parse-int8": _predictors(parse_int8_files), "multi-pte": _predictors(multi_program)}


@pytest.fixture(scope="session")
def tamper():
    """tamper(artifact, target, old, new): a copy with other bytes and a seal that fits them."""
    from edgetext.model.seal import DIGITS
    from edgetext.targets.catalog import format_of

    def change(artifact, target, old, new):
        form = format_of(artifact.suffix)
        content = artifact.read_bytes()[: -DIGITS - len(form.seal_prefix)]
        assert old in content and len(old) == len(new)
        target.write_bytes(form.seal(content.replace(old, new)))
        return target

    return change
