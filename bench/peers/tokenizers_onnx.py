"""The fair rival of the text graph: the Rust tokenizer in front of the very same network.

The checkpoint's network is exported to ONNX without its text graph, by the exporter's own rewrites;
a host then needs two files, the network and tokenizer.json, and a tokenizer library.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from edgetext.bench.contenders import IN_TURN, Entry, Found
from edgetext.bench.peers import Answer, Context, MissingPeer, Peer, described
from edgetext.data.example import Span
from edgetext.files import atomic_path, sha256, write_text

RUNTIME = "tokenizers + onnxruntime"
NETWORK, TOKENIZER, LABELS = "network.onnx", "tokenizer.json", "labels.json"


def prepare(context: Context) -> list[Peer]:
    if not context.checkpoints:
        raise MissingPeer(
            "the rival with our own network needs the checkpoint (.pt) of an artifact beside it"
        )
    found = []
    for checkpoint in context.checkpoints:
        folder = context.folder / f"tokenizers-{sha256(checkpoint)[:12]}"
        if not (folder / LABELS).exists():
            build(checkpoint, folder)
        file = described("tokenizers", folder, "joint" if context.joint else "classify", "")
        file |= {"name": checkpoint.stem, "model": context.name}
        found.append(Peer(Entry(f"{checkpoint.stem} network", str(folder), RUNTIME), file))
    return found


def build(checkpoint: Path, folder: Path) -> None:
    """Write the network, the tokenizer and the labels; LABELS comes last."""
    import onnx
    import torch

    from edgetext.compression.network import load_network
    from edgetext.export.onnx import SAMPLE, export_graph
    from edgetext.export.onnx_operators import prepare_for_onnx
    from edgetext.models.pipeline import AnswerWords
    from edgetext.runtime.pytorch import build_answer
    from edgetext.tasks import task_of
    from edgetext.text.vocabulary import Vocabulary
    from edgetext.training.checkpoint import Checkpoint

    loaded = Checkpoint.load(checkpoint)
    header = loaded.header
    vocabulary = Vocabulary.from_header(header["vocabulary"])
    network = load_network(loaded)
    prepare_for_onnx(network)
    answer = build_answer(loaded, network)
    encoding = vocabulary.encode(SAMPLE.decode())
    first = np.flatnonzero(encoding.first)
    words = [first, encoding.start[first].astype(np.int64), encoding.end[first].astype(np.int64)]
    inputs = [torch.from_numpy(x) for x in (encoding.ids[None].copy(), *words)]
    pieces, count = torch.export.Dim("pieces", min=1), torch.export.Dim("words", min=0)
    shapes: list[dict[int, torch.export.Dim]] = [{1: pieces}, {0: count}, {0: count}, {0: count}]
    named = dict(
        zip(["ids", "first", "start", "end"], zip(inputs, shapes, strict=True), strict=True)
    )
    outputs = ["scores", "spans"]
    if not isinstance(answer, AnswerWords):
        named, outputs = {"ids": named["ids"]}, outputs[:1]
    model = export_graph(answer, named, outputs)
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / NETWORK) as path:
        onnx.save(model, path)
    write_text(folder / TOKENIZER, vocabulary._tokenizer.to_str())
    published = task_of(header["task"]).names(header["labels"])
    labels = {**published, "max_bytes": header["max_bytes"]}
    write_text(folder / LABELS, json.dumps(labels))


class TokenizersOnnx:
    """What a careful host would write around the two files."""

    batching = IN_TURN

    def __init__(self, path: str, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        folder = Path(path)
        labels = json.loads((folder / LABELS).read_text("utf-8"))
        self.intents, self.slots = labels["intent"], labels["slots"]
        self.max_bytes = labels["max_bytes"]
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )

    def feeds(self, text: str) -> dict[str, np.ndarray]:
        """The network's inputs, by name."""
        from edgetext.text.vocabulary import CLS, character_starts

        if len(text) > self.max_bytes // 4:
            text = text.encode("utf-8", "replace")[: self.max_bytes].decode("utf-8", "ignore")
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        feeds = {"ids": np.array([[CLS, *encoding.ids]])}
        if self.slots:
            # In plain Python: of a dozen pieces that is three times as fast as NumPy.
            first: list[int] = []
            start: list[int] = []
            end: list[int] = []
            before = None
            bounds = zip(encoding.word_ids, encoding.offsets, strict=True)
            for piece, (word, (begin, stop)) in enumerate(bounds, start=1):
                if word == before:
                    end[-1] = stop
                else:
                    first.append(piece)
                    start.append(begin)
                    end.append(stop)
                    before = word
            feeds["first"] = np.array(first, np.int64)
            feeds["start"], feeds["end"] = np.array(start, np.int64), np.array(end, np.int64)
            if not text.isascii():
                at = character_starts(text)
                feeds["start"], feeds["end"] = at[feeds["start"]], at[feeds["end"]]
        return feeds

    def answer(self, text: str) -> Found:
        scores, *spans = self.session.run(None, self.feeds(text))
        best = int(scores[0].argmax())
        rows = spans[0].reshape(-1, 3).tolist() if spans else []
        return Answer(
            self.intents[best],
            float(scores[0, best]),
            tuple(Span(self.slots[label], start, end) for label, start, end in rows),
        )

    def answer_batch(self, texts: list[str]) -> list[Found]:
        return [self.answer(text) for text in texts]
