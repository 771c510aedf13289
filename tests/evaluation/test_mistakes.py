"""`evaluate --report`: labels, confusions and errors as they were counted by hand."""

from edgetext.data.example import Example, Span
from edgetext.evaluation.answers import Measured
from edgetext.evaluation.mistakes import mistakes
from edgetext.tasks.answers.labels import LabelAnswer

EXAMPLES = [
    Example("to Rome", "flight", (Span("city", 3, 7),), "f:1"),
    Example("Rome", "hotel", (Span("city", 0, 4),), "f:2"),
    Example("rain today", "weather", (), "f:3"),
]
ANSWERS = [
    LabelAnswer("flight", 0.9, (Span("city", 3, 7),)),
    LabelAnswer("flight", 0.8, (Span("day", 0, 4),)),
    LabelAnswer("weather", 0.7, (Span("day", 5, 10),)),
]


def test_every_decision_is_counted(predictors):
    report = mistakes(Measured(predictors["joint"].pt, ANSWERS), EXAMPLES)
    lines = [line.split() for line in report.splitlines()]
    assert ["flight", "50.0", "100.0", "66.7", "1"] in lines
    assert ["hotel", "0.0", "0.0", "0.0", "1"] in lines
    assert ["city", "100.0", "50.0", "66.7", "2"] in lines
    assert ["hotel", "flight", "1"] in lines
    assert ["city", "day", "1"] in lines and ["nothing", "day", "1"] in lines
    assert "2 of 3 texts" in report
    errors = report[report.index("## Errors") :]
    assert errors.index("f:2: `Rome`") < errors.index("f:3: `rain today`")
    assert "intent: flight for hotel; span: day for city" in errors


def test_a_model_without_errors_has_no_confusions(predictors):
    report = mistakes(Measured(predictors["joint"].pt, ANSWERS[:1]), EXAMPLES[:1])
    assert "Most confused" not in report and "0 of 1 texts" in report
