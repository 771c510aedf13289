"""The readers of file formats: importing this module registers them."""

from __future__ import annotations

from edgetext.data.formats.conll import Conll
from edgetext.data.formats.conllu import Conllu
from edgetext.data.formats.intent_pairs import IntentPairs
from edgetext.data.formats.json_formats import Clinc150, Jsonl
from edgetext.data.formats.pairs import Pairs
from edgetext.data.formats.plain_text import Text
from edgetext.data.formats.squad import Squad
from edgetext.data.formats.summaries import Summaries
from edgetext.data.formats.tables import Csv, PyTextTsv, Tsv
from edgetext.data.formats.tagged import Mtod, SeqFolder
from edgetext.data.formats.top import Top

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
