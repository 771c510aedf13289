"""What scores are worth, as it was counted by hand, and in both forms of the report."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from edgetext.data.example import Example
from edgetext.evaluation.answers import Measured
from edgetext.evaluation.confidence import confidence
from edgetext.evaluation.mistakes import LABELS, mistakes
from edgetext.evaluation.report_page import report_page
from edgetext.evaluation.result import Evaluation
from edgetext.tasks.answers.classify import Classify
from edgetext.tasks.answers.labels import LabelAnswer, LabelScores


def measured(path, labels, rows):
    """Answers of a classifier with these probabilities."""
    answers = []
    for row in rows:
        best = int(np.argmax(row))
        scores = LabelScores(labels, np.array(row, np.float32))
        answers.append(LabelAnswer(labels[best], row[best], scores=scores))
    metadata = SimpleNamespace(name="m<", variant="full", intents=tuple(labels))
    predictor = SimpleNamespace(path=path, metadata=metadata, task=Classify(), runtime="")
    return Measured(predictor, answers)


def examples(*intents):
    return [Example(f"text {i} <b>", x, source=f"f:{i}") for i, x in enumerate(intents)]


def test_half_of_what_is_said_with_certainty_is_right(tmp_path):
    model = measured(tmp_path / "m.onnx", ["a", "b"], [[0.9, 0.1], [0.9, 0.1], [0.4, 0.6]])
    sure = confidence(model, examples("a", "b", "b"))
    assert sure.trust.error == pytest.approx((2 * 0.4 + 0.4) / 3, abs=1e-6)
    assert [(round(x.sure, 2), x.right, x.texts) for x in sure.bins] == [(0.6, 1, 1), (0.9, 0.5, 2)]
    assert sure.trust.separation is None and not sure.recalls
    assert "area" not in sure.in_words()


@pytest.mark.parametrize("labels", [["a", "b"], ["a", "b", "oos"]])
def test_texts_out_of_scope_are_told_apart_whether_or_not_they_have_a_label(tmp_path, labels):
    draw = np.random.default_rng(0)
    inside, outside = (
        draw.dirichlet([9] + [1] * (len(labels) - 1), 200),
        draw.dirichlet([2] * len(labels), 60),
    )
    rows = [*inside.tolist(), *outside.tolist()]
    model = measured(tmp_path / "m.onnx", labels, rows)
    sure = confidence(model, examples(*["a"] * 200, *["oos"] * 60))
    kept = np.log(np.array(rows, np.float32))
    margin = kept[:, :2].max(axis=1) - (kept[:, 2] if len(labels) > 2 else 0)
    metrics = pytest.importorskip("sklearn.metrics")
    area = metrics.roc_auc_score([0] * 200 + [1] * 60, -margin)
    assert sure.trust.separation == pytest.approx(area)
    least = np.sort(margin[:200])
    for rate, taken in ((0.01, 2), (0.03, 6), (0.05, 10)):
        assert sure.recalls[rate] == pytest.approx((margin[200:] < least[taken]).mean())


def test_a_label_that_the_model_lacks_is_an_error_and_not_out_of_scope(tmp_path):
    model = measured(tmp_path / "m.onnx", ["a", "b"], [[0.9, 0.1], [0.9, 0.1]])
    sure = confidence(model, examples("a", "new"))
    assert sure.trust.separation is None and sure.trust.in_scope == 0.5


def test_answers_without_scores_of_all_labels_have_none(tmp_path):
    model = measured(tmp_path / "m.onnx", ["a", "b"], [[0.9, 0.1]])
    model.answers = [answer.brief() for answer in model.answers]
    assert confidence(model, examples("a")) is None
    assert "How sure" not in mistakes(model, examples("a"))


def test_both_forms_of_the_report_tell_it(tmp_path):
    rows = [[0.8, 0.1, 0.1], [0.1, 0.7, 0.2], [0.3, 0.3, 0.4]]
    models = [measured(tmp_path / f"{x}.onnx", ["a", "b", "oos"], rows) for x in ("one", "two<")]
    given = examples("a", "a", "oos")
    text = mistakes(models[0], given)
    assert "area under the ROC curve 100.00" in text and "80.0" in text
    page = report_page(Evaluation("test", given, models))
    assert page.count('class="curve"') == 3 and "two&lt;.onnx" in page and "two<.onnx" not in page
    assert "text 1 &lt;b&gt;" in page and "http" not in page.partition("<body>")[2]


def test_of_very_many_labels_the_worst_are_listed(tmp_path):
    labels = [f"label {i}" for i in range(1500)]
    rows = np.full((1500, 1500), 0.5 / 1499)
    rows[np.arange(1500), np.arange(1500)] = 0.5
    rows[0, [0, 1]] = 0.1, 0.6
    text = mistakes(measured(tmp_path / "m.onnx", labels, rows.tolist()), examples(*labels))
    assert f"The {LABELS} of 1,500 with the lowest F1" in text
    assert re.search(r"label 0 +label 1 +1\n", text) and len(text.splitlines()) < LABELS + 60
