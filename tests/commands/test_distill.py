"""`edgetext distill`: where student and output come from."""

import pytest

from edgetext.cli import main
from edgetext.model.model import Model
from edgetext.training import distill as distill_module

STUDENT = {"encoder": {"type": "conv", "layers": 1}}


@pytest.fixture
def calls(monkeypatch):
    made = []

    def distill(models, recipe, state, resume, folder):
        assert folder == state.with_name(state.name.replace(".pt.resume", ".run"))
        made.append((models, recipe, state, resume))
        return models[0]

    monkeypatch.setattr(distill_module, "distill", distill)
    return made


@pytest.fixture
def teacher(joint, tmp_path):
    path = tmp_path / "runs" / "teacher.pt"
    model = Model.load(joint)
    model.with_header(recipe={**model.header.recipe, "student": STUDENT}).save(path)
    return path


def test_the_student_lands_beside_its_teacher(calls, teacher):
    assert main(["distill", str(teacher), "--set", "student.encoder.layers=3"]) == 0
    ((models, recipe, state, resume),) = calls
    assert [model.source for model in models] == [teacher]
    assert (state, resume) == (teacher.with_name("student.pt.resume"), False)
    assert recipe.student.encoder.own_fields["layers"] == 3
    assert teacher.with_name("student.pt").exists()


def test_another_student_and_output(calls, teacher, tmp_path):
    student = tmp_path / "small.yaml"
    student.write_text("encoder: {type: bag, hidden: 32}\n")
    output = tmp_path / "s.pt"
    arguments = ["distill", str(teacher), "--student", str(student), "-o", str(output), "--resume"]
    assert main(arguments) == 0
    ((_, recipe, state, resume),) = calls
    assert (recipe.student.encoder.type, resume) == ("bag", True)
    assert state == tmp_path / "s.pt.resume" and output.exists()


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
