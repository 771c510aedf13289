"""`export` puts a model and its graph together once, however many files it writes, and another time
it writes the same bytes."""

from collections import Counter

from edgetext.artifacts.export import export
from edgetext.core.files import read_bytes
from edgetext.model import model as model_module
from edgetext.models.network import Network
from edgetext.targets.onnx import write
from edgetext.text.vocabulary import Vocabulary


def test_one_network_one_vocabulary_one_reading_and_one_graph_a_checkpoint(
    classify_files, monkeypatch, tmp_path
):
    counts = Counter()

    def counted(name, function):
        def call(*arguments, **options):
            counts[name] += 1
            return function(*arguments, **options)

        return call

    # Whoever makes one, under whatever name it was imported.
    for kind in (Network, Vocabulary):
        monkeypatch.setattr(kind, "__init__", counted(kind.__name__, kind.__init__))
    monkeypatch.setattr(model_module, "read_bytes", counted("reading", read_bytes))
    monkeypatch.setattr(write, "export_graph", counted("graph", write.export_graph))
    model = model_module.Model.load(classify_files.pt)
    files = export(model, "server", tmp_path, also=[".ort"]).files
    assert [path.suffix for path in files] == [".onnx", ".ort"]
    assert counts == {"Network": 1, "Vocabulary": 1, "reading": 1, "graph": 1}
    assert files[0].read_bytes() == classify_files.onnx.read_bytes()
