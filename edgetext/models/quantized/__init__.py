"""Layers with few bits, one scheme a file, and float32 layers that answer as those will.

Importing this package registers the schemes that edgetext ships.
"""

from edgetext.models.quantized import int4, int8, static

__all__ = ["int4", "int8", "static"]
