"""OpenVINO, an engine of portable `.onnx` files."""
