"""`edgetext init`: a recipe that trains as it was written."""

import json
import random

import pytest

from edgetext.cli import main
from edgetext.data.source import sources
from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe

CITIES = ["Rome", "Zürich", "New York", "Oslo", "São Paulo", "Bern", "Cork", "Graz"]
QUICK = ["--set", "training.threads=1", "--set", "student.training.threads=1"]
QUICK += ["--set", "training.epochs=16", "--set", "student.training.epochs=16"]
QUICK += ["--set", "encoder.hidden=32", "--set", "head.hidden=32"]
QUICK += ["--set", "training.learning_rate=0.01", "--set", "training.ema_decay=0.9"]


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


@pytest.fixture(autouse=True)
def current_words(caplog):
    """What `init` writes has no word of a recipe that was renamed."""
    yield
    assert [m for m in caplog.get_records("call") if " is called " in m.getMessage()] == []


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
        assert header.name == "mine"
        assert header.metrics["test"]["accuracy"] > 0.9
        assert header.metrics["test"]["span_f1"] > 0.7


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
    assert Checkpoint.load(here / "t.pt").header.metrics["test"]["span_f1"] > 0.7


@pytest.mark.slow
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
        metrics = Checkpoint.load(here / name).header.metrics["test"]
        assert metrics["bracket_f1"] > 0.7 and metrics["well_formed"] == 1


def quick(*fields, epochs=8):
    """Overrides that make a recipe of `init` small and fast."""
    values = [f"{where}training.{name}" for where in ("", "student.") for name in (
        f"epochs={epochs}", "threads=1", "learning_rate=0.01", "ema_decay=0.9"
    )]  # fmt: skip
    return [word for value in (*values, *fields) for word in ("--set", value)]


def pairs(count):
    """Two texts about the same thing, or about two."""
    rng = random.Random(1)
    topics = ["rain", "taxi", "tea", "Zürich"]
    for i in range(count):
        one, other = rng.sample(topics, 2)
        alike = i % 2
        yield f"{one} at {rng.randrange(60)}", f"{one if alike else other} please", alike


@pytest.mark.slow
@pytest.mark.parametrize("head", ["cross_encoder", "bi_encoder"])
def test_pairs_become_a_recipe(here, capsys, head):
    rows = [f'{i},"{a}, yes",{b},{same}\n' for i, (a, b, same) in enumerate(pairs(300))]
    (here / "twins.csv").write_text("id,question1,question2,is_duplicate\n" + "".join(rows))
    assert main(["init", "match", "twins.csv", "--head", head]) == 0
    assert "300 pairs of twins.csv as pairs: 2 labels" in capsys.readouterr().out
    text = (here / "twins.yaml").read_text()
    assert '# names: {"0": name0, "1": name1}' in text and "hash of each first text" in text
    recipe = Recipe.load("twins.yaml")
    assert recipe.head.type == recipe.student.head.type == head
    assert main(["data", "check", "twins.yaml"]) == 0
    small = ["encoder.hidden=64", "head.hidden=64"]
    fields = small if head == "cross_encoder" else ["encoder.dropout=0"]
    assert main(["train", "twins.yaml", "-o", "t.pt", *quick(*fields)]) == 0
    assert main(["distill", "t.pt", *quick("student.distillation.qat_epochs=1")]) == 0
    for name in ("t.pt", "student.pt"):
        assert Checkpoint.load(here / name).header.metrics["test"]["accuracy"] > 0.8


