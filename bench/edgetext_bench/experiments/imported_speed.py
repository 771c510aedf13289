"""Files of an imported model beside `tokenizers` and ONNX Runtime's `quantize_dynamic` of the same
model, from text to answer, on one core.

python -m edgetext_bench.experiments.imported_speed FOLDER RECIPE FILES [--texts N] [--rounds N]

The rival is what a host writes without edgetext: the model of FOLDER by torch.onnx.export, its
weights int8 by quantize_dynamic, the Rust tokenizer in front, and the answer (the best label; each
piece's best tag, without making spans; the mean vector, its length 1) by NumPy. Each text is asked
of every contender in turn, round after round. A row a contender: the median of all calls, in the
processor time of the process, which leaves out what else the machine does, and how many times the
rival's that is.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
import transformers
from onnxruntime.quantization import quantize_dynamic
from tokenizers import Tokenizer

from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_questions

RIVAL = "tokenizers + quantize_dynamic"
SAMPLE = 16
WARM_UP = 3
Contender = Callable[[str], object]


class Bare(torch.nn.Module):
    """ids, mask int64[1, T] -> the model's own scores, or the states of an encoder."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        # The states of an encoder come first, too.
        scores: torch.Tensor = self.model(input_ids=ids, attention_mask=mask)[0]
        return scores


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("recipe")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    questions = load_questions(Recipe.load(given.recipe), "test")
    texts = [example.text for example in questions[:: max(1, len(questions) // given.texts)]]
    predictors = {file.name: load(file, threads=1) for file in given.files}
    with tempfile.TemporaryDirectory() as folder:
        contenders: dict[str, Contender] = {RIVAL: rival(given.folder, Path(folder))}
        contenders |= {name: predictor.predict for name, predictor in predictors.items()}
        times = measure(contenders, texts, given.rounds)
    base = float(np.median(times[RIVAL]))
    for name, taken in times.items():
        middle = float(np.median(taken))
        sys.stdout.write(f"{name}: p50 {middle:.0f} µs, {middle / base:.2f} of the rival's\n")


def rival(source: Path, folder: Path) -> Contender:
    """Export the model, quantize it, and answer with it as a host would."""
    config = json.loads((source / "config.json").read_text("utf-8"))
    model = getattr(transformers, config["architectures"][0]).from_pretrained(source).eval()
    length = torch.export.Dim("T", min=2, max=config["max_position_embeddings"])
    path, small = folder / "model.onnx", folder / "int8.onnx"
    ids = torch.ones(1, SAMPLE, dtype=torch.int64)
    torch.onnx.export(
        Bare(model),
        (ids, ids),
        str(path),
        input_names=["ids", "mask"],
        dynamic_shapes=({1: length}, {1: length}),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    quantize_dynamic(path, small)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(small), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    answer = answers(config)

    def ask(text: str) -> object:
        encoding = tokenizer.encode(text)
        ids, mask = np.array([encoding.ids]), np.array([encoding.attention_mask])
        (scores,) = session.run(None, {"ids": ids, "mask": mask})
        return answer(scores)

    return ask


def answers(config: Mapping[str, Any]) -> Callable[[np.ndarray], object]:
    """Give what makes an answer of a model's scores float32[1, K], or [1, T, K]."""
    labels = config.get("id2label", {})

    def best(scores: np.ndarray) -> object:
        chances = np.exp(scores - scores.max(-1, keepdims=True))
        chances /= chances.sum(-1, keepdims=True)
        if scores.ndim == 3:
            return [labels[str(i)] for i in chances[0].argmax(-1)], chances[0].max(-1)
        return labels[str(int(chances.argmax()))], float(chances.max())

    def vector(states: np.ndarray) -> object:
        mean = states[0].mean(0)
        return mean / np.linalg.norm(mean)

    return best if labels and "For" in config["architectures"][0] else vector


def measure(
    contenders: Mapping[str, Contender], texts: list[str], rounds: int
) -> dict[str, list[float]]:
    """Microseconds of each call, by contender."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for ask in contenders.values():
        for text in texts[:WARM_UP]:
            ask(text)
    for _ in range(rounds):
        for text in texts:
            for name, ask in contenders.items():
                start = time.process_time_ns()
                ask(text)
                times[name].append((time.process_time_ns() - start) / 1e3)
    return times


if __name__ == "__main__":
    main()
