"""A question as the arrays that a model file takes."""

from __future__ import annotations

import numpy as np

from edgetext.predictor import Predictor, as_array
from edgetext.timing.texts import Question, parts


def arrays(predictor: Predictor, asked: Question) -> list[np.ndarray]:
    """uint8[1, n] of each of its texts, as `Predictor.ask` gives them to the session, but such as
    PyTorch takes, which wants to be able to write into them."""
    limit, keeps_end = predictor.metadata.max_bytes, predictor.task.keeps_end
    given = (text.encode("utf-8", "replace") for text in parts(asked))
    return [as_array(text, limit, keeps_end).copy() for text in given]


def named(predictor: Predictor, asked: Question) -> dict[str, np.ndarray]:
    """The same by the names of the model's inputs."""
    return dict(zip(predictor.task.inputs, arrays(predictor, asked), strict=True))