@pytest.mark.slow
def test_questions_become_a_recipe(here, capsys):
    entries = []
    for i in range(120):
        day, city = ["Monday", "Friday", "Sunday"][i % 3], CITIES[i % 8]
        context = f"Number {i}: on {day} the bus goes to {city}."
        answer = {"answer_start": context.index(city), "text": city}
        qas = [{"id": str(i), "question": f"Where does bus {i} go?", "answers": [answer]}]
        entries.append({"paragraphs": [{"context": context, "qas": qas}]})
    (here / "buses.json").write_text(json.dumps({"data": entries}))
    assert main(["init", "qa", "buses.json"]) == 0
    assert "120 questions of buses.json as squad: 120 passages" in capsys.readouterr().out
    assert main(["data", "check", "buses.yaml"]) == 0
    assert main(["train", "buses.yaml", "-o", "t.pt", *quick(epochs=6)]) == 0
    settings = quick("student.distillation.qat_epochs=1", epochs=6)
    assert main(["distill", "t.pt", *settings]) == 0
    for name in ("t.pt", "student.pt"):
        assert Checkpoint.load(here / name).header.metrics["test"]["f1"] > 0.8


@pytest.mark.slow
def test_texts_with_summaries_become_a_recipe(here, capsys):
    rng = random.Random(1)
    rows = []
    for i in range(120):
        best = f"We show that {rng.choice(['cats', 'dogs', 'owls'])} sleep."
        article = [f"It was cold on day {i}.", best, "Nobody knew.", "See the table."]
        rng.shuffle(article)
        rows.append(json.dumps({"article": article, "summary": best.lower()}) + "\n")
    (here / "papers.jsonl").write_text("".join(rows))
    assert main(["init", "summarize", "papers.jsonl"]) == 0
    assert "120 texts of papers.jsonl as summaries: 120 summaries" in capsys.readouterr().out
    own = Recipe.load("papers.yaml").data.own_fields
    assert (own["source"], own["target"]) == ("article", "summary")
    assert main(["train", "papers.yaml", "-o", "t.pt", *quick(epochs=8)]) == 0
    settings = quick("student.distillation.qat_epochs=1", epochs=8)
    assert main(["distill", "t.pt", *settings]) == 0
    for name in ("t.pt", "student.pt"):
        assert Checkpoint.load(here / name).header.metrics["test"]["rouge1"] > 0.9


def test_plain_text_becomes_a_recipe(here, capsys):
    rng = random.Random(1)
    sentence = "The <unk> train to {} leaves at {} @-@ {} ."
    rows = [
        sentence.format(rng.choice(CITIES), rng.randrange(10), rng.randrange(60))
        for _ in range(200)
    ]
    (here / "news.txt").write_text("\n\n".join(rows) + "\n")
    assert main(["init", "lm", "news.txt"]) == 0
    assert "200 texts of news.txt as text: " in capsys.readouterr().out
    recipe = Recipe.load("news.yaml")
    assert recipe.data.own_fields["wikitext"] and recipe.data.own_fields["unknown"] == "<unk>"
    assert recipe.student.text is None and not recipe.text.lowercase
    small = ["encoder.hidden=96", "encoder.embedding=64", "student.encoder.embedding=48"]
    small += ["student.encoder.hidden=48", "student.encoder.feed_forward=48"]
    assert main(["train", "news.yaml", "-o", "t.pt", *quick(*small)]) == 0
    assert main(["distill", "t.pt", *quick()]) == 0
    for name in ("t.pt", "student.pt"):
        assert Checkpoint.load(here / name).header.metrics["test"]["perplexity"] < 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d.jsonl", "".join(f'{{"text": "go {i}", "label": "x"}}\n' for i in range(40))),
        ("d.csv", "label,text\n" + "".join(f"x,go {i}\n" for i in range(40))),
    ],
)
def test_labeled_texts_are_text_for_a_language_model(here, capsys, name, content):
    (here / name).write_text(content)
    assert main(["init", "lm", name]) == 0
    assert "40 texts" in capsys.readouterr().out
    assert main(["data", "check", "d.yaml"]) == 0


def test_texts_with_intents_make_pairs(here, capsys):
    (here / "s").mkdir()
    texts = [
        text.split()
        for city in CITIES
        for n in range(3)
        for text in (f"go to {city} {n}", f"is it cold in {city} {n}")
    ]
    (here / "s/seq.in").write_text("".join(" ".join(words) + "\n" for words in texts))
    (here / "s/seq.out").write_text("".join(" ".join("O" * len(words)) + "\n" for words in texts))
    (here / "s/label").write_text("go\nask\n" * 24)
    assert main(["init", "match", "s", "-o", "made.yaml"]) == 0
    assert "96 pairs of s as intent_pairs: 2 labels" in capsys.readouterr().out
    assert main(["data", "check", "made.yaml"]) == 0


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


