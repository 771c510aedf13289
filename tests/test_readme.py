"""README's commands run as they stand, one after the other, in an empty folder."""

import re
import shlex
from pathlib import Path

import pytest

from edgetext.cli import main
from edgetext.search.space import Space
from edgetext.targets.executorch.target import ExecuTorch
from edgetext.targets.onnx.target import OnnxRuntime

README = Path(__file__).parent.parent / "README.md"
# Training for as long as the recipe says would take minutes: the commands are under test here, and
# what they reach is measured where README says so.
SHORT = ["--set", "training.epochs=1", "--set", "student.training.epochs=1"]
# The shipped recipes round in more epochs than that.
ROUNDED = ["--set", "student.distillation.qat_epochs=1"]
TRAINING = {"train", "distill", "demo"}
DATA = Path(__file__).parent.parent / "../shared/data"


def blocks(language):
    """(heading, text) of each fenced block of a language, in README's order."""
    found, heading, inside, lines = [], "", None, []
    for line in README.read_text("utf-8").splitlines():
        if inside is None and line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("```"):
            if inside == language:
                found.append((heading, "\n".join(lines)))
            inside, lines = (line[3:] or "text", []) if inside is None else (None, [])
        elif inside is not None:
            lines.append(line)
    return found


def commands(wanted):
    """The `edgetext` commands under the headings that `wanted` accepts."""
    text = "\n".join(block for heading, block in blocks("sh") if wanted(heading))
    lines = text.replace("\\\n", " ").splitlines()
    parsed = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in parsed if words[:1] == ["edgetext"]]


def run(arguments, short=SHORT):
    if "--max-drop" in arguments:  # a network of one epoch may lose anything
        at = arguments.index("--max-drop")
        arguments = arguments[:at] + arguments[at + 2 :]
    short = short if TRAINING & set(arguments[:3]) else []
    if arguments[0] == "prune":
        short = ["--epochs", "1"]
    if arguments[0] == "compress":
        short = ["--trials", "1"]
    assert main([*arguments, *short]) == 0, f"edgetext {shlex.join(arguments)}"


@pytest.fixture
def written_once(monkeypatch):
    """The same file of the same checkpoint is written once, however many commands ask for it."""
    written = {}

    def once(write):
        def replacement(self, suffix, checkpoint, texts, way=""):
            key = suffix, *sorted(texts.items())  # the checkpoint's hash among them
            if key not in written:
                written[key] = write(self, suffix, checkpoint, texts, way)
            return written[key]

        return replacement

    for target in (OnnxRuntime, ExecuTorch):
        monkeypatch.setattr(target, "write", once(target.write))


def is_real(heading):
    return bool(re.search("SNIPS|CLINC150|EWT|mTOD|SciTLDR|TOP:", heading))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("readme")


def test_commands_on_the_built_in_data_run(folder, monkeypatch, written_once):
    monkeypatch.chdir(folder)
    # `compress` tries one precision: that one training serves them all is for tests/budget.
    monkeypatch.setattr(Space, "siblings", lambda self, choice: [])
    (folder / "mine.tsv").write_text(
        "".join(
            f"alarm\t11:16:time\tset it for {number} am\nmusic\t5:11:song\tplay song{number}\n"
            for number in range(10, 100)
        )
    )
    (folder / "notes.txt").write_text(
        "".join(f"buy | buy {n} eggs\nask | where are my {n} eggs?\n" for n in range(60))
    )
    (parts,) = [text for heading, text in blocks("python") if "of your own" in heading]
    assert len(parts.splitlines()) <= 40
    (folder / "parts.py").write_text(parts)
    (folder / "android_demo/app/src/main").mkdir(parents=True)
    listed = commands(lambda heading: not is_real(heading))
    assert {"train", "distill", "quantize", "export", "evaluate", "predict", "verify"} <= {
        words[0] for words in listed
    }
    for words in listed:
        run(words)


def test_python_example_runs(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    examples = [text for heading, text in blocks("python") if heading == "In Python"]
    assert len(examples) == 2
    if not (folder / "runs/assistant/student-int8.onnx").exists():
        pytest.skip("needs the files of the commands above")
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})
        assert capsys.readouterr().out


@pytest.mark.realdata
def test_commands_on_real_data_run(tmp_path, monkeypatch):
    if not DATA.is_dir():
        pytest.skip("no ../shared/data here")
    monkeypatch.setenv("EDGETEXT_DATA", str(DATA.resolve()))
    monkeypatch.chdir(tmp_path)
    for words in commands(is_real):
        run(words, [*SHORT, *ROUNDED])


def test_every_command_is_in_readme():
    from click import Context

    from edgetext.cli import cli

    mentioned = {word for words in commands(lambda heading: True) for word in words[:3]}
    assert set(cli.list_commands(Context(cli))) - mentioned == set()


def rows_of(path):
    """The cells of each line of a document's tables, by the first of them."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def test_the_table_of_techniques_is_that_of_the_bench():
    known = rows_of(README.parent / "bench" / "compression.md")
    text = README.read_text("utf-8").partition("### Every technique")[2].partition("\n### ")[0]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line] for line in lines][2:]
    halves = [half for row in found for half in (row[:4], row[5:]) if half[0]]
    assert len(halves) >= 14
    for name, *figures in halves:
        assert set(figures) <= set(known[name]), name
