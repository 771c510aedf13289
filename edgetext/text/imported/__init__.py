"""Tokenizers of other libraries' models: read from `tokenizer.json`, and compiled."""