def test_a_split_of_several_files(here, capsys):
    (here / "d").mkdir()
    for number in range(2):
        rows = [json.dumps({"text": f"go {number} {i}", "intent": str(i % 2)}) for i in range(40)]
        (here / "d" / f"train-{number}-of-2.jsonl").write_text("\n".join(rows) + "\n")
    assert main(["init", "classify", "d"]) == 0
    assert "80 texts of d/train-0-of-2.jsonl and 1 more as jsonl" in capsys.readouterr().out
    recipe = Recipe.load("d.yaml")
    assert recipe.data.train == ["d/train-0-of-2.jsonl", "d/train-1-of-2.jsonl"]
    counts = [len(list(source.read())) for source in sources(recipe)]
    assert sum(counts) == 80 and min(counts) > 0


def test_columns_that_the_header_names(here):
    rows = (f"{i},go on {i},{'x' if i % 2 else 'y'}\n" for i in range(40))
    (here / "q.csv").write_text("id,query,intent\n" + "".join(rows))
    assert main(["init", "classify", "q.csv"]) == 0
    assert Recipe.load("q.yaml").data.own_fields["text"] == "query"


def test_what_was_taken_for_what_is_shown(here, capsys):
    rows = (f"{i},go on {i},{'x' if i % 2 else 'y'},en\n" for i in range(40))
    (here / "q.csv").write_text("id,what,topic,lang\n" + "".join(rows))
    assert main(["init", "classify", "q.csv"]) == 2
    assert "--label topic" in capsys.readouterr().err
    assert main(["init", "classify", "q.csv", "--label", "topic"]) == 0
    out = capsys.readouterr().out
    for line in (
        'names in line 1; between cells: ,; quotes: "',
        "text: what, as 'go on 0'",
        "label: topic, as 'y'",
        "unused: id, lang",
        "valid: 10% of the training file",
    ):
        assert f"  {line}\n" in out
    own = Recipe.load("q.yaml").data.own_fields
    assert (own["text"], own["label"]) == ("what", "topic")
    assert main(["data", "check", "q.yaml"]) == 0


def test_files_of_the_splits_by_options(here, capsys):
    for name in ("a", "b", "c"):
        (here / f"{name}.tsv").write_text("".join(lines(40, slots=True)))
    files = ["--train", "a.tsv", "--valid", "b.tsv", "--test", "c.tsv"]
    assert main(["init", "joint", *files, "--type", "pytext_tsv"]) == 0
    data = Recipe.load("a.yaml").data
    assert (data.train, data.valid, data.test, data.split) == ("a.tsv", "b.tsv", "c.tsv", None)
    several = [*files, "--train", "c.tsv", "--type", "pytext_tsv", "-o", "d.yaml"]
    assert main(["init", "joint", *several]) == 0
    assert Recipe.load("d.yaml").data.train == ["a.tsv", "c.tsv"]
    assert main(["init", "joint"]) == 2
    assert "no data is named" in capsys.readouterr().err


def test_fields_of_the_reader_by_options(here):
    rows = "1\tgo\tgo\tVERB\tVV\t_\t0\troot\t_\t_\n\n"
    (here / "ud").mkdir()
    for name in ("xx-ud-train", "xx-ud-dev", "xx-ud-test"):
        (here / "ud" / f"{name}.conllu").write_text(rows)
    assert main(["init", "tag", "ud", "--set", "label=xpos"]) == 0
    data = Recipe.load("ud.yaml").data
    assert (data.valid, data.own_fields["label"]) == ("ud/xx-ud-dev.conllu", "xpos")


