"""`compress`: from a budget in bytes, milliseconds and points to the model that keeps it."""
