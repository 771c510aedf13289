"""Folders in which an `.onnx` file is served by another program, one module a program."""
