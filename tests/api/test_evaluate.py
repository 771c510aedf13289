"""`edgetext.evaluate`: what the command prints, as an object."""

import json

import torch

import edgetext
from edgetext.cli import main


def test_it_measures_what_the_command_prints(joint, int8_files, capsys):
    found = edgetext.evaluate([joint, int8_files.onnx], limit=12, against=joint)
    files = [str(joint), str(int8_files.onnx)]
    assert main(["evaluate", *files, "--limit", "12", "--against", str(joint), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    times = ("p50_ms", "p90_ms")
    for row, known in zip(found.rows(), printed, strict=True):
        assert {k: v for k, v in row.items() if k not in times} == {
            k: v for k, v in known.items() if k not in times
        }
    assert found.agreement(found.measured[0]) == 1
    assert found.metrics == found.measured[0].metrics(found.examples)


def test_one_model_stands_alone_and_threads_stay(joint, capsys):
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        found = edgetext.evaluate(str(joint), limit=4)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert len(found.measured) == 1 and found.against is None
    assert capsys.readouterr().err == ""
