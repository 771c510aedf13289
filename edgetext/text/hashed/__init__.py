"""Words without a vocabulary: bytes hashed in n-grams.

byte_rules says where words begin and end, grams what numbers a text's n-grams have, lexicon keeps
what words were seen while a network trains, pairs what number two words in a row have, graph is
the whole as a tensor program, and tokenization what the rest of edgetext asks of it.
"""
