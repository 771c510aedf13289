"""Every reader: what it yields, packed or not, and how it names a bad line."""

import json

import pytest

from edgetext.core.errors import EdgetextError


def spans(example):
    raw = example.text.encode("utf-8")
    return [(s.label, raw[s.start : s.end].decode("utf-8")) for s in example.spans]


SEQ = {"seq.in": "play café  del mar\nstop\n", "seq.out": "O B-a I-a I-a\nO\n", "label": "Go\nNo\n"}
CONLL = "# intent: Go\nplay\tO\ncafé\tB-a\ndel\tI-a\nmar\tI-a\n\n#intent=No\nstop\tO\n"
CLINC = {
    "oos_val": [["x", "oos"]],
    "val": [["v", "No"]],
    "train": [["play café", "Go"], ["stop", "No"]],
    "oos_train": [["y", "oos"]],
    "test": [["t", "Go"]],
    "oos_test": [],
}
JSONL = (
    '{"text": "play 🙂 café", "intent": "Go", "spans": [{"label": "a", "start": 7, "end": 11}]}\n'
    '\n{"text": "stop", "intent": "No"}\n'
)
FILES = {
    "csv": ("d.csv", 'label,text\nGo,"play, ""café"""\nNo,the 5" one\n'),
    "tsv": ("d.tsv", "text\tlabel\nplay café\tGo\r\nstop\tNo\n"),
    "pytext_tsv": ("p.tsv", "Go\t5:9:a\tplay café\nNo\t\tstop\n"),
    "mtod": ("m.txt", "play:O café:B-a del:I-a <=> Go\nat:O 7:30:B-b <=> No\n"),
    "conll": ("c.conll", CONLL),
    "jsonl": ("j.jsonl", JSONL),
    "clinc150": ("c.json", json.dumps(CLINC, indent=1)),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("kind", "texts", "found"),
    [
        ("csv", ['play, "café"', 'the 5" one'], [[], []]),
        ("tsv", ["play café", "stop"], [[], []]),
        ("pytext_tsv", ["play café", "stop"], [[("a", "café")], []]),
        ("mtod", ["play café del", "at 7:30"], [[("a", "café del")], [("b", "7:30")]]),
        ("conll", ["play café del mar", "stop"], [[("a", "café del mar")], []]),
        ("jsonl", ["play 🙂 café", "stop"], [[("a", "café")], []]),
    ],
)
def test_a_file_of_two_texts(write, read, kind, texts, found, packed):
    examples = read(kind, write(*FILES[kind], packed=packed))
    assert [e.text for e in examples] == texts
    assert [e.intent for e in examples] == ["Go", "No"]
    assert [spans(e) for e in examples] == found


@pytest.mark.parametrize("packed", [False, True])
def test_a_seq_folder(write, read, packed):
    for name, content in SEQ.items():
        path = write(f"train/{name}{'.gz' if packed else ''}", content, packed)
    examples = read("seq_folder", path.parent)
    assert [(e.text, e.intent) for e in examples] == [("play café del mar", "Go"), ("stop", "No")]
    assert spans(examples[0]) == [("a", "café del mar")]
    assert examples[1].source.endswith("seq.in:2") or examples[1].source.endswith("seq.in.gz:2")


def test_clinc150_holds_all_splits_and_the_lines_of_each_text(write, read):
    path = write(*FILES["clinc150"])
    pairs = [(e.text, e.intent) for e in read("clinc150", path)]
    assert pairs == [("play café", "Go"), ("stop", "No"), ("y", "oos")]
    assert [e.intent for e in read("clinc150", path, "valid")] == ["No", "oos"]
    assert [e.text for e in read("clinc150", path, "test")] == ["t"]
    (first, *_) = read("clinc150", path)
    line = int(first.source.rpartition(":")[2])
    assert "[" in path.read_text().splitlines()[line - 1]


def test_tables_with_other_columns(write, read):
    path = write("d.csv", "1;Go;play\n2;No;stop\n")
    fields = {"text": 2, "label": 1, "header": False, "delimiter": ";"}
    assert [(e.text, e.intent) for e in read("csv", path, **fields)] == [
        ("play", "Go"),
        ("stop", "No"),
    ]


