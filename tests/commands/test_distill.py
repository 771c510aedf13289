"""`edgetext distill`: where student and output come from."""

import pytest

from edgetext.cli import main
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext.training import distill as distill_module

RECIPE = {
    "name": "tiny",
    "task": "joint",
    "data": {"type": "assistant"},
    "encoder": {"type": "cnn"},
    "student": {"encoder": {"type": "cnn", "layers": 1}},
}


@pytest.fixture
def calls(monkeypatch):
    made = []
    monkeypatch.setattr(
        distill_module,
        "distill",
        lambda teacher, recipe, output, resume: made.append((teacher, recipe, output, resume)),
    )
    return made


@pytest.fixture
def teacher(tmp_path):
    path = tmp_path / "runs" / "teacher.pt"
    header = Header(
        task="joint", name="tiny", recipe=RECIPE, vocabulary={}, labels={}, max_bytes=64
    )
    Checkpoint(header, {}).save(path)
    return path


def test_the_student_lands_beside_its_teacher(calls, teacher):
    assert main(["distill", str(teacher), "--set", "student.encoder.layers=3"]) == 0
    ((path, recipe, output, resume),) = calls
    assert (path, output, resume) == ((teacher,), teacher.with_name("student.pt"), False)
    assert recipe.student.encoder.own_fields["layers"] == 3


def test_another_student_and_output(calls, teacher, tmp_path):
    student = tmp_path / "small.yaml"
    student.write_text("encoder: {type: bag, hidden: 32}\n")
    output = tmp_path / "s.pt"
    arguments = ["distill", str(teacher), "--student", str(student), "-o", str(output), "--resume"]
    assert main(arguments) == 0
    ((_, recipe, path, resume),) = calls
    assert (recipe.student.encoder.type, path, resume) == ("bag", output, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["missing.pt"], "no such file"),
        (["TEACHER", "--set", "student.encoder.layrs=3"], "did you mean layers"),
        (["TEACHER", "--student", "missing.yaml"], "missing.yaml"),
        (["TEACHER", "--recipe", "missing.yaml"], "missing.yaml"),
    ],
)
def test_what_is_wrong_is_one_line(calls, teacher, capsys, arguments, word):
    arguments = [str(teacher) if a == "TEACHER" else a for a in arguments]
    assert main(["distill", *arguments]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
    assert calls == []
