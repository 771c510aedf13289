"""Attacks: what goes over the pipe, what is counted, and what is refused.

The attacker of most tests is a script that speaks the protocol; that of the last is TextAttack.
"""

import sys
from pathlib import Path

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.evaluation.attack.session import Attacked, AttackedText, attack
from edgetext.predictor import load

# Drops letters from the end of a text until the likeliest label is another.
ATTACKER = """\
import json, sys
def say(**fields):
    print(json.dumps(fields), flush=True)
task = json.loads(sys.stdin.readline())
say(ready={"textattack": "0.0", "stop_words": "nobody"})
for text, label in task["examples"]:
    words, queries, state = len(text.split()), 0, "failed"
    tried = text
    while tried:
        say(ask=[tried])
        (scores,) = json.loads(sys.stdin.readline())["scores"]
        assert len(scores) == task["labels"] and abs(sum(scores) - 1) < 1e-4
        queries += 1
        if scores.index(max(scores)) != label:
            state = "skipped" if queries == 1 else "succeeded"
            break
        tried = tried[:-1]
    changed = words - len(tried.split())
    say(result=dict(state=state, text=tried, words=words, changed=changed, queries=queries))
"""


@pytest.fixture
def python(tmp_path):
    """python(script): an interpreter that runs this script, whichever it is given."""

    def make(script):
        (tmp_path / "script.py").write_text(script)
        program = tmp_path / "python"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path / "script.py"}"\n')
        program.chmod(0o755)
        return program

    return make


def examples(predictor):
    texts = [f"book me a seat to {city} tomorrow" for city in ("Paris", "Rome", "Oslo")]
    labeled = [Example(text, "flight", source=f"made:{i}") for i, text in enumerate(texts)]
    return [*labeled, Example("book me a seat to Rome", "weather", source="made:9")]


def test_a_file_answers_what_the_attacker_asks(classify_files, python):
    predictor = load(classify_files.onnx)
    steps = []
    given = attack(
        predictor,
        examples(predictor),
        "any",
        python=python(ATTACKER),
        advance=lambda: steps.append(1),
    )
    assert len(steps) == len(given.texts) == 4
    assert given.texts[-1].state == "skipped" and given.texts[-1].queries == 1
    for text, example in zip(given.texts[:3], examples(predictor), strict=False):
        assert example.text.startswith(text.text)
        if text.state == "succeeded":
            assert predictor.predict(text.text).intent != "flight"
    row = given.row()
    assert row["accuracy"] == 75.0 and row["textattack"] == "0.0"


def test_shares_are_counted_as_textattack_counts_them():
    texts = [
        AttackedText("succeeded", "a", words=4, changed=1, queries=10),
        AttackedText("succeeded", "b", words=2, changed=1, queries=20),
        AttackedText("failed", "c", words=9, changed=0, queries=30),
        AttackedText("skipped", "d", words=9, changed=0, queries=1),
    ]
    row = Attacked(Path("m.onnx"), "any", texts).row()
    assert (row["accuracy"], row["attacked_accuracy"], row["fooled"]) == (75.0, 25.0, 66.67)
    assert (row["words_changed"], row["queries"]) == (37.5, 20.0)
    nothing = Attacked(Path("m.onnx"), "any", texts[3:]).row()
    assert nothing["accuracy"] == 0 and nothing["queries"] is None


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "import json; input(); print(json.dumps({'error': 'x', 'known': ['deepwordbug']}))",
            "deepwordbgu is no attack of TextAttack's; did you mean deepwordbug?",
        ),
        ("import nothing_of_this_name", "TextAttack cannot be imported .*pip install textattack"),
        ("raise ValueError('no data')", "TextAttack gave up: ValueError: no data"),
    ],
)
def test_an_attacker_that_ends_says_why(classify_files, python, script, words):
    predictor = load(classify_files.onnx)
    with pytest.raises(EdgetextError, match=words):
        attack(predictor, examples(predictor), "deepwordbgu", python=python(script))


def test_what_cannot_be_attacked_is_refused(classify_files, tag_files, tmp_path, python):
    with pytest.raises(EdgetextError, match="does not answer one text with one label"):
        attack(load(tag_files.onnx), [], "any", python=python(ATTACKER))
    predictor = load(classify_files.onnx)
    with pytest.raises(EdgetextError, match="it does not run"):
        attack(predictor, examples(predictor), "any", python=tmp_path / "nothing")
    other = [Example("play jazz", "music", source="made:1")]
    with pytest.raises(EdgetextError, match=r"made:1: the .* 'music' is none of those of"):
        attack(predictor, other, "any", python=python(ATTACKER))
    several = [Example("fly or stay", None, source="made:2", intents=("flight", "hotel"))]
    with pytest.raises(EdgetextError, match="made:2: a text may have several labels"):
        attack(predictor, several, "any", python=python(ATTACKER))


def test_textattack_attacks_a_file_the_same_each_time(classify_files):
    pytest.importorskip("textattack", reason="its pins are not those of the tests' environment")
    predictor = load(classify_files.onnx)
    one, two = (attack(predictor, examples(predictor), "deepwordbug", seed=3) for _ in range(2))
    assert one == two and one.texts[-1].state == "skipped"
