"""Whether a file answers, in an engine, as the checkpoint that it was made of."""
