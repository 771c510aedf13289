"""The release of edgetext, which checkpoints and artifacts say too."""

__version__ = "0.2.0"
