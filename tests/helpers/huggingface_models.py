"""Tiny folders as `save_pretrained` of transformers writes them, without transformers.

Every tensor is a function of its name, so that what a model answers is known by heart.
"""

import json
import math
import zlib

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

WIDTH, INNER, HEADS, LAYERS, PLACES = 24, 40, 3, 2, 32
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = ("the", "rain", "in", "paris", "is", "cold", "play", "music")
PIECES = (*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS[:36]), *WORDS)
COMMON = {"vocab_size": len(PIECES), "max_position_embeddings": PLACES}
BERT = {
    **COMMON,
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": INNER,
}
CONFIGS = {
    "bert": BERT,
    "roberta": {**BERT, "max_position_embeddings": PLACES + 1, "type_vocab_size": 1,
                "pad_token_id": 0},
    "electra": {**BERT, "embedding_size": 16},
    "distilbert": {**COMMON, "dim": WIDTH, "n_layers": LAYERS, "n_heads": HEADS,
                   "hidden_dim": INNER},
    "modernbert": {**BERT, "local_attention": 4, "pad_token_id": 0},
    "mpnet": {**BERT, "max_position_embeddings": PLACES + 2, "pad_token_id": 1},
}  # fmt: skip
CLASSES = {
    "bert": "Bert",
    "roberta": "Roberta",
    "electra": "Electra",
    "distilbert": "DistilBert",
    "modernbert": "ModernBert",
    "mpnet": "MPNet",
}


def values(name, *shape):
    """float32 of -0.3 to 0.3, by the tensor's name; of norms around 1."""
    start = zlib.crc32(name.encode()) % 1000
    wave = torch.sin(torch.arange(math.prod(shape), dtype=torch.float64) * 1.7 + start)
    scale = 1 if len(shape) == 1 and name.endswith("weight") else 0
    return (scale + 0.3 * wave.reshape(shape)).to(torch.float32)


def linear(name, outputs, inputs, bias=True):
    shapes = {f"{name}.weight": (outputs, inputs)}
    return {**shapes, f"{name}.bias": (outputs,)} if bias else shapes


def norm(name, width, bias=True):
    shapes = {f"{name}.weight": (width,)}
    return {**shapes, f"{name}.bias": (width,)} if bias else shapes


BERT_ATTENTION = ("self.query", "self.key", "self.value", "output.dense", "output.LayerNorm")


def bert_layers(base, attention=BERT_ATTENTION):
    """attention: the names of four linear layers and of the norm behind them."""
    shapes = {}
    for i in range(LAYERS):
        layer = f"{base}encoder.layer.{i}."
        for part in attention[:4]:
            shapes |= linear(f"{layer}attention.{part}", WIDTH, WIDTH)
        shapes |= norm(f"{layer}attention.{attention[4]}", WIDTH)
        shapes |= linear(f"{layer}intermediate.dense", INNER, WIDTH)
        shapes |= linear(f"{layer}output.dense", WIDTH, INNER)
        shapes |= norm(f"{layer}output.LayerNorm", WIDTH)
    return shapes


def bert_shapes(base, width=WIDTH, places=PLACES, kinds=2):
    return {
        f"{base}embeddings.word_embeddings.weight": (len(PIECES), width),
        f"{base}embeddings.position_embeddings.weight": (places, width),
        f"{base}embeddings.token_type_embeddings.weight": (kinds, width),
        **norm(f"{base}embeddings.LayerNorm", width),
        **bert_layers(base),
    }


def distilbert_shapes():
    shapes = {
        "distilbert.embeddings.word_embeddings.weight": (len(PIECES), WIDTH),
        "distilbert.embeddings.position_embeddings.weight": (PLACES, WIDTH),
        **norm("distilbert.embeddings.LayerNorm", WIDTH),
    }
    for i in range(LAYERS):
        layer = f"distilbert.transformer.layer.{i}."
        for part in ("q_lin", "k_lin", "v_lin", "out_lin"):
            shapes |= linear(f"{layer}attention.{part}", WIDTH, WIDTH)
        shapes |= norm(f"{layer}sa_layer_norm", WIDTH)
        shapes |= linear(f"{layer}ffn.lin1", INNER, WIDTH)
        shapes |= linear(f"{layer}ffn.lin2", WIDTH, INNER)
        shapes |= norm(f"{layer}output_layer_norm", WIDTH)
    return shapes


