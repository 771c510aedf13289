"""Good and bad requests of `serving_fuzz`, by kind.

Each kind is a function of a generator of random numbers and a text that gives the parts that are
sent one after the other, and how the connection ends: see serving_fuzz.exchanged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

Sent = tuple[list[bytes], str]
HEAD = b"POST /v1/predict HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
PATHS = (b"/v1/predict", b"/v2", b"/metrics", b"/nothing", b"/v2/models/x/infer", b"/")
WRONG_FIELDS: tuple[Any, ...] = (
    [],
    None,
    1,
    {"text": 1},
    {"text": None},
    {"text": ["a"]},
    {"texts": "a"},
    {"texts": []},
    {"texts": [1]},
    {"texts": [["a", "b", "c"]]},
    {"text": "a", "texts": ["a"]},
    {"text": "a", "top": 0},
    {"text": "a", "top": "x"},
    {"text": "a", "model": "nobody"},
    {"text": "a", "other": 1},
    {"texts": ["a"] * 300},
)


def body_of(text: str) -> bytes:
    """Give a question about a text."""
    return json.dumps({"text": text}).encode()


def with_length(body: bytes, head: bytes = HEAD) -> bytes:
    """Give a request whose length is right."""
    return b"%scontent-length: %d\r\n\r\n%s" % (head, len(body), body)


def good_request(text: str) -> bytes:
    """Give a request that is as it must be."""
    return with_length(body_of(text))


def whole(dice: Random, text: str) -> Sent:
    """A request in one piece."""
    return [good_request(text)], "keep"


def in_pieces(dice: Random, text: str) -> Sent:
    """A request in pieces of any size."""
    content, parts = good_request(text), []
    while content:
        size = dice.randint(1, len(content))
        parts.append(content[:size])
        content = content[size:]
    return parts, "keep"


def half_closed(dice: Random, text: str) -> Sent:
    """A request, after which the client says that no more comes."""
    return [good_request(text)], "half"


def chunked(dice: Random, text: str) -> Sent:
    """A request with a chunked body."""
    body, parts = body_of(text), [HEAD + b"transfer-encoding: chunked\r\n\r\n"]
    while body:
        size = dice.randint(1, len(body))
        parts.append(b"%x\r\n%s\r\n" % (size, body[:size]))
        body = body[size:]
    return [*parts, b"0\r\n\r\n"], "keep"


def with_junk_behind(dice: Random, text: str) -> Sent:
    """A request, and bytes that are none behind it."""
    return [good_request(text) + dice.randbytes(dice.randint(1, 200))], "half"


def random_bytes(dice: Random, text: str) -> Sent:
    """Bytes."""
    return [dice.randbytes(dice.randint(1, 2000))], "half"


def first_line(dice: Random, text: str) -> Sent:
    """A first line that is none."""
    method = dice.choice([b"GOT", b"get", b"", b"POST POST", b"P\x00ST", b"CONNECT", b"PRI"])
    path = dice.choice([b"", b"v1/predict", b"/\xff", b"/a b", b"//", b"/" * 5000, b"/%zz%00"])
    version = dice.choice([b"HTTP/1.1", b"HTTP/3", b"HTTP/1.1.1", b"http/1.1", b"", b"FTP/1.0"])
    return [b"%s %s %s\r\nhost: a\r\n\r\n" % (method, path, version)], "half"


def header(dice: Random, text: str) -> Sent:
    """Headers that are none, or too many."""
    name = dice.choice([b"a b", b"", b"\x00", b"a\xff", b"a:b", b"(", b"x" * 70_000])
    value = dice.choice([b"\x00", b"\x7f\x01", b"a\rb", b"a\nb c", b"\r\n folded"])
    rows = b"%s: %s\r\n" % (name, value) * dice.choice([1, 1, 1, 50])
    return [with_length(b"{}", HEAD + rows)], "half"


def length(dice: Random, text: str) -> Sent:
    """A length that is wrong."""
    value = dice.choice(
        [b"-1", b"x", b"1e3", b"0x5", b"9" * 30, b"5, 6", b"+5", b"", b"99999999", b"0"]
    )
    again = dice.choice([b"", b"content-length: 3\r\n", b"transfer-encoding: chunked\r\n"])
    return [b"%scontent-length: %s\r\n%s\r\n%s" % (HEAD, value, again, body_of(text))], "half"


def cut(dice: Random, text: str) -> Sent:
    """A request that ends before its end."""
    content = good_request(text)
    ends = dice.choice(["half", "half", "close"])
    return [content[: dice.randint(1, len(content) - 1)]], ends


def gone(dice: Random, text: str) -> Sent:
    """A request whose client does not wait."""
    return [good_request(text)], "close"


def chunks(dice: Random, text: str) -> Sent:
    """A chunked body that is none."""
    part = dice.choice(
        [b"zz\r\nab\r\n", b"-1\r\n", b"ffffffffffffffffff\r\na", b"2\r\nabc\r\n", b"\r\n"]
    )
    return [HEAD + b"transfer-encoding: chunked\r\n\r\n", part], "half"


def no_json(dice: Random, text: str) -> Sent:
    """A body that is no JSON."""
    body = body_of(text)
    at = dice.randrange(len(body))
    forms = (
        body[:at],
        body[:at] + b"\x00" + body[at:],
        body.decode().encode("utf-16"),
        b'{"text": "\xff\xfe"}',
        b"\xef\xbb\xbf\xff" + body,
        b"[" * dice.randint(1, 20_000),
        dice.randbytes(dice.randint(1, 500)),
        b"",
    )
    return [with_length(dice.choice(forms))], "keep"


def fields(dice: Random, text: str) -> Sent:
    """JSON whose fields are wrong."""
    return [with_length(json.dumps(dice.choice(WRONG_FIELDS)).encode())], "keep"


def encoding(dice: Random, text: str) -> Sent:
    """A body of another kind than it is sent as, or compressed."""
    row = dice.choice(
        [
            b"content-encoding: gzip\r\n",
            b"content-encoding: br\r\n",
            b"content-type: text/plain\r\n",
            b"content-type: \r\n",
        ]
    )
    return [with_length(body_of(text), HEAD + row)], "keep"


def place(dice: Random, text: str) -> Sent:
    """A method or an address that there is not."""
    method = dice.choice([b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE"])
    return [b"%s %s HTTP/1.1\r\nhost: a\r\n\r\n" % (method, dice.choice(PATHS))], "keep"


def tensors(model: str, dice: Random, text: str) -> Sent:
    """A request of `infer` that is wrong."""
    tensor = {"name": "text", "datatype": "BYTES", "shape": [1], "data": [text]}
    change: dict[str, Any] = dice.choice(
        [{"shape": [2]}, {"shape": [-1]}, {"datatype": "FP32"}, {"data": [1]}, {"name": "other"}]
    )
    value = json.dumps({"inputs": [{**tensor, **change}]}).encode()
    value = dice.choice([value, value[:-1], dice.randbytes(64)])
    size = dice.choice([b"", b"inference-header-content-length: %d\r\n" % dice.randint(-9, 10**6)])
    head = b"POST /v2/models/%s/infer HTTP/1.1\r\nhost: a\r\n%s" % (model.encode(), size)
    return [with_length(value, head)], "keep"


def large(dice: Random, text: str) -> Sent:
    """A body that is too large."""
    size = 1 << 20
    if dice.random() < 0.5:
        return [HEAD + b"content-length: %d\r\n\r\n" % (size + dice.randint(1, 1 << 30))], "keep"
    return [with_length(body_of("x" * (size + dice.randint(1, 1000))))], "keep"


GOOD: dict[str, Callable[[Random, str], Sent]] = {
    "good: whole": whole,
    "good: in pieces": in_pieces,
    "good: half-closed": half_closed,
    "good: chunked": chunked,
    "good: with junk behind": with_junk_behind,
}


def bad_kinds(model: str) -> dict[str, Callable[[Random, str], Sent]]:
    """Give the kinds of bad requests to a server of one model."""
    of_model: Callable[[Random, str], Sent] = partial(tensors, model)
    return {
        "random bytes": random_bytes,
        "first line": first_line,
        "headers": header,
        "length": length,
        "cut": cut,
        "client gone": gone,
        "chunks": chunks,
        "no JSON": no_json,
        "fields": fields,
        "encoding": encoding,
        "method or address": place,
        "tensors": of_model,
        "large": large,
    }
