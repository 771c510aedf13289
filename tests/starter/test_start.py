"""Recipes that follow the data."""

import json
import unicodedata
from pathlib import Path

import pytest
import yaml
from embedders import write_embedder

from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.recipe import Recipe, TrainingConfig
from edgetext.starter.few import Few
from edgetext.starter.start import start
from edgetext.training.run import make_vocabulary, train
from edgetext.training.splits import load_splits

HINDI = ["दिल्ली में मौसम कैसा है", "मुझे छह बजे जगाओ", "गाना बजाओ", "रेल कब जाती है"]
JAPANESE = ["東京タワーへ行きたい", "ビートルズをかけて", "さくらをかけて", "六時に起こして"]
FRENCH = ["réveille-moi à six heures", "il fait froid à Nîmes", "joue Noël", "l'été à Orléans"]


def written(folder: Path, texts: list[str], **options) -> Path:
    """A recipe that `start` wrote of JSON Lines with these texts, each five times."""
    rows = [
        {"text": f"{text} {i}", "intent": str(number % 2)}
        for i in range(5)
        for number, text in enumerate(texts)
    ]
    (folder / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    started = start("classify", folder / "d.jsonl", folder / "d.yaml", **options)
    write_text(folder / "d.yaml", started.recipe)
    return folder / "d.yaml"


def classified(folder: Path, labels: list[str], copies: int) -> Recipe:
    """The recipe that `start` writes of texts with these labels."""
    rows = [{"text": f"{x} number {i}", "intent": x} for i in range(copies) for x in labels]
    (folder / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_text(folder / "d.yaml", start("classify", folder / "d.jsonl", folder / "d.yaml").recipe)
    return Recipe.load(folder / "d.yaml")


def words_of(path: Path, texts: list[str]) -> list[list[str]]:
    """The pieces of each text, by the vocabulary that a recipe's training would learn."""
    recipe = Recipe.load(path)
    vocabulary = make_vocabulary(recipe.text, recipe, load_splits(recipe))
    return [[vocabulary.pieces[i] for i in vocabulary.encode(text).ids] for text in texts]


@pytest.mark.parametrize(
    ("texts", "one", "other"),
    [(HINDI, "मुझे", "मझे"), (JAPANESE, "かけて", "がけて"), (FRENCH + HINDI, "कैसा", "कसा")],
)
def test_marks_that_are_letters_are_kept_for_teacher_and_student(tmp_path, texts, one, other):
    path = written(tmp_path, texts)
    recipe = Recipe.load(path)
    assert recipe.text.keep_accents and recipe.student.text.keep_accents
    assert recipe.text.lowercase
    first, second = words_of(path, [one, other])
    assert first != second
    folded = yaml.safe_load(path.read_text())
    del folded["text"]["keep_accents"]
    path.write_text(yaml.safe_dump(folded))
    first, second = words_of(path, [one, other])
    assert first == second


def test_accents_that_people_leave_out_are_folded(tmp_path):
    path = written(tmp_path, [unicodedata.normalize("NFD", text) for text in FRENCH])
    assert not Recipe.load(path).text.keep_accents
    assert "strip accents" in path.read_text()
    composed, bare = words_of(path, ["à Nîmes", "a Nimes"])
    assert composed == bare


def test_a_label_of_none_of_the_others_is_expected_in_use(tmp_path):
    recipe = classified(tmp_path, [f"intent {i}" for i in range(19)] + ["oos"], 4)
    shares = {"oos": 0.1}
    assert recipe.training.label_shares == recipe.student.training.label_shares == shares
    assert classified(tmp_path, ["go", "stay"], 8).training.label_shares is None


def test_many_labels_take_more_epochs_and_many_texts_larger_batches(tmp_path):
    few, many = (
        classified(tmp_path, [f"intent {i}" for i in range(labels)], 1_500 // labels)
        for labels in (2, 200)
    )
    assert few.training.batch_size == many.training.batch_size == 32
    assert few.training.epochs < many.training.epochs <= 60
    large = classified(tmp_path, ["go", "stay"], 7_000)
    assert (large.training.batch_size, large.training.epochs) == (64, 12)
    assert large.training.learning_rate > few.training.learning_rate


def hashed_by(tmp_path, texts, **options):
    """Whether the words of teacher and student are hashed in what `start` writes of these texts."""
    write_text(tmp_path / "d.yaml", start("classify", texts, tmp_path / "d.yaml", **options).recipe)
    recipe = Recipe.load(tmp_path / "d.yaml")
    return [recipe.text.hashed is not None, recipe.student.text.hashed is not None]


def rows_of(tmp_path, texts) -> Path:
    rows = [
        {"text": f"{text} {i}", "intent": str(number % 2)}
        for i in range(15)
        for number, text in enumerate(texts)
    ]
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path / "d.jsonl"


def test_words_are_hashed_where_bytes_tell_them(tmp_path):
    english = ["play a song", "stop", "fly to Rome", "wake me", "is it cold in Zürich"]
    data = rows_of(tmp_path, english)
    assert hashed_by(tmp_path, data) == [True, True]
    assert hashed_by(tmp_path, data, hashed=False) == [False, False]
    # Accents that people leave out and capitals of other scripts are folded in pieces alone.
    for texts in (FRENCH, HINDI, JAPANESE, ["Привет", "Пока"]):
        for form in ("NFC", "NFD"):
            data = rows_of(tmp_path, [unicodedata.normalize(form, text) for text in texts])
            assert hashed_by(tmp_path, data) == [False, False]
            assert hashed_by(tmp_path, data, hashed=True) == [True, True]


def test_a_recipe_of_hashed_words_says_how_they_are_read(tmp_path):
    assert hashed_by(tmp_path, rows_of(tmp_path, ["play a song", "stop"])) == [True, True]
    text = (tmp_path / "d.yaml").read_text()
    recipe = Recipe.load(tmp_path / "d.yaml")
    assert recipe.student.text.hashed.lengths == [2, 4]
    assert recipe.text.lowercase and recipe.student.text.lowercase
    assert recipe.student.encoder.model_dump()["heads"] == 0
    assert "strip accents" not in text and "hide words now and then" in text


def test_a_task_without_hashed_words_says_so(tmp_path):
    rows = [{"text": f"play {i}", "intents": ["a", "b"][: i % 3]} for i in range(60)]
    data = tmp_path / "d.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(EdgetextError, match=r"task multi_label .* leave out --hashed, .* classify"):
        start("multi_label", data, tmp_path / "d.yaml", hashed=True)


def test_spans_of_a_script_without_spaces_have_no_hashed_words(tmp_path):
    """Bytes do not tell where a word of kana or Thai ends, and the teacher's pieces do."""
    span = {"start": 0, "end": 5, "label": "artist"}
    rows = [
        {"text": f"ビートルズを{i}かけて", "intent": "ab"[i % 2], "spans": [span]}
        for i in range(60)
    ]
    data = tmp_path / "d.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for task in ("joint", "tag"):
        with pytest.raises(EdgetextError, match=r"without spaces .* leave out --hashed"):
            start(task, data, tmp_path / "d.yaml", hashed=True)
        assert start(task, data, tmp_path / "d.yaml").recipe
    # A label of the whole text needs no word.
    assert "hashed" in start("classify", data, tmp_path / "d.yaml", hashed=True).recipe


@pytest.mark.parametrize(("words", "window"), [(20, None), (400, 64)])
def test_attention_of_long_texts_is_in_windows(tmp_path, words, window):
    texts = [f"word{i} " * words for i in range(4)]
    recipe = Recipe.load(written(tmp_path, texts, hashed=False))
    assert (recipe.text.max_bytes > 512) == (window is not None)
    for encoder in (recipe.encoder, recipe.student.encoder):
        assert encoder.own_fields["attention_window"] == window


def test_the_command_that_makes_int8_is_the_one_that_suits_the_student(tmp_path):
    assert "quantize --int8 --static" in written(tmp_path, ["play a song", "stop"]).read_text()
    (tmp_path / "d.jsonl").write_text(
        "".join(
            json.dumps({"source": [f"A cat {i}.", "It ran."], "target": ["It ran."]}) + "\n"
            for i in range(40)
        )
    )
    started = start("summarize", tmp_path / "d.jsonl", tmp_path / "d.yaml")
    assert "quantize --int8 student.pt" in started.recipe


def few_rows(tmp_path):
    path = tmp_path / "few.csv"
    rows = [f'"play song {i} now","music"\n"is it cold in town {i}","weather"\n' for i in range(10)]
    path.write_text("text,intent\n" + "".join(rows))
    return path


def test_few_examples_have_a_teacher_that_knows_the_language(tmp_path):
    (tmp_path / "a {folder}").mkdir()
    write_embedder(tmp_path / "a {folder}")
    (tmp_path / "rest.txt").write_text("play it\n\nrain today\n" * 1500)
    few = Few(tmp_path / "a {folder}", tmp_path / "rest.txt")
    output = tmp_path / "few.yaml"
    output.write_text(start("classify", few_rows(tmp_path), output, few=few).recipe)
    recipe = Recipe.load(output)
    assert recipe.encoder.own_fields["path"] == "a {folder}"
    assert recipe.training.freeze == "embeddings" and recipe.training.learning_rate_decay == 0.85
    assert recipe.student.distillation.unlabeled == "rest.txt"
    # As large as all that it learns from wants.
    alone = start("classify", few_rows(tmp_path), output, few=Few(few.folder)).recipe
    output.write_text(alone)
    smaller = Recipe.load(output)
    assert smaller.student.distillation.unlabeled is None
    assert smaller.student.text.hashed.buckets < recipe.student.text.hashed.buckets
    # The folder says how text is read, so that the teacher can be trained as it is.
    model = train(smaller.model_copy(update={"training": TrainingConfig(epochs=1)}))
    assert model.header.recipe["encoder"]["type"] == "bert"


@pytest.mark.parametrize(
    ("task", "folder", "rest", "fault"),
    [
        ("match", "folder", None, "it is for classify, joint, tag"),
        ("classify", "none", None, "no folder of Hugging Face"),
        ("classify", "folder", "none.txt", r"--unlabeled .*none\.txt: there is no such file"),
    ],
)
def test_few_examples_that_lack_something(task, folder, rest, fault, tmp_path):
    (tmp_path / "folder").mkdir()
    write_embedder(tmp_path / "folder")
    path = few_rows(tmp_path)
    if task == "match":
        path.write_text("0\tplay it\tplay that\n1\tis it cold\train\n" * 8)
    few = Few(tmp_path / folder, None if rest is None else tmp_path / rest)
    with pytest.raises(EdgetextError, match=fault):
        start(task, path, tmp_path / "few.yaml", few=few)
