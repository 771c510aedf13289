"""load(path).predict(text): one answer for every kind of file, whatever the text."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.trees import well_formed
from edgetext.predictor import as_array, load
from edgetext.targets.catalog import targets

MODELS = ["joint", "int8", "classify", "tag", "multi", "parse"]
PROGRAMS = [pytest.param(name, marks=pytest.mark.slow) for name in ("parse-int8", "multi-pte")]
LIMIT = 64


@pytest.fixture(params=[*MODELS, *PROGRAMS])
def model(request):
    """The predictors of a model, by kind of file."""
    of = "predictors" if request.param in MODELS else "programs"
    return request.getfixturevalue(of)[request.param]


def same(model, text):
    """What every kind of file answers, spans and intents being equal."""
    answers = [predictor.predict(text) for predictor in vars(model).values()]
    for predictor, answer in list(zip(vars(model).values(), answers, strict=True))[1:]:
        assert predictor.task.same(answer, answers[0]), text
        assert answer.truncated == answers[0].truncated, text
        assert answer.score == pytest.approx(answers[0].score, abs=0.05), text
    return answers[0]


def test_the_files_of_a_model_say_the_same_of_themselves(model):
    runtimes = {"pt": None, "onnx": "onnx", "pte": "executorch"}
    oldest = {target.label: target.releases.oldest for target in targets() if target.releases}
    for kind, predictor in vars(model).items():
        fields = dict(predictor.metadata.fields)
        assert fields.pop("runtime", None) == runtimes[kind]
        assert fields.pop("oldest_runtime", None) == oldest.get(runtimes[kind])
        assert fields == model.pt.metadata.fields
        assert predictor.metadata.max_bytes == LIMIT


def test_an_answer_is_complete(predictors):
    text = "is it cold in Zürich tomorrow?"
    answer = same(predictors["joint"], text)
    data = text.encode()
    assert answer.intent == "weather" and not answer.truncated
    assert [(s.label, data[s.start : s.end].decode()) for s in answer.spans] == [
        ("city", "Zürich"),
        ("day", "tomorrow"),
    ]
    assert sum(answer.scores.values()) == pytest.approx(1, abs=1e-5)
    assert answer.scores[answer.intent] == answer.score == max(answer.scores.values())
    assert list(answer.scores) == ["flight", "hotel", "weather"]


@pytest.mark.parametrize("model", ["multi", PROGRAMS[1]], indirect=True)
def test_a_model_of_several_tasks_answers_each(model):
    answer = same(model, "a cheap hotel in Rome?")
    assert list(answer.parts) == ["trips", "kind", "names"]
    assert answer.parts["kind"].intent == answer.parts["trips"].intent == "hotel"
    assert [span.label for span in answer.parts["names"].spans] == ["city"]
    assert answer.as_json(b"a cheap hotel in Rome?")["names"]["spans"][0]["text"] == "Rome"
    assert answer.as_line(b"a cheap hotel in Rome?").startswith("trips: hotel ")


@pytest.mark.parametrize("model", ["parse", PROGRAMS[0]], indirect=True)
def test_a_parser_answers_a_tree(model):
    text = "is it cold in São Paulo tomorrow?"
    answer = same(model, text)
    assert answer.as_line(text.encode()) == (
        "[IN:WEATHER is it cold [SL:WHERE in [IN:PLACE [SL:CITY São Paulo ] ] ] "
        "[SL:DAY tomorrow ] ? ]"
    )
    assert [(n.label, n.start, n.end, n.depth) for n in answer.nodes] == [
        ("IN:WEATHER", 0, 34, 0),
        ("SL:WHERE", 11, 24, 1),
        ("IN:PLACE", 14, 24, 2),
        ("SL:CITY", 14, 24, 3),
        ("SL:DAY", 25, 33, 1),
    ]
    found = answer.as_json(text.encode())
    assert found["nodes"][3] == {
        "label": "SL:CITY",
        "depth": 3,
        "start": 14,
        "end": 24,
        "char_start": 14,
        "char_end": 23,
        "text": "São Paulo",
    }
    assert found["tree"] == answer.as_line(text.encode())


@pytest.mark.parametrize("name", ["joint", "tag", "parse"])
def test_what_points_into_a_text_says_where_in_code_points_too(predictors, name, texts):
    predictor = predictors[name].pt
    pointed = 0
    for text in texts:
        answer = predictor.predict(text)
        given = text.decode("utf-8", "replace")
        for part in (*answer.spans, *getattr(answer, "nodes", ())):
            pointed += 1
            assert part.text == text[part.start : part.end].decode("utf-8", "replace")
            assert part.text == given[part.char_start : part.char_end]
    assert pointed > 50


@pytest.mark.parametrize("model", ["parse", PROGRAMS[0]], indirect=True)
def test_every_tree_is_well_formed_whatever_the_text(model, texts):
    for text in texts:
        answer = same(model, text)
        assert well_formed(answer.nodes)
        if text.strip() and text.isascii() and text.isalpha():
            assert (answer.nodes[0].start, answer.nodes[0].depth) == (0, 0)
    assert model.pt.predict("").nodes == ()


def test_a_classifier_has_no_spans(predictors):
    answer = same(predictors["classify"], "a cheap hotel in Rome?")
    assert (answer.intent, answer.spans) == ("hotel", ())


@pytest.mark.parametrize("text", ["", " ", "\n\r\t ", "\u200b", "\x00", b"", b"\xff", b"\xc3"])
def test_texts_without_words_get_an_answer(model, text):
    assert same(model, text).truncated is False


@pytest.mark.parametrize(
    "model",
    ["joint", "parse", *(pytest.param(name, marks=pytest.mark.slow) for name in MODELS[1:-1])],
    indirect=True,
)
def test_every_byte_alone_gets_an_answer(model):
    for byte in range(256):
        answer = same(model, bytes([byte]))
        assert 0 < answer.score <= 1
        assert all((s.start, s.end) == (0, 1) for s in answer.spans)


def test_a_str_may_hold_half_a_surrogate_pair(model):
    assert same(model, "fly to \ud83d Rome \udce9") == same(model, "fly to ? Rome ?")


@pytest.mark.parametrize("character", ["a ", "é", "東", "😀"])
def test_a_long_text_is_cut_at_a_character(model, character):
    for before in ("", "a", "ab", "abc"):
        data = (before + character * 100).encode()
        kept = data[:LIMIT].decode(errors="ignore").encode()
        answer = same(model, data)
        assert answer.truncated and all(s.end <= len(kept) for s in answer.spans)
        assert answer.spans == same(model, kept).spans
        assert not same(model, kept).truncated


def test_exactly_as_long_as_allowed_is_not_cut(model):
    assert not same(model, "fly to Rome ".ljust(LIMIT, "!")).truncated
    assert same(model, "fly to Rome ".ljust(LIMIT + 1, "!")).truncated


def test_a_text_of_many_pieces_and_of_a_megabyte(model):
    assert same(model, "!" * 200).truncated
    assert same(model, b"\xf0\x9f" * 500_000).truncated


def test_what_a_model_takes():
    assert as_array(b"", 8).tolist() == [[32]]
    assert as_array(b"ab", 8).tolist() == [[97, 98]]
    assert as_array(b"x" * 20, 8).shape == (1, 9)
    assert as_array(b"a", 8).strides[0] != 0


def test_json_has_the_words_of_each_span(predictors):
    text = "fly me to Łódź on Monday".encode()
    found = predictors["joint"].onnx.predict(text).as_json(text, top=2)
    assert found["spans"][0]["text"] == "Łódź"
    assert found["text"] == text.decode() and len(found["scores"]) == 2
    assert "scores" not in predictors["joint"].onnx.predict(text).as_json(text)


@pytest.mark.parametrize(
    ("given", "kind"), [(5, "int"), (None, "NoneType"), (["a"], "list"), (b"a"[0], "int")]
)
def test_what_is_no_text_is_refused_in_a_sentence(predictors, given, kind):
    for predictor in (predictors["joint"].onnx, predictors["classify"].pt):
        said = rf"is no text but of type {kind}; give a str or bytes$"
        for whole in (False, True):
            with pytest.raises(EdgetextError, match=said):
                predictor.predict(given, whole=whole)
        if kind != "list":
            with pytest.raises(EdgetextError, match=said):
                predictor.predict_many(["a", given])
            with pytest.raises(EdgetextError, match=said):
                predictor.predict_many(given)


def test_a_long_list_is_told_in_short(predictors):
    with pytest.raises(EdgetextError) as refusal:
        predictors["joint"].onnx.predict(["a text"] * 10_000)
    assert len(str(refusal.value)) < 200


def test_bytes_of_any_kind_are_a_text(predictors):
    predictor = predictors["joint"].onnx
    expected = predictor.predict("fly to Oslo")
    for kind in (bytearray, memoryview):
        assert predictor.predict(kind(b"fly to Oslo")) == expected
        assert predictor.predict_many([kind(b"fly to Oslo")]) == [expected]


@pytest.mark.parametrize("name", ["model", "model.bin", "model.pt2"])
def test_a_suffix_that_says_nothing_is_refused(tmp_path, joint, name):
    path = tmp_path / name
    path.write_bytes(joint.read_bytes())
    with pytest.raises(EdgetextError, match=r"give a \.pt, \.onnx, \.ort or \.pte file"):
        load(path)


@pytest.mark.parametrize("name", MODELS)
def test_an_onnx_file_is_answered_without_pytorch(predictors, name):
    heavy = ("torch", "tokenizers", "pydantic", "onnx", "executorch", "packaging")
    program = f"""
import sys
from edgetext.predictor import load
load({str(predictors[name].onnx.path)!r}).predict("wake me at seven")
print(*(name for name in {heavy} if name in sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("runtime", ["onnx", "pte"])
def test_threads_that_share_a_predictor_get_their_own_answers(predictors, runtime):
    predictor = getattr(predictors["joint"], runtime)
    texts = [f"wake me at {hour} {'please ' * (hour % 5)}" for hour in range(12)]
    expected = [predictor.predict(text) for text in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(predictor.predict, texts * 40))
    finally:
        sys.setswitchinterval(before)
    assert found == expected * 40
