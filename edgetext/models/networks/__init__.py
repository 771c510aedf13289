"""Networks of two texts: both read together, or each by itself."""
