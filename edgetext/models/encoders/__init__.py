"""Encoders: float[B, T, E] piece vectors -> float[B, T, D] vectors in context.

An encoder is registered as `@register("encoder", NAME)`, has a nested `Config` with a field
`embedding` (E), is built `cls(config)`, names its D in `output_dimension`, and is called
`encoder(x, mask)` with mask bool[B, T] or None (nothing is padding). One with something that only
training needs is a models.network.FusibleEncoder. One that also takes Segments in the place of a
mask, so that its files may answer several texts in a run, says in `reach` by how many places its
windows reach over a text's end. Importing this package registers the ones that
edgetext ships.
"""

from edgetext.models.encoders import bag, cnn, conv, lstm, transformer

__all__ = ["bag", "cnn", "conv", "lstm", "transformer"]
