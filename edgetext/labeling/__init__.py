"""`label`: the answers to millions of texts, beside the columns of the files that they stand in.

A source reads files of one format in chunks, an answerer makes of each a part of the output, and
the parts wait in a folder until all are there.
"""
