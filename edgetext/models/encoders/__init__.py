"""Encoders: float[B, T, E] piece vectors -> float[B, T, D] vectors in context.

An encoder is registered as `@register("encoder", NAME)`, has a nested `Config` with a field
`embedding` (E), is built `cls(config)`, names its D in `output_dimension`, and is called
`encoder(x, mask)` with mask bool[B, T] or None (nothing is padding). One with something that only
training needs is a models.network.FusibleEncoder. Importing this package registers the ones that
edgetext ships.
"""

from edgetext.models.encoders import bag, cnn, conv, lstm, transformer

__all__ = ["bag", "cnn", "conv", "lstm", "transformer"]
