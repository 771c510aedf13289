"""ONNX Runtime: its releases in Python, and in JavaScript."""
