"""A recipe's splits and the files they come from."""

import json
from dataclasses import replace

from edgetext.data.formats.json_formats import Jsonl
from edgetext.data.source import sources
from edgetext.recipe import Recipe

RECIPE = """\
task: classify
data: {type: jsonl, train: [a.jsonl, b.jsonl], split: {valid: 0.2, test: 0.2}, on_error: skip}
text: {vocabulary: 100}
encoder: {type: cnn, embedding: 16, hidden: 16}
training: {epochs: 1}
"""


def rows(name, count):
    return "".join(json.dumps({"text": f"{name} {i}", "intent": "x"}) + "\n" for i in range(count))


def test_files_that_are_divided_are_read_once(write, tmp_path, monkeypatch, caplog):
    """Whoever asks for the splits, and in whatever order; a bad line is told once."""
    write("a.jsonl", rows("a", 30) + "{\n")
    write("b.jsonl", rows("b", 30))
    write("r.yaml", RECIPE)
    scanned, scan = [], Jsonl.scan

    def counted(self, path, split):
        scanned.append(path.name)
        return scan(self, path, split)

    monkeypatch.setattr(Jsonl, "scan", counted)
    parts = sources(Recipe.load(tmp_path / "r.yaml"))
    read = [[example.text for example in part.read()] for part in reversed(parts)]
    assert scanned == ["a.jsonl", "b.jsonl"]
    assert sorted(text for part in read for text in part) == sorted(
        f"{name} {i}" for name in "ab" for i in range(30)
    )
    assert caplog.text.count("1 line skipped") == 1
    again = [
        [item.text for item in part.scan() if hasattr(item, "text")]
        for part in reversed(sources(Recipe.load(tmp_path / "r.yaml")))
    ]
    assert again == read


def test_a_file_that_is_divided_is_scanned_without_being_held(write, tmp_path):
    write("a.jsonl", rows("a", 30))
    write("b.jsonl", rows("b", 30))
    write("r.yaml", RECIPE)
    parts = sources(Recipe.load(tmp_path / "r.yaml"))
    whole = replace(parts[0], division=None)
    assert len(list(whole.scan())) == 30 > len(list(parts[0].scan()))
    assert "examples" not in vars(parts[0].division)


def test_bad_lines_of_every_file_are_scanned(write, tmp_path):
    """Those of a file that is not divided belong to its split, whichever that is."""
    write("a.jsonl", rows("a", 3) + "{\n")
    write("b.jsonl", rows("b", 3) + "{\n")
    files = "[a.jsonl, b.jsonl], split: {valid: 0.2, test: 0.2}"
    write("r.yaml", RECIPE.replace(files, "a.jsonl, valid: b.jsonl, test: b.jsonl"))
    parts = sources(Recipe.load(tmp_path / "r.yaml"))
    assert [len(list(part.scan())) for part in parts] == [4, 4, 4]
