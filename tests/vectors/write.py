"""Write the vectors that Python and the demo's JVM code must both satisfy: write.py [FOLDER].

Each file is a list of objects: "kind", that kind's inputs, and "expected". Python computes what is
expected by its own means (`str.encode`), never by the code under test. An expected "error" is part
of the sentence that the user must see.
"""

from __future__ import annotations

import json
import runpy
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
TEXTS = {
    "plain": "wake me up at seven",
    "accents": "Où est le café à Zürich ?",
    "combining accents": "cafe\u0301 a\u0300 la carte",
    "CJK": "東京の天気は。",
    "hangul": "내일 서울 날씨",
    "emoji": "play 🎵 now 🎧!",
    "flags": "from 🇩🇪 to 🇫🇷",
    "family with joiners": "👩\u200d👩\u200d👧 at 7",
    "skin tone": "👋🏽 hello",
    "Arabic and Hebrew": "مرحبا שלום",
    "last code points": "\u007f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff",
    "zero byte": "a\u0000b",
    "lone surrogates": "a\ud83db\udc00",
    "surrogates the wrong way round": "\udc00\ud83d",
    "empty": "",
}


SEVERAL: dict[str, Any] = {
    "task": "multi_label",
    "labels": {"intent": ["trip", "météo", "bye"]},
    "outputs": ["scores", "truncated"],
}


CALIBRATED: dict[str, Any] = {
    "labels": {"intent": ["trip", "oos"], "slots": ["city", "time"]},
    "outputs": ["scores", "in_scope", "spans", "truncated"],
}


def vectors() -> dict[str, list[dict[str, Any]]]:
    """File name -> vectors."""
    return {
        "offsets.json": [offsets(name, text) for name, text in TEXTS.items()],
        "metadata.json": metadata(),
        "decode.json": decode(),
        "replay.json": replay(),
        "json.json": documents(),
        "redact.json": runpy.run_path(str(FOLDER / "redaction.py"))["redacted"](),
    }


def encoded(text: str) -> list[bytes]:
    """The UTF-8 bytes of every UTF-16 character; a lone surrogate is U+FFFD."""
    return [
        "\ufffd".encode() if "\ud800" <= character <= "\udfff" else character.encode()
        for character in text
    ]


def units(character: str) -> int:
    return 2 if character > "\uffff" else 1


def offsets(name: str, text: str) -> dict[str, Any]:
    """Every pair of neighbouring character borders, the whole text, and what is no range."""
    edges = [(0, 0)]
    for character, data in zip(text, encoded(text), strict=True):
        byte, unit = edges[-1]
        edges.append((byte + len(data), unit + units(character)))
    size = edges[-1][0]
    pairs = [*pairwise(edges), (edges[0], edges[-1])]
    ranges: list[list[int]] = [[start[0], end[0]] for start, end in pairs]
    expected: list[Any] = [[start[1], end[1]] for start, end in pairs]
    for start, end in pairwise(edges):
        if end[0] - start[0] > 1:
            # Ends inside a character: all of it.
            ranges += [[start[0] + 1, end[0]], [start[0], end[0] - 1]]
            expected += [[start[1], end[1]], [start[1], end[1]]]
    for wrong in ([-1, 0], [0, size + 1], [size + 1, size + 1], [1, 0]):
        ranges.append(wrong)
        expected.append({"error": f"{wrong[0]} to {wrong[1]}"})
    data = b"".join(encoded(text)) or b" "
    return {
        "kind": "offsets",
        "name": name,
        "text": text,
        "ranges": ranges,
        "expected": {"bytes": list(data), "ranges": expected},
    }


def description(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "contract": 1,
        "task": "joint",
        "name": "assistant",
        "variant": "int8",
        "labels": {"intent": ["alarm", "música"], "slots": ["city", "time"]},
        "max_bytes": 32,
        "model_version": "1",
        "outputs": ["scores", "spans", "truncated"],
        "runtime": "onnx",
    }
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}


