"""Layers with 8 and 4 bits, and float32 layers that answer as those will."""
