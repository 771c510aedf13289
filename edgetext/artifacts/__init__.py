"""Export: a checkpoint as one file that reads bytes, for ONNX Runtime or ExecuTorch."""