def metadata() -> list[dict[str, Any]]:
    read = {"task": "joint", "name": "assistant", "max_bytes": 32}
    read |= {"intents": ["alarm", "música"], "slots": ["city", "time"]}
    cases: list[tuple[str, str, Any]] = [
        ("joint", json.dumps(description()), read),
        ("not escaped", json.dumps(description(), ensure_ascii=False), read),
        (
            "classify without slots",
            json.dumps(description(task="classify", labels={"intent": ["a"]})),
            {"task": "classify", "intents": ["a"], "slots": []},
        ),
        ("later fields", json.dumps(description(later=[None, True, {"x": 1.5e3}])), read),
        ("newer contract", json.dumps(description(contract=3)), {"error": "and older; upgrade"}),
        ("other task", json.dumps(description(task="translate")), {"error": "pick another model"}),
        (
            "tag, which has no intents",
            json.dumps(description(task="tag", labels={"intent": [], "slots": ["x"]})),
            {"task": "tag", "intents": [], "slots": ["x"]},
        ),
        (
            "several labels a text",
            json.dumps(description(**SEVERAL)),
            {"task": "multi_label", "intents": ["trip", "météo", "bye"], "slots": []},
        ),
        (
            "several labels, of which there are none",
            json.dumps(description(task="multi_label", labels={"intent": []})),
            {"error": "no labels"},
        ),
        ("no contract", json.dumps(description(contract=None)), {"error": '"contract"'}),
        ("no labels", json.dumps(description(labels=None)), {"error": '"labels"'}),
        (
            "labels empty",
            json.dumps(description(labels={"intent": [], "slots": []})),
            {"error": ""},
        ),
        ("limit as text", json.dumps(description(max_bytes="32")), {"error": '"max_bytes"'}),
        ("no limit", json.dumps(description(max_bytes=0)), {"error": "export it again"}),
        ("a list", "[]", {"error": '"contract"'}),
        ("cut", json.dumps(description())[:40], {"error": "damaged"}),
        ("empty", "", {"error": "damaged"}),
    ]
    vectors = [
        {"kind": "metadata", "name": name, "json": text, "expected": expected}
        for name, text, expected in cases
    ]
    return vectors + phone() + releases()


def phone() -> list[dict[str, Any]]:
    """What packages/js reads, and the phone does not ("only")."""
    batch = description(contract=2, batch=256, inputs=["text", "offsets"])
    cases: list[tuple[str, Any, str]] = [
        ("a batch file", batch, "and older; upgrade"),
        ("a task of others", description(task="summarize"), "pick another model"),
    ]
    return [
        {
            "kind": "metadata",
            "only": "phone",
            "name": name,
            "json": json.dumps(about),
            "expected": {"error": error},
        }
        for name, about, error in cases
    ]


def releases() -> list[dict[str, Any]]:
    """Pair the oldest release that a file is promised for with the one that is there ("here")."""
    told: list[tuple[str, Any, Any]] = [
        ("told", "1.24.1", {"oldest_runtime": "1.24.1"}),
        # edgetext 0.1 did not tell.
        ("not told", None, {"oldest_runtime": "1.32.0"}),
        ("a number", 1.24, {"error": '"oldest_runtime"'}),
        ("a list", ["1.24.1"], {"error": '"oldest_runtime"'}),
        ("no release", "newest", {"error": '"oldest_runtime"'}),
        ("empty", "", {"error": '"oldest_runtime"'}),
    ]
    met: list[tuple[str | None, str, bool]] = [
        ("1.24.1", "1.24.1", True),
        ("1.24.1", "1.24.0", False),
        ("1.24.1", "1.9.9", False),
        ("1.24.1", "1.100.0", True),
        ("1.24.1", "2", True),
        ("1.24.1", "1", False),
        ("1.24.0", "1.24", True),
        ("1.24.1", "1.24.1+cpu", True),
        ("1.31.0", "1.31.0-dev.20260914-8d85527a0", True),
        ("1.31.1", "1.31.0-dev.20260914-8d85527a0", False),
        ("1.33.0-rc1", "1.32.0", False),
        (None, "1.31.1", False),
        (None, "1.32.0", True),
    ]
    pte = description(runtime="executorch")
    vectors = [
        (f"oldest_runtime: {name}", {"json": json.dumps(description(oldest_runtime=needed))}, found)
        for name, needed, found in told
    ]
    vectors.append(
        (
            "oldest_runtime: not told in a .pte",
            {"json": json.dumps(pte)},
            {"oldest_runtime": "1.4.0"},
        )
    )
    for needed, here, enough in met:
        oldest = needed or "1.32.0"
        about = {"json": json.dumps(description(oldest_runtime=needed)), "here": here}
        refused = {"error": f'"model.onnx" needs ONNX Runtime {oldest} or newer, and this'}
        found = {"oldest_runtime": oldest} if enough else refused
        vectors.append((f"oldest_runtime {needed} meets {here}", about, found))
    return [
        {"kind": "metadata", "name": name, **given, "expected": expected}
        for name, given, expected in vectors
    ]


