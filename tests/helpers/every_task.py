"""A tiny model of every task and head, on data that is made up."""

import json
import random

from once import made_once

from edgetext.cli import main
from edgetext.core.files import write_text

TEXT = "text: {vocabulary: 150, max_bytes: 96, lowercase: false}\n"
# Long enough to be sure of such texts as these, whatever the processor rounds.
TRAINING = "training: {epochs: 20, batch_size: 8, learning_rate: 0.01, threads: 1, patience: 0}\n"
WINDOW = (
    "encoder: {type: conv, embedding: 32, hidden: 32, layers: 2, kernel: 3, heads: 1, "
    "attention_after: 1}\n"
)
CNN = "encoder: {type: cnn, embedding: 32, hidden: 32, layers: 2, dropout: 0}\n"
HASHED = "text: {hashed: {buckets: 300}, max_bytes: 96}\n"
FOLDED = "text: {hashed: {buckets: 300}, look_alikes: true, max_bytes: 96}\n"
CAUSAL = (
    "encoder: {type: transformer, causal: true, embedding: 32, hidden: 32, layers: 1, heads: 2, "
    "feed_forward: 64}\n"
)
CITIES = ["Paris", "Zürich", "Rome", "Oslo", "東京"]
SPLITS = "train: {0}/{1}, valid: {0}/{1}, test: {0}/{1}"
# By the name of a model: its task, its reader and file, and the rest of its recipe.
MODELS = {
    "classify": ("classify", "csv", "texts.csv", WINDOW),
    "multi_label": ("multi_label", "jsonl", "labels.jsonl", CNN),
    "joint": ("joint", "pytext_tsv", "texts.tsv", CNN),
    "tag": ("tag", "pytext_tsv", "texts.tsv", WINDOW),
    "hashed": ("joint", "pytext_tsv", "texts.tsv", FOLDED + WINDOW),
    "hashed_labels": ("multi_label", "jsonl", "labels.jsonl", HASHED + CNN),
    "parse": ("parse", "top", "trees.top", WINDOW),
    "lm": ("lm", "text", "texts.txt", CAUSAL),
    "match": ("match", "pairs", "pairs.tsv", CNN + "head: {type: cross_encoder, hidden: 32}\n"),
    "towers": ("match", "pairs", "pairs.tsv", WINDOW + "head: {type: bi_encoder, dimension: 32}\n"),
    "qa": ("qa", "squad", "qa.json", WINDOW + "head: {type: qa, hidden: 32, layers: 1}\n"),
    "summarize": ("summarize", "summaries", "s.jsonl", WINDOW + "head: {type: summarize}\n"),
}
TEXTS = [
    ("fly to Rome", "fly to Rome"),
    ("where is the flight?", "fly to Zürich"),
    ("a room in Oslo", "is it cold in Oslo?"),
    ("fl\u0443 t\u043e R\u043e\u200bm\u2066e", "fly to Rome"),
    ("Is it cold in 東京. So a room in Oslo. Done.", "is it cold in Oslo?"),
    ("", " "),
    (b"\xff a", "x" * 200),
]


def sentences(count):
    """(intent, text, city)."""
    rng = random.Random(1)
    phrases = {"flight": "fly to {}", "weather": "is it cold in {}?", "hotel": "a room in {}"}
    for _ in range(count):
        intent, city = rng.choice(list(phrases)), rng.choice(CITIES)
        yield intent, phrases[intent].format(city), city


def write_data(folder):
    rows = list(sentences(48))
    write_text(folder / "texts.csv", "text,label\n" + "".join(f"{t},{i}\n" for i, t, _ in rows))
    write_text(
        folder / "texts.tsv",
        "".join(f"{i}\t{t.index(c)}:{t.index(c) + len(c)}:city\t{t}\n" for i, t, c in rows),
    )
    labels = [
        [*(x for x in ("flight", "weather") if x == i), *(["north"] if c in CITIES[1:4:2] else [])]
        for i, _, c in rows
    ]
    listed = [{"text": r[1], "intent": x} for r, x in zip(rows, labels, strict=True)]
    write_text(folder / "labels.jsonl", "".join(json.dumps(x) + "\n" for x in listed))
    trees = [t.replace("?", " ?").replace(c, f"[SL:CITY {c} ]") for _, t, c in rows]
    write_text(
        folder / "trees.top",
        "".join(f"{r[1]}\t{r[1].replace('?', ' ?')}\t[IN:{r[0].upper()} {tree} ]\n"
                for r, tree in zip(rows, trees, strict=True)),
    )  # fmt: skip
    write_text(folder / "texts.txt", "".join(f"{t}\n" for _, t, _ in rows))
    pairs = [(a[1], b[1], a[0] == b[0]) for a, b in zip(rows, rows[1:] + rows[:1], strict=True)]
    write_text(folder / "pairs.tsv", "".join(f"{a}\t{b}\t{'yn'[not c]}\n" for a, b, c in pairs))
    asked = [
        {"context": t, "qas": [{"id": n, "question": f"where is the {i}?",
                                "answers": [{"text": c, "answer_start": t.index(c)}]}]}
        for n, (i, t, c) in enumerate(rows)
    ]  # fmt: skip
    write_text(folder / "qa.json", json.dumps({"data": [{"paragraphs": asked}]}))
    told = [
        json.dumps({"source": [f"{a.capitalize()}.", f"So {b}.", "Done."], "target": [a]})
        for a, b, _ in pairs
    ]
    write_text(folder / "s.jsonl", "\n".join(told) + "\n")


def recipe_of(name, folder):
    def data(reader, file):
        return f"data: {{type: {reader}, {SPLITS.format(folder, file)}}}"

    if name == "multi":
        parts = [
            f"  {part}: {{task: {part}, {data(*MODELS[part][1:3])}}}\n"
            for part in ("joint", "classify", "tag")
        ]
        return f"task: multi\ntasks:\n{''.join(parts)}{TEXT}{WINDOW}{TRAINING}"
    task, reader, file, rest = MODELS[name]
    text = "" if "text:" in rest else TEXT
    return f"task: {task}\n{data(reader, file)}\n{text}{rest}{TRAINING}"


def trained_in(folder, name):
    """The checkpoint of that model of MODELS, or of several tasks ("multi")."""
    made_once(folder / "s.jsonl", lambda: write_data(folder))
    path, recipe = folder / f"{name}.pt", folder / f"{name}.yaml"

    def train():
        write_text(recipe, recipe_of(name, folder))
        succeed(["train", str(recipe), "-o", str(path)])

    return made_once(path, train)


def exported(checkpoint, path):
    """The checkpoint's file at `path`."""
    command = ["export", "--target", "mobile", str(checkpoint), "-o", str(path)]
    return made_once(path, lambda: succeed(command))


def succeed(command):
    assert main(command) == 0
