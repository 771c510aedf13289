"""Two models of one task that often answer differently, and what judges them."""

import pytest

pytest.importorskip("scipy")
pytest.importorskip("prometheus_client")


@pytest.fixture(scope="session")
def weak(classify, models):
    """The classifier as .onnx, but that it never answers hotel."""
    from once import made_once

    from edgetext.artifacts.export import export
    from edgetext.model.model import Model

    def make():
        model = Model.load(classify)
        bias = model.network.get_parameter("head.intent.bias")
        bias.data[model.header.labels["intent"].index("hotel")] -= 100
        export(model, "server", file)

    file = models / "never-hotel.onnx"
    return made_once(file, make)


@pytest.fixture
def judging(classify_files, weak, tmp_path_factory):
    """judging(**fields of LiveSettings) -> a Judging of the classifier, the weak one beside it."""
    from edgetext.serving.live.judging import Judging
    from edgetext.serving.live.settings import Candidate, LiveSettings
    from edgetext.serving.settings import Settings

    opened = []

    def make(kind="shadows", **fields):
        run = tmp_path_factory.mktemp("run")
        live = LiveSettings(**{kind: (Candidate(weak),)}, run=run, **fields)
        opened.append(Judging(Settings(((classify_files.onnx, "classify"),), live=live), live))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def answer(classify_files, weak):
    """answer(judging, id, text, arm, sampled) -> the label that was answered; the judging has heard
    of it."""
    from edgetext.predictor import load

    both = {"serving": load(classify_files.onnx), "candidate": load(weak)}

    def take(judging, request_id, text, arm="serving", sampled=True, now=1e9):
        predictor = both[arm]
        given = predictor.predict(text)
        row = predictor.task.to_row(given, predictor.metadata.labels)
        asked = [[text]] if sampled else None
        assert not list(
            judging.take([["answer", "classify", request_id, arm, now, [row], asked]], now)
        )
        return given.intent

    return take


@pytest.fixture
def feed_back():
    """feed_back(judging, **fields) -> the reply."""

    def take(judging, now=1e9, **fields):
        (reply,) = judging.take([["feedback", 7, fields]], now)
        assert reply["reply"] == 7
        return reply

    return take
