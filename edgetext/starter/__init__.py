"""`init`: from a file of somebody's own to a recipe that trains on it."""
