"""PyTorch: the checkpoint itself, run as the exporters are given it."""