@pytest.mark.parametrize("name", ["label", "intent"])
def test_the_label_goes_by_either_name(write, read, name):
    expected = [("play", "Go"), ("stop", "No")]
    table = write("d.csv", f"{name},text\nGo,play\nNo,stop\n")
    assert [(e.text, e.intent) for e in read("csv", table)] == expected
    lines = [json.dumps({"text": text, name: label}) + "\n" for text, label in expected]
    objects = write("j.jsonl", "".join(lines))
    assert [(e.text, e.intent) for e in read("jsonl", objects)] == expected


def test_of_both_names_of_the_label_the_one_that_is_set_counts(write, read):
    table = write("d.csv", "label,intent,text\nGo,No,play\n")
    assert [e.intent for e in read("csv", table)] == ["Go"]
    assert [e.intent for e in read("csv", table, label="intent")] == ["No"]
    objects = write("j.jsonl", '{"text": "play", "label": "Go", "intent": "No"}\n')
    assert [e.intent for e in read("jsonl", objects)] == ["No"]


def test_a_quoted_cell_may_hold_line_ends(write, read):
    path = write("d.csv", 'text,label\n"two\nlines",Go\nstop,No\n')
    examples = read("csv", path)
    assert [e.text for e in examples] == ["two\nlines", "stop"]
    assert [e.source.rpartition(":")[2] for e in examples] == ["2", "4"]


def test_offsets_in_bytes(write, read):
    line = '{"text": "é café", "intent": "Go", "spans": [{"label": "a", "start": 3, "end": 8}]}'
    (example,) = read("jsonl", write("j.jsonl", line), offsets="bytes")
    assert spans(example) == [("a", "café")]


@pytest.mark.parametrize("name", ["slots", "entities"])
def test_spans_of_json_may_have_another_name(read, write, name):
    span = {"label": "a", "start": 2, "end": 6}
    lines = [
        json.dumps({"text": "é café", "label": "Go", name: [span]}),
        json.dumps({"text": "no span", "intent": "Go", name: []}),
        json.dumps({"text": "words", "intent": "Go", name: ["not", "spans"]}),
        json.dumps({"text": "a table", "intent": "Go", name: {"a": "table"}}),
        json.dumps({"text": "no, these", "intent": "Go", "spans": [], name: [span]}),
    ]
    path = write("j.jsonl", "\n".join(lines) + "\n")
    assert [spans(e) for e in read("jsonl", path)] == [[("a", "café")], [], [], [], []]
    assert read("jsonl", path, spans=None)[0].spans == ()
    assert read("jsonl", path, spans="marks")[0].spans == ()


def test_a_span_of_json_by_another_name_is_checked(read, write):
    line = {"text": "é", "intent": "Go", "entities": [{"label": "a", "start": 0, "end": 9}]}
    with pytest.raises(EdgetextError, match="goes beyond the text"):
        read("jsonl", write("j.jsonl", json.dumps(line)))


def test_other_field_names(write, read):
    line = '{"u": "at 7", "i": "Go", "e": [{"k": "a", "s": 3, "t": 4}]}'
    fields = {"text": "u", "intent": "i", "spans": "e", "label": "k", "start": "s", "end": "t"}
    (example,) = read("jsonl", write("j.jsonl", line), **fields)
    assert (example.intent, spans(example)) == ("Go", [("a", "7")])


def test_a_byte_order_mark_and_unicode_line_separators(write, read):
    (example,) = read("tsv", write("d.tsv", "\ufefftext\tlabel\none\u2028two\tGo\n"))
    assert example.text == "one\u2028two"


