"""The runtimes that a model file is written for and run in, a folder each."""
