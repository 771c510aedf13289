"""Ways of training that are for large networks."""

from __future__ import annotations

from edgetext.core.errors import EdgetextError
from edgetext.recipe import TrainingConfig


def check_whole(config: TrainingConfig, section: str) -> None:
    """EdgetextError for one of them in what trains a small network, by `section` of a recipe."""
    for name, chosen in (("strategy", config.strategy != "ddp"), ("lora", config.lora is not None)):
        if chosen:
            raise EdgetextError(
                f"{section}.{name}: a student is small, and is trained as a whole; leave it out"
            )