GOOD = {
    "csv": "text,label\nplay,Go\n",
    "tsv": "text\tlabel\nplay\tGo\n",
    "pytext_tsv": "Go\t\tplay\nGo\t\tstop\n",
    "mtod": "play:O <=> Go\nstop:O <=> Go\n",
    "jsonl": '{"text": "a", "intent": "b"}\n{"text": "c", "intent": "b"}\n',
    "conll": "play\tB-a\n\n",
}
BAD = [
    ("csv", "play\n", "1 columns where the first line has 2"),
    ("csv", '"play,Go\n', "never closes"),
    ("csv", ",Go\n", "text is empty"),
    ("csv", "play,\n", "label is empty"),
    ("tsv", b"pl\xffay\tGo\n", "byte 3 of the line is not UTF-8"),
    ("pytext_tsv", "Go\tplay\n", "2 columns, not 3"),
    ("pytext_tsv", "Go\t5-9-a\tplay it now\n", "`start:end:slot`"),
    ("pytext_tsv", "Go\t5:99:a\tplay it now\n", "which has 11 characters"),
    ("pytext_tsv", "Go\t0:4:a,2:6:b\tplay it now\n", "overlap"),
    ("pytext_tsv", "Go\t4:4:a\tplay it now\n", "is empty"),
    ("mtod", "play:O\n", "` <=> `"),
    ("mtod", "play <=> Go\n", "not `word:tag`"),
    ("jsonl", "{text}\n", "not JSON"),
    ("jsonl", "[1]\n", "not a JSON object"),
    ("jsonl", '{"txt": "a", "intent": "b"}\n', "did you mean txt"),
    ("jsonl", '{"text": "a", "intent": 3.5}\n', "must be a text or a whole number, not 3.5"),
    ("jsonl", '{"text": "a", "intent": "b", "spans": [[0, 1]]}\n', "span is not a JSON object"),
    ("jsonl", '{"text": "\\ud83d", "intent": "b"}\n', "surrogate"),
    ("conll", "stop\tX-a\n", "no tag of BIO"),
    ("conll", "stop\n", "1 columns where the file's first word has 2"),
]


@pytest.mark.parametrize(("kind", "line", "words"), BAD)
def test_a_bad_line_is_named_or_skipped(write, read, caplog, kind, line, words):
    bad = line if isinstance(line, bytes) else line.encode()
    path = write("data.txt", GOOD[kind].encode() + bad)
    with pytest.raises(EdgetextError) as caught:
        read(kind, path)
    assert str(caught.value).startswith(f"{path}:3: ") and words in str(caught.value)
    assert "\n" not in str(caught.value)
    good = read(kind, path, on_error="skip")
    assert len(good) in (1, 2)
    assert "1 line skipped" in caplog.text


def test_seq_files_that_do_not_fit(write, read):
    folder = write("d/seq.in", "a b\nc\n").parent
    write("d/label", "Go\nNo\n")
    write("d/seq.out", "O\nO\n")
    with pytest.raises(EdgetextError, match=r"seq\.out:1: 1 tags for 2 words"):
        read("seq_folder", folder)
    write("d/seq.out", "O O\n")
    with pytest.raises(EdgetextError, match=r"seq\.out:2: the file ends before"):
        read("seq_folder", folder)
    with pytest.raises(EdgetextError, match="a seq_folder is a folder"):
        read("seq_folder", folder / "label")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"\x1f\x8bbroken", "damaged or cut short"),
        ("text\tlabel\na\tb\n".encode("utf-16"), "UTF-16"),
        (b"txt\tlabel\na\tb\n", "no column is called text; did you mean txt"),
    ],
)
def test_a_file_that_cannot_be_read_at_all(write, read, tmp_path, content, words):
    path = tmp_path / "d.tsv" if content is None else write("d.tsv", content)
    with pytest.raises(EdgetextError, match=words):
        read("tsv", path, on_error="skip")


def test_clinc150_needs_its_lists_and_pairs(write, read):
    with pytest.raises(EdgetextError, match="no list 'train'"):
        read("clinc150", write("c.json", '{"val": [["a", "b"]]}'))
    with pytest.raises(EdgetextError, match=r"c\.json:2: .*not a pair"):
        read("clinc150", write("c.json", '{"train": [["a", "b"],\n["c"]]}'))
    with pytest.raises(EdgetextError, match="not CLINC150's JSON"):
        read("clinc150", write("c.json", '{"train": [["a", "b"]'))


def test_thai_words_are_joined_as_thai_is_written(write, read):
    line = "ยกเลิก:O นาฬิกา:B-a ปลุก:I-a ตี:B-b 5:I-b ok:O เช้า:O <=> Go\n"
    (example,) = read("mtod", write("t.txt", line), spacing="script")
    assert example.text == "ยกเลิกนาฬิกาปลุกตี 5 ok เช้า"
    assert spans(example) == [("a", "นาฬิกาปลุก"), ("b", "ตี 5")]
    (spaced,) = read("mtod", write("t.txt", line))
    assert spaced.text == "ยกเลิก นาฬิกา ปลุก ตี 5 ok เช้า"
