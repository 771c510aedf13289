"""The text graph and the Rust tokenizer on every line of every file of the real data sets."""

import gzip
import os
import sys
from pathlib import Path

import pytest

from edgetext.text.clusters import SCRIPTS
from edgetext.text.vocabulary import Vocabulary

pytestmark = pytest.mark.realdata

DATA = Path(
    os.environ.get("EDGETEXT_DATA", Path(__file__).parents[3] / "shared" / "data")
).resolve()
# A line of JSON can hold a whole data set.
LONGEST = 2000


def lines(path):
    """Every line as it lies in the file, in parts of at most LONGEST bytes, cut anywhere."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            line = line.rstrip(b"\n")
            for at in range(0, max(1, len(line)), LONGEST):
                yield line[at : at + LONGEST] or b" "


def sample(name, every):
    return [line.decode("utf-8", "replace") for line in list(lines(DATA / name))[::every]]


def files():
    return sorted(path for path in DATA.rglob("*") if path.is_file())


@pytest.fixture(
    scope="module", params=["english", "english-cased", "world", "world-cased", "world-clusters"]
)
def vocabulary(request):
    if not DATA.is_dir():
        pytest.skip("no real data here")
    texts = sample("snips/train/seq.in", 1)
    if request.param.startswith("world"):
        texts = texts[::4] + sample("mtod_en_es_th/th/train.gz", 1)
        texts += sample("mtod_en_es_th/es/train.gz", 2)
        for language in ("de", "fr", "zh"):
            texts += sample(f"pawsx/dev-{language}.tsv.gz", 4)
        texts += sample("tydiqa_goldp/ko.train.json.gz", 20)
    size = 2500 if request.param.startswith("english") else 8000
    clusters = request.param.endswith("clusters")
    return Vocabulary.train(
        texts,
        size=size,
        lowercase=not request.param.endswith("cased"),
        keep_accents=clusters,
        clusters=SCRIPTS if clusters else (),
    )


def test_every_line_is_read_as_the_reference_reads_it(
    vocabulary, export_onnx, reference, tmp_path, capsys
):
    run = export_onnx(vocabulary, tmp_path / "text.onnx")
    count, seen, wrong = 0, set(), []
    for path in files():
        for number, data in enumerate(lines(path), 1):
            count += 1
            if data in seen:
                continue
            seen.add(data)
            if run(data) != reference(vocabulary, data):
                wrong.append(f"{path.relative_to(DATA)}, part {number}: {data!r}")
    with capsys.disabled():
        sys.stdout.write(
            f"\n{count} lines of {len(files())} files, {len(seen)} distinct, "
            f"{len(wrong)} disagreements\n"
        )
    assert count > 100_000
    assert not wrong, "\n".join(wrong[:10])
