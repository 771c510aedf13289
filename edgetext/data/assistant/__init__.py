"""The built-in data set `assistant`: its grammar as text files, and the reader that speaks it."""
