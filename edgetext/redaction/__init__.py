"""Personal data out of texts of any length: spans, their exact checks, and what stands in place."""
