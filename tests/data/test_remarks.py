"""What reading mended or left out, counted."""

from edgetext.data.example import Example
from edgetext.data.remarks import Remarks


def test_remarks_are_counted_with_their_first_line():
    remarks = Remarks()
    remarks.of_example(Example("a", None, source="f:1", remarks=("x was mended",) * 2))
    remarks.add("y was left out", "f:2")
    remarks.add("x was mended", "f:3")
    assert list(remarks.lines()) == [
        "3 x was mended; the first: f:1",
        "1 y was left out; the first: f:2",
    ]
