"""Fewer bits: which layers get them, the ranges that they need, and training with the rounding."""