@pytest.mark.parametrize(("count", "words"), [(6, "6 examples are"), (2, "2 examples are")])
def test_a_few_texts_are_all_splits_and_it_is_said(here, capsys, count, words):
    rows = "".join(f"go {i},x{i}\n" for i in range(count))
    (here / "few.csv").write_text(f"text,label\n{rows}")
    assert main(["init", "classify", "few.csv"]) == 0
    data = Recipe.load("few.yaml").data
    assert data.train == data.valid == data.test == "few.csv"
    assert f"{words} too few" in capsys.readouterr().err


def test_one_text_is_a_recipe_too(here, capsys):
    (here / "one.txt").write_text("One.\n")
    assert main(["init", "lm", "one.txt"]) == 0
    assert "1 example is too few" in capsys.readouterr().err


def test_the_data_is_never_overwritten(here, capsys):
    rasa = "nlu:\n- intent: a\n  examples: |\n    - go\n"
    (here / "nlu.yaml").write_text(rasa)
    assert main(["init", "joint", "nlu.yaml", "--force"]) == 2
    assert "is the data itself" in capsys.readouterr().err
    assert main(["data", "convert", "nlu.yaml", "--force", "-o", "nlu.yaml"]) == 2
    assert "is the data itself" in capsys.readouterr().err
    assert (here / "nlu.yaml").read_text() == rasa


