"""Vectors of texts: how alike texts are, and the nearest of many to a query."""
