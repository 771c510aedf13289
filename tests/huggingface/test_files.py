"""Imported models as files: each task answers in its file as the checkpoint does."""

import pytest
from huggingface_models import CLASSES, replace_tokenizer, write_model
from tokenizer_files import byte_level, modern, unigram
from tokenizers import normalizers

from edgetext.artifacts.export import export
from edgetext.huggingface.import_model import Choices, import_model
from edgetext.huggingface.kinds import Asked
from edgetext.predictor import load

TEXTS = [
    "The rain in Paris is cold!",
    "play some music, please. Is it cold in oslo? No: 3.5 degrees",
    "naïve Café 東京 rain",
    "Rain   in Pari\u0301s,  cold",
    "...",
    "rain",
    "",
]
# By the end of a class's name, with what the user says of it.
HEADS = {
    "ForSequenceClassification": {"pair": False},
    "ForSequenceClassification of pairs": {"pair": True},
    "ForTokenClassification": {"aggregation": "average"},
    "ForTokenClassification of pieces": {"aggregation": "simple"},
    "ForQuestionAnswering": {},
}


# Of published models by their names.
TOKENIZERS = {
    "roberta": lambda: byte_level(),
    "xlm-roberta": lambda: unigram(normalizers.NFKD()),
    "modernbert": modern,
}


def files(folder, suffix, head, family="bert", tokenizer=None):
    """The checkpoint of a tiny model and its file."""
    write_model(folder / "model", family, head.partition(" ")[0])
    if tokenizer is not None:
        replace_tokenizer(folder / "model", TOKENIZERS[tokenizer]())
    model = import_model(str(folder / "model"), Choices(head=Asked(**HEADS[head])))
    model.save(folder / "model.pt")
    export(model, "mobile", folder / f"model{suffix}")
    return load(folder / "model.pt"), load(folder / f"model{suffix}")


def check(checkpoint, file):
    """The file's answers are the checkpoint's, for texts of every sort."""
    asked = [(text,) for text in TEXTS]
    if len(checkpoint.task.inputs) == 2:
        asked = [(one, other) for one in TEXTS for other in TEXTS[:3]]
    for texts in asked:
        expected, answer = checkpoint.predict(*texts), file.predict(*texts)
        assert checkpoint.task.agree(expected, answer), texts
        assert answer.truncated == expected.truncated


def test_a_classifier_in_onnx_runtime(tmp_path):
    check(*files(tmp_path, ".onnx", "ForSequenceClassification"))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".onnx", ".pte"])
@pytest.mark.parametrize("head", HEADS)
def test_each_task_in_its_file(head, suffix, tmp_path):
    check(*files(tmp_path, suffix, head))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".onnx", ".pte"])
@pytest.mark.parametrize("family", CLASSES)
def test_each_architecture_in_its_file(family, suffix, tmp_path):
    check(*files(tmp_path, suffix, "ForTokenClassification", family))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".onnx", ".pte"])
@pytest.mark.parametrize("head", ["ForSequenceClassification of pairs", "ForTokenClassification"])
@pytest.mark.parametrize("tokenizer", TOKENIZERS)
def test_each_tokenizer_in_its_file(tokenizer, head, suffix, tmp_path):
    family = "modernbert" if tokenizer == "modernbert" else "roberta"
    check(*files(tmp_path, suffix, head, family, tokenizer))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".onnx", ".pte"])
def test_a_long_passage_is_read_in_windows_as_the_checkpoint_reads_it(suffix, tmp_path):
    checkpoint, file = files(tmp_path, suffix, "ForQuestionAnswering")
    for question in ("is it cold", "Pari\u0301s?"):
        for repeats in (1, 7, 40):
            passage = " ".join(TEXTS * repeats)
            assert len(passage.encode()) > checkpoint.metadata.max_bytes
            expected, answer = (x.predict(question, passage) for x in (checkpoint, file))
            assert checkpoint.task.agree(expected, answer)
            assert answer.spans == expected.spans
