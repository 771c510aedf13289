"""The built-in data set `assistant`: requests to a voice assistant, made from a grammar."""
