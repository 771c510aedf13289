"""`edgetext init`: a recipe that trains as it was written."""

import pytest

from edgetext.cli import main
from edgetext.recipe import Recipe
from edgetext.training.checkpoint import Checkpoint

CITIES = ["Rome", "Zürich", "New York", "Oslo", "São Paulo", "Bern", "Cork", "Graz"]
QUICK = ["--set", "training.threads=1", "--set", "student.training.threads=1"]
QUICK += ["--set", "training.epochs=16", "--set", "student.training.epochs=16"]
QUICK += ["--set", "encoder.hidden=32", "--set", "head.hidden=32"]
QUICK += ["--set", "training.learning_rate=0.01", "--set", "training.average=0.9"]


def lines(count, slots):
    for i in range(count):
        city = CITIES[i % 8]
        before = ["fly to", "is it cold in", "show me the flights to", "will it rain in"][
            i // 8 % 4
        ]
        intent = "weather" if before.endswith("in") else "flight"
        text = f"{before} {city} {'today' if i % 3 else 'now'} {i}"
        at = text.index(city)
        yield f"{intent}\t{at}:{at + len(city)}:city\t{text}\n" if slots else f"{text},{intent}\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trips.tsv").write_text("".join(lines(160, slots=True)))
    (tmp_path / "trips.csv").write_text("text,label\n" + "".join(lines(160, slots=False)))
    return tmp_path


def test_a_file_becomes_a_recipe_that_trains_and_distills(here, capsys):
    assert main(["init", "joint", "trips.tsv", "-o", "mine.yaml"]) == 0
    out = capsys.readouterr().out
    assert "160 texts of trips.tsv as pytext_tsv: 2 intents, 1 slots" in out
    assert "edgetext train mine.yaml" in out
    assert main(["data", "check", "mine.yaml"]) == 0
    assert main(["train", "mine.yaml", "-o", "t.pt", *QUICK]) == 0
    teacher = Checkpoint.load(here / "t.pt").header
    assert main(["distill", "t.pt"]) == 0
    student = Checkpoint.load(here / "student.pt").header
    for header in (teacher, student):
        assert header["name"] == "mine"
        assert header["metrics"]["test"]["accuracy"] > 0.9
        assert header["metrics"]["test"]["span_f1"] > 0.7


def test_tagged_words_become_a_recipe(here, capsys):
    rows = []
    for i in range(160):
        words = ["fly", "to", *CITIES[i % 8].split(), f"at{i}"]
        tags = ["O", "O", "B-city", *["I-city"] * (len(words) - 4), "O"]
        rows.append("".join(f"{w} {t}\n" for w, t in zip(words, tags, strict=True)))
    (here / "train.conll").write_text("\n".join(rows))
    assert main(["init", "tag", "train.conll", "-o", "tags.yaml"]) == 0
    assert "160 texts of train.conll as conll: 1 labels" in capsys.readouterr().out
    assert main(["train", "tags.yaml", "-o", "t.pt", *QUICK]) == 0
    assert Checkpoint.load(here / "t.pt").header["metrics"]["test"]["span_f1"] > 0.7


def test_trees_become_a_recipe(here, capsys):
    rows = [
        f"fly to {city} at{i}\t[IN:FLY fly to [SL:WHERE [IN:PLACE [SL:CITY {city} ] ] ] at{i} ]\n"
        for i, city in enumerate(CITIES * 20)
    ]
    (here / "trees.tsv").write_text("".join(rows))
    assert main(["init", "parse", "trees.tsv", "-o", "trees.yaml"]) == 0
    assert "160 texts of trees.tsv as top: 4 labels of nodes" in capsys.readouterr().out
    assert main(["train", "trees.yaml", "-o", "t.pt", *QUICK]) == 0
    assert main(["distill", "t.pt"]) == 0
    for name in ("t.pt", "student.pt"):
        metrics = Checkpoint.load(here / name).header["metrics"]["test"]
        assert metrics["bracket_f1"] > 0.7 and metrics["well_formed"] == 1


def test_data_without_trees_makes_no_recipe_for_them(here, capsys):
    assert main(["init", "parse", "trips.csv", "-o", "trees.yaml"]) == 2
    assert "the text has no tree" in capsys.readouterr().err


def test_the_recipe_is_complete_and_commented(here):
    assert main(["init", "classify", "trips.csv", "-o", "sub/mine.yaml"]) == 0
    text = (here / "sub" / "mine.yaml").read_text()
    assert "train: ../trips.csv" in text and text.count("#") > 15
    recipe = Recipe.load("sub/mine.yaml")
    assert (recipe.task, recipe.data.type) == ("classify", "csv")
    assert (recipe.data.split.valid, recipe.data.split.test) == (0.1, 0.1)
    assert recipe.student is not None and recipe.student.text is not None


def test_a_folder_with_its_own_splits(here):
    (here / "d").mkdir()
    for name in ("train", "dev"):
        (here / "d" / f"{name}.tsv").write_text("".join(lines(40, slots=True)))
    assert main(["init", "joint", "d"]) == 0
    data = Recipe.load("d.yaml").data
    assert (data.train, data.valid, data.test) == ("d/train.tsv", "d/dev.tsv", None)
    assert (data.split.valid, data.split.test) == (0.0, 0.1)


def test_columns_that_the_header_names(here):
    (here / "q.csv").write_text("id,query,intent\n1,go on,x\n2,stop it,y\n")
    assert main(["init", "classify", "q.csv"]) == 0
    assert Recipe.load("q.yaml").data.own_fields["text"] == "query"


def test_nothing_is_overwritten_without_force(here, capsys):
    (here / "mine.yaml").write_text("mine")
    assert main(["init", "joint", "trips.tsv", "-o", "mine.yaml"]) == 2
    assert "--force" in capsys.readouterr().err and (here / "mine.yaml").read_text() == "mine"
    assert main(["init", "joint", "trips.tsv", "-o", "mine.yaml", "--force"]) == 0
    assert Recipe.load("mine.yaml").name == "mine"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["joint", "trips.csv"], "no text has slots"),
        (["joint", "none.tsv"], "no such file"),
        (["match", "trips.tsv"], "match"),
        (["joint", "trips.tsv", "--type", "mtod"], "trips.tsv:1"),
        (["joint", "trips.tsv", "--type", "assistant"], "needs no files"),
        (["classify", "one.csv"], "two or more"),
        (["joint", "bare.conll"], "has no intent"),
    ],
)
def test_what_is_wrong_is_one_line_and_writes_nothing(here, capsys, arguments, word):
    (here / "one.csv").write_text("text,label\na,b\nc,b\n")
    (here / "bare.conll").write_text("a\tB-x\n\nb\tO\n")
    assert main(["init", *arguments, "-o", "mine.yaml"]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
    assert not (here / "mine.yaml").exists()
