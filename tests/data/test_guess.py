"""The reader that a file is for, and the splits of a folder."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import Choices
from edgetext.data.guess import Guess, chosen, guess
from edgetext.data.user_files import file_sources, find_splits, split_of
from edgetext.starter.starter import starter_of

NO_INTENT = {"intent": None}
IN_ENTITIES = {"spans": "entities", "intent": None}
NO_HEADER = {"header": False}
NAMED = {"text": "query", "intent": "label", "spans": "slots"}


@pytest.mark.parametrize(
    ("name", "content", "kind", "fields"),
    [
        ("d.csv", "text,label\na,b\n", "csv", {}),
        ("d.csv", "id,Query,label\n1,a,b\n", "csv", {"text": "Query"}),
        ("d.csv", "id,text,Intent\n1,a,b\n", "csv", {"label": "Intent"}),
        ("d.tsv", "play it\tx\nstop\tx\ngo\ty\n", "tsv", {"text": 0, "label": 1, **NO_HEADER}),
        ("d.csv", "x,play it\nx,stop\ny,go\n", "csv", {"text": 1, "label": 0, **NO_HEADER}),
        ("d.tsv", "x\t0:2:a\tgo on\ny\t\tstop\n", "pytext_tsv", {}),
        ("d.tsv", "what's up\twhat 's up\t[IN:A what 's [SL:B up ] ]\n", "top", {}),
        ("d.tsv", "go on\t[IN:A go on ]\n", "top", {}),
        ("d", "go:O on:B-a <=> x\n", "mtod", {}),
        ("d.txt", "go\tO\non\tB-a\n\nstop\tO\n", "conll", {}),
        ("d.conllu", "# text = go\n1\tgo\tgo\tVERB\n", "conllu", {}),
        ("d.json", '{"text": "a", "intent": "b"}\n', "jsonl", {}),
        ("d.jsonl", '{"query": "a", "label": "b", "slots": []}\n', "jsonl", NAMED),
        ("d.json", json.dumps({"train": [["a", "b"]]}, indent=1), "clinc150", {}),
        ("d.json", json.dumps({"train": [["a", "b"]]}), "clinc150", {}),
        ("d.json", json.dumps({"data": [{"paragraphs": []}]}), "squad", {}),
        ("d.json", json.dumps({"data": [{"paragraphs": []}]}, indent=1), "squad", {}),
    ],
)
def test_a_file_tells_its_reader(write, name, content, kind, fields):
    assert guess(write(name, content)) == Guess(kind, fields)
    assert guess(write(f"{name}.gz", content, packed=True)) == Guess(kind, fields)


PAIR_ROWS = "go on\tgo there on\t1\nstop\tstop it\t0\nwait here\twait\t1\nstay\tstay on\t0\n"
NAMED_PAIR = {"text": "sentence1", "text_b": "sentence2", "label": "gold_label"}
IN_CSV = {"delimiter": ",", "quote": '"'}
TEXTS_ALONE = {"intent": None, "spans": None}


@pytest.mark.parametrize(
    ("task", "name", "content", "kind", "fields"),
    [
        ("match", "d.tsv", PAIR_ROWS, "pairs", {}),
        ("match", "d", PAIR_ROWS, "pairs", {}),
        ("match", "d.csv", PAIR_ROWS.replace("\t", ","), "pairs", IN_CSV),
        (
            "match",
            "d.tsv",
            "gold_label\tsentence1\tsentence2\nx\ta b\tb\ny\tc\td e\n",
            "pairs",
            NAMED_PAIR,
        ),
        (
            "match",
            "d.tsv",
            "Same\tOne\tOther\n" + "".join(f"{i % 2}\tgo {i}\tstop {i}\n" for i in range(9)),
            "pairs",
            {"text": "One", "text_b": "Other", "label": "Same"},
        ),
        (
            "match",
            "d.tsv",
            "".join(f"{i}\t{i % 2}\tgo on {i}\tstop it {i}\n" for i in range(9)),
            "pairs",
            {"text": 2, "text_b": 3, "label": 1},
        ),
        (
            "match",
            "d.jsonl",
            '{"id": 1, "premise": "a", "hypothesis": "b", "label": 1}\n',
            "jsonl",
            {"text": "premise", "text_b": "hypothesis", "intent": "label", "spans": None},
        ),
        (
            "match",
            "d.json",
            json.dumps({"train": [["a", "b"]]}),
            "intent_pairs",
            {"of": "clinc150"},
        ),
        ("match", "d.tsv", "x\t0:2:a\tgo on\n", "intent_pairs", {"of": "pytext_tsv"}),
        ("qa", "d.json", json.dumps({"data": [{"paragraphs": []}]}), "squad", {}),
        (
            "summarize",
            "d.jsonl",
            '{"id": 1, "article": "a", "highlights": "b"}\n',
            "summaries",
            {"source": "article", "target": "highlights"},
        ),
        ("lm", "d.txt", "One, two.\nThree, four.\n", "text", {}),
        ("lm", "d.txt", "a @-@ b <unk>\n", "text", {"wikitext": True, "unknown": "<unk>"}),
        ("lm", "d.jsonl", '{"text": "a", "intent": "b"}\n', "jsonl", TEXTS_ALONE),
        ("lm", "d.csv", "text,label\na,b\n", "csv", {"label": None}),
        (None, "d.tsv", "gold_label\tsentence1\tsentence2\nx\ta\tb\n", "pairs", NAMED_PAIR),
        (None, "d.jsonl", '{"source": ["a"], "target": ["b"]}\n', "summaries", {}),
    ],
)
def test_a_file_is_read_as_its_task_needs(write, task, name, content, kind, fields):
    path = write(name, content)
    found = guess(path) if task is None else starter_of(task).guess(path)
    assert found == Guess(kind, fields)
    found.reader()


def table(header, rows, mark=","):
    lines = [header] * bool(header) + [mark.join(map(str, row)) for row in rows]
    return "".join(f"{line}\n" for line in lines)


KINDS = ["light", "music", "heat"]
TEXTS = [(f"turn on the lamp {i}", KINDS[i % 3]) for i in range(30)]
WIDE = [(i, text, kind, "en") for i, (text, kind) in enumerate(TEXTS)]


@pytest.mark.parametrize(
    ("name", "content", "fields"),
    [
        ("d.csv", table("v1,v2", [(b, a) for a, b in TEXTS]), {"text": "v2", "label": "v1"}),
        (
            "d.csv",
            table(",what,kind", [row[:3] for row in WIDE]),
            {"text": "what", "label": "kind"},
        ),
        ("d.csv", table("", TEXTS), {"text": 0, "label": 1, "header": False}),
        # A rare label in line 1 of a file whose texts are sentences is no header.
        ("d.csv", table("open the window,rare", TEXTS), {"text": 0, "label": 1, "header": False}),
        ("d.csv", table("text;label", TEXTS, ";"), {"delimiter": ";"}),
        ("d.csv", table('"text","label"', TEXTS), {}),
        ("d.csv", table("text,label", [*TEXTS, ('"will it rain', "heat")]), {"quote": ""}),
        # Quotes that are quoting, but for one.
        (
            "d.csv",
            table("text,label", [*((f'"{a}"', b) for a, b in TEXTS), ('"will it rain', "heat")]),
            {},
        ),
        ("d.tsv", table("text\tlabel", [*TEXTS, ('"a\tb"', "heat")], "\t"), {"quote": '"'}),
        ("d.tsv", table("text\tlabel", [*TEXTS, ('"a', "heat")], "\t"), {}),
    ],
)
def test_a_table_tells_its_columns(write, name, content, fields):
    assert guess(write(name, content)).fields == fields


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "d.csv",
            table("id,utterance,topic,lang", WIDE),
            r"the label: topic \(3 kinds, as 'light'\), lang \(1 kind, 'en'\)\? .*--label topic",
        ),
        ("d.csv", table("text,intent,category", [(*t, t[1]) for t in TEXTS]), "the label: intent"),
        ("d.csv", table("head,body,kind", [(t[0], *t) for t in TEXTS]), "the text: head .* body"),
        (
            "d.csv",
            table("a,b", [(f"go on {i}", f"stop it {i}") for i in range(30)]),
            "the text: column",
        ),
        ("d.csv", table("what,lang", [(t[0], "en") for t in TEXTS]), r"label: lang \(1 kind"),
        ("d.csv", table("what,kind", [*TEXTS, ("go", "once")]), "line 1 name the columns"),
        (
            "d.jsonl",
            "".join(json.dumps({"text": a, "intent": b, "category": b}) + "\n" for a, b in TEXTS),
            r"the label: intent .* category",
        ),
        (
            "d.jsonl",
            "".join(json.dumps({"text": a, "topic": b, "lang": "en"}) + "\n" for a, b in TEXTS),
            r"the label: topic .* lang .*--label topic",
        ),
    ],
)
def test_what_a_file_does_not_tell_is_a_question(write, name, content, words):
    starter = starter_of("classify")
    with pytest.raises(EdgetextError, match=words) as caught:
        starter.guess(write(name, content))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("choices", "fields"),
    [
        ({"label": "topic"}, {"text": "utterance", "label": "topic"}),
        ({"label": "lang", "text": "topic"}, {"text": "topic", "label": "lang"}),
        ({"fields": {"label": "topic"}}, {"text": "utterance", "label": "topic"}),
        (
            {"label": "2", "header": False, "text": "1"},
            {"text": 1, "label": 2, "header": False},
        ),
    ],
)
def test_a_choice_answers_it(write, choices, fields):
    path = write("d.csv", table("id,utterance,topic,lang", WIDE))
    found = chosen(starter_of("classify").guess, path, Choices(**choices))
    assert found.fields == fields
    found.reader()


@pytest.mark.parametrize(
    ("task", "line", "fields"),
    [
        ("tag", {"text": "in Oslo", "spans": [{"start": 3, "end": 7, "label": "x"}]}, NO_INTENT),
        ("tag", {"text": "in Oslo", "label": [[3, 7, "x"]]}, {"spans": "label", **NO_INTENT}),
        ("tag", {"text": "in Oslo", "entities": [[3, 7, "x"]], "label": "y"}, IN_ENTITIES),
        (
            "joint",
            {"text": "in Oslo", "intent": "y", "slots": [{"begin": 3, "stop": 7, "type": "x"}]},
            {"spans": "slots", "label": "type", "start": "begin", "end": "stop"},
        ),
        (None, {"text": 'the "label" of it', "spans": []}, NO_INTENT),
    ],
)
def test_objects_tell_their_fields(write, task, line, fields):
    path = write("d.jsonl", json.dumps(line) + "\n")
    found = guess(path) if task is None else starter_of(task).guess(path)
    assert (found.type, found.fields) == ("jsonl", fields)
    (example,) = found.reader().read(path, "train")
    assert [(s.start, s.end) for s in example.spans] == ([] if task is None else [(3, 7)])


def test_a_list_of_one_label_is_a_label(write):
    rows = [{"text": a, "accept": [b], "answer": "accept"} for a, b in TEXTS]
    path = write("d.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    found = chosen(starter_of("classify").guess, path, Choices(label="accept"))
    assert found == starter_of("classify").guess(path) == Guess("jsonl", {"intent": "accept"})
    assert {e.intent for e in found.reader().read(path, "train")} == set(KINDS)


def test_a_word_and_its_tag_a_line(write):
    path = write("d.tsv", "The\tDT\ndog\tNN\n\nA\tDT\ncat\tNN\n\n")
    assert starter_of("tag").guess(path) == guess(path) == Guess("conll")
    assert starter_of("classify").guess(path).type == "tsv"


def test_a_label_is_never_the_text_as_well(write):
    with pytest.raises(EdgetextError, match=r"is the text: label .*--text label"):
        guess(write("d.jsonl", '{"label": "a b"}\n{"label": "c d"}\n'))
    rows = '{"text": null, "label": "a"}\n{"text": null, "label": "b"}\n'
    assert "text" not in guess(write("e.jsonl", rows)).fields
    rows = '{"query": null, "label": "a"}\n'
    assert guess(write("f.jsonl", rows)).fields["text"] == "query"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("one two\nthree four\n", "begins 'one two'; name its reader with --type: .*csv.*rasa"),
        ("\n\n", "file is empty"),
        (b"x\x9c\x15\x04", "compressed by zlib and no text"),
        (b"PK\x03\x04\x14", "a zip archive"),
        (b"a\0b\n", "this is binary"),
    ],
)
def test_a_file_like_nothing(write, content, words):
    with pytest.raises(EdgetextError, match=words):
        guess(write("d.txt", content))


def test_a_task_that_reads_texts_alone_says_what_the_file_is(write):
    path = write("d.pdf", b"%PDF-1.7 \x15\x04")
    with pytest.raises(EdgetextError, match="a PDF and no text"):
        starter_of("qa").guess(path)


def test_splits_of_a_folder(write, tmp_path):
    for name in ("train.tsv", "dev.tsv.gz", "test_set.tsv", "README", "training_notes.md"):
        write(f"d/{name}", "a\tb\n")
    folder = tmp_path / "d"
    found = {"train": "train.tsv", "valid": "dev.tsv.gz", "test": "test_set.tsv"}
    assert find_splits(folder) == {split: [folder / name] for split, name in found.items()}
    assert find_splits(folder / "dev.tsv.gz") == {"train": [folder / "dev.tsv.gz"]}
    write("d/val.tsv", "a\tb\n")
    with pytest.raises(EdgetextError, match="both look like the valid split"):
        find_splits(folder)
    with pytest.raises(EdgetextError, match="no such file"):
        find_splits(tmp_path / "none")


def test_eval_beside_test_is_valid(write, tmp_path):
    for name in ("train.tsv", "eval.tsv", "test.tsv"):
        write(f"d/{name}", "a\tb\n")
    names = {split: [x.name for x in files] for split, files in find_splits(tmp_path / "d").items()}
    assert names == {"train": ["train.tsv"], "valid": ["eval.tsv"], "test": ["test.tsv"]}
    write("d/dev.tsv", "a\tb\n")
    with pytest.raises(EdgetextError, match=r"eval\.tsv and test\.tsv both look like the test"):
        find_splits(tmp_path / "d")


def test_files_whose_names_differ_in_a_language_are_one_split(write, tmp_path):
    for name in ("en.train.tsv", "sw.train.tsv", "en.dev.tsv"):
        write(f"d/{name}", "a\tb\n")
    names = {split: [x.name for x in files] for split, files in find_splits(tmp_path / "d").items()}
    assert names == {"train": ["en.train.tsv", "sw.train.tsv"], "valid": ["en.dev.tsv"]}


def test_files_whose_names_differ_in_numbers_are_one_split(write, tmp_path):
    for number in (10, 9, 0):
        write(f"d/train-{number}-of-11.tsv", "a\tb\n")
    write("d/test.tsv", "a\tb\n")
    assert {s: [p.name for p in files] for s, files in find_splits(tmp_path / "d").items()} == {
        "train": ["train-0-of-11.tsv", "train-9-of-11.tsv", "train-10-of-11.tsv"],
        "test": ["test.tsv"],
    }
    sources = file_sources([tmp_path / "d"])
    assert [source.split for source in sources] == ["train"] * 3 + ["test"]


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("xx_own-ud-train.conllu", "train"),
        ("xx_own-ud-dev.conllu", "valid"),
        ("validation-00000-of-00001.jsonl", "valid"),
        ("en.test.tsv.gz", "test"),
        ("MyEval.tsv", None),
        ("eval.tsv", "test"),
        ("train_dev.tsv", "train"),
        ("contest.csv", None),
        ("train.md", None),
    ],
)
def test_a_word_of_the_name_says_the_split(tmp_path, name, split):
    assert split_of(tmp_path / name) == split


def test_a_folder_like_nothing(write, tmp_path):
    with pytest.raises(EdgetextError, match=r"neither .* a file called train; name the files"):
        file_sources([tmp_path])
    for number in range(5):
        write(f"part{number}.tsv", "a\tb\n")
    with pytest.raises(EdgetextError, match=r"but the files part0\.tsv, .*part3\.tsv and 1 more;"):
        file_sources([tmp_path])
    write("en/train.tsv", "a\tb\n")
    with pytest.raises(EdgetextError, match="but the folder en; name the files"):
        file_sources([tmp_path])


def test_the_training_file_says_how_all_are_read(write, tmp_path):
    write("d/train.csv", table("v1,v2", [(b, a) for a, b in TEXTS]))
    write("d/test.csv", "v1,v2\nlight,lamp on\n")
    train, test = file_sources([tmp_path / "d"])
    assert [(e.text, e.intent) for e in test.read()] == [("lamp on", "light")]
    assert len(list(train.read())) == len(TEXTS)


def test_a_type_and_fields_of_ones_own(write):
    path = write("d.txt", "1|go|x\n2|stop|y\n")
    fields = {"delimiter": "|", "text": 1, "label": 2, "header": False}
    (source,) = file_sources([path], Choices(type="csv", fields=fields))
    assert [e.text for e in source.read()] == ["go", "stop"]
    with pytest.raises(EdgetextError, match=r"known fields: .*delimiter"):
        file_sources([path], Choices(type="csv", fields={"delimeter": "|"}))
    with pytest.raises(EdgetextError, match="did you mean csv"):
        file_sources([path], Choices(type="csw", fields={}))


def test_texts_alone_of_a_table_stand_between_its_own_marks(write):
    rows = "".join(f"text number {i};{i}\n" for i in range(30))
    fields = starter_of("lm").guess(write("d.csv", "text;x\n" + rows)).fields
    assert (fields["delimiter"], fields["label"]) == (";", None)
