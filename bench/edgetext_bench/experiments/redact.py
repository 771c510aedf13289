"""`edgetext redact` beside Presidio and spaCy: entities and time on the same unseen texts.

    python -m edgetext_bench.experiments.redact MODEL… --peers PYTHON [--texts N] [--spacy-model M]

The texts are the test split of the built-in data set `pii`. PYTHON is the interpreter of an
environment with presidio-analyzer, spacy and a model of spaCy (see redact_peers.py). Everyone
answers BLOCK texts, then the next one does, in processes of one thread. Times are those of the
processor over all texts, and what else the machine does falls on all of them alike.

A file of one text is asked text by text, and a batch file by the block, as `edgetext redact` asks
the lines of a file. The peers are asked both ways: text by text, and by the block, as Presidio's
BatchAnalyzerEngine and spaCy's `pipe` take texts. Times as fast: than who is the slowest of those
that are asked the same way.

Exact: label and both ends as they should be. Covered: every byte of an entity is in some span, of
whatever label, which is what redacting needs. Peers know fewer entities, so there are figures of
those that all know besides; `en` are those of English texts alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from edgetext.core.errors import EdgetextError
from edgetext.core.tables import aligned
from edgetext.data.example import Example
from edgetext.data.pii.reader import data_set
from edgetext.predictor import load
from edgetext.redaction.windows import Finder

PEERS = Path(__file__).with_name("redact_peers.py")
# What Presidio, too, has a recognizer for; DATE_OF_BIRTH and ADDRESS it knows as any date or place.
SHARED = ("PERSON", "EMAIL", "PHONE", "CARD", "IBAN", "IP", "URL")
BLOCK = 250  # texts that one answers before the next does; the first block warms up, too
MANY = " (many)"  # behind the name of who is asked by the block
Place = tuple[str, int, int]  # label, first byte, byte after the last


class Contender(Protocol):
    together: int

    def answer(self, texts: Sequence[str]) -> tuple[list[list[Place]], float]:
        """The spans of each text in bytes, and the milliseconds of the processor that all took."""
        ...


class Edgetext:
    """A file of edgetext with its checks, as `edgetext redact` uses it."""

    def __init__(self, path: Path) -> None:
        self.finder = Finder(load(path))
        self.together = BLOCK if self.finder.predictor.metadata.batch else 1

    def answer(self, texts: Sequence[str]) -> tuple[list[list[Place]], float]:
        begin = time.process_time()
        found = self.finder.spans_of([text.encode("utf-8") for text in texts])
        took = time.process_time() - begin
        return [[(s.label, s.start, s.end) for s in spans] for spans in found], 1e3 * took


class Peer:
    """A peer in a process of its own, which answers line by line."""

    def __init__(self, python: str, name: str, model: str, together: int) -> None:
        self.together = together
        self.process = subprocess.Popen(
            [python, str(PEERS), name, model],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
        )

    def answer(self, texts: Sequence[str]) -> tuple[list[list[Place]], float]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(texts) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise EdgetextError(f"{PEERS.name}: the peer ended; install what its docstring names")
        answer = json.loads(line)
        found = []
        for text, spans in zip(texts, answer["spans"], strict=True):
            at = [len(text[:n].encode("utf-8")) for n in range(len(text) + 1)]
            found.append([(label, at[start], at[end]) for label, start, end in spans])
        return found, answer["ms"]


@dataclass
class Tally:
    """What one contender answered, and the milliseconds of each call."""

    spans: list[list[Place]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def each(self) -> float:
        """Milliseconds a text, over all texts."""
        return sum(self.times) / len(self.spans)


def run(contenders: dict[str, Contender], examples: Sequence[Example]) -> dict[str, Tally]:
    """Ask everyone the same texts, block by block in turn."""
    tallies = {name: Tally() for name in contenders}
    texts = [example.text for example in examples]
    for contender in contenders.values():
        _ask(contender, texts[:BLOCK], Tally())
    for begin in range(0, len(texts), BLOCK):
        for name, contender in contenders.items():
            _ask(contender, texts[begin : begin + BLOCK], tallies[name])
    return tallies


def _ask(contender: Contender, texts: Sequence[str], tally: Tally) -> None:
    for begin in range(0, len(texts), contender.together):
        spans, took = contender.answer(texts[begin : begin + contender.together])
        tally.spans += spans
        tally.times.append(took)


def exact(
    examples: Sequence[Example], answers: Sequence[Sequence[Place]], labels: Iterable[str] = ()
) -> tuple[float, float, float]:
    """Precision, recall and F1 of 100, of these labels or of all."""
    chosen = set(labels)
    right = answered = expected = 0
    for example, spans in zip(examples, answers, strict=True):
        gold = {(s.label, s.start, s.end) for s in example.spans if not chosen or s.label in chosen}
        given = {span for span in spans if not chosen or span[0] in chosen}
        right += len(gold & given)
        answered += len(given)
        expected += len(gold)
    precision, recall = 100 * right / max(1, answered), 100 * right / max(1, expected)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def covered(
    examples: Sequence[Example], answers: Sequence[Sequence[Place]], labels: Iterable[str] = ()
) -> float:
    """The share of the entities, of 100, whose every byte is in some span."""
    chosen = set(labels)
    hidden = expected = 0
    for example, spans in zip(examples, answers, strict=True):
        inside = {byte for _, start, end in spans for byte in range(start, end)}
        for span in example.spans:
            if not chosen or span.label in chosen:
                expected += 1
                hidden += inside.issuperset(range(span.start, span.end))
    return 100 * hidden / max(1, expected)


def table(examples: Sequence[Example], tallies: dict[str, Tally]) -> str:
    """Write the figures of everyone; times as fast: than the slowest asked the same way."""
    english = [n for n, e in enumerate(examples) if e.source.split(":")[3].startswith("en")]
    slowest = {
        many: max((t.each for name, t in tallies.items() if name.endswith(MANY) == many), default=0)
        for many in (True, False)
    }
    rows = []
    for name, tally in tallies.items():
        cells: list[str] = []
        for labels in ((), SHARED):
            cells += [f"{value:.1f}" for value in exact(examples, tally.spans, labels)]
            cells.append(f"{covered(examples, tally.spans, labels):.1f}")
        some = [examples[n] for n in english], [tally.spans[n] for n in english]
        cells += [f"{exact(*some, SHARED)[2]:.1f}", f"{covered(*some):.1f}"]
        times = slowest[name.endswith(MANY)] / tally.each
        rows.append([name, *cells, f"{tally.each:.3f}", f"{times:.1f}"])
    headings = [
        *("who", "P", "R", "F1", "covered"),
        *("P of 7", "R of 7", "F1 of 7", "covered of 7", "en F1 of 7", "en covered"),
        *("ms a text", "times as fast"),
    ]
    return aligned(headings, rows)


def by_label(examples: Sequence[Example], tallies: dict[str, Tally]) -> Iterator[str]:
    """Give the exact recall and what is covered of each label, by contender."""
    labels = sorted({span.label for e in examples for span in e.spans})
    rows = []
    for label in labels:
        pairs = [
            (exact(examples, t.spans, [label])[1], covered(examples, t.spans, [label]))
            for name, t in tallies.items()
            if not name.endswith(MANY)
        ]
        rows.append([label, *(f"{recall:.1f} {hidden:.1f}" for recall, hidden in pairs)])
    yield aligned(["recall, covered", *(n for n in tallies if not n.endswith(MANY))], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--peers", help="the interpreter that has Presidio and spaCy")
    parser.add_argument("--spacy-model", default="en_core_web_sm", help="spaCy's, for both peers")
    parser.add_argument("--texts", type=int, default=2000)
    given = parser.parse_args()
    contenders: dict[str, Contender] = {}
    for path in given.models:
        contender = Edgetext(path)
        contenders[path.name + (MANY if contender.together > 1 else "")] = contender
    for name in ("presidio", "spacy") if given.peers else ():
        contenders[name] = Peer(given.peers, name, given.spacy_model, 1)
        contenders[name + MANY] = Peer(given.peers, name, given.spacy_model, BLOCK)
    examples = data_set(2026, 20000)["test"][: given.texts]
    tallies = run(contenders, examples)
    sys.stdout.write(f"{len(examples)} texts\n{table(examples, tallies)}\n\n")
    for part in by_label(examples, tallies):
        sys.stdout.write(part + "\n")


if __name__ == "__main__":
    try:
        main()
    except EdgetextError as error:
        sys.stderr.write(f"redact: {error}\n")
        sys.exit(2)
