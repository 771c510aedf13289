"""Why a model answers as it does: what speaks for an answer in a text, and where answers err."""
