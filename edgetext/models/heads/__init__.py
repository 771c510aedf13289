"""Heads: what the network answers.

A head is registered as `@register("head", NAME)`, is built `cls(config, width, labels)` with
width D and the labels of the task, and maps float[B, T, D] and mask (bool[B, T] or None) to a dict
of scores before softmax, those that its task names: float[B, ...], or float[B, T, ...] for a value
a piece. One that also takes Segments in the place of a mask has a `reach`, as encoders have. A head
that needs another kind of network is a models.network.Head and names it as `network`; one of two
texts is given whose text each piece is of too: see models.networks.cross_encoder.
"""

from edgetext.models.heads.bi_encoder import BiEncoderHead
from edgetext.models.heads.classify import ClassifyHead
from edgetext.models.heads.cross_encoder import CrossEncoderHead
from edgetext.models.heads.joint import JointHead
from edgetext.models.heads.lm import NextPieceHead
from edgetext.models.heads.multi import MultiHead
from edgetext.models.heads.multi_label import MultiLabelHead
from edgetext.models.heads.parse import ParseHead
from edgetext.models.heads.qa import QaHead
from edgetext.models.heads.summarize import SummarizeHead
from edgetext.models.heads.tag import TagHead
from edgetext.models.heads.vector import VectorHead

__all__ = [
    "BiEncoderHead",
    "ClassifyHead",
    "CrossEncoderHead",
    "JointHead",
    "MultiHead",
    "MultiLabelHead",
    "NextPieceHead",
    "ParseHead",
    "QaHead",
    "SummarizeHead",
    "TagHead",
    "VectorHead",
]
