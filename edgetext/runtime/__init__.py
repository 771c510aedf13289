"""Running a model from bytes: `load(path).predict(text)`, the same for every kind of file."""

from edgetext.predictor import load

__all__ = ["load"]
