"""`edgetext attack`: the table, JSON, and what is refused."""

import json
import sys

import pytest

from edgetext.cli import main

ATTACKER = """\
import json, sys
task = json.loads(sys.stdin.readline())
print(json.dumps({"ready": {"textattack": "0.0", "stop_words": "nobody"}}), flush=True)
for number, (text, label) in enumerate(task["examples"]):
    print(json.dumps({"ask": [text, text.upper()]}), flush=True)
    scores = json.loads(sys.stdin.readline())["scores"]
    assert len(scores) == 2
    state = "failed" if number % 2 else "succeeded"
    result = dict(state=state, text=text.upper(), words=10, changed=2, queries=2)
    print(json.dumps({"result": result}), flush=True)
"""


@pytest.fixture
def python(tmp_path):
    (tmp_path / "script.py").write_text(ATTACKER)
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path / "script.py"}"\n')
    program.chmod(0o755)
    return program


def test_a_table_and_json(classify, joint, python, capsys):
    words = ["attack", str(classify), str(joint), "--python", str(python), "--examples", "6"]
    assert main(words) == 0
    title, headings, *lines = capsys.readouterr().out.splitlines()
    assert title == "deepwordbug of TextAttack 0.0 on 6 texts, stop words of nobody"
    assert headings.split("  ")[0] == "model" and "attacked accuracy" in headings
    assert [line.split()[1:] for line in lines] == [["100.0", "50.0", "50.0", "20.0", "2.0"]] * 2
    assert main([*words, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [len(row["attacks"]) for row in rows] == [6, 6]
    assert rows[0]["attacks"][0]["state"] == "succeeded"
    # Both are attacked on the same texts.
    texts = [[attack["text"] for attack in row["attacks"]] for row in rows]
    assert len(texts[0]) == len(texts[1])


def test_without_textattack_a_sentence_says_how_to_install_it(classify, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "textattack", None)
    assert main(["attack", str(classify)]) == 2
    error = capsys.readouterr().err
    assert "pip install textattack" in error and error.count("\n") == 1
