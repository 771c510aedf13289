"""`edgetext data check`: what it finds, prints and returns."""

import json
import subprocess
import sys

import pytest

from edgetext.cli import main

TRAIN = """\
Go\t5:9:a\tplay jazz
Go\t6:10:a\tPlay  jazz
Go\t\tplay rock
No\t\tplay rock
No\t\tstop
"""
TEST = "Go\t5:9:a\tplay jazz\nMaybe\t0:1:b\thum it\nNo\t1:4:a\tstop it\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "train.tsv").write_text(TRAIN)
    (tmp_path / "d" / "test.tsv").write_text(TEST)
    return tmp_path / "d"


def report(capsys, *arguments, status=0):
    assert main(["data", "check", "--json", *map(str, arguments)]) == status
    return json.loads(capsys.readouterr().out)


def test_counts_duplicates_conflicts_leaks_unseen_labels_and_cut_words(capsys, folder):
    found = report(capsys, folder, status=1)
    train, test = found["splits"]
    assert (train["split"], train["examples"], train["duplicates"]) == ("train", 5, 2)
    assert train["intents"] == {"Go": 3, "No": 2} and train["slots"] == {"a": 2}
    assert (train["bytes_max"], test["bytes_max"]) == (10, 9)
    (conflict,) = found["conflicts"]["first"]
    assert "train.tsv:4: 'play rock' is No and in" in conflict and "train.tsv:3 Go" in conflict
    assert found["leaks"]["count"] == 1 and "test.tsv:1" in found["leaks"]["first"][0]
    unseen = sorted(line.partition(": ")[2] for line in found["unseen_labels"]["first"])
    assert unseen == [
        "the intent 'Maybe' of test is not in train",
        "the slot 'b' of test is not in train",
    ]
    assert found["cut_words"]["count"] == 2  # "h" of hum, "top" of stop
    assert found["unreadable"]["count"] == 0


