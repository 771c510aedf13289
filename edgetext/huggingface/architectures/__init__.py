"""Encoders as transformers publishes them, one family a module: what config.json says as an
encoder of edgetext, and its tensors under edgetext's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.huggingface.architectures.architecture import Architecture
from edgetext.huggingface.architectures.bert import Bert, Electra, Roberta
from edgetext.huggingface.architectures.distilbert import DistilBert
from edgetext.huggingface.architectures.modernbert import ModernBert
from edgetext.huggingface.architectures.mpnet import MPNet

# By the `model_type` of config.json.
ARCHITECTURES: Mapping[str, type[Architecture]] = {
    "bert": Bert,
    "distilbert": DistilBert,
    "electra": Electra,
    "modernbert": ModernBert,
    "mpnet": MPNet,
    "roberta": Roberta,
    "xlm-roberta": Roberta,
}


def architecture_of(config: Mapping[str, Any], source: str) -> Architecture:
    """Give the family of a config.json; EdgetextError where it is none of those."""
    name = config.get("model_type")
    if name not in ARCHITECTURES:
        raise EdgetextError(
            f"{source}: models of type {name!r} are not imported{nearest(str(name), ARCHITECTURES)}"
            f" (those are: {', '.join(ARCHITECTURES)})"
        )
    return ARCHITECTURES[str(name)](config, source)
