"""Whether a host's replies are the checkpoint's answers, and what the first fault is, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from edgetext.conformance.likeness import (
    BORDERLINE,
    OTHER,
    MalformedAnswer,
    check_answer,
    cut,
    difference,
    likeness,
    read_outputs,
)
from edgetext.conformance.reference import Reference
from edgetext.tasks.prediction import Prediction
from edgetext_bench.hosts.asking import NOT_LOADED, Reply

EQUAL, RED, SKIPPED = "equal", "red", "skipped"


@dataclass(frozen=True, slots=True)
class Fault:
    """text: its number among the questions. what: in words."""

    text: int
    what: str


@dataclass(slots=True)
class Verdict:
    """What came of asking a host.

    total: texts that were asked, of which `equal` got the checkpoint's answer. borderline: of
    those, texts whose answer depends on rounding; differing: borderline ones that were answered in
    another way, which is no fault. answers: by text, those that could be read.
    """

    total: int = 0
    equal: int = 0
    borderline: int = 0
    differing: int = 0
    faults: list[Fault] = field(default_factory=list)
    answers: dict[int, Prediction] = field(default_factory=dict)
    words: str = ""

    @property
    def status(self) -> str:
        return RED if self.faults else EQUAL


def judge(reference: Reference, replies: Sequence[Reply]) -> Verdict:
    """Compare the replies to `reference.questions` with the checkpoint's answers."""
    verdict = Verdict()
    for i, reply in enumerate(replies):
        if not reply.asked:
            continue
        verdict.total += 1
        if not reply.answered:
            verdict.faults.append(Fault(i, reply.fault))
            continue
        try:
            answer = _read(reference, i, reply)
        except MalformedAnswer as error:
            verdict.faults.append(Fault(i, str(error)))
            continue
        verdict.answers[i] = answer
        if not reference.predictor.task.agree(reference.answers[i], answer):
            reference.settle([i])
        like = likeness(reference, i, answer)
        if like == OTHER:
            verdict.faults.append(Fault(i, difference(reference, i, answer)))
        elif like == BORDERLINE:
            verdict.differing += 1
        else:
            verdict.equal += 1
    verdict.borderline = sum(
        not settled
        for settled, reply in zip(reference.settled, replies, strict=False)
        if reply.asked
    )
    if not verdict.total:
        verdict.faults.append(Fault(0, "no text was asked"))
    verdict.words = _in_words(reference, replies, verdict)
    return verdict


def equal_of(equal: int, total: int, differing: int, borderline: int) -> str:
    """What a cell without a fault shows."""
    words = f"{equal:,}/{total:,}"
    return words + (f", {differing} of {borderline} borderline differ" if differing else "")


def unlike(reference: Reference, one: Verdict, other: Verdict) -> int:
    """How many texts two hosts answered in another way than each other."""
    agree = reference.predictor.task.agree
    shared = one.answers.keys() & other.answers.keys()
    return sum(not agree(one.answers[i], other.answers[i]) for i in shared)


def _read(reference: Reference, index: int, reply: Reply) -> Prediction:
    """The answer; MalformedAnswer for what the contract does not allow."""
    if reply.row is None:
        return read_outputs(reference, index, reply.outputs or {})
    predictor = reference.predictor
    try:
        answer = predictor.task.from_row(reply.row, predictor.metadata.labels)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"an answer that cannot be read ({error!r})") from error
    return check_answer(reference, index, answer)


def _in_words(reference: Reference, replies: Sequence[Reply], verdict: Verdict) -> str:
    """The cell: equal of all, or the first fault."""
    if not verdict.faults:
        return equal_of(verdict.equal, verdict.total, verdict.differing, verdict.borderline)
    first = min(verdict.faults, key=lambda fault: fault.text)
    if first.what.startswith(NOT_LOADED):
        return f"refuses the file: {first.what.removeprefix(NOT_LOADED).lstrip(': ')}"
    texts = b" | ".join(reference.questions[first.text].texts).decode("utf-8", "replace")
    kind = reference.describe(first.text)
    words = f"{first.what} at text {first.text}: {kind}, {cut(texts)!r}"
    if len(verdict.faults) > 1:
        words += f"; {len(verdict.faults):,} faults in {verdict.total:,} texts"
    ends = [reply for reply in replies if reply.ended]
    words += f", {len(ends)} ends" if len(ends) > 1 else ""
    return words + (f"; it wrote: {ends[0].said}" if ends and ends[0].said else "")
