"""Data: examples, readers of the usual file formats, the built-in set, augmentation, checks."""
