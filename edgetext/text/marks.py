"""Numbers beyond those of bytes that stand among a text's bytes, for what no text can hold."""

from __future__ import annotations

# This mark is put before the text.
CLS_BYTE = 256
BYTE_VALUES = 257
# Where texts are read whole, as "[SEP]" of an imported tokenizer, more marks stand for them: this
# one for the bytes within, which are dropped, and those above for the texts, in their order.
WITHIN_BYTE = BYTE_VALUES
# Of a canonical vocabulary, which reads no texts whole, this mark stands after the text.
TEXT_END = BYTE_VALUES
