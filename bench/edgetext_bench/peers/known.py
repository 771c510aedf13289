"""The peers by the name that `--peers` takes."""

from __future__ import annotations

# The module of each, with `prepare`.
MODULES = {
    "tokenizers": "edgetext_bench.peers.tokenizers_onnx",
    "tfidf": "edgetext_bench.peers.tfidf",
    "fasttext": "edgetext_bench.peers.fasttext",
    "spacy": "edgetext_bench.peers.spacy",
}
# Those that cannot stand in one environment with edgetext, and why: their row says so. Of Flair
# 0.15.1 `pip install --dry-run flair` says it: it takes transformers 4, and that tokenizers 0.22.
APART = {
    "flair": "Flair 0.15 needs a tokenizers below 0.23 and edgetext one from 0.23 on, so the two "
    "cannot be installed together",
}
NAMES = (*MODULES, *APART)
