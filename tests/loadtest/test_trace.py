"""Traces of requests."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.trace import read_trace


@pytest.fixture
def trace(tmp_path):
    """trace(content) -> the trace of a file with it."""

    def read(content):
        path = tmp_path / "trace.csv"
        path.write_text(content, "utf-8")
        return read_trace(path)

    return read


def test_seconds_begin_at_the_first_and_are_put_in_order(trace):
    read = trace("id,time,text\na,100.5,one\nb,100,zero\nc,102,two\n")
    assert read.whole.times.tolist() == [0, 0.5, 2]
    assert list(read.whole.texts) == ["zero", "one", "two"]
    assert read.whole.seconds == 3
    assert read.rate == 1


def test_dates_are_times(trace):
    content = (
        "timestamp,texts\n2026-01-31T12:00:00Z,1\n2026-01-31T12:00:00.25,3\n"
        "2026-01-31T13:00:01+01:00,2\n"
    )
    read = trace(content)
    assert read.whole.times.tolist() == pytest.approx([0, 0.25, 1])
    assert read.whole.counts.tolist() == [1, 3, 2]
    assert read.whole.texts is None


def test_one_column_needs_no_heading(trace):
    assert trace("1\n2\n\n4\n").whole.times.tolist() == [0, 1, 3]


def test_a_trace_is_played_faster_and_cut(trace):
    read = trace("time,text\n0,a\n1,b\n2,c\n3,d\n").scaled(2)
    assert read.rate == 2
    schedule = read.schedule(seconds=1.2, seed=9)
    assert schedule.times.tolist() == [0, 0.5, 1]
    assert list(schedule.texts) == ["a", "b", "c"]
    assert schedule.seconds == 1.2
    assert read.schedule(seconds=100, seed=0).seconds == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", r"trace\.csv: there is no request"),
        ("when,text\n1,a\n", r"trace\.csv:1: the heading has no column `time`"),
        ("time\n1\nsoon\n", r"trace\.csv:3: soon is no time"),
        ("time\n1\nnan\n", r"trace\.csv:3: nan is no time"),
        ("time,text\n1,a\n2\n", r"trace\.csv:3: a column is missing"),
        ("time,texts\n1,1\n2,0\n", r"trace\.csv:3: texts is 0; write how many"),
        ("time,texts\n1,1\n2,\n", r"trace\.csv:3: texts is empty"),
        ("time\n1\n2026-01-31\n", r"trace\.csv:3: seconds and dates are mixed"),
        ("time\n1\n", r"trace\.csv: a trace needs two requests"),
        ("time\n1\n1\n", r"trace\.csv: a trace needs two requests"),
        ('time,text\n1,"a\n2,b"c\n', r"trace\.csv:3: this line is no CSV"),
    ],
)
def test_what_is_no_trace_is_said_with_its_line(trace, content, said):
    with pytest.raises(EdgetextError, match=said):
        trace(content)


def test_a_file_that_is_no_text_is_said(tmp_path):
    path = tmp_path / "trace.csv"
    path.write_bytes(b"time\n\xff\n")
    with pytest.raises(EdgetextError, match="no text in UTF-8"):
        read_trace(path)
