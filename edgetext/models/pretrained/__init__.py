"""Encoders and heads whose weights come from published checkpoints, in the shapes of those.

They are components as those of models.encoders and models.heads are, and are trained, compressed
and exported as they.
"""

from edgetext.models.pretrained import bert, classify, embed, folder, modernbert, qa, tag

__all__ = ["bert", "classify", "embed", "folder", "modernbert", "qa", "tag"]
