"""What `import edgetext` gives, one function a module: each does what the command of its name does.

A function takes paths or objects, writes the files that the command writes and returns what came
out. It says nothing on the screen unless `logging` is configured.
"""
