"""The tester of the tests: what differs is seen."""

import pytest
from tester import Tester


def test_a_file_of_another_model_is_no_match(int8_files, classify_files, joint_files):
    Tester(int8_files.pt, again=True).export(".onnx").compare(["fly to Oslo", b"\xff"], alike=0.5)
    other = Tester(joint_files.pt, again=True)
    other.files = [classify_files.onnx]
    with pytest.raises(AssertionError, match=r"classify\.onnx"):
        other.compare(["book me a seat to Paris today", "will it rain tomorrow"])


def test_nodes_are_counted_and_nothing_exported_is_no_success(classify_files):
    tester = Tester(classify_files.pt, again=True)
    with pytest.raises(AssertionError, match="nothing was exported"):
        tester.compare(["a"])
    tester.export(".onnx").check_nodes(Loop=0)
    with pytest.raises(AssertionError):
        tester.check_nodes(Loop=3)
