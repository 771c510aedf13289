"""Two workers of Ray make the parts that this process would make."""

import subprocess
import sys

import pytest

pytest.importorskip("ray.data", reason="edgetext[ray] is not installed")


def run(command, out, *options):
    done = subprocess.run(
        [*command, "-o", str(out), *options], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_two_workers_give_the_same_file(joint_files, tmp_path):
    source, plain, out = tmp_path / "t.jsonl", tmp_path / "plain.csv", tmp_path / "out.csv"
    rows = (f'{{"text": "fly to Oslo at {number}", "n": {number}}}\n' for number in range(20_000))
    source.write_text("".join(rows))
    command = [sys.executable, "-m", "edgetext", "label", str(joint_files.onnx), str(source)]
    run(command, plain)
    run(command, out, "--on", "ray", "--workers", "2")
    assert out.read_bytes() == plain.read_bytes()


def test_what_is_kept_is_not_made_again(joint_files, tmp_path):
    """Parts of a run without Ray fit, too: they are of the same job."""
    from edgetext.labeling import run as labeling
    from edgetext.labeling.inputs import Columns
    from edgetext.labeling.job import Question
    from edgetext.labeling.on_ray import in_ray
    from edgetext.labeling.processes import in_this_process

    source, out = tmp_path / "t.txt", tmp_path / "out.jsonl"
    source.write_text("".join(f"fly to Oslo at {number}\n" for number in range(20_000)))
    question = Question(joint_files.onnx)
    made = []

    def one(job, done, count):
        yield next(iter(in_this_process(job, done, question.load())))
        raise KeyboardInterrupt

    def rest(job, done, count):
        for part in in_ray(job, done, count):
            made.append(part[0])
            yield part

    from edgetext.core.errors import StoppedError

    with pytest.raises(StoppedError, match=r"1 finished part\(s\)"):
        labeling.label(question, [source], out, Columns(), labeling.Workers(1, one))
    labeling.label(question, [source], out, Columns(), labeling.Workers(2, rest))
    assert sorted(made) == [1, 2]
    assert len(out.read_bytes().splitlines()) == 20_000
