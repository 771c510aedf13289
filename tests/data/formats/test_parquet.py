"""Parquet, Arrow and Feather files, and data sets that Hugging Face saved."""

import json

import pytest

from edgetext.core import libraries
from edgetext.core.errors import EdgetextError
from edgetext.data.guess import guess
from edgetext.starter.starter import starter_of

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
ipc = pytest.importorskip("pyarrow.ipc")

KINDS = {"names": ["weather", "bye"], "_type": "ClassLabel"}
TAGS = {"feature": {"names": ["O", "B-city", "I-city"], "_type": "ClassLabel"}, "_type": "List"}
TEXTS = [f"rain in town {i}" for i in range(8)] + [f"ciao number {i}" for i in range(8)]
LABELS = [0] * 8 + [1] * 8


def table(columns, features=None):
    """A table with the class labels of Hugging Face's `features`."""
    made = arrow.table(columns)
    if features is None:
        return made
    info = json.dumps({"info": {"features": features}})
    return made.replace_schema_metadata({"huggingface": info})


def write_parquet(path, made):
    parquet.write_table(made, path, row_group_size=5)


def write_file(path, made):
    with ipc.new_file(str(path), made.schema) as writer:
        writer.write_table(made)


def write_stream(path, made):
    with ipc.new_stream(str(path), made.schema) as writer:
        writer.write_table(made)


@pytest.mark.parametrize("write_table", [write_parquet, write_file, write_stream])
def test_class_labels_are_names(tmp_path, read, write_table):
    path = tmp_path / "train.data"
    write_table(path, table({"text": TEXTS, "label": LABELS}, {"label": KINDS}))
    for guessed in (guess(path), starter_of("classify").guess(path)):
        assert (guessed.type, guessed.fields) == ("parquet", {"intent": "label"})
    examples = read("parquet", path)
    assert [e.text for e in examples] == TEXTS
    assert [e.intent for e in examples] == ["weather"] * 8 + ["bye"] * 8
    assert examples[6].source == f"{path}:row 7"
    assert "intent: label, as 'weather'" in guess(path).reader().taken(path).lines


def test_a_row_without_a_label_is_left_out(tmp_path, read, caplog):
    path = tmp_path / "test.parquet"
    write_parquet(
        path, table({"text": ["a b", "c", "d"], "label": [-1, 1, None]}, {"label": KINDS})
    )
    assert [(e.text, e.intent) for e in read("parquet", path)] == [("c", "bye")]
    assert "2 rows left out, which have no label" in caplog.text


def test_numbers_as_pandas_writes_them(tmp_path, read):
    path = tmp_path / "d.parquet"
    write_parquet(path, table({"text": ["a", "b"], "label": [1.0, 12.0]}))
    assert [e.intent for e in read("parquet", path)] == ["1", "12"]


def test_a_saved_data_set(tmp_path, read):
    folder = tmp_path / "saved" / "train"
    folder.mkdir(parents=True)
    columns = {"tokens": [["in", "New", "York"], ["ciao"]], "ner_tags": [[0, 1, 2], [0]]}
    made = table(columns)
    for number in range(2):
        write_stream(folder / f"data-{number}.arrow", made.slice(number, 1))
    files = [{"filename": f"data-{number}.arrow"} for number in range(2)]
    (folder / "state.json").write_text(json.dumps({"_data_files": files}), "utf-8")
    (folder / "dataset_info.json").write_text(json.dumps({"features": {"ner_tags": TAGS}}), "utf-8")
    guessed = starter_of("tag").guess(folder)
    assert guessed.type == guess(folder).type == "parquet"
    first, second = read("parquet", folder, **guessed.fields)
    assert first.text == "in New York"
    assert [(s.label, s.start, s.end) for s in first.spans] == [("city", 3, 11)]
    assert (second.text, second.spans) == ("ciao", ())


def test_several_lists_of_tags_are_a_question(tmp_path):
    path = tmp_path / "d.parquet"
    columns = {"tokens": [["in", "Oslo"]], "pos_tags": [["IN", "NNP"]], "ner_tags": [["O", "B-x"]]}
    write_parquet(path, table(columns))
    with pytest.raises(EdgetextError, match="which column or field is the slots: pos_tags"):
        starter_of("tag").guess(path)


def test_pairs(tmp_path, read):
    path = tmp_path / "d.parquet"
    columns = {"premise": ["a b"] * 4, "hypothesis": ["c"] * 4, "label": [0, 1, 0, -1]}
    write_parquet(path, table(columns, {"label": {**KINDS, "names": ["yes", "no"]}}))
    guessed = starter_of("match").guess(path)
    assert guess(path) == guessed
    examples = read("parquet", path, **guessed.fields)
    assert [(e.text, e.text_b, e.intent) for e in examples] == [
        ("a b", "c", label) for label in ("yes", "no", "yes")
    ]


def test_a_file_that_is_cut_short(tmp_path, read):
    path = tmp_path / "d.parquet"
    write_parquet(path, table({"text": TEXTS, "label": LABELS}))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(EdgetextError, match="not a whole Parquet or Arrow file"):
        read("parquet", path)


def test_a_library_that_is_not_there():
    with pytest.raises(
        EdgetextError, match=r"the library nolib, .* `pip install 'edgetext\[formats\]'`"
    ):
        libraries.library("nolib.inner", "Parquet files")


@pytest.mark.parametrize("write_table", [write_parquet, write_stream])
def test_questions_about_passages_are_rows_too(tmp_path, read, write_table):
    path = tmp_path / "train.data"
    answers = [
        {"text": ["Zürich"], "answer_start": [10]},
        {"text": [], "answer_start": []},
        {"text": ["nowhere"], "answer_start": [0]},
    ]
    columns = {
        "id": ["a", "b", "c"],
        "context": ["A bus to  Zürich."] * 3,
        "question": ["Where to?", "When?", "Who?"],
        "answers": answers,
    }
    write_table(path, table(columns))
    for guessed in (guess(path), starter_of("qa").guess(path)):
        assert (guessed.type, guessed.fields) == ("squad", {})
    found, unanswered, wrong = guess(path).reader().scan(path, "train")
    assert (found.references, found.source) == (("Zürich",), f"{path}:row 1")
    assert found.text_b.encode()[found.spans[0].start : found.spans[0].end] == "Zürich".encode()
    assert (unanswered.text, unanswered.references) == ("When?", ())
    assert isinstance(wrong, EdgetextError) and str(wrong).startswith(f"{path}:row 3")


@pytest.mark.parametrize("write_table", [write_parquet, write_file])
def test_texts_with_their_summaries_are_rows_too(tmp_path, read, write_table):
    path = tmp_path / "train.data"
    columns = {"article": [["It rains.", "We stay."]], "highlights": ["rain"], "id": [7]}
    write_table(path, table(columns))
    guessed = starter_of("summarize").guess(path)
    assert guessed.fields == {"source": "article", "target": "highlights"}
    (example,) = guessed.reader().read(path, "train")
    assert (example.text, example.references) == ("It rains. We stay.", ("rain",))
    assert len(example.sentences) == 2
    named = tmp_path / "named.parquet"
    write_parquet(named, table({"source": ["It rains. We stay."], "target": [["a", "b"]]}))
    (example,) = guess(named).reader().read(named, "train")
    assert (guess(named).type, example.references) == ("summaries", ("a", "b"))
