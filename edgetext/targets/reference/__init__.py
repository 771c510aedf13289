"""The reference evaluator of the onnx package, which says what a portable file means."""
