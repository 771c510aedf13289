"""The readers of file formats: importing this module registers them."""

from __future__ import annotations

from edgetext.data.formats.brat import Brat
from edgetext.data.formats.conll import Conll
from edgetext.data.formats.conll2012 import Conll2012
from edgetext.data.formats.conllu import Conllu
from edgetext.data.formats.dialogflow import Dialogflow
from edgetext.data.formats.docbin import DocBin
from edgetext.data.formats.excel import Excel
from edgetext.data.formats.fasttext import FastText
from edgetext.data.formats.intent_pairs import IntentPairs
from edgetext.data.formats.json_formats import Clinc150, Jsonl
from edgetext.data.formats.label_studio import LabelStudio
from edgetext.data.formats.luis import Clu, Luis
from edgetext.data.formats.massive import Massive
from edgetext.data.formats.pairs import Pairs
from edgetext.data.formats.parquet import Parquet
from edgetext.data.formats.plain_text import Text
from edgetext.data.formats.rasa import Rasa
from edgetext.data.formats.snips import Snips
from edgetext.data.formats.squad import Squad
from edgetext.data.formats.summaries import Summaries
from edgetext.data.formats.tables import Csv, PyTextTsv, Tsv
from edgetext.data.formats.tagged import Mtod, SeqFolder
from edgetext.data.formats.top import Top
from edgetext.data.formats.topv2 import TopV2

__all__ = [
    "Brat",
    "Clinc150",
    "Clu",
    "Conll",
    "Conll2012",
    "Conllu",
    "Csv",
    "Dialogflow",
    "DocBin",
    "Excel",
    "FastText",
    "IntentPairs",
    "Jsonl",
    "LabelStudio",
    "Luis",
    "Massive",
    "Mtod",
    "Pairs",
    "Parquet",
    "PyTextTsv",
    "Rasa",
    "SeqFolder",
    "Snips",
    "Squad",
    "Summaries",
    "Text",
    "Top",
    "TopV2",
    "Tsv",
]
