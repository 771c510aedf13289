"""ONNX Runtime: the `.onnx` and `.ort` files, their writer and their session."""