def output(
    scores: list[float],
    spans: list[int] | None = None,
    truncated: bool = False,
    dims: list[int] | None = None,
    in_scope: int | None = None,
) -> dict[str, Any]:
    """Write down what a model gave; dims is the shape of the spans, which are flat here."""
    flat = spans or []
    told = {} if in_scope is None else {"in_scope": in_scope}
    return {
        **told,
        "scores": scores,
        "spans": flat,
        "dims": dims or [1, len(flat) // 3, 3],
        "truncated": truncated,
    }


def redacted() -> list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """What passes its check, and what fails it and stays in the text, as a wrong check digit."""
    labels = ["PERSON", "CARD", "IBAN", "EMAIL", "URL", "MAC"]
    parts = [
        (0, "Zoë"), (1, "4242 4242 4242 4242"), (1, "4242 4242 4242 4241"), (1, "4242"),
        (1, "378282246310005"), (2, "GB82 WEST 1234 5698 7654 32"),
        (2, "GB82 WEST 1234 5698 7654 33"), (3, "zoë@example.org"), (3, "answer"),
        (4, "www.example.org"), (4, "link"), (5, "02-00-5e-10-00-01"), (5, "device"),
    ]  # fmt: skip
    text, rows, clean = "", [], []
    for number, (label, words) in enumerate(parts):
        start = len(text.encode())
        rows += [label, start, start + len(words.encode())]
        text += words + "; "
        clean.append(words if number in (2, 3, 6, 8, 10, 12) else f"<{labels[label]}>")
    metadata = description(task="tag", labels={"intent": [], "slots": labels}, max_bytes=512)
    expected = {"redacted": "".join(f"{words}; " for words in clean)}
    return [
        ("spans are checked before they are replaced", text, metadata, output([], rows), expected)
    ]


def decode() -> list[dict[str, Any]]:
    text = "réveil à 7 h 🇫🇷 à Orléans"
    start = len("réveil à 7 h 🇫🇷 à ".encode())
    city = [0, start, len(text.encode())]
    time = [1, len("réveil à ".encode()), len("réveil à 7 h".encode())]
    limit = description()["max_bytes"]
    long = "é" * 40
    tag = {"task": "tag", "labels": {"intent": [], "slots": ["city", "time"]}}
    cases: list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
        (
            "two slots behind accents and a flag",
            text,
            description(max_bytes=512),
            output([0.25, 0.75], [*time, *city]),
            {
                "intent": "música",
                "score": 0.75,
                "truncated": False,
                "sent": list(text.encode()),
                "spans": [["time", 9, 12, "7 h"], ["city", 20, 27, "Orléans"]],
                "redacted": "réveil à <time> 🇫🇷 à <city>",
            },
        ),
        *redacted(),
        (
            "of equal scores the first",
            "a",
            description(),
            output([0.5, 0.5]),
            {"intent": "alarm", "spans": []},
        ),
        (
            "empty text is a space",
            "",
            description(),
            output([1.0, 0.0]),
            {"intent": "alarm", "sent": [0x20]},
        ),
        (
            "text over the limit: one byte more than the model reads",
            long,
            description(),
            output([1.0, 0.0], [0, 0, 32], truncated=True),
            {
                "sent": list(long.encode()[: limit + 1]),
                "truncated": True,
                "spans": [["city", 0, 16, "é" * 16]],
            },
        ),
        (
            "text at the limit",
            "é" * 16,
            description(),
            output([1.0, 0.0]),
            {"sent": list(("é" * 16).encode()), "truncated": False},
        ),
        ("no slot in the text", "a", description(), output([1.0, 0.0]), {"spans": []}),
        (
            "no slot, without the batch",
            "a",
            description(),
            output([1.0, 0.0], dims=[0, 3]),
            {"intent": "alarm", "spans": []},
        ),
        (
            "no slot, as rows of no length",
            "a",
            description(),
            output([1.0, 0.0], dims=[0, 0]),
            {"intent": "alarm", "spans": []},
        ),
        (
            "spaces alone",
            "  ",
            description(),
            output([0.25, 0.75], dims=[0, 0]),
            {"intent": "música", "sent": [0x20, 0x20], "spans": []},
        ),
        (
            "text over the limit, without a slot",
            long,
            description(),
            output([1.0, 0.0], truncated=True),
            {"truncated": True, "spans": []},
        ),
        (
            "tag",
            "a b",
            description(**tag),
            output([], [1, 2, 3]),
            {"intent": None, "spans": [["time", 2, 3, "b"]]},
        ),
        (
            "tag, with nothing in it",
            "a b",
            description(**tag),
            output([], dims=[0, 0]),
            {"intent": None, "spans": [], "truncated": False},
        ),
        (
            "tag, an empty text",
            "",
            description(**tag),
            output([]),
            {"intent": None, "sent": [0x20], "spans": []},
        ),
        (
            "several labels, the likeliest first",
            "a b",
            description(**SEVERAL),
            output([0.5, 0.25, 0.875]),
            {
                "intent": None,
                "labels": [["bye", 0.875], ["trip", 0.5]],
                "score": 0.5,
                "spans": [],
            },
        ),
        (
            "several labels, of which the text has none",
            "a b",
            description(**SEVERAL),
            output([0.125, 0.25, 0.0]),
            {"intent": None, "labels": [], "score": 0.75},
        ),
        (
            "several labels, too few scores",
            "a",
            description(**SEVERAL),
            output([1.0]),
            {"error": "1 scores for 3"},
        ),
        ("spans cut", "a", description(), output([1, 0], [0, 0]), {"error": "2 numbers for spans"}),
        ("classify", "a", description(task="classify"), output([0.0, 1.0]), {"spans": []}),
        (
            "in scope",
            "a",
            description(**CALIBRATED),
            output([0.75, 0.25], [1, 0, 1], in_scope=1),
            {"intent": "trip", "in_scope": True, "spans": [["time", 0, 1, "a"]]},
        ),
        (
            "out of scope",
            "a",
            description(**CALIBRATED),
            output([0.25, 0.75], in_scope=0),
            {"intent": "oos", "in_scope": False, "score": 0.75, "spans": []},
        ),
        ("scope not told", "a", description(), output([0.5, 0.25]), {"in_scope": None}),
        ("too few scores", "a", description(), output([1.0]), {"error": "1 scores for 2"}),
        ("slot beyond", "a", description(), output([1, 0], [2, 0, 1]), {"error": "slot 2 of 2"}),
        ("slot below", "a", description(), output([1, 0], [-1, 0, 1]), {"error": "slot -1"}),
        ("span beyond", "a", description(), output([1, 0], [0, 0, 2]), {"error": "0 to 2"}),
        ("span backwards", "ab", description(), output([1, 0], [0, 1, 0]), {"error": "1 to 0"}),
        ("engine fails", "a", description(), {"throws": "no kernel"}, {"error": "no kernel"}),
        ("newer contract", "a", description(contract=9), output([1, 0]), {"error": "upgrade"}),
    ]
    return [
        {
            "kind": "decode",
            "name": name,
            "text": text,
            "metadata": fields,
            "golden": [],
            "outputs": [answer],
            "expected": expected,
        }
        for name, text, fields, answer, expected in cases
    ]


