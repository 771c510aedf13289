"""Measuring a model file in a process of its own: time, memory, operators, work."""
