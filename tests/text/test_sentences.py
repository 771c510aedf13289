"""Where sentences begin: the rule, on words of any script, in the graph as on the reference."""

import numpy as np
import pytest
import torch

from edgetext.data.example import Example
from edgetext.models.decoders.summarize import ReadSentences
from edgetext.tasks.learner import learner_of
from edgetext.tasks.words import word_bounds
from edgetext.text.sentences import MAX_SENTENCES
from edgetext.text.vocabulary import CLS, Vocabulary

TEXTS = ["We show it. It works!", "Dr. Who met J. Smith et al. (2018) in Fig. 3.", "Да. Нет?"]
VOCABULARY = Vocabulary.train(TEXTS, size=120)
LIMIT = 400


@pytest.fixture(scope="module")
def graph():
    return ReadSentences(VOCABULARY, LIMIT)


def read(graph, data):
    text = torch.from_numpy(np.frombuffer(data or b" ", np.uint8).copy()).unsqueeze(0)
    return graph(text)


def sentences(graph, text):
    data = text.encode()
    _, _, start, end, _ = read(graph, data)
    return [data[s:e].decode() for s, e in zip(start.tolist(), end.tolist(), strict=True)]


@pytest.mark.parametrize(
    "parts",
    [
        ["We show it.", "It works!", "Does it?", "Yes…", "Good."],
        ['He said "yes."', 'Then "no!"', "(It ended.)", "[Really.]", "“Хорошо.”", "Ends."],
        ["The value is 3.", "5 of them failed.", "At 7.5 it holds.", "(2) is next."],
        ["J. Smith and Dr. Who, U.S. citizens, e.g. Fig. 3 and Sec. A is.", "So it is."],
        ["Vaswani et al. (2017) and cf. 3 or vs. 4.", "So it is."],
        ["We like it a lot; this is so.", "It is up to us.", "We go."],
        ["What?!", "Wait...", "No."],
        ["fMRI data. is it one?", "Yes."],
        ["Привет, мир.", "Это Др. Иванов!", "Ήρθε.", "Éva came.", "Ça va."],
        ["გამარჯობა.", "როგორ ხარ?"],
        ["यह अच्छा है।", "वह गया।"],
        ["هذا جيد؟", "نعم."],
    ],
)
def test_texts_are_parted(graph, parts):
    assert sentences(graph, " ".join(parts)) == parts
    assert sentences(graph, "\n  ".join(parts)) == parts


def test_full_stops_of_chinese_and_japanese_need_no_space(graph):
    parts = ["你好。", "世界！", "「好。」", "是 吗？", "A"]
    assert sentences(graph, "".join(parts)) == parts


@pytest.mark.parametrize("text", ["", " ", "\n", "."])
def test_a_text_is_at_least_one_sentence(graph, text):
    assert sentences(graph, text) == [text.strip()]


def test_what_lies_beyond_the_last_sentence_belongs_to_it(graph):
    found = sentences(graph, "So! " * 90)
    assert len(found) == MAX_SENTENCES
    assert found[:2] == ["So!", "So!"] and found[-1] == " ".join(["So!"] * 27)


def test_training_reads_what_the_graph_reads(graph, texts):
    task = learner_of("summarize")
    mixed = [*TEXTS, "A. B! C? " * 60, " . . A", "你。好！" * 5, "x" * 300 + ". Yes. No."]
    for data in [*(text.encode() for text in mixed), *texts]:
        text = data.decode("utf-8", "replace")
        encoding = task.encode(Example(text, None), VOCABULARY, LIMIT)
        ids, first, start, end, _ = read(graph, text.encode())
        assert ids[0].tolist() == encoding.ids.tolist(), text
        assert first.tolist() == np.flatnonzero(encoding.first).tolist()
        assert (ids[0][first] == CLS).all() and (ids == CLS).sum() == len(first)
        assert [start.tolist(), end.tolist()] == [x.tolist() for x in word_bounds(encoding)]
