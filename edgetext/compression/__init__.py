"""Compression: the same network in fewer bytes and operations."""
