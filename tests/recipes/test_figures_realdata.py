"""The figures in the recipes' heads, measured anew from files that the heads' commands have made.

EDGETEXT_RUNS names the folder of such files (the `runs` that the commands write to, by default that
of the current folder); a file that is not there is skipped. Training on another machine ends a
little elsewhere, hence TOLERANCE.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from edgetext.core.files import read_bytes
from edgetext.evaluation.answers import by_file, evaluate
from edgetext.predictor import load
from edgetext.recipe import Recipe, find_recipe
from edgetext.tasks.metrics import in_points
from edgetext.training.splits import load_questions

pytestmark = pytest.mark.realdata
RUNS = Path(os.environ.get("EDGETEXT_RUNS", "runs")).absolute()
TOLERANCE = 1.0  # points of 100


@dataclass
class Stated:
    """What a head says of runs/FOLDER/NAME: its metrics, of 100, in the order of the
    head; by file where that has one figure a file; its bytes, where no other line has them."""

    folder: str
    metrics: dict
    size: int
    file: int | None = None
    name: str = "student-int8.onnx"


STATED = {
    "clinc150_intent": Stated("clinc150", {"in_scope_accuracy": 92.96}, 218_491),
    "clinc150_pairs": Stated("pairs", {"accuracy": 86.24, "macro_f1": 86.16}, 262_489),
    "ewt_pos": Stated("ewt", {"accuracy": 92.57, "span_f1": 91.54}, 604_721),
    "mtod_multilingual": Stated("mtod", {"accuracy": 99.22, "span_f1": 95.00}, 604_554, file=0),
    "multi_task": Stated(
        "multi",
        {
            "snips.accuracy": 98.29,
            "snips.span_f1": 92.32,
            "clinc150.in_scope_accuracy": 92.36,
            "ewt.span_f1": 90.12,
        },
        688_278,
    ),
    "pawsx_match": Stated("pawsx", {"accuracy": 74.91, "macro_f1": 72.95}, 488_419),
    "pii_redact": Stated("pii", {"span_f1": 90.17}, 561_802, name="redact-int8.onnx"),
    "scitldr_summary": Stated(
        "scitldr", {"rouge1": 37.98, "rouge2": 18.42, "rouge_l": 31.17}, 233_126
    ),
    "snips_joint": Stated("snips", {"accuracy": 98.43, "span_f1": 92.53}, 361_248),
    "top_parse": Stated("top", {"exact_match": 79.25, "bracket_f1": 92.67}, 909_010),
    "tydiqa_qa": Stated("tydi", {"exact_match": 27.44, "f1": 39.49}, 604_538),
    "wikitext_lm": Stated(
        "lm",
        {
            "next_word_accuracy": 33.07,
            "next_word_top3": 42.53,
            "completion_accuracy": 38.45,
            "completion_top3": 54.64,
        },
        1_498_031,
    ),
    "wnut17_ner": Stated("wnut", {"span_f1": 12.95}, 268_473),
}


@pytest.mark.parametrize("name", STATED)
def test_a_head_states_these_figures(name):
    """So that neither can change without the other."""
    stated = STATED[name]
    head = read_bytes(find_recipe(name)).decode().split("\nname:")[0]
    assert f"runs/{stated.folder}/" in head
    for figure in (*(f"{value:.2f}" for value in stated.metrics.values()), f"{stated.size:,}"):
        assert figure in head


@pytest.mark.parametrize("name", STATED)
def test_a_file_reaches_what_the_head_states(name):
    stated = STATED[name]
    path = RUNS / stated.folder / stated.name
    if not path.exists():
        pytest.skip(f"no {path}; name the folder of such files in EDGETEXT_RUNS")
    recipe = Recipe.load(name)
    examples = load_questions(recipe, "test")
    rows = None if stated.file is None else list(by_file(examples).values())[stated.file]
    (measured,) = evaluate([load(path)], examples, strict=recipe.strict)
    found = measured.metrics(examples, rows)
    points = {metric: in_points(metric, found[metric]) for metric in stated.metrics}
    assert points == pytest.approx(stated.metrics, abs=TOLERANCE)
    assert path.stat().st_size == pytest.approx(stated.size, rel=0.05)
