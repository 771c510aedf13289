"""Checkpoints of Hugging Face as models of edgetext: weights, labels and tokenizer of a folder.

Only JSON and safetensors are read. No code of a folder is run, and transformers is not needed.
"""