@pytest.mark.parametrize("name", ["05", "1e3", "yes", "2026-11-30", "0x10", "null"])
def test_a_name_that_yaml_would_take_for_something_else(here, name):
    assert main(["init", "joint", "trips.tsv", "-o", f"{name}.yaml"]) == 0
    assert Recipe.load(f"{name}.yaml").name == name


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
        (["translate", "trips.tsv"], "translate"),
        (["match", "trips.csv"], "2 column(s); pairs need two texts and a label"),
        (["match", "scores.tsv"], "120 labels for 120 pairs"),
        (["match", "twice.tsv"], "every text has the intent"),
        (["match", "ab.jsonl"], "is the label of text and text_b"),
        (["match", "trips.tsv", "--type", "pytext_tsv"], "has one text, and task match reads two"),
        (["classify", "scores.tsv", "--type", "pairs"], "has two texts, and task classify reads"),
        (["joint", "trips.tsv", "--head", "bi_encoder"], "leave out --head"),
        (["qa", "trips.tsv"], "SQuAD's format"),
        (["qa", "none.json"], "no question has an answer"),
        (["summarize", "ab.jsonl"], "set `target` to its name"),
        (["match", "list.json"], "every text has the intent"),
        (["match", "latin.tsv"], "latin.tsv:1: byte 2 of the line is not UTF-8"),
        (["joint", "trips.tsv", "--type", "mtod"], "trips.tsv:1"),
        (["joint", "trips.tsv", "--type", "assistant"], "needs no files"),
        (["classify", "one.csv"], "two or more"),
        (["joint", "bare.conll"], "has no intent"),
        (["joint", "spans.jsonl"], "two or more; `edgetext init tag` learns the spans alone"),
    ],
)
def test_what_is_wrong_is_one_line_and_writes_nothing(here, capsys, arguments, word):
    (here / "one.csv").write_text("text,label\na,b\nc,b\n")
    rows = (f"is it {i}\tit is {i}\t{i / 7}\n" for i in range(120))
    (here / "scores.tsv").write_text("".join(rows))
    (here / "twice.tsv").write_text("go on\tgo\tx\n" * 3)
    (here / "ab.jsonl").write_text('{"text": "go", "text_b": "stop"}\n')
    bare = {"context": "a", "qas": [{"id": 1, "question": "b", "answers": []}]}
    (here / "none.json").write_text(json.dumps({"data": [{"paragraphs": [bare]}]}))
    (here / "list.json").write_text(json.dumps([{"text": "a", "text_b": "b", "label": 1}]))
    (here / "latin.tsv").write_bytes("né\tnée\t1\n".encode("latin-1"))
    span = {"start": 0, "end": 1, "label": "x"}
    rain = {"text": "a b", "intent": "rain", "spans": [span]}
    (here / "spans.jsonl").write_text(json.dumps(rain) + "\n")
    (here / "bare.conll").write_text("a\tB-x\n\nb\tO\n")
    assert main(["init", *arguments, "-o", "mine.yaml"]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
    assert not (here / "mine.yaml").exists()


def test_a_first_line_that_is_skipped_is_no_reason_to_stop(here, capsys):
    rows = [json.dumps({"text": f"text {i}", "intent": "xy"[i % 2]}) for i in range(60)]
    (here / "d.jsonl").write_text("\n".join(["{bad", *rows]) + "\n")
    skip = ["--type", "jsonl", "--set", "on_error=skip"]
    assert main(["init", "classify", "d.jsonl", *skip]) == 0
    assert "60 texts of d.jsonl" in capsys.readouterr().out


def labels_of(i):
    """None, one or two labels."""
    return [[], ["trip"], ["trip", "weather"], ["weather"]][i % 4]


def several(count):
    for i in range(count):
        words = {"trip": "a flight to Rome", "weather": "is it cold"}
        yield " and ".join(["hi", *(words[label] for label in labels_of(i)), str(i)]), labels_of(i)


def test_texts_with_several_labels_become_a_recipe_that_trains(here, capsys):
    rows = [{"text": text, "labels": labels} for text, labels in several(120)]
    (here / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["init", "classify", "d.jsonl"]) == 0
    out = capsys.readouterr().out
    assert "read 120 texts of d.jsonl as jsonl: 2 labels, 30 texts with several" in out
    assert "intent: labels, as []" in out
    assert "\ntask: classify\nmulti_label: true " in (here / "d.yaml").read_text()
    assert main(["data", "check", "d.yaml"]) == 0
    out = capsys.readouterr().out
    assert "texts with several intents, " in out and "nothing is wrong with it" in out
    pairs = zip(QUICK[::2], QUICK[1::2], strict=True)
    quick = [word for pair in pairs if pair[1] != "head.hidden=32" for word in pair]
    assert main(["train", "d.yaml", "-o", "t.pt", *quick]) == 0
    assert Checkpoint.load(here / "t.pt").header.metrics["test"]["micro_f1"] > 0.9


def test_columns_of_several_labels_become_a_list_of_the_recipe(here):
    names = ("trip", "weather")
    lines = [",".join([t, *("01"[x in labels] for x in names)]) for t, labels in several(40)]
    (here / "d.csv").write_text("\n".join(["text,trip,weather", *lines, ""]))
    assert main(["init", "classify", "d.csv"]) == 0
    assert "\n  label: [trip, weather]\n" in (here / "d.yaml").read_text()
    assert Recipe.load("d.yaml").task == "multi_label"


def test_a_task_of_one_label_asks_for_the_other(here, capsys):
    rows = [{"text": text, "labels": labels, "spans": []} for text, labels in several(40)]
    (here / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["init", "joint", "d.jsonl"]) == 2
    assert "d.jsonl:1: the text has 0 labels, and this task learns one" in capsys.readouterr().err


def test_names_are_read_with_their_capitals_and_mixed(here):
    """Where capitals tell and values come once; a recipe without either has neither."""
    rows = (f"on O\nFriday O\nI O\nmet O\nAda{i} B-name\nthere O\n" for i in range(60))
    (here / "train.conll").write_text("\n".join(rows))
    assert main(["init", "tag", "train.conll", "-o", "names.yaml"]) == 0
    recipe = Recipe.load("names.yaml")
    student = recipe.student
    assert not recipe.text.lowercase and not student.text.lowercase
    assert recipe.data.augment.type == student.augment.type == "slots"
    assert student.encoder.type == "conv" and student.distillation.qat_epochs >= 3
    (here / "train.conll").write_text("\n".join(map(str.lower, ["go O\non B-day\n"] * 60)))
    assert main(["init", "tag", "train.conll", "-o", "days.yaml"]) == 0
    plain = Recipe.load("days.yaml")
    assert plain.text.lowercase and plain.data.augment is plain.student.augment is None
