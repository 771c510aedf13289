"""search and similar: the nearest texts, by an embedder of a tiny folder."""

import json

import numpy as np
import pytest
from embedders import write_imported_embedder
from huggingface_models import write_model

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.huggingface.import_model import import_model
from edgetext.predictor import load
from edgetext.vectors.index import Index, similarities

TEXTS = ["the rain in paris", "play music", "is it cold", "the rain is cold"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_imported_embedder(tmp_path_factory.mktemp("embedder"))


def test_a_text_is_nearest_to_itself(model):
    predictor = load(model)
    index = Index.of(predictor, TEXTS)
    assert index.vectors.shape == (4, 24) and index.vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(index.vectors, axis=1), 1, atol=1e-5)
    for number, text in enumerate(TEXTS):
        best, *others = index.search(predictor, text, top=4)
        assert (best.text, best.number) == (text, number)
        assert best.score == pytest.approx(1, abs=1e-5)
        scores = [best.score, *(hit.score for hit in others)]
        assert scores == sorted(scores, reverse=True) and len(scores) == 4


def test_similarities_are_cosines(model):
    predictor = load(model)
    one, other = (np.array(predictor.predict(text).vector) for text in TEXTS[:2])
    same, cosine = similarities(predictor, TEXTS[0], TEXTS[:2])
    assert same == pytest.approx(1, abs=1e-5)
    assert cosine == pytest.approx(float(one @ other), abs=1e-6)


def test_vectors_are_kept_in_one_file(model, tmp_path, capsys):
    texts, kept = tmp_path / "texts.txt", tmp_path / "vectors.npz"
    texts.write_text("\n".join([*TEXTS, ""]))
    assert main(["search", str(model), str(texts), "-o", str(kept)]) == 0
    assert main(["search", str(model), str(texts), "play music", "--top", "2"]) == 0
    fresh = capsys.readouterr().out
    assert main(["search", str(model), str(kept), "play music", "--top", "2"]) == 0
    assert capsys.readouterr().out == fresh
    assert fresh.splitlines()[0] == "1.0000  play music" and len(fresh.splitlines()) == 2
    assert main(["search", str(model), str(kept), "play music", "--json", "--top", "1"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)["hits"]
    assert (hit["text"], hit["number"]) == ("play music", 1)
    assert main(["similar", str(model), *TEXTS[:3]]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_vectors_of_another_model_and_other_files_are_refused(model, tmp_path):
    predictor = load(model)
    index = Index.of(predictor, TEXTS)
    other = Index(index.vectors, index.texts, "0" * 12)
    with pytest.raises(EdgetextError, match="make them again"):
        other.search(predictor, "rain")
    broken = tmp_path / "broken.npz"
    index.save(broken)
    broken.write_bytes(broken.read_bytes()[:200])
    for content in (broken.read_bytes(), b"text", b""):
        broken.write_bytes(content)
        with pytest.raises(EdgetextError, match=r"broken\.npz: not a file of vectors"):
            Index.read(broken)


def test_a_model_without_vectors_is_refused(tmp_path):
    write_model(tmp_path)
    import_model(str(tmp_path)).save(tmp_path / "model.pt")
    with pytest.raises(EdgetextError, match="makes no vectors"):
        Index.of(load(tmp_path / "model.pt"), TEXTS)