def replay() -> list[dict[str, Any]]:
    example = {
        "text": "météo à Zürich",
        "intent": 1,
        "score": 0.9,
        "spans": [[0, 11, 18]],
        "truncated": False,
    }
    right = output([0.1, 0.9], [0, 11, 18])
    passed = {"passed": 1, "total": 1, "is_passed": True, "failures": []}
    failed: dict[str, Any] = {"passed": 0, "total": 1, "is_passed": False}
    bare = {"text": "a", "intent": 0, "score": 0.75, "spans": [], "truncated": False}
    none = output([0.75, 0.25])
    cases: list[tuple[str, Any, list[dict[str, Any]], dict[str, Any]]] = [
        ("no slot, as exported", [bare], [none], passed),
        ("no slot, as rows of no length", [bare], [{**none, "dims": [0, 0]}], passed),
        ("a slot where none was", [bare], [output([0.75, 0.25], [0, 0, 1])], failed),
        ("an empty text", [{**bare, "text": ""}], [none], passed),
        ("an empty text of another intent", [{**bare, "text": ""}], [output([0, 1])], failed),
        ("spaces alone", [{**bare, "text": "   "}], [none], passed),
        (
            "cut, as exported",
            [{**bare, "text": "a" * 40, "truncated": True}],
            [output([0.75, 0.25], truncated=True)],
            passed,
        ),
        ("not cut", [{**bare, "text": "a" * 40, "truncated": True}], [none], failed),
        ("as exported", [example], [right], passed),
        ("score a little off", [example], [output([0.14, 0.86], [0, 11, 18])], passed),
        ("score off", [example], [output([0.16, 0.84], [0, 11, 18])], failed),
        ("score not a number", [{**example, "score": 9.9}], [right], failed),
        ("other intent", [example], [output([0.9, 0.1], [0, 11, 18])], failed),
        ("no span", [example], [output([0.1, 0.9])], failed),
        ("other label", [example], [output([0.1, 0.9], [1, 11, 18])], failed),
        ("other end", [example], [output([0.1, 0.9], [0, 11, 15])], failed),
        ("truncated", [example], [output([0.1, 0.9], [0, 11, 18], truncated=True)], failed),
        (
            "one of two",
            [example, example],
            [right, output([0.1, 0.9])],
            {"passed": 1, "total": 2, "is_passed": False},
        ),
        ("no examples prove nothing", [], [], {"passed": 0, "total": 0, "is_passed": False}),
        ("not a list", {}, [], {"error": "not a list"}),
        ("a row of two", [{**example, "spans": [[0, 1]]}], [], {"error": "three numbers"}),
        ("a row of text", [{**example, "spans": [["a", 0, 1]]}], [], {"error": "three numbers"}),
        ("no text", [{"intent": 1}], [], {"error": '"text"'}),
        ("cut", '[{"text": "a"', [], {"error": "damaged"}),
    ]
    return [
        {
            "kind": "replay",
            "name": name,
            "metadata": fields,
            "golden": golden,
            "outputs": outputs,
            "expected": expected,
        }
        for fields, group in (
            (description(), cases),
            (description(**SEVERAL), several()),
            (description(**CALIBRATED), scoped()),
        )
        for name, golden, outputs, expected in group
    ]


