"""`edgetext explain`: in the terminal, as JSON and as a page."""

import json
import subprocess
import sys

from edgetext.cli import main

TEXT = "is it cold in Zürich tomorrow?"


def test_a_file_is_explained(int8_files, capsys, tmp_path):
    html = tmp_path / "why.html"
    assert main(["explain", str(int8_files.onnx), TEXT, "--html", str(html)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("weather ") and "why weather, by occlusion" in out
    assert out.endswith(f"wrote {html}\n") and "Zürich" in html.read_text("utf-8")


def test_json(int8_files, capsys):
    command = ["explain", str(int8_files.onnx), TEXT, "--json", "--span", "1", "--by", "bytes"]
    assert main(command) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["explained"] == {
        "kind": "range", "label": "city", "words": "city at bytes 14 to 21", "start": 14, "end": 21,
    }  # fmt: skip
    assert len(row["parts"]) == len(TEXT.encode()) - TEXT.count(" ")


def test_what_is_wrong_is_one_line_and_nothing_is_written(int8_files, refused, tmp_path):
    page = tmp_path / "why.html"
    file = int8_files.onnx
    assert "no label 'x'" in refused("explain", file, TEXT, "--label", "x", "--html", page)
    assert "no word" in refused("explain", file, "", "--html", page)
    assert "leave out text_b" in refused("explain", file, TEXT, "--text-b", "a")
    assert "no such file" in refused("explain", tmp_path / "a.pt", TEXT)


def test_a_file_is_explained_without_pytorch(int8_files):
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from edgetext.cli import main\n"
        f"sys.exit(main(['explain', {str(int8_files.onnx)!r}, {TEXT!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "why weather" in done.stdout
