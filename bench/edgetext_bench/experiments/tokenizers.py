"""Imported tokenizers as text graphs beside the Rust tokenizer: time on one core, and size.

    python -m edgetext_bench.experiments.tokenizers TOKENIZER.json ... [--rounds 1000]

Each round times every tokenizer in both once, in turn, so that whatever else the machine does falls
on all of them: compare the ratios. The time is that of the call from Python, for a text of 53 bytes
and one of 200; the bytes are those of an ONNX file that holds the text graph alone.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import json
import logging
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer

from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.reading import prepare_reading
from edgetext.targets.onnx.write import export_graph
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext_bench.experiments.text_graph import LENGTHS, Run, load_onnx, measure, sample

MAX_LENGTH = 512


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


def rust(path: Path) -> Run:
    """What a host does with a tokenizer of its own: text in, ids and offsets out."""
    settings = json.loads(path.read_text("utf-8"))
    tokenizer = Tokenizer.from_str(json.dumps({**settings, "truncation": None, "padding": None}))
    return lambda text: tokenizer.encode(text.tobytes().decode())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tokenizers", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=1000)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    table = Table(title=f"one core, {given.rounds} rounds")
    for heading in ("tokenizer", "pieces", "bytes of text", "graph µs", "Rust µs", "ratio", "file"):
        table.add_column(heading, justify="left" if heading == "tokenizer" else "right")
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(given.tokenizers):
            tokenizer = ImportedTokenizer.read(
                path.read_bytes(), source=str(path), max_length=MAX_LENGTH
            )
            file = Path(folder, f"{number}.onnx")
            write_onnx(tokenizer, file)
            runs = {"graph": load_onnx(file), "rust": rust(path)}
            for length in LENGTHS:
                times = measure(runs, sample(length), given.rounds)
                graph, own = (float(np.median(times[name])) for name in ("graph", "rust"))
                table.add_row(
                    f"{path.parent.name}/{path.name}",
                    f"{len(tokenizer):,}",
                    str(length),
                    f"{graph:.1f}",
                    f"{own:.1f}",
                    f"{graph / own:.2f}",
                    f"{file.stat().st_size:,}",
                )
    Console().print(table)


if __name__ == "__main__":
    main()