def several() -> list[tuple[str, Any, list[dict[str, Any]], dict[str, Any]]]:
    """Golden examples of a model of several labels a text."""
    example = {"text": "a", "labels": [[0, 0.9], [2, 0.7]], "score": 0.7, "truncated": False}
    bare = {"text": "b", "labels": [], "score": 0.8, "truncated": False}
    passed = {"passed": 1, "total": 1, "is_passed": True, "failures": []}
    failed: dict[str, Any] = {"passed": 0, "total": 1, "is_passed": False}
    return [
        ("labels as exported", [example], [output([0.9, 0.2, 0.7])], passed),
        ("labels a little off", [example], [output([0.94, 0.24, 0.66])], passed),
        ("a label off", [example], [output([0.84, 0.2, 0.7])], failed),
        ("a label too many", [example], [output([0.9, 0.51, 0.7])], failed),
        ("a label too few", [example], [output([0.9, 0.2, 0.49])], failed),
        ("no label, as exported", [bare], [output([0.1, 0.2, 0.0])], passed),
        ("no label, less sure", [bare], [output([0.1, 0.3, 0.0])], failed),
        ("a label where none was", [bare], [output([0.1, 0.8, 0.0])], failed),
        ("labels are no list", [{**bare, "labels": 1}], [], {"error": '"labels"'}),
        ("a label without a score", [{**bare, "labels": [[1]]}], [], {"error": "and its score"}),
    ]


def scoped() -> list[tuple[str, Any, list[dict[str, Any]], dict[str, Any]]]:
    """Golden examples of a file that tells whether a text is about something known."""
    example = {"text": "a", "intent": 1, "score": 0.75, "spans": [], "truncated": False}
    example["in_scope"] = False
    passed = {"passed": 1, "total": 1, "is_passed": True, "failures": []}
    failed: dict[str, Any] = {"passed": 0, "total": 1, "is_passed": False}
    return [
        ("out of scope, as exported", [example], [output([0.25, 0.75], in_scope=0)], passed),
        ("in scope in its place", [example], [output([0.25, 0.75], in_scope=1)], failed),
    ]


def documents() -> list[dict[str, Any]]:
    """JSON itself: what Python's json reads, and what it refuses."""
    good = [
        "null",
        " [ ] ",
        "{}",
        "[1, -2, 0, 2.5, -1e-3, 1E2]",
        '{"a": [true, false, null], "b": {"c": "d"}}',
        r'"\" \\ \/ \b \f \n \r \t \u00e9 \ud83c\udfb5 \ud800"',
        '"é 東 🎵"',
        '{"a": 1, "a": 2}',
        "[" * 60 + "]" * 60,
    ]
    bad = ["", "{", "[1,]", '{"a"}', '{"a": 1,}', "nul", '"a', '"\\x"', '"\\u12"', "1 2", '"\n"']
    bad += ["[" * 9999, "--1", "{1: 2}", "'a'"]
    read = [{"source": source, "expected": json.loads(source)} for source in good]
    refused = [{"source": source, "expected": {"error": "not JSON"}} for source in bad]
    return [{"kind": "json", "name": item["source"][:30], **item} for item in read + refused]


def main(folder: Path) -> None:
    for name, items in vectors().items():
        lines = ",\n".join(json.dumps(item) for item in items)
        (folder / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
