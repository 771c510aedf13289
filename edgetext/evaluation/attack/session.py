"""One model file under attack: a process that has TextAttack asks, and the file answers."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.data.example import Example
from edgetext.evaluation.answers import check_labels
from edgetext.predictor import Predictor

_SCRIPT = Path(__file__).with_name("attacker.py")
_INSTALL = (
    "install it in an environment of its own, `python3 -m venv attacks && attacks/bin/pip install "
    "textattack`, and give --python attacks/bin/python"
)


@dataclass(frozen=True, slots=True)
class AttackedText:
    """What came of the attack on one text.

    state: succeeded, failed, or skipped where the model was wrong already. text: the last that was
    tried. words: of the text before; changed: how many of these are other ones. queries: how often
    the model was asked.
    """

    state: str
    text: str
    words: int
    changed: int
    queries: int


@dataclass(slots=True)
class Attacked:
    """A model and what came of the attack on each text, in their order.

    method: TextAttack's recipe. software: "textattack" and "stop_words", whose list that is.
    """

    path: Path
    method: str
    texts: list[AttackedText] = field(default_factory=list)
    software: dict[str, str] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Give figures as `edgetext attack --json` prints them; shares in points (of 100)."""
        states = [text.state for text in self.texts]
        right = [text for text in self.texts if text.state != "skipped"]
        fooled = [text for text in right if text.state == "succeeded"]
        changed = [100 * text.changed / text.words for text in fooled if text.words]
        return {
            "model": str(self.path),
            "method": self.method,
            "texts": len(states),
            "accuracy": _points(len(right), len(states)),
            "attacked_accuracy": _points(states.count("failed"), len(states)),
            "fooled": _points(len(fooled), len(right)),
            "words_changed": round(sum(changed) / len(changed), 2) if changed else None,
            "queries": round(sum(t.queries for t in right) / len(right), 1) if right else None,
            **self.software,
        }


def _points(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def attack(
    predictor: Predictor,
    examples: Sequence[Example],
    method: str,
    seed: int = 1,
    python: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Attacked:
    """Attack a model on examples until its label is another, or nothing is left to try.

    method: TextAttack's name of a recipe, as "deepwordbug". The seed decides what it draws for each
    text, whatever comes before it. python: that of an environment with TextAttack; None for this
    one. EdgetextError for a model that answers with no label of one text, an unknown method, and
    where TextAttack is not there or gives up.
    """
    labels = _labels(predictor)
    _check_one_label(examples)
    check_labels(predictor, examples)
    numbers = {label: number for number, label in enumerate(labels)}
    task = {
        "method": method,
        "seed": seed,
        "labels": len(labels),
        "examples": [[example.text, numbers[str(example.intent)]] for example in examples],
    }
    attacked = Attacked(predictor.path, method)
    with _attacker(python) as (process, complaints):
        _send(process, task, complaints)
        while len(attacked.texts) < len(examples):
            line = _receive(process, complaints)
            if "ask" in line:
                _send(process, {"scores": _scores(predictor, line["ask"], labels)}, complaints)
            elif "result" in line:
                attacked.texts.append(AttackedText(**line["result"]))
                advance()
            elif "ready" in line:
                attacked.software = line["ready"]
            else:
                known = line["known"]
                raise EdgetextError(
                    f"{method} is no attack of TextAttack's{nearest(method, known)} "
                    f"(known: {', '.join(known)})"
                )
    return attacked


def _labels(predictor: Predictor) -> list[str]:
    """The labels of one text; EdgetextError for a model of something else."""
    labels = list(predictor.metadata.intents or ())
    if not labels or len(predictor.task.inputs) != 1:
        raise EdgetextError(
            f"{predictor.path}: task {predictor.metadata.task} does not answer one text with one "
            "label, and an attack is on that label"
        )
    return labels


def _check_one_label(examples: Sequence[Example]) -> None:
    """EdgetextError where texts may have several labels, or none."""
    for example in examples:
        if example.intents is not None:
            raise EdgetextError(
                f"{example.source}: a text may have several labels here, and an attack is on one; "
                "give the data of a model that answers with one"
            )


def _scores(predictor: Predictor, texts: Sequence[str], labels: Sequence[str]) -> list[list[float]]:
    """The probabilities of the labels of texts, in the labels' order."""
    answers: list[Any] = predictor.predict_many(list(texts))
    return [[answer.scores[label] for label in labels] for answer in answers]


@contextmanager
def _attacker(python: Path | None) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """Run the script that attacks, and end it; what it complains about goes to a file."""
    if python is None and find_spec("textattack") is None:
        raise EdgetextError(f"TextAttack is not installed here; {_INSTALL}")
    command = [str(python or sys.executable), "-I", str(_SCRIPT)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                encoding="utf-8",
            )
        except OSError as error:
            raise EdgetextError(
                f"{python}: it does not run ({error.strerror}); {_INSTALL}"
            ) from error
        try:
            yield process, complaints
        finally:
            process.kill()
            process.communicate()


def _send(process: subprocess.Popen[str], line: dict[str, Any], complaints: IO[str]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(line) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        raise _gave_up(process, complaints) from None


def _receive(process: subprocess.Popen[str], complaints: IO[str]) -> dict[str, Any]:
    """The next line of the attacker; EdgetextError where it ended."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise _gave_up(process, complaints)
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def _gave_up(process: subprocess.Popen[str], complaints: IO[str]) -> EdgetextError:
    """Say why the attacker ended, by the last that it wrote."""
    process.wait()
    complaints.seek(0)
    lines = [line.strip() for line in complaints if line.strip(" *\n")]
    last = next((line for line in reversed(lines) if "Error" in line), (lines or ["no word"])[-1])
    if "No module named" in last:
        return EdgetextError(f"TextAttack cannot be imported ({last}); {_INSTALL}")
    return EdgetextError(
        f"TextAttack gave up: {last}; a recipe that fetches data needs a network, and deepwordbug "
        "and pruthi fetch none"
    )
