"""`edgetext errors`: in the terminal, as Markdown, JSON and a page."""

import json

import pytest

from edgetext.cli import main


@pytest.fixture
def installed():
    pytest.importorskip("cleanlab", reason="it is of the extra `errors`")


@pytest.fixture
def wrong(data, tmp_path):
    """The test texts of the tiny data, labels of some flights changed: the file, and each text by
    its line."""
    lines = (data / "test.csv").read_text("utf-8").splitlines()
    flights = [n for n, line in enumerate(lines) if line.endswith("flight")][:4]
    for at in flights:
        lines[at] = lines[at].replace(",flight", ",weather")
    path = tmp_path / "wrong.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path, {f"{path}:{at + 1}": lines[at].split('"')[1] for at in flights}


@pytest.mark.usefixtures("installed")
def test_changed_labels_are_listed_with_their_like(classify, wrong, capsys, tmp_path):
    path, texts = wrong
    html, file = tmp_path / "e.html", tmp_path / "e.md"
    command = ["errors", str(classify), str(path), "--html", str(html), "-o", str(file)]
    assert main(command) == 0
    assert capsys.readouterr().out == f"wrote {file}\nwrote {html}\n"
    report = file.read_text("utf-8")
    head, _, rest = report.partition("## The worst")
    worst, _, issues = rest.partition("## Labels that are likely wrong")
    assert f"{len(texts)} x flight for weather" in head
    for line, text in texts.items():
        assert f"{line}: `{text}`\n  - intent: flight for weather" in worst
        assert text in html.read_text("utf-8")
    assert " flight: `" in worst and "train.csv:" in worst
    listed = [line for line in issues.splitlines() if "likelier flight" in line]
    assert listed and all(any(source in line for source in texts) for line in listed)


@pytest.mark.usefixtures("installed")
def test_json_of_a_training_split(classify_files, data, capsys):
    # The runtime's file has no hidden vectors.
    recipe = data / "classify.yaml"
    command = ["errors", str(classify_files.onnx), str(recipe), "--split", "train", "--json"]
    assert main(command) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["texts"] == 96 and row["split"] == "train"
    assert row["compared_by"] == "runs of 2 to 4 characters"
    assert isinstance(row["label_issues"], list) and row["errors"] == len(row["worst"])


@pytest.mark.usefixtures("installed")
def test_spans_are_no_label_of_a_text(tag, capsys):
    assert main(["errors", str(tag), "--shown", "2", "--neighbors", "1"]) == 0
    out = capsys.readouterr().out
    assert "so labels were not judged" in out


def test_what_is_missing_is_said_first(classify, refused, monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "cleanlab", None)
    assert "edgetext[errors]" in refused("errors", classify, "-o", tmp_path / "a.md")


@pytest.mark.usefixtures("installed")
def test_data_that_is_not_there(classify, refused, tmp_path):
    assert "no-such" in refused("errors", classify, "no-such", "-o", tmp_path / "a.md")
    assert "no such file" in refused("errors", tmp_path / "a.pt")
