"""Files of annotation tools and assistants: guessed, read, with the spans that the text shows."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.guess import guess
from edgetext.data.user_files import file_sources
from edgetext.starter.starter import starter_of

RASA = """\
version: "3.1"
nlu:
- intent: weather
  examples: |
    - will it rain in [Köln](city)
    - from [Bern](city:bern) to [Lyon]{"entity": "city", "role": "to"} [today](date)
- intent: bye
  examples:
  - text: |
      ciao
- synonym: Oslo
  examples: |
    - oslo city
- lookup: city
  examples: |
    - Bern
- regex: zip
  examples: |
    - \\d{4}
"""
RASA_JSON = {
    "rasa_nlu_data": {
        "common_examples": [
            {
                "text": "rain in Oslo",
                "intent": "weather",
                "entities": [{"start": 8, "end": 12, "value": "Oslo", "entity": "city"}],
            },
            {"text": "ciao", "intent": "bye"},
        ],
        "regex_features": [{"name": "zip", "pattern": "[0-9]"}],
    }
}
PARTS = [{"text": "rain in "}, {"text": "Oslo", "entity": "city"}, {"text": " ?"}]
SLOTS = [{"text": " rain in "}, {"text": "Oslo", "entity": "place", "slot_name": "city"}]
SNIPS = {"weather": [{"data": PARTS}], "bye": [{"data": [{"text": "ciao"}]}]}
SNIPS_NLU = {
    "intents": {
        "weather": {"utterances": [{"data": SLOTS}]},
        "bye": {"utterances": [{"data": [{"text": "ciao"}]}]},
    },
    "entities": {},
}
LUIS = {
    "luis_schema_version": "7.0.0",
    "utterances": [
        {
            "text": "🌧 in Oslo",
            "intent": "weather",
            "entities": [{"entity": "city", "startPos": 6, "endPos": 9}],
        },
        {"text": "ciao", "intent": "bye", "entities": []},
    ],
}
CLU = {
    "projectFileVersion": "2022-05-01",
    "assets": {
        "utterances": [
            {
                "text": "🌧 in Oslo",
                "intent": "weather",
                "entities": [{"category": "city", "offset": 6, "length": 4}],
            },
            {"text": "ciao", "intent": "bye"},
        ]
    },
}
USERSAYS = [
    {"data": [{"text": "rain in "}, {"text": "Oslo", "meta": "@sys.geo-city", "alias": "city"}]}
]
LABELS = {"type": "labels", "value": {"start": 8, "end": 12, "labels": ["city"]}}
CHOICE = {"type": "choices", "value": {"choices": ["weather"]}}
BYE = {"type": "choices", "value": {"choices": ["bye"]}}
STUDIO = [
    {"data": {"text": "rain in Oslo"}, "annotations": [{"result": [LABELS, CHOICE]}]},
    {
        "data": {"text": "ciao"},
        "annotations": [{"was_cancelled": True, "result": []}, {"result": [BYE]}],
    },
    {"data": {"text": "hm"}, "annotations": []},
]
ONE_LIST = [
    {
        "text": "rain in Oslo",
        "intent": "weather",
        "spans": [{"start": 8, "end": 12, "label": "city"}],
    },
    {"text": "ciao", "intent": "bye"},
]
FASTTEXT = "__label__weather rain in Oslo\n__label__bye ciao\n"
ENTITY = [("city", "Oslo")]


def spans(example):
    raw = example.text.encode("utf-8")
    return [(s.label, raw[s.start : s.end].decode("utf-8")) for s in example.spans]


def content_of(value):
    return value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "content", "kind", "text", "found"),
    [
        ("d.json", RASA_JSON, "rasa", "rain in Oslo", ENTITY),
        ("d.json", SNIPS, "snips", "rain in Oslo ?", ENTITY),
        ("d.json", SNIPS_NLU, "snips", "rain in Oslo", ENTITY),
        ("d.json", LUIS, "luis", "🌧 in Oslo", ENTITY),
        ("d.json", CLU, "clu", "🌧 in Oslo", ENTITY),
        ("d.json", STUDIO, "label_studio", "rain in Oslo", ENTITY),
        ("d.json", ONE_LIST, "jsonl", "rain in Oslo", ENTITY),
        ("d.txt", FASTTEXT, "fasttext", "rain in Oslo", []),
        ("d.txt", FASTTEXT.replace(" rain", " , rain"), "fasttext", "rain in Oslo", []),
    ],
)
def test_a_tools_file(write, read, name, content, kind, text, found):
    path = write(name, content_of(content))
    assert guess(path).type == starter_of("classify").guess(path).type == kind
    first, second = read(kind, path)
    assert (first.text, first.intent, spans(first)) == (text, "weather", found)
    assert (second.text, second.intent, spans(second)) == ("ciao", "bye", [])


def test_rasas_yaml_and_what_is_left_out(write, read, caplog):
    path = write("nlu.yml", RASA)
    assert guess(path).type == starter_of("joint").guess(path).type == "rasa"
    one, other, bye = read("rasa", path)
    assert (one.text, one.intent) == ("will it rain in Köln", "weather")
    assert spans(one) == [("city", "Köln")]
    assert other.text == "from Bern to Lyon today"
    assert spans(other) == [("city", "Bern"), ("city.to", "Lyon"), ("date", "today")]
    assert (bye.text, bye.intent) == ("ciao", "bye")
    assert [e.source.rpartition(":")[2] for e in (one, other, bye)] == ["5", "6", "10"]
    for kind in ("synonym", "lookup", "regex"):
        assert f"1 entries left out, which are no texts: {kind}" in caplog.text
    plain = read("rasa", path, roles=False)
    assert [label for label, _ in spans(plain[1])] == ["city", "city", "date"]


def test_dialogflows_files_are_intents(write, read):
    path = write("agent/intents/weather_usersays_en.json", json.dumps(USERSAYS))
    write("agent/intents/bye_usersays_en.json", json.dumps([{"data": [{"text": "ciao"}]}]))
    write("agent/intents/bye.json", "{}")
    assert guess(path).type == guess(path.parent.parent).type == "dialogflow"
    (example,) = read("dialogflow", path)
    assert (example.text, example.intent, spans(example)) == ("rain in Oslo", "weather", ENTITY)
    assert [e.intent for e in read("dialogflow", path.parent)] == ["bye", "weather"]


def test_brats_folder(write, read, caplog):
    path = write("train/a.txt", "Ada Lovelace\nsaw é in Köln, Oslo\n").parent
    rows = [
        "T1\tPER 0 12\tAda Lovelace",
        "T2\tLOC 22 26\tKöln",
        "T3\tLOC 28 32\tOslo",
        "T4\tX 0 3;4 6\tAda Lo",
        "T5\tX 4 16\tLovelace saw",
        "T6\tX 4 12\tLovelace",
        "R1\tknows Arg1:T1 Arg2:T2",
    ]
    write("train/a.ann", "\n".join(rows))
    assert guess(path).type == "brat"
    one, other = read("brat", path)
    assert (one.text, spans(one)) == ("Ada Lovelace", [("PER", "Ada Lovelace")])
    assert spans(other) == [("LOC", "Köln"), ("LOC", "Oslo")]
    for words in ("of several pieces", "over several lines", "that overlap an earlier one"):
        assert f"1 entities {words} left out" in caplog.text


def test_massives_file_holds_all_splits(write, read):
    rows = [
        {
            "partition": p,
            "intent": "weather",
            "utt": f"rain in {c}",
            "annot_utt": f"rain in [x : {c}]",
        }
        for p, c in (("train", "oslo"), ("dev", "lyon"), ("test", "kyiv"))
    ]
    path = write("en-US.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert guess(path).type == "massive"
    for split, city in (("train", "oslo"), ("valid", "lyon"), ("test", "kyiv")):
        (example,) = read("massive", path, split)
        assert example.text == f"rain in {city}" and spans(example) == [("x", city)]


def test_topv2(write, read):
    rows = ["domain\tutterance\tsemantic_parse"]
    rows.append("event\twhat's on today\t[IN:GET_EVENT what 's on [SL:DATE_TIME today ] ]")
    path = write("event_train.tsv", "\n".join(rows))
    assert guess(path).type == starter_of("parse").guess(path).type == "topv2"
    (example,) = read("topv2", path)
    assert example.text == "what's on today"
    assert [(node.label, node.start, node.end) for node in example.nodes] == [
        ("IN:GET_EVENT", 0, 15),
        ("SL:DATE_TIME", 10, 15),
    ]


def test_conll_2012(write, read):
    word = "xx/00 0 {} {} NN * - - - Speaker {} * -"
    marks = [("Anna", "(PERSON*"), ("Berg", "*)"), ("left", "*"), ("Oslo", "(GPE)")]
    lines = [word.format(i, *mark) for i, mark in enumerate(marks)]
    content = "\n".join(["#begin document (xx); part 000", *lines, "", "#end document"])
    path = write("d.conll", content)
    assert guess(path).type == "conll2012"
    (example,) = read("conll2012", path)
    assert example.text == "Anna Berg left Oslo"
    assert spans(example) == [("PERSON", "Anna Berg"), ("GPE", "Oslo")]


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("rasa", "nlu: 3", "not Rasa's YAML"),
        ("rasa", {"rasa_nlu_data": {}}, "not Rasa's JSON"),
        ("rasa", '{"a": 1,}', "d:1: not JSON"),
        (
            "rasa",
            {"rasa_nlu_data": {"common_examples": [{"intent": "a"}]}},
            "text 1: this is no text",
        ),
        ("snips", {"a": 3}, "not Snips' JSON"),
        ("luis", {"utterances": [{"text": "a"}]}, "text 1: this is no text of LUIS"),
        ("luis", {}, "not an export of LUIS"),
        ("clu", {"assets": 3}, "not an export of CLU"),
        ("label_studio", {}, "which is a list of tasks"),
        ("dialogflow", [], "the intent is in the file's name"),
        ("fasttext", "rain in Oslo", "d:1: no label begins the line"),
        ("massive", {"partition": "train"}, "this is no text of MASSIVE"),
        ("topv2", "a\tb", "2 columns; give domain, text and tree"),
        ("brat", "", "has files NAME.txt"),
        ("conll2012", "a b c", "3 columns, and CoNLL-2012 has 12"),
        ("jsonl", '[{"text": "a", "intent": "b"}\n{"text": "c"}]', "d:2: not a JSON list"),
    ],
)
def test_what_is_none_is_one_sentence(write, read, kind, content, words):
    path = write("d", content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(EdgetextError) as caught:
        read(kind, path)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_clus_dataset_divides_the_file(write):
    values = [
        {"text": f"t {i}", "intent": "a", "dataset": ("Train", "Test")[i == 2]} for i in range(3)
    ]
    path = write("d.json", json.dumps({"assets": {"utterances": values}}))
    train, test = file_sources([path])
    assert (train.split, test.split) == ("train", "test")
    assert [e.text for e in train.read()] == ["t 0", "t 1"]
    assert [e.text for e in test.read()] == ["t 2"]
    alone = write("test.json", json.dumps({"assets": {"utterances": values[2:]}}))
    (source,) = file_sources([alone])
    assert [e.text for e in source.read()] == ["t 2"]


def test_massives_file_of_one_partition_is_one_split(write):
    row = {"partition": "test", "intent": "a", "utt": "in Bern", "annot_utt": "in [city : Bern]"}
    (source,) = file_sources([write("mine.jsonl", json.dumps(row) + "\n" + json.dumps(row) + "\n")])
    assert [e.text for e in source.read()] == ["in Bern", "in Bern"]


def test_files_of_one_ending_and_several_formats(write):
    paths = [write("rasa.json", json.dumps(RASA_JSON)), write("snips.json", json.dumps(SNIPS))]
    rasa, snips = file_sources(paths)
    assert (rasa.type, snips.type) == ("rasa", "snips")
    assert [len(list(source.read())) for source in (rasa, snips)] == [2, 2]


def test_a_text_is_found_in_the_line_that_is_its_own(write, read):
    texts = ["hello there", "hello", "there", "bye"]
    rows = "".join(f"    - {text}\n" for text in texts)
    path = write("nlu.yml", f"nlu:\n- intent: greet\n  examples: |\n{rows}")
    assert [example.source for example in read("rasa", path)] == [
        f"{path}:{n}" for n in range(4, 8)
    ]
