"""Tiny random models answer as the pipelines of transformers do, span by span and pair by pair."""

import pytest
import torch
from huggingface_models import COMMON, HEADS, INNER, LAYERS, WIDTH, write_tokenizer

from edgetext.data.example import Span
from edgetext.huggingface.import_model import Choices, import_model
from edgetext.huggingface.kinds import Asked
from edgetext.predictor import load

pytestmark = pytest.mark.slow
TEXTS = [
    "The rain in Paris is cold!",
    "play some music, please. Is it cold in oslo? No: 3.5 degrees",
    "naïve Café 東京 rain",
    "...",
    "unbelievable rain",
]
PAIRS = [(one, other) for one in TEXTS for other in (TEXTS[0], TEXTS[1] * 2)]


@pytest.fixture
def saved(tmp_path):
    """saved(class of transformers, labels) -> a folder with a random model of it."""
    transformers = pytest.importorskip("transformers")

    def save(head, labels):
        config = transformers.BertConfig(
            **COMMON,
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            intermediate_size=INNER,
            id2label=dict(enumerate(labels)),
            label2id={label: i for i, label in enumerate(labels)},
        )
        torch.manual_seed(0)
        model = getattr(transformers, f"BertFor{head}")(config).eval()
        for parameter in model.parameters():
            parameter.data = torch.randn_like(parameter) * 0.3
        model.save_pretrained(tmp_path)
        write_tokenizer(tmp_path)
        tokenizer = transformers.PreTrainedTokenizerFast(
            tokenizer_file=str(tmp_path / "tokenizer.json"),
            model_max_length=COMMON["max_position_embeddings"],
            unk_token="[UNK]",
            sep_token="[SEP]",
            cls_token="[CLS]",
            pad_token="[PAD]",
            model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        )
        tokenizer.save_pretrained(tmp_path)
        return tmp_path

    return save


def loaded(folder, **asked):
    model = import_model(str(folder), Choices(head=Asked(**asked)))
    model.save(folder / "model.pt")
    return load(folder / "model.pt")


@pytest.mark.parametrize("aggregation", ["simple", "first", "average", "max"])
@pytest.mark.parametrize("labels", [["O", "B-a", "I-a", "I-b", "B-b"], ["NOUN", "O", "VERB"]])
def test_spans_and_their_scores(saved, labels, aggregation):
    from transformers import pipeline

    folder = saved("TokenClassification", labels)
    predictor = loaded(folder, aggregation=aggregation)
    pipe = pipeline("token-classification", str(folder), aggregation_strategy=aggregation)
    for text in TEXTS:
        rows = pipe(text)
        answer = predictor.predict(text)
        places = [[len(text[: row[x]].encode()) for x in ("start", "end")] for row in rows]
        expected = [Span(r["entity_group"], *at) for r, at in zip(rows, places, strict=True)]
        assert list(answer.spans) == expected
        scores = [float(row["score"]) for row in rows]
        assert list(answer.span_scores) == pytest.approx(scores, abs=1e-5)


def test_pairs_that_are_cut_too(saved):
    from transformers import pipeline

    folder = saved("SequenceClassification", ["no", "yes", "so"])
    predictor = loaded(folder, pair=True)
    pipe = pipeline("text-classification", str(folder), top_k=None)
    for pair in PAIRS:
        (rows,) = pipe([{"text": pair[0], "text_pair": pair[1]}], truncation=True)
        scores = predictor.predict(*pair).scores
        assert dict(scores) == pytest.approx({r["label"]: r["score"] for r in rows}, abs=1e-5)
