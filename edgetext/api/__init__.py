"""What `import edgetext` gives, one function a module: each does what the command of its name does.

A function takes models or their checkpoints and returns what came out. Those that make a model
write no file, which is its `save`; `export` and `compress` write theirs. None says anything on the
screen unless `logging` is configured.
"""
