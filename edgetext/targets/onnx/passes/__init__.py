"""The rewrites of an ONNX graph that ONNX Runtime runs faster, or at all."""
