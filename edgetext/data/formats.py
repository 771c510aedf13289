"""The readers of file formats: importing this module registers them."""

from __future__ import annotations

from edgetext.data.conllu import Conllu
from edgetext.data.intent_pairs import IntentPairs
from edgetext.data.json_formats import Clinc150, Jsonl
from edgetext.data.pairs import Pairs
from edgetext.data.plain_text import Text
from edgetext.data.squad import Squad
from edgetext.data.summaries import Summaries
from edgetext.data.tables import Csv, PyTextTsv, Tsv
from edgetext.data.tagged import Conll, Mtod, SeqFolder
from edgetext.data.top import Top

__all__ = [
    "Clinc150",
    "Conll",
    "Conllu",
    "Csv",
    "IntentPairs",
    "Jsonl",
    "Mtod",
    "Pairs",
    "PyTextTsv",
    "SeqFolder",
    "Squad",
    "Summaries",
    "Text",
    "Top",
    "Tsv",
]
