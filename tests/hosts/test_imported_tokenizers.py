"""Imported tokenizers in the releases of ONNX Runtime that are promised."""

import json
import random

import numpy as np
import pytest
import torch
from releases import NPMS, OLDEST, host_of, run_in
from tokenizer_files import unigram, word_piece
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext_bench.experiments.imported_tokenizers import write_onnx

# The times of merges above this number are integers that a release before 1.32.0 compares wrongly.
MERGES = 3000
ANSWER = """\
import json, sys
import numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
answers = []
for text in json.loads(sys.argv[2]):
    data = numpy.frombuffer(text.encode(), numpy.uint8)[None]
    answers.append([value.tolist() for value in session.run(None, {"text": data})])
print(json.dumps(answers))
"""


def words():
    """Made-up words of as many syllables as have names of their own in no tokenizer."""
    generator = random.Random(3)
    syllables = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("", "n", "s", "l")]
    return ["".join(generator.choices(syllables, k=generator.randint(2, 5))) for _ in range(6000)]


def many_merges():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=MERGES + 1500,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([" ".join(words())], trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer.to_str()


@pytest.fixture(scope="module")
def graphs(tmp_path_factory):
    """(tokenizer, its graph as a file) by name."""
    contents = {"WordPiece": word_piece(True), "bytes": many_merges(), "Unigram": unigram()}
    made = {}
    for name, content in contents.items():
        tokenizer = ImportedTokenizer.read(content, source=name, max_length=512)
        made[name] = (tokenizer, tmp_path_factory.mktemp("graphs") / f"{name}.onnx")
        write_onnx(*made[name])
    return made


def test_there_are_so_many_merges(graphs):
    assert len(json.loads(many_merges())["model"]["merges"]) > MERGES


@pytest.mark.parametrize("release", [OLDEST, NPMS])
@pytest.mark.parametrize("name", ["WordPiece", "bytes", "Unigram"])
def test_a_release_reads_as_the_graph_in_pytorch(name, release, graphs):
    host_of(release)
    tokenizer, file = graphs[name]
    made = words()
    texts = [" ".join(made[at : at + 8]) for at in range(0, 320, 8)]
    texts += [" ", "x", "." * 80, "日本 é 😀", "wake me up at seven o'clock"]
    run = run_in(release, ANSWER, str(file), json.dumps(texts), capture_output=True, timeout=120)
    graph = tokenizer.graph().eval()
    for text, answer in zip(texts, json.loads(run.stdout), strict=True):
        data = torch.from_numpy(np.frombuffer(text.encode(), np.uint8).copy())[None]
        assert answer == [value.tolist() for value in graph(data)], text
