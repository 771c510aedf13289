"""Target `arm64`: the artifact in ONNX Runtime's aarch64 build on an emulated processor."""
