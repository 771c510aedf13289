"""Every file of every checkpoint in every host, a row each.

A row:

    format     1
    host       the host's name; way: how it was asked ("none" and "default" are ONNX Runtime's
               levels of optimization; "" where there is one way)
    file       {"name", "suffix", "sha256", "precision", "task"}
    status     "equal", "red" or "skipped"
    words      what the cell shows
    texts      how many were asked; equal: of those, answered as by the checkpoint
    borderline texts whose answer depends on rounding; differing: of those, answered in another way
    unlike     texts answered in another way than by the newest release of the same runtime here, or
               null where there is none
    faults     how many; first: the first few, as {"text", "kind", "what"}
    seconds    that the host took
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgetext.conformance.reference import Reference, reference
from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.predictor import as_array
from edgetext_bench.hosts.asking import NOT_LOADED
from edgetext_bench.hosts.files import SUFFIXES, exported, refused
from edgetext_bench.hosts.host import Ask, Host
from edgetext_bench.hosts.verdict import RED, SKIPPED, Verdict, judge, unlike
from edgetext_bench.runtimes.known import runtime_of

FORMAT = 1
FEW = 10  # faults that a row lists
Row = dict[str, Any]


@dataclass(slots=True)
class Matrix:
    """The hosts and how many odd texts they are asked; the newest release of a family comes first
    in `hosts`. fresh: write every file anew."""

    hosts: Sequence[Host]
    odd: int
    fresh: bool = False
    # Of the newest release of each family that answered a file in a way.
    newest: dict[tuple[str, ...], Verdict] = field(default_factory=dict)

    def rows(self, checkpoint: Path) -> Iterator[Row]:
        """The rows of a checkpoint, as they come; EdgetextError where it cannot be read."""
        truth = reference(checkpoint, self.odd)
        for suffix in SUFFIXES:
            hosts = [host for host in self.hosts if suffix in host.suffixes]
            if not hosts:
                continue
            file = {
                "name": checkpoint.with_suffix(suffix).name,
                "suffix": suffix,
                "precision": truth.precision,
                "task": truth.predictor.metadata.task,
            }
            if refusal := refused(checkpoint, suffix):
                yield from (_row(host, "", file, SKIPPED, refusal) for host in hosts)
                continue
            try:
                path = exported(checkpoint, suffix, self.fresh)
            except EdgetextError as error:
                yield from (_row(host, "", file, RED, str(error)) for host in hosts)
                continue
            file["sha256"] = sha256(path)
            for host in hosts:
                yield from self._asked(host, path, file, truth)

    def _asked(
        self, host: Host, path: Path, file: dict[str, str], truth: Reference
    ) -> Iterator[Row]:
        """A row for each way to ask a host."""
        metadata = truth.predictor.metadata
        missing = host.missing or host.refuses(metadata)
        if missing:
            yield _row(host, "", file, SKIPPED, missing)
            return
        for way, ask in host.ways.items():
            begun = time.perf_counter()
            verdict = verdict_of(ask, path, truth)
            seconds = round(time.perf_counter() - begun, 1)
            if lacking := _lacking(host, verdict):
                yield _row(host, way, file, SKIPPED, lacking)
                continue
            figures = {**_figures(truth, verdict), "seconds": seconds}
            figures["unlike"] = self._unlike_newest(host, (way, file["sha256"]), truth, verdict)
            yield _row(host, way, file, verdict.status, verdict.words, figures)

    def _unlike_newest(
        self, host: Host, what: tuple[str, ...], truth: Reference, verdict: Verdict
    ) -> int | None:
        if not host.family:
            return None
        newest = self.newest.setdefault((host.family, *what), verdict)
        return None if newest is verdict else unlike(truth, newest, verdict)


def verdict_of(ask: Ask, path: Path, truth: Reference) -> Verdict:
    """What comes of asking a file the questions in one of a host's ways."""
    texts = [_sent(truth, question.texts, path.suffix) for question in truth.questions]
    return judge(truth, ask(path, truth.predictor.metadata, texts))


def _lacking(host: Host, verdict: Verdict) -> str:
    """What the host lacks, where it is known to and refused the file for that; "" otherwise."""
    faults = {fault.what for fault in verdict.faults}
    for part, words in host.lacks.items():
        if faults and all(x.startswith(NOT_LOADED) and part in x for x in faults):
            return words
    return ""


def _sent(truth: Reference, texts: Sequence[bytes], suffix: str) -> list[bytes]:
    """Say what a host gives the file: by the contract no text is empty, and some runtimes take no
    more than one byte beyond what the model reads."""
    predictor = truth.predictor
    limit, keeps_end = predictor.metadata.max_bytes, predictor.task.keeps_end
    runtime = runtime_of(suffix)
    if runtime is not None and runtime.clips:
        return [as_array(text, limit, keeps_end).tobytes() for text in texts]
    return [text or b" " for text in texts]


def _figures(truth: Reference, verdict: Verdict) -> dict[str, Any]:
    first = [
        {"text": fault.text, "kind": truth.describe(fault.text), "what": fault.what}
        for fault in verdict.faults[:FEW]
    ]
    return {
        "texts": verdict.total,
        "equal": verdict.equal,
        "borderline": verdict.borderline,
        "differing": verdict.differing,
        "faults": len(verdict.faults),
        "first": first,
    }


def _row(
    host: Host,
    way: str,
    file: dict[str, str],
    status: str,
    words: str,
    figures: dict[str, Any] | None = None,
) -> Row:
    return {
        "format": FORMAT,
        "host": host.name,
        "way": way,
        "file": dict(file),
        "status": status,
        "words": words,
        **(figures or {}),
    }
