"""Processes of --workers: one that is killed ends the run with a sentence, and parts are kept."""

import os
import signal
from importlib.util import find_spec

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.labeling.job import Job, Question
from edgetext.labeling.lines import Lines
from edgetext.labeling.output import JsonLines
from edgetext.labeling.processes import in_processes
from edgetext.labeling.source import ROWS


class Deadly(Lines):
    """Ends the process that looks into its third chunk."""

    def texts(self, chunk, fields):
        if chunk.rows[0].startswith(b"2 "):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().texts(chunk, fields)


def test_a_worker_that_is_killed(joint_files, tmp_path):
    file = tmp_path / "t.txt"
    file.write_text("".join(f"{number // ROWS} fly to Oslo\n" for number in range(3 * ROWS)))
    question = Question(joint_files.onnx)
    source = Deadly([file], ("text",))
    survey = source.survey(("text",))
    types = question.types(question.load())
    job = Job(question, source, ("text",), JsonLines(source, survey, types))
    parts = in_processes(job, (), 1)
    assert [next(parts)[:2] for _ in range(1)] == [(0, ROWS)]
    with pytest.raises(EdgetextError, match="a process of --workers ended before its work"):
        list(parts)


def test_without_ray_a_sentence_says_how_it_is_installed(joint_files, lines, tmp_path, refusal):
    if find_spec("ray") is not None:
        pytest.skip("Ray is installed")
    said = refusal(joint_files.onnx, lines, "-o", tmp_path / "o.csv", "--on", "ray")
    assert "pip install 'edgetext[ray]'" in said
