"""The example of docs/extend/task.md: a task of one's own, trained, exported and answered."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edgetext.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "extend" / "task"
TEXT = "that meal was lovely"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the example with the model that its commands make."""
    folder = tmp_path_factory.mktemp("rating") / "task"
    shutil.copytree(EXAMPLE, folder)
    imports = ["--import", str(folder / "rating.py"), "--import", str(folder / "rating_learner.py")]
    assert main(["train", str(folder / "rating.yaml"), "-o", str(folder / "rating.pt")]) == 0
    export = ["export", str(folder / "rating.pt"), "-o", str(folder / "rating.onnx")]
    assert main([*imports, *export]) == 0
    return folder


def test_the_page_shows_the_files():
    page = EXAMPLE.with_suffix(".md").read_text("utf-8")
    for name, language in (
        ("rating.py", "python"),
        ("rating_learner.py", "python"),
        ("rating.yaml", "yaml"),
    ):
        text = (EXAMPLE / name).read_text("utf-8").strip()
        assert f"```{language}\n{text}\n```" in page, name


def test_it_takes_two_files_of_python_and_no_edit():
    assert sorted(path.name for path in EXAMPLE.glob("*.py")) == ["rating.py", "rating_learner.py"]


def test_the_file_answers(folder, capsys):
    capsys.readouterr()
    assert main(["predict", str(folder / "rating.onnx"), TEXT]) == 0
    assert float(capsys.readouterr().out) > 0.7
    assert main(["predict", str(folder / "rating.onnx"), "an awful song"]) == 0
    assert float(capsys.readouterr().out) < 0.3


def test_the_card_says_what_it_gives(folder):
    assert "- `rating` float32[1]: 0 to 1, 1 the best" in (folder / "rating.md").read_text("utf-8")


def test_a_host_needs_one_file_and_no_pytorch(folder):
    program = f"""
import sys
sys.modules["torch"] = None
import edgetext
from edgetext.core.user_modules import load_user_module
load_user_module({str(folder / "rating.py")!r})
print(edgetext.load({str(folder / "rating.onnx")!r}).predict({TEXT!r}).rating)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 0.7
