"""The text graph beside the Rust tokenizer: time on one core, size and load time.

    python -m edgetext_bench.experiments.text_graph [TEXTS] [--pieces 2500] [--rounds 5000]

TEXTS is a file with a text a line, from which a vocabulary is trained; without it, the training
texts of SNIPS ($EDGETEXT_DATA/snips/train/seq.in; ../shared/data where that is not set). Each round
times every runtime once, in turn, so that whatever else the machine does falls on all of them:
compare the ratios. The time is that of the call from Python, for a text of 53 bytes and one of 200.
The bytes are those of a file that holds the text graph alone; load is until the first answer.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import logging
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from executorch.exir import EdgeCompileConfig, to_edge
from executorch.runtime import Runtime
from rich.console import Console
from rich.table import Table

from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.reading import prepare_reading
from edgetext.targets.onnx.write import export_graph
from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary

TEXT = (
    "add the newest song by the band to my evening playlist and book a table for four at a "
    "restaurant near the station, then wake me up at seven o'clock tomorrow morning; what will "
    "the weather be like in Zürich?"
)
LENGTHS = (53, 200)
LOADS = 10

Run = Callable[[np.ndarray], object]


class Tokenize(torch.nn.Module):
    """The graph with a plain tuple, which is all that ExecuTorch can return."""

    def __init__(self, vocabulary: Vocabulary):
        super().__init__()
        self.pieces = TextGraph(vocabulary, widen=False)

    def forward(self, text: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(self.pieces(text))


def export_onnx(vocabulary: Vocabulary, path: Path) -> None:
    """As it stands in the files that `export` writes."""
    text = torch.from_numpy(sample(LENGTHS[0]))
    graph = TextGraph(vocabulary).eval()
    prepare_reading(graph)
    model = export_graph(graph, {"text": (text, {1: torch.export.Dim("n", min=1)})})
    rewrite(model)
    onnx.save(model, path)


def export_executorch(vocabulary: Vocabulary, path: Path) -> None:
    shapes = ({1: torch.export.Dim("n", min=1, max=513)},)
    example = torch.from_numpy(sample(LENGTHS[0]))
    program = torch.export.export(Tokenize(vocabulary).eval(), (example,), dynamic_shapes=shapes)
    edge = to_edge(program, compile_config=EdgeCompileConfig(_check_ir_validity=False))
    path.write_bytes(edge.to_executorch().buffer)


def load_onnx(path: Path) -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda text: session.run(None, {"text": text})


def load_executorch(path: Path) -> Run:
    program = Runtime.get().load_program(path)
    method = program.load_method("forward")
    assert method is not None
    return lambda text: method.execute([torch.from_numpy(text)])


def sample(length: int) -> np.ndarray:
    """uint8[1, length]"""
    return np.frombuffer(TEXT.encode()[:length], np.uint8).copy().reshape(1, -1)


def load_time(load: Callable[[Path], Run], path: Path) -> float:
    """Milliseconds until the first answer, in the middle of LOADS."""
    times = []
    for _ in range(LOADS):
        start = time.perf_counter()
        load(path)(sample(LENGTHS[0]))
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1e3


def measure(runs: dict[str, Run], text: np.ndarray, rounds: int) -> dict[str, np.ndarray]:
    """Microseconds of each call, float64[rounds] by runtime."""
    times = {name: np.empty(rounds) for name in runs}
    for number in range(-100, rounds):
        for name, run in runs.items():
            start = time.perf_counter_ns()
            run(text)
            took = time.perf_counter_ns() - start
            # The first hundred warm up, and their places are written again.
            times[name][number] = took / 1e3
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = Path(os.environ.get("EDGETEXT_DATA", Path(__file__).parents[4] / "shared" / "data"))
    parser.add_argument("texts", type=Path, nargs="?", default=data / "snips/train/seq.in")
    parser.add_argument("--pieces", type=int, default=2500)
    parser.add_argument("--rounds", type=int, default=5000)
    given = parser.parse_args()
    if not given.texts.is_file():
        parser.error(f"{given.texts} is no file; name one with a text a line")
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)

    vocabulary = Vocabulary.train(given.texts.read_text("utf-8").splitlines(), size=given.pieces)
    with tempfile.TemporaryDirectory() as folder:
        onnx_path, pte_path = Path(folder, "text.onnx"), Path(folder, "text.pte")
        export_onnx(vocabulary, onnx_path)
        export_executorch(vocabulary, pte_path)
        # The first session of a process also starts the runtime.
        runs: dict[str, Run] = {
            "ONNX Runtime": load_onnx(onnx_path),
            "ExecuTorch": load_executorch(pte_path),
        }
        notes = {
            "ONNX Runtime": (onnx_path.stat().st_size, load_time(load_onnx, onnx_path)),
            "ExecuTorch": (pte_path.stat().st_size, load_time(load_executorch, pte_path)),
        }
        # What a host does with a tokenizer of its own: text in, ids and offsets out.
        rust = vocabulary._tokenizer
        runs["tokenizers (Rust)"] = lambda text: rust.encode(
            text.tobytes().decode(), add_special_tokens=False
        )
        table = Table(title=f"{len(vocabulary)} pieces, one core, {given.rounds} rounds")
        for heading in ("runtime", "bytes of text", "p50 µs", "p90 µs", "ratio", "file", "load ms"):
            table.add_column(heading, justify="left" if heading == "runtime" else "right")
        for length in LENGTHS:
            times = measure(runs, sample(length), given.rounds)
            base = np.median(times["tokenizers (Rust)"])
            for name, taken in times.items():
                middle, high = np.percentile(taken, [50, 90])
                size, load = notes.get(name, (None, None))
                table.add_row(
                    name, str(length), f"{middle:.1f}", f"{high:.1f}", f"{middle / base:.2f}",
                    f"{size:,}" if size else "", f"{load:.1f}" if load else "",
                )  # fmt: skip
            table.add_section()
    Console().print(table)


if __name__ == "__main__":
    main()
