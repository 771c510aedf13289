"""Imported tokenizers as text graphs beside the Rust tokenizer: time on one core, and size.

    python -m edgetext_bench.experiments.imported_tokenizers [TOKENIZER.json ...] [--rounds 1000]

Without files: one of each kind, trained on WikiText-2
($EDGETEXT_DATA/wikitext2/wiki.train.tokens.gz; ../shared/data where that is not set), WordPiece of
as many pieces as BERT has. Each round times a tokenizer in both once, in turn, so that whatever
else the machine does falls on both; the least of all rounds counts. The time is that of the call
from Python, for a text of 53 bytes and one of 200; the bytes are those of an ONNX file that holds
the text graph alone. It takes a minute or two.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import gzip
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
import torch
from rich.console import Console
from rich.table import Table
from tokenizers import (
    AddedToken,
    Tokenizer,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.reading import prepare_reading
from edgetext.targets.onnx.write import export_graph
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext_bench.experiments.text_graph import LENGTHS, Run, load_onnx, measure, sample

MAX_LENGTH = 512
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


class Tokenize(torch.nn.Module):
    """The graph as a child, which its preparation for ONNX needs."""

    def __init__(self, graph: torch.nn.Module) -> None:
        super().__init__()
        self.pieces = graph

    def forward(self, text: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(self.pieces(text))


def write_onnx(tokenizer: ImportedTokenizer, path: Path) -> None:
    """As it stands in the files that `export` writes."""
    graph = Tokenize(tokenizer.graph()).eval()
    prepare_reading(graph)
    text = torch.from_numpy(sample(LENGTHS[0]))
    model = export_graph(graph, {"text": (text, {1: torch.export.Dim("n", min=1)})})
    rewrite(model)
    onnx.save(model, path)


def rust(content: str) -> Run:
    """What a host does with a tokenizer of its own: text in, ids and offsets out."""
    settings = json.loads(content)
    tokenizer = Tokenizer.from_str(json.dumps({**settings, "truncation": None, "padding": None}))
    return lambda text: tokenizer.encode(text.tobytes().decode())


def as_modern(tokenizer: Tokenizer) -> str:
    """As it is, with NFC before it and runs of spaces among its tokens."""
    changed = Tokenizer.from_str(tokenizer.to_str())
    changed.normalizer = normalizers.NFC()
    changed.add_tokens([AddedToken(" " * count, normalized=True) for count in range(24, 1, -1)])
    changed.add_special_tokens([AddedToken("[MASK]", lstrip=True, special=True)])
    return changed.to_str()


def trained(texts: list[str]) -> Iterator[tuple[str, str]]:
    """One of each kind, by its name."""
    word_piece = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    word_piece.normalizer = normalizers.BertNormalizer()
    word_piece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    byte_level = Tokenizer(models.BPE())
    byte_level.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    unigram = Tokenizer(models.Unigram())
    unigram.normalizer = normalizers.NFKC()
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    common: dict[str, Any] = {"special_tokens": SPECIAL, "show_progress": False}
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    kinds = [
        ("WordPiece", word_piece, trainers.WordPieceTrainer(vocab_size=30522, **common)),
        (
            "byte-level BPE",
            byte_level,
            trainers.BpeTrainer(vocab_size=30000, initial_alphabet=alphabet, **common),
        ),
        (
            "Unigram",
            unigram,
            trainers.UnigramTrainer(vocab_size=16000, unk_token="[UNK]", **common),
        ),
    ]
    for name, tokenizer, trainer in kinds:
        tokenizer.train_from_iterator(texts, trainer)
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B [SEP]",
            special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
        )
        yield name, tokenizer.to_str()
        if name == "byte-level BPE":
            yield f"{name} as ModernBERT's", as_modern(tokenizer)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tokenizers", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=1000)
    given = parser.parse_args()
    data = Path(os.environ.get("EDGETEXT_DATA", Path(__file__).parents[4] / "shared" / "data"))
    texts = data / "wikitext2/wiki.train.tokens.gz"
    if not given.tokenizers and not texts.is_file():
        parser.error(f"{texts} is no file; name a tokenizer.json")
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    if given.tokenizers:
        contents = [(str(path), path.read_text("utf-8")) for path in given.tokenizers]
    else:
        contents = list(trained(gzip.decompress(texts.read_bytes()).decode("utf-8").splitlines()))
    table = Table(title=f"one core, the least of {given.rounds} rounds")
    for heading in ("tokenizer", "pieces", "bytes of text", "graph µs", "Rust µs", "ratio", "file"):
        table.add_column(heading, justify="left" if heading == "tokenizer" else "right")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in contents:
            tokenizer = ImportedTokenizer.read(content, source=name, max_length=MAX_LENGTH)
            file = Path(folder, "text.onnx")
            write_onnx(tokenizer, file)
            runs = {"graph": load_onnx(file), "Rust": rust(content)}
            for length in LENGTHS:
                times = measure(runs, sample(length), given.rounds)
                graph, other = (float(times[which].min()) for which in ("graph", "Rust"))
                table.add_row(
                    name, f"{len(tokenizer):,}", str(length), f"{graph:.1f}", f"{other:.1f}",
                    f"{graph / other:.2f}", f"{file.stat().st_size:,}",
                )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