def test_in_words(capsys, folder):
    assert main(["data", "check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "train: 5 texts" in out and "2 intents: Go 3, No 2" in out
    assert "1 texts with two different labelings:" in out
    assert "cure: add texts of them to train" in out
    assert "without an intent" not in out


def test_labels_that_the_recipe_counts_as_misses_are_no_fault(capsys, folder):
    assert main(["init", "joint", str(folder), "-o", str(folder / "mine.yaml")]) == 0
    assert "not in train: 2 labels" in capsys.readouterr().out
    assert main(["data", "check", str(folder / "mine.yaml")]) == 0
    out = capsys.readouterr().out
    assert "they count as misses, as data.unseen says" in out and "cure: add texts of" not in out


def test_lines_that_cannot_be_read_are_named_and_give_status_2(capsys, tmp_path):
    path = tmp_path / "d.tsv"
    path.write_text("text\tlabel\na\tx\n" + "b\n" * 12 + "c\ty\n")
    found = report(capsys, path, status=2)
    assert found["splits"][0]["examples"] == 2
    assert found["unreadable"]["count"] == found["splits"][0]["unreadable"] == 12
    assert len(found["unreadable"]["first"]) == 10
    assert found["unreadable"]["first"][0].startswith(f"{path}:3: ")
    assert main(["data", "check", str(path)]) == 2
    out = capsys.readouterr().out
    assert "12 lines that cannot be read:" in out and "… and 2 more" in out


def test_several_files_and_a_recipe(capsys, folder, tmp_path):
    files = [folder / "train.tsv", folder / "test.tsv"]
    found = report(capsys, *files, status=1)
    assert found == report(capsys, folder, status=1)
    recipe = tmp_path / "r.yaml"
    recipe.write_text(
        f"task: joint\nencoder: {{type: bag}}\ndata: {{type: pytext_tsv, train: {files[0]}, "
        f"test: {files[1]}, valid: {files[1]}}}\n"
    )
    assert [s["examples"] for s in report(capsys, recipe, status=1)["splits"]] == [5, 3, 3]


def test_the_built_in_data_is_clean(capsys):
    assert main(["data", "check", "assistant_joint"]) == 0
    assert "nothing is wrong with it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["none.tsv"], "none.tsv: there is no such file"),
        (["none.yaml"], "no such recipe file"),
        (["assistant_joint", "--type", "csv"], "a recipe stands alone"),
        (["TRAIN", "--set", "scheme"], "--set scheme"),
        (["TRAIN", "--type", "tsw"], "did you mean tsv"),
    ],
)
def test_what_is_wrong_is_one_line(capsys, folder, arguments, word):
    arguments = [str(folder / "train.tsv") if a == "TRAIN" else a for a in arguments]
    assert main(["data", "check", *arguments]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1


def rows(count, label=lambda i: f"kind {i % 3}"):
    return [(f"text {i}", label(i)) for i in range(count)]


def table(pairs, header="text,label"):
    return "".join(f"{line}\n" for line in (header, *(f"{a},{b}" for a, b in pairs)))


CALM = [
    ("few", table([*rows(60), ("odd", "rare")]), "the intent 'rare' has 1"),
    ("odd_labels", table(rows(60, lambda i: "ab-"[i % 3])), "the intent '-' seems to say"),
    ("odd_labels", table(rows(60, lambda i: ["a", "nan"][i % 2])), "the intent 'nan'"),
    ("odd_labels", table(rows(60, lambda i: [":)", "!"][i % 2])), "the intent '!' has no letter"),
    ("odd_labels", table(rows(60, lambda i: i % 3)), "is a number, as 3 in all"),
    ("many_labels", table(rows(60, lambda i: f"c{i // 2}")), "30 intents of 60 texts"),
    ("odd_texts", table([*rows(60), ('"two\nlines"', "kind 1")]), "holds a line end"),
    ("lines", table([*rows(60), ('"two\nlines"', "kind 1")]), "62 lines, and 61 texts"),
    ("odd_texts", table([(f"a;{i}", "xy"[i % 2]) for i in range(60)]), "60 of 60 texts hold ;"),
    ("unused", table(((f"{i},t {i}", "ab"[i % 2]) for i in range(60)), "id,text,label"), "id"),
]


@pytest.mark.parametrize(("name", "content", "words"), CALM)
def test_no_false_calm(capsys, tmp_path, name, content, words):
    path = tmp_path / "d.csv"
    path.write_text(content)
    found = report(capsys, path)[name]
    assert found["count"] and any(words in line for line in found["first"]), found
    assert main(["data", "check", str(path)]) == 0
    assert "nothing is wrong" not in capsys.readouterr().out


def test_nothing_is_wrong_with_good_data(capsys, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(table(rows(60)))
    assert main(["data", "check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "nothing is wrong with it" in out
    assert 'names in line 1; between cells: ,; quotes: "' in out
    assert "  read as csv\n" in out
    assert "text: text, as 'text 0'" in out and "label: label, as 'kind 0'" in out


def test_a_line_1_whose_label_no_other_text_has(capsys, tmp_path):
    path = tmp_path / "d.tsv"
    path.write_text("a text of its own\trare\n" + "".join(f"t {i}\t{i % 2}\n" for i in range(60)))
    (line,) = report(capsys, path, "--no-header")["first_line"]["first"]
    assert "alone is rare" in line and "--header" in line


def test_what_was_left_out_and_mended_is_counted(capsys, tmp_path):
    span = '"spans": [{"start": 8, "end": 13, "label": "city"}]'
    lines = [f'{{"text": "rain in Oslo {i}", "intent": "a", {span}}}' for i in range(6)]
    lines.append('{"text": "no", "intent": "a", "answer": "reject"}')
    path = tmp_path / "d.jsonl"
    path.write_text("\n".join(lines))
    found = report(capsys, path)
    assert found["cut_words"]["count"] == found["unreadable"]["count"] == 0
    assert [line.split("; the first")[0] for line in found["remarks"]["first"]] == [
        "6 spans had blanks at their ends, which were taken off",
        "1 examples left out, of Prodigy's answer reject",
    ]


@pytest.mark.parametrize(
    ("unit", "text", "start"),
    [
        ("utf16", "🙂🙂 snow in Oslo", 13),
        ("bytes", "é café in Oslo", 12),
        ("graphemes", "👩‍👧 in Oslo", 5),
    ],
)
def test_the_unit_of_the_offsets_is_proposed(capsys, tmp_path, unit, text, start):
    span = {"start": start, "end": start + 4, "label": "city"}
    plain = {"text": "go to Oslo", "intent": "a", "spans": [{**span, "start": 6, "end": 10}]}
    path = tmp_path / "d.jsonl"
    odd = {"text": text, "intent": "a", "spans": [span]}
    path.write_text("".join(json.dumps(line) + "\n" for line in (plain, odd)))
    main(["data", "check", "--json", str(path)])
    found = json.loads(capsys.readouterr().out)
    assert f"`offsets: {unit}`" in found["offsets"]["first"][0]
    good = report(capsys, path, "--set", f"offsets={unit}")
    assert good["cut_words"]["count"] == good["offsets"]["count"] == 0


def test_options_say_what_a_file_does_not(capsys, tmp_path):
    (tmp_path / "a").write_text("x;go;1\n" * 9 + "y;stop;2\n" * 9)
    arguments = ["--type", "csv", "--delimiter", ";", "--no-header", "--text", "1", "--label", "0"]
    found = report(capsys, "--train", tmp_path / "a", "--test", tmp_path / "a", *arguments)
    assert [s["split"] for s in found["splits"]] == ["train", "test"]
    assert found["splits"][0]["intents"] == {"x": 9, "y": 9}
    assert main(["data", "check"]) == 2
    assert "no data is named" in capsys.readouterr().err
    assert main(["data", "check", str(tmp_path / "a"), "--slots", "x", "--type", "csv"]) == 2
    assert "data type csv has no --slots" in capsys.readouterr().err


def test_any_format_becomes_json_lines(capsys, tmp_path, folder):
    path = tmp_path / "nlu.yml"
    path.write_text("nlu:\n- intent: weather\n  examples: |\n    - é in [Köln](city)\n    - rain\n")
    assert main(["data", "convert", str(path), "-o", str(tmp_path / "d.jsonl")]) == 0
    assert "wrote 2 texts" in capsys.readouterr().out
    assert [json.loads(line) for line in (tmp_path / "d.jsonl").read_text().splitlines()] == [
        {
            "text": "é in Köln",
            "intent": "weather",
            "spans": [{"label": "city", "start": 5, "end": 9}],
        },
        {"text": "rain", "intent": "weather"},
    ]
    found = report(capsys, tmp_path / "d.jsonl")
    assert found["splits"][0]["slots"] == {"city": 1}
    assert main(["data", "convert", str(path), "-o", str(tmp_path / "d.jsonl")]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["data", "convert", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"train.jsonl", "test.jsonl"}
    capsys.readouterr()
    before, after = report(capsys, folder, status=1), report(capsys, tmp_path / "out", status=1)
    for name in ("intents", "slots", "duplicates", "bytes_max"):
        assert [s[name] for s in before["splits"]] == [s[name] for s in after["splits"]]


def test_files_of_one_split_become_one(capsys, tmp_path):
    paths = [tmp_path / f"train_{name}.jsonl" for name in "ab"]
    for path in paths:
        path.write_text(json.dumps({"text": f"of {path.name}", "intent": "x"}) + "\n")
    assert main(["data", "convert", *map(str, paths), "-o", str(tmp_path / "d.jsonl")]) == 0
    texts = [json.loads(row)["text"] for row in (tmp_path / "d.jsonl").read_text().splitlines()]
    assert texts == ["of train_a.jsonl", "of train_b.jsonl"]


def test_a_file_cut_short_is_reported_with_what_the_others_share_with_it(capsys, tmp_path):
    rows = [{"text": f"text {i}", "intent": "xy"[i % 2]} for i in range(12)]
    (tmp_path / "train.json").write_text(json.dumps(rows)[:-40])
    (tmp_path / "valid.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[:3]))
    found = report(capsys, tmp_path, "--type", "jsonl", status=2)
    assert (found["unreadable"]["count"], found["leaks"]["count"]) == (1, 3)


def test_trees_have_no_json_lines(capsys, tmp_path):
    path = tmp_path / "d.tsv"
    path.write_text("go on\t[IN:A go on ]\n")
    assert main(["data", "convert", str(path), "-o", str(tmp_path / "d.jsonl")]) == 2
    assert "this text has a tree" in capsys.readouterr().err
    assert not (tmp_path / "d.jsonl").exists()


RECIPE = """\
task: joint
data:
  type: pytext_tsv
  train: train.tsv
  valid: test.tsv
  test: test.tsv
  unseen: miss
  augment: [{type: slots}, {type: noise, typo: 0.1}]
encoder: {type: conv, layers: 2}
head: {type: joint, hidden: 16}
student:
  encoder: {type: cnn}
monitors: [csv, tensorboard]
"""
PROGRAM = """\
import sys; sys.modules['torch'] = None
from edgetext.cli import main
sys.exit(main(['data', 'check', *sys.argv[1:]]))
"""


def checked_without_pytorch(*arguments):
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_recipe_is_checked_without_pytorch(folder):
    recipe = folder / "r.yaml"
    recipe.write_text(RECIPE)
    done = checked_without_pytorch(recipe)
    assert done.returncode == 0, done.stderr
    assert "train: 5 texts" in done.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("encoder.layrs=2", "encoder.layrs is not a field of encoder type conv; did you mean"),
        ("encoder.kernel=2", "kernel is 2; it must be odd"),
        ("encoder.attention_window=8", "attention_window needs an attention layer"),
        ("head.hiden=2", "head.hiden is not a field of head type joint; did you mean hidden"),
        ("head.type=tag", "head.type: tag does not answer task joint; use joint"),
        ("student.encoder.layrs=2", "student.encoder.layrs is not a field of encoder type cnn"),
        ("data.augment=[{type: noise, tipo: 0.1}]", "did you mean typo"),
        ("monitors=[{type: csv, evry: 1}]", "monitors.0.evry is not a field of monitor type csv"),
    ],
)
def test_wrong_fields_of_a_network_are_told_without_pytorch(folder, change, told):
    recipe = folder / "r.yaml"
    recipe.write_text(RECIPE)
    done = checked_without_pytorch(recipe, "--set", change)
    assert done.returncode == 2 and told in done.stderr, done.stderr