def modernbert_shapes():
    shapes = {
        "model.embeddings.tok_embeddings.weight": (len(PIECES), WIDTH),
        **norm("model.embeddings.norm", WIDTH, False),
        **norm("model.final_norm", WIDTH, False),
        **linear("head.dense", WIDTH, WIDTH, False),
        **norm("head.norm", WIDTH, False),
    }
    for i in range(LAYERS):
        layer = f"model.layers.{i}."
        shapes |= linear(f"{layer}attn.Wqkv", 3 * WIDTH, WIDTH, False)
        shapes |= linear(f"{layer}attn.Wo", WIDTH, WIDTH, False)
        shapes |= norm(f"{layer}mlp_norm", WIDTH, False)
        shapes |= linear(f"{layer}mlp.Wi", 2 * INNER, WIDTH, False)
        shapes |= linear(f"{layer}mlp.Wo", WIDTH, INNER, False)
        if i:
            shapes |= norm(f"{layer}attn_norm", WIDTH, False)
    return shapes


def mpnet_shapes():
    attention = ("attn.q", "attn.k", "attn.v", "attn.o", "LayerNorm")
    return {
        "mpnet.embeddings.word_embeddings.weight": (len(PIECES), WIDTH),
        "mpnet.embeddings.position_embeddings.weight": (PLACES + 2, WIDTH),
        **norm("mpnet.embeddings.LayerNorm", WIDTH),
        "mpnet.encoder.relative_attention_bias.weight": (32, HEADS),
        **bert_layers("mpnet.", attention),
    }


ENCODERS = {
    "bert": bert_shapes("bert."),
    "roberta": bert_shapes("roberta.", places=PLACES + 1, kinds=1),
    "electra": {**bert_shapes("electra.", 16), **linear("electra.embeddings_project", WIDTH, 16)},
    "distilbert": distilbert_shapes(),
    "modernbert": modernbert_shapes(),
    "mpnet": mpnet_shapes(),
}


def head_shapes(family, head, outputs):
    """What the class of a family has beside the encoder."""
    if head == "ForQuestionAnswering":
        return linear("classifier" if family == "modernbert" else "qa_outputs", 2, WIDTH)
    if head == "ForTokenClassification" or family == "modernbert":
        return linear("classifier", outputs, WIDTH)
    before = {
        "bert": "bert.pooler.dense",
        "distilbert": "pre_classifier",
        "electra": "classifier.dense",
        "mpnet": "classifier.dense",
        "roberta": "classifier.dense",
    }[family]
    last = "classifier.out_proj" if before == "classifier.dense" else "classifier"
    return {**linear(before, WIDTH, WIDTH), **linear(last, outputs, WIDTH)}


def write_tokenizer(folder, pieces=PIECES):
    tokenizer = Tokenizer(WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.save(str(folder / "tokenizer.json"))


def write_model(folder, family="bert", head="ForSequenceClassification", labels=None, **fields):
    """Write a folder; fields: others of config.json. Give its tensors."""
    if labels is None:
        labels = ["O", "B-a", "I-a"] if head == "ForTokenClassification" else ["no", "yes", "so"]
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "model_type": family,
        "architectures": [f"{CLASSES[family]}{head}"],
        "id2label": {str(i): label for i, label in enumerate(labels)},
        **CONFIGS[family],
        **fields,
    }
    (folder / "config.json").write_text(json.dumps(config))
    shapes = {**ENCODERS[family], **head_shapes(family, head, len(labels))}
    tensors = {name: values(name, *shape) for name, shape in shapes.items()}
    save_file(tensors, str(folder / "model.safetensors"))
    write_tokenizer(folder)
    return tensors


def replace_tokenizer(folder, content):
    """Give a model of bert's, roberta's or modernbert's kind in a folder another tokenizer.json,
    and the rows of its embedding that it needs."""
    (folder / "tokenizer.json").write_text(content)
    rows = Tokenizer.from_str(content).get_vocab_size()
    tensors = load_file(str(folder / "model.safetensors"))
    ends = ("word_embeddings.weight", "tok_embeddings.weight")
    name = next(name for name in tensors if name.endswith(ends))
    tensors[name] = values(name, rows, WIDTH)
    save_file(tensors, str(folder / "model.safetensors"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "vocab_size": rows}))
