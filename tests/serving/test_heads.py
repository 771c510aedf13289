"""Heads of requests that were parsed before."""

from edgetext.serving.heads import MOST, Head, Heads

DATA = b"POST /a HTTP/1.1\r\ncontent-length: 5\r\n\r\n12345"


def head(size=5, path="/a"):
    return Head(size, "POST", path.encode(), path, {b"content-length": b"%d" % size})


def test_the_same_head_comes_again_with_another_body():
    heads = Heads()
    assert heads.find(DATA) is None
    heads.add(DATA, head())
    assert heads.find(DATA[:-5] + b"abcde") == (head(), b"abcde")


def test_what_is_more_or_less_than_one_request_is_not_taken():
    heads = Heads()
    heads.add(DATA, head())
    for data in (DATA + b"6", DATA[:-1], DATA + DATA, DATA[:20], b"", b"\r\n" + DATA):
        assert heads.find(data) is None
    for data, size in ((DATA, 4), (DATA[:20], 5), (DATA + b"6", 5), (b"12345", 5)):
        others = Heads()
        others.add(data, head(size))
        assert others.find(data) is None


def test_another_head_is_another_request():
    heads = Heads()
    heads.add(DATA, head())
    assert heads.find(DATA.replace(b"POST", b"PUT")) is None
    assert heads.find(DATA.replace(b"1\r\nc", b"1\r\nconnection: close\r\nc")) is None


def test_the_oldest_makes_room():
    heads = Heads()
    each = [DATA.replace(b"/a", b"/%d" % number) for number in range(MOST + 1)]
    for data in each:
        heads.add(data, head())
    assert heads.find(each[0]) is None
    assert all(heads.find(data) is not None for data in each[1:])
